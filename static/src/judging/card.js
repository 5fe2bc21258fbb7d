// The number of a seat card as it is typed: 20 letters and figures, of which the last one checks the others.

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const LENGTH = 20;
// Cards that were printed before the short numbers came: longer, and nothing checks them.
const LONG = 52;

// No blanks or dashes, upper case, no look-alikes: 0, 1 and 8 stand on no card.
export function tidyCard(typed) {
  return typed.replace(/[\s-]/g, "").toUpperCase().replaceAll("0", "O").replaceAll("1", "I").replaceAll("8", "B");
}

// Why this cannot be the number of a card: null when it can, else [sentence, values].
export function cardFault(card) {
  const strange = [...card].find((letter) => !ALPHABET.includes(letter));
  if (strange) return ["card_strange", { letter: strange }];
  if (card.length === LONG) return null;
  if (card.length < LENGTH) return ["card_short", { n: LENGTH - card.length }];
  if (card.length > LENGTH) return ["card_long", { n: card.length - LENGTH }];
  return luhn(card) === 0 ? null : ["card_mistyped", {}];
}

// Luhn's sum over 32 letters; 0 for a number that was copied rightly.
function luhn(card) {
  const size = ALPHABET.length;
  return [...card].reverse().reduce((sum, letter, at) => {
    const value = ALPHABET.indexOf(letter);
    if (at % 2 === 0) return sum + value;
    return sum + Math.floor((value * 2) / size) + ((value * 2) % size);
  }, 0) % size;
}
