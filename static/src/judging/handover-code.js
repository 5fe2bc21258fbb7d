// Sixteen letters of a text's SHA-256, one for each hexadecimal digit and none like another, for two people to compare: whoever
// carries the text cannot make another one that has them.

import { sha256 } from "./hash.js";

const CODE_LETTERS = "23456789ACFHKPXY";

export const hashOf = (text) => sha256(new TextEncoder().encode(text));

export async function codeOf(text) {
  const digits = (await hashOf(text)).slice(0, 16);
  return [...digits].map((digit) => CODE_LETTERS[parseInt(digit, 16)]).join("").match(/..../g).join("-");
}
