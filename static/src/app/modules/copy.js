import { say } from "./words.js";

function copyPlainly(text) {
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "visually-hidden";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}

async function copy(text) {
  // Off https there is no clipboard object; the old command still works there.
  if (!navigator.clipboard) return copyPlainly(text);
  return navigator.clipboard.writeText(text).then(() => true, () => copyPlainly(text));
}

export function watchCopies() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-copy]");
    if (!button) return;
    const label = button.querySelector("span") ?? button;
    const before = label.textContent;
    label.textContent = say((await copy(button.dataset.copy)) ? "copied" : "copy_failed");
    setTimeout(() => {
      label.textContent = before;
    }, 2000);
  });
}
