// Work codes as they are read or typed: the last of six characters checks the others (competition/arena/rules_codes.py).

export const ALPHABET = "23456789ACDEFGHJKMNPQRTUVWXY";
export const LENGTH = 6;
const ALIKE = { Z: "2", S: "5", B: "8" };

export const tidyCode = (typed) => typed.toUpperCase().replace(/[\s-]/g, "").replace(/[ZSB]/g, (sign) => ALIKE[sign]);

// ISO/IEC 7064, modulus 29, 28.
export function isCode(code) {
  const size = ALPHABET.length;
  const values = [...code].map((sign) => ALPHABET.indexOf(sign));
  if (values.length !== LENGTH || values.includes(-1)) return false;
  const carry = values.slice(0, -1).reduce((sum, value) => (((sum + value) % size || size) * 2) % (size + 1), size);
  return (carry + values[LENGTH - 1]) % size === 1;
}

// The work with this code in any round of the seat: {round, work}, or null.
export function findWork(rounds, typed) {
  const wanted = [typed.trim().toUpperCase(), tidyCode(typed)];
  for (const round of rounds) {
    const work = round.works.find((one) => wanted.includes(one.code));
    if (work) return { round, work };
  }
  return null;
}
