// Marks without floats: decimals are whole numbers of 10^-12.

const PLACES = 12;
const PLAIN = /^[0-9]{1,12}(\.[0-9]{1,12})?$/;

export function units(text) {
  if (!PLAIN.test(text)) return null;
  const [whole, part = ""] = text.split(".");
  return BigInt(whole + part.padEnd(PLACES, "0"));
}

export function text(value) {
  const digits = value.toString().padStart(PLACES + 1, "0");
  const part = digits.slice(-PLACES).replace(/0+$/, "");
  return digits.slice(0, -PLACES) + (part ? `.${part}` : "");
}

// Why a text is no mark for this criterion: null when it is one, else [sentence, values].
// The server decides; this only saves the way there.
export function fault(criterion, typed) {
  if (criterion.kind === "measured") return measuredFault(criterion, typed);
  const value = units(typed);
  if (value === null) return ["not_a_number", {}];
  const low = units(criterion.low);
  if (value < low) return ["below", { low: criterion.low }];
  if (criterion.input_max !== null && value > units(criterion.input_max)) return ["above", { max: criterion.input_max }];
  if (criterion.step !== null && (value - low) % units(criterion.step) !== 0n) return ["off_step", { step: criterion.step }];
  return null;
}

function measuredFault(criterion, typed) {
  const readings = typed.split(",");
  if (readings.length !== criterion.places) return ["places", { n: criterion.places, have: typed ? readings.length : 0 }];
  return readings.every((one) => PLAIN.test(one)) ? null : ["not_a_number", {}];
}

// "08." and "8.50" say 8 and 8.5; anything else stays as it was typed.
export function tidy(typed) {
  const whole = typed.endsWith(".") ? typed.slice(0, -1) : typed;
  const value = units(whole);
  return value === null ? whole : text(value);
}

export function stepped(criterion, value, direction) {
  const [low, step] = [units(criterion.low), units(criterion.step)];
  const high = criterion.input_max === null ? null : units(criterion.input_max);
  const from = value === null ? (direction > 0 ? low - step : low) : units(value);
  const moved = from + BigInt(direction) * step;
  if (moved < low) return text(low);
  return text(high !== null && moved > high ? high : moved);
}

// The points of a mark, where they follow from plain arithmetic; null where only the server knows.
export function points(criterion, value) {
  const given = units(value);
  if (given === null) return null;
  const [best, one] = [units(criterion.max), units("1")];
  switch (criterion.kind) {
    case "points":
      return given;
    case "pass_fail":
      return given === 0n ? 0n : best;
    case "judgement":
      return (best * given) / units(criterion.input_max);
    case "counts":
      return least(best, (given * units(criterion.per)) / one);
    case "deduct": {
      const cost = least(units(criterion.cap ?? criterion.max), (given * units(criterion.per)) / one);
      return cost > best ? 0n : best - cost;
    }
    default:
      return null;
  }
}

const least = (a, b) => (a < b ? a : b);

// The sum of the whole sheet so far, as text; null when a part is not plain arithmetic.
export function total(criteria, marks) {
  let sum = 0n;
  for (const criterion of criteria) {
    const earned = earnedOf(criterion, marks);
    if (earned === null) return null;
    sum += (earned * units(criterion.weight)) / units("1");
  }
  return text(sum);
}

function earnedOf(criterion, marks) {
  const all = [];
  for (let attempt = 1; attempt <= criterion.attempts; attempt += 1) {
    const mark = marks[`${criterion.key}/${attempt}`];
    if (mark) all.push(points(criterion, mark.value));
  }
  if (all.includes(null)) return null;
  if (!all.length) return 0n;
  if (criterion.take === "sum") return all.reduce((a, b) => a + b);
  return criterion.take === "best" ? all.reduce((a, b) => (a > b ? a : b)) : all[all.length - 1];
}
