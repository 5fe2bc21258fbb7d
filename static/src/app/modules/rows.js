// Choosing rows: the bar of batch actions appears, says how many, and goes.

import { say } from "./words.js";

function setUp(batch) {
  const all = batch.querySelector("[data-pick-all]");
  const picks = () => [...batch.querySelectorAll("[data-pick]:not(:disabled)")];
  let last = null;

  function show() {
    const boxes = picks();
    const chosen = boxes.filter((box) => box.checked);
    batch.classList.toggle("has-chosen", chosen.length > 0);
    const output = batch.querySelector(".batch-bar output");
    if (output) output.textContent = say("chosen", { n: chosen.length });
    for (const box of boxes) box.closest("tr")?.classList.toggle("is-chosen", box.checked);
    if (all) {
      all.checked = boxes.length > 0 && chosen.length === boxes.length;
      all.indeterminate = chosen.length > 0 && chosen.length < boxes.length;
    }
  }

  batch.addEventListener("change", (event) => {
    if (event.target === all) for (const box of picks()) box.checked = all.checked;
    show();
  });
  // Shift extends the choice, as in every office program.
  batch.addEventListener("click", (event) => {
    const box = event.target.closest?.("[data-pick]");
    if (!box) return;
    const boxes = picks();
    if (event.shiftKey && last && boxes.includes(last)) {
      const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
      for (const one of boxes.slice(from, to + 1)) one.checked = box.checked;
      show();
    }
    last = box;
  });
  batch.querySelector("[data-pick-none]")?.addEventListener("click", () => {
    for (const box of picks()) box.checked = false;
    show();
    all?.focus();
  });
  show();
}

export function watchBatches() {
  document.querySelectorAll("[data-batch]").forEach(setUp);
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("[data-batch]").forEach((batch) => batch.dispatchEvent(new Event("change")));
  });
}
