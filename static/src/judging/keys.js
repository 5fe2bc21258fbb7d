// A keyboard or a hand scanner at the tablet: marks, PINs and codes without a touch.

import { isList } from "./exact.js";

const ACTS = {
  Backspace: (app) => app.press("back"),
  ArrowRight: (app) => app.focusField(app.focusAt + 1),
  ArrowLeft: (app) => app.focusField(app.focusAt - 1),
};

export function onKey(app, event) {
  if (app.desk?.isHalted || event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("input, textarea")) return;
  if (app.view === "open") pinKey(app, event);
  else if (app.desk?.device && (app.scan.key(event) || act(app, event.key))) event.preventDefault();
}

function act(app, key) {
  if (app.view === "scan" && key === "Backspace") app.scan.type("back");
  else if (app.view === "sheet" && ACTS[key]) ACTS[key](app);
  else return false;
  return true;
}

// One sign that a finger typed.
export function sign(app, key) {
  if (app.view === "scan" && /^[0-9A-Za-z]$/.test(key)) app.scan.type(key);
  else if (app.view === "sheet" && (/^[0-9.]$/.test(key) || (key === "," && isList(app.field.criterion)))) app.press(key);
}

function pinKey(app, event) {
  if (/^[0-9]$/.test(event.key)) app.entry.press(event.key);
  else if (event.key === "Backspace") app.entry.press("back");
  else if (event.key === "Enter" && event.target === document.body) app.entry.enter();
}
