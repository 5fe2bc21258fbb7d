// One press is one submission. Files that are too large are named before they travel.

import { say, tell } from "./words.js";

const sent = new WeakSet();

function tooLarge(form) {
  for (const input of form.querySelectorAll('input[type="file"][data-max-bytes]')) {
    const limit = Number(input.dataset.maxBytes);
    const file = [...(input.files ?? [])].find((one) => one.size > limit);
    if (file) return { input, file, limit };
  }
  return null;
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
      tell("error", say("file_too_large", { name: large.file.name, limit: Math.floor(large.limit / 1048576) }));
      large.input.focus();
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
  window.addEventListener("pageshow", () => document.querySelectorAll("form").forEach(release));
}
