// The other language: offered where nobody marks. Without the network the page stays as it is.

import { say } from "./words.js";

const form = document.querySelector(".language-judge");

export function languageWhere(isFree) {
  if (form) form.hidden = !isFree;
}

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const chosen = new FormData(form);
  chosen.set(event.submitter.name, event.submitter.value);
  try {
    const answer = await fetch(form.action, { method: "POST", body: chosen, cache: "no-store" });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    location.reload();
  } catch {
    event.submitter.lastElementChild.textContent = say("language_offline");
  }
});
