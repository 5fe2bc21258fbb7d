// Sentences come with the page, in its language.

const words = JSON.parse(document.getElementById("words")?.textContent ?? "{}");

export function say(key, values = {}) {
  const text = words[key] ?? "";
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
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
