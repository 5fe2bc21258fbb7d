// The public page of a certificate: does the paper's QR code say what the register says? Decided here; what stands
// after the # never leaves the browser.

import { fill } from "../app/modules/words.js";
import { FIELDS, fromLetters, judged, partsOf, valuesOf } from "./signed.js";

const box = document.querySelector("[data-signed]");
const told = JSON.parse(document.getElementById("signed-words")?.textContent ?? "{}");

function compared(parts) {
  const found = judged(parts, box.dataset.code, told.keys);
  if (found !== "signed") return { found, rows: [] };
  const [paper, register] = [valuesOf(parts.payload), valuesOf(fromLetters(box.dataset.payload))];
  const rows = FIELDS.filter((name) => paper[name] !== register[name]).map((name) => [told.fields[name], paper[name], register[name]]);
  return { found: rows.length ? "differs" : "signed", rows };
}

function show({ found, rows }) {
  box.querySelector(`[data-found="${found}"]`).hidden = false;
  const list = box.querySelector("[data-rows]");
  list.hidden = !rows.length;
  for (const [name, paper, register] of rows) {
    const line = document.createElement("li");
    line.textContent = fill(told.row, { name, paper: paper || "—", register: register || "—" });
    list.append(line);
  }
  box.hidden = false;
}

function begin() {
  if (!box || location.hash.length < 2) return;
  const parts = partsOf(location.hash);
  try {
    show(parts ? compared(parts) : { found: "altered", rows: [] });
  } catch {
    show({ found: "altered", rows: [] });
  }
}

begin();
