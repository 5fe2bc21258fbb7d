// Sixteen letters of a hash, one for each hexadecimal digit and none like another, for two people to compare.

const CODE_LETTERS = "23456789ACFHKPXY";

export const inLetters = (digest) =>
  [...digest.slice(0, 16)].map((digit) => CODE_LETTERS[parseInt(digit, 16)]).join("").match(/..../g).join("-");
