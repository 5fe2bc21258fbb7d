// Sentences come with the page, in its language.

const words = JSON.parse(document.getElementById("words")?.textContent ?? "{}");

// A sentence with its values; of "[point|points]" the form that fits the value before it, as in core/counted.py.
export function fill(text, values) {
  let last;
  return text.replace(/\{(\w+)\}|\[([^[\]|]*)\|([^[\]|]*)\]/g, (whole, name, one, many) => {
    if (name === undefined) return String(last) === "1" ? one : many;
    last = values[name];
    return last ?? whole;
  });
}

export function say(key, values = {}) {
  return fill(words[key] ?? "", values);
}

export function tell(kind, text) {
  const region = document.getElementById("messages");
  if (!region) return null;
  const last = region.lastElementChild;
  if (last?.textContent.trim() === text) return last;
  const box = document.createElement("div");
  box.className = `message message-${kind}`;
  const inner = document.createElement("div");
  inner.textContent = text;
  box.append(inner);
  region.append(box);
  return box;
}
