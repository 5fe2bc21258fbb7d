// Sentences come with the page, in its language.

const words = JSON.parse(document.getElementById("words")?.textContent ?? "{}");

export function say(key, values = {}) {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

export function clock(value) {
  const date = value instanceof Date ? value : new Date(value);
  return [date.getHours(), date.getMinutes()].map((part) => String(part).padStart(2, "0")).join(":");
}
