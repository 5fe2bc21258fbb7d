// One press is one submission. Files that are too large are named before they travel.

import { say } from "./words.js";

const sent = new WeakSet();

function tooLarge(form) {
  for (const input of form.querySelectorAll('input[type="file"][data-max-bytes]')) {
    const limit = Number(input.dataset.maxBytes);
    const file = [...(input.files ?? [])].find((one) => one.size > limit);
    if (file) return { input, file, limit };
  }
  return null;
}

// Said at the field itself, on choosing and on sending: a message at the page's head may be out of sight.
function showTooLarge({ input, file, limit }) {
  const id = `${input.id}-too-large`;
  const note = document.getElementById(id) ?? document.createElement("p");
  note.id = id;
  note.className = "form-error";
  note.setAttribute("role", "alert");
  note.textContent = say("file_too_large", { name: file.name, limit: Math.floor(limit / 1048576) });
  if (!note.isConnected) {
    input.dataset.describedBefore = input.getAttribute("aria-describedby") ?? "";
    input.before(note);
  }
  input.setAttribute("aria-invalid", "true");
  input.setAttribute("aria-describedby", `${input.dataset.describedBefore} ${id}`.trim());
  input.focus({ preventScroll: true });
  note.scrollIntoView({ block: "center" });
}

function forgetTooLarge(input) {
  const note = document.getElementById(`${input.id}-too-large`);
  if (!note) return;
  note.remove();
  input.removeAttribute("aria-invalid");
  if (input.dataset.describedBefore) input.setAttribute("aria-describedby", input.dataset.describedBefore);
  else input.removeAttribute("aria-describedby");
}

function release(form) {
  sent.delete(form);
  for (const button of form.querySelectorAll('[aria-busy="true"]')) button.removeAttribute("aria-busy");
}

export function watchSubmits() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    const large = tooLarge(form);
    if (large) {
      event.preventDefault();
      showTooLarge(large);
      return;
    }
    if (sent.has(form)) {
      event.preventDefault();
      return;
    }
    sent.add(form);
    event.submitter?.setAttribute("aria-busy", "true");
    // A download leaves the page as it is: the form must work again.
    setTimeout(() => release(form), 8000);
  });
  document.addEventListener("change", ({ target }) => {
    if (!target.matches?.('input[type="file"][data-max-bytes]')) return;
    forgetTooLarge(target);
    const large = tooLarge(target.parentElement);
    if (large) showTooLarge(large);
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("form").forEach(release));
}
