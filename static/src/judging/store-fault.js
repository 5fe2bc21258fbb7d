// Why the tablet could not keep something, in plain words.

import { say } from "./words.js";

const KNOWN = { QuotaExceededError: "store_full", VersionError: "store_newer" };

export function storeFault(error) {
  const known = KNOWN[error?.name];
  return known ? say(known) : String(error?.message ?? error);
}
