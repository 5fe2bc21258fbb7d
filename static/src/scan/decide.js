// What a scanned text means, from what is on the device alone.

import { sha256 } from "@noble/hashes/sha2.js";
import { fromBase64, isSigned, judged, partsOf, valuesOf } from "../verify/signed.js";

const PATH = /^\/v\/([0-9A-Z]{20})$/;
// On previews of certificates that are not issued.
const SAMPLE = "0".repeat(20);
const DAY_MS = 86400000;
const encode = (text) => new TextEncoder().encode(text);

// The list of revoked certificates when we signed it, else null.
export function readList({ body, kid, signature }, keys) {
  const key = keys.find((each) => each.kid === kid && each.status !== "distrusted");
  if (!key || !isSigned(encode(`1.${kid}.revoked.${body}`), fromBase64(signature), key)) return null;
  const { issued, next, revoked, superseded } = JSON.parse(body);
  return { issued: Date.parse(issued), next: Date.parse(next), revoked: new Set(revoked), superseded: new Set(superseded) };
}

// Of two lists the one that was made later: an older one must not bring back what was revoked since.
export const newerList = (one, other) => (one && other ? (other.issued >= one.issued ? other : one) : (other ?? one));

// A clock that is far behind would believe any list for ever.
export const isStale = (list, now) => now > list.next || now < list.issued - DAY_MS;

export function markOf(code) {
  return Array.from(sha256(encode(code)).subarray(0, 16), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function addressOf(text) {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

// {found, host?, code?, values?}: "no_code", "sample", "foreign_host", "unsigned", "no_keys", "unknown_key", "altered", "distrusted",
// "demo", "revoked", "superseded", "no_list", "stale" or "good".
export function decide(text, { hosts, keys, list, now }) {
  const address = addressOf(text);
  const code = address && PATH.exec(address.pathname)?.[1];
  if (!code) return { found: "no_code" };
  if (code === SAMPLE) return { found: "sample" };
  if (!hosts.includes(address.host)) return { found: "foreign_host", host: address.host };
  const parts = address.hash.length > 1 ? partsOf(address.hash) : undefined;
  if (parts === undefined) return { found: "unsigned", code };
  if (!keys.length) return { found: "no_keys", code };
  const said = parts ? judged(parts, code, keys) : "altered";
  if (said !== "signed") return { found: said, code };
  const values = valuesOf(parts.payload);
  return { found: standing(code, list, now, values), code, values };
}

function standing(code, list, now, values) {
  // It never held, so no list can say more of it.
  if (values["演示"]) return "demo";
  if (!list) return "no_list";
  const mark = markOf(code);
  // What was revoked stays so, however old the list is.
  if (list.revoked.has(mark)) return "revoked";
  if (list.superseded.has(mark)) return "superseded";
  return isStale(list, now) ? "stale" : "good";
}
