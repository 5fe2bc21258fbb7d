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
  if (isList(criterion)) return listFault(criterion, typed);
  const value = units(typed);
  if (value === null) return ["not_a_number", {}];
  const low = units(criterion.low);
  if (value < low) return ["below", { low: criterion.low }];
  if (criterion.input_max !== null && value > units(criterion.input_max)) return ["above", { max: criterion.input_max }];
  if (criterion.step !== null && (value - low) % units(criterion.step) !== 0n) return ["off_step", { step: criterion.step }];
  return null;
}

// Several entries for one criterion: readings at some places, or how often each kind of fault happened.
export const isList = (criterion) => criterion.kind === "measured" || criterion.kind === "faults";
const placesOf = (criterion) => (criterion.kind === "faults" ? criterion.options.length : criterion.places);

function listFault(criterion, typed) {
  const entries = typed.split(",");
  const places = placesOf(criterion);
  if (entries.length !== places) return ["places", { n: places, have: typed ? entries.length : 0 }];
  if (!entries.every((one) => PLAIN.test(one))) return ["not_a_number", {}];
  if (criterion.kind !== "faults") return null;
  if (entries.some((one) => !/^[0-9]+$/.test(one))) return ["off_step", { step: "1" }];
  const over = criterion.options.find((kind, at) => units(entries[at]) > units(kind.most));
  return over ? ["above", { max: over.most }] : null;
}

// How often each kind of fault was counted so far; none typed yet: nothing.
export const countsOf = (criterion, typed) => {
  const entries = typed.split(",");
  return criterion.options.map((_kind, at) => (/^[0-9]+$/.test(entries[at] ?? "") ? Number(entries[at]) : 0));
};

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
  const [best, one] = [units(criterion.max), units("1")];
  if (criterion.kind === "faults") return faultPoints(criterion, value, best);
  const given = units(value);
  if (given === null) return null;
  switch (criterion.kind) {
    case "points":
      return given;
    case "veto":
      return 0n;
    case "grades":
      return units(criterion.options[Number(value) - 1]?.points ?? "");
    case "pass_fail":
      return given === 0n ? 0n : best;
    case "judgement":
      return (best * given) / units(criterion.input_max);
    case "counts":
      return least(best, (given * units(criterion.per)) / one);
    case "deduct": {
      if (criterion.zero_from && given >= units(String(criterion.zero_from))) return 0n;
      const cost = least(units(criterion.cap ?? criterion.max), times(criterion, given / one) * units(criterion.per));
      return cost > best ? 0n : best - cost;
    }
    default:
      return null;
  }
}

// How often so many faults cost something: one by one, or every so many.
const times = (rule, count) => {
  const each = BigInt(rule.each ?? 1);
  return (count + (rule.started ? each - 1n : 0n)) / each;
};

function faultPoints(criterion, value, best) {
  if (listFault(criterion, value)) return null;
  const counts = countsOf(criterion, value);
  if (criterion.options.some((kind, at) => kind.zero_from !== null && counts[at] >= kind.zero_from)) return 0n;
  const cost = counts.reduce((sum, count, at) => sum + times(criterion.options[at], BigInt(count)) * units(criterion.options[at].points), 0n);
  return best - least(best, least(units(criterion.cap ?? criterion.max), cost));
}

const least = (a, b) => (a < b ? a : b);

// The sum of the whole sheet so far, as text; null when a part is not plain arithmetic.
export function total(criteria, marks) {
  let sum = 0n;
  for (const criterion of criteria) {
    const earned = earnedOf(criterion, marks);
    if (earned === null || criterion.weight === "") return null;
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
