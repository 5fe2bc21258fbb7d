// The key that this tablet signs with: made here, its private half can be used and never read, not even by this page.
// On plain http browsers have no such keys: what the tablet then hands over is unsigned, and says so.

const CURVE = { name: "ECDSA", namedCurve: "P-256" };
const SIGNING = { name: "ECDSA", hash: "SHA-256" };

export async function deviceKey(store) {
  if (!globalThis.crypto?.subtle) return null;
  const before = await store.setting("key");
  if (before) return before;
  const { privateKey, publicKey } = await crypto.subtle.generateKey(CURVE, false, ["sign", "verify"]);
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", publicKey);
  const made = { privateKey, jwk: { kty, crv, x, y } };
  await store.setSetting("key", made);
  return made;
}

// r and s of the text's UTF-8 bytes, as base64url; null where there is no key.
export async function signed(store, text) {
  const key = await deviceKey(store);
  if (!key) return null;
  const bytes = new Uint8Array(await crypto.subtle.sign(SIGNING, key.privateKey, new TextEncoder().encode(text)));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
