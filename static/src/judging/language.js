// The other language: offered where nobody marks. Without the network the page stays as it is.

import { say } from "./words.js";

const form = document.querySelector(".language-judge");

let card = () => "";

// The card that was typed or scanned goes with the page, as a scanned one comes: behind the #, and is taken from there at once.
export function languageKeeps(ask) {
  card = ask;
}

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
    if (card()) history.replaceState(null, "", `/judge/#${encodeURIComponent(card())}`);
    location.reload();
  } catch {
    event.submitter.lastElementChild.textContent = say("language_offline");
  }
});
