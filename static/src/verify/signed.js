// What the QR code of a certificate says, and whether we signed it: see docs/certificates.md. Also on pages that came over
// plain http, where browsers keep their own cryptography from pages.

import { hashes, verify } from "@noble/ed25519";
import { sha512 } from "@noble/hashes/sha2.js";

hashes.sha512 = sha512;

export const FIELDS = ["姓名", "单位", "代表团", "代表队", "赛事", "项目", "名次", "奖项", "颁证单位", "日期", "证书编号", "类别", "演示"];
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const FRAGMENT = /^#?1\.([0-9A-Z]{1,8})\.([A-Z2-7]{1,2000})\.([A-Z2-7]{103})$/;

// Base32 without padding; null for what is none.
export function fromLetters(text) {
  const bytes = [];
  let [bits, value] = [0, 0];
  for (const letter of text) {
    const digit = LETTERS.indexOf(letter);
    if (digit < 0) return null;
    value = ((value << 5) | digit) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((value >> bits) & 255);
  }
  return Uint8Array.from(bytes);
}

// The bytes of a public key as JSON Web Keys write it.
export function fromBase64(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

// The parts of what stands after the #: null when it is nothing of ours.
export function partsOf(fragment) {
  const found = FRAGMENT.exec(fragment);
  return found && { kid: found[1], payload: fromLetters(found[2]), signature: fromLetters(found[3]) };
}

export function isSigned(message, signature, key) {
  try {
    return verify(signature, message, fromBase64(key.x));
  } catch {
    return false;
  }
}

// Is it signed for this code? "unknown_key", "distrusted", "altered" or "signed".
export function judged({ kid, payload, signature }, code, keys) {
  const key = keys.find((each) => each.kid === kid);
  if (!key) return "unknown_key";
  const head = new TextEncoder().encode(`1.${kid}.${code}.`);
  const message = new Uint8Array([...head, ...payload]);
  if (!isSigned(message, signature, key)) return "altered";
  return key.status === "distrusted" ? "distrusted" : "signed";
}

// The values by name; an empty one is not on the paper. Throws for what is no text.
export function valuesOf(payload) {
  const text = new TextDecoder(payload[0] === 1 ? "gbk" : "utf-8", { fatal: true }).decode(payload.subarray(1));
  const values = text.split("\x1f");
  return Object.fromEntries(FIELDS.map((name, at) => [name, values[at] ?? ""]));
}
