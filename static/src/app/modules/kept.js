// A form marked data-keep survives a closed session, a dead network or a wrong turn: its fields
// stay in this tab until the server has taken them. Passwords, files and what is marked
// data-keep="no" are never stored, and nothing outlives the tab.

import { say } from "./words.js";

const prefix = "kept:";
const sentMark = "kept-sent";

const storable = (field) =>
  field.name && field.name !== "csrf_token" && field.dataset.keep !== "no"
  && !["password", "file", "hidden", "submit", "button", "reset"].includes(field.type);

function read(form) {
  return [...form.elements].filter(storable).map((field) => [
    field.name,
    ["checkbox", "radio"].includes(field.type) ? [field.value, field.checked]
      : field.multiple ? [...field.selectedOptions].map((one) => one.value) : field.value,
  ]);
}

function write(form, values) {
  const boxes = new Map();
  const plain = new Map();
  for (const [name, value] of values) {
    if (Array.isArray(value) && typeof value[1] === "boolean") boxes.set(`${name}\n${value[0]}`, value[1]);
    else plain.set(name, value);
  }
  for (const field of [...form.elements].filter(storable)) {
    if (["checkbox", "radio"].includes(field.type)) {
      field.checked = boxes.get(`${field.name}\n${field.value}`) ?? field.checked;
    } else if (field.multiple) {
      for (const option of field.options) option.selected = plain.get(field.name)?.includes(option.value) ?? false;
    } else if (plain.has(field.name)) field.value = plain.get(field.name);
  }
  form.dispatchEvent(new Event("change", { bubbles: true }));
}

function note(form) {
  const box = document.createElement("div");
  box.className = "message message-info";
  box.setAttribute("role", "status");
  const inner = document.createElement("div");
  inner.className = "kept-note";
  const text = document.createElement("span");
  text.textContent = say("kept_restored");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-sm";
  button.textContent = say("kept_discard");
  button.addEventListener("click", () => {
    sessionStorage.removeItem(prefix + form.dataset.keep);
    form.reset();
    box.remove();
  });
  inner.append(text, button);
  box.append(inner);
  form.prepend(box);
}

function settleSent(forms) {
  const key = sessionStorage.getItem(sentMark);
  if (!key) return null;
  sessionStorage.removeItem(sentMark);
  if (document.body.hasAttribute("data-error-page")) return null;
  // Answered with the same form: the server shows what it got, so nothing is put over it.
  if (forms.some((form) => form.dataset.keep === key)) return key;
  sessionStorage.removeItem(prefix + key);
  return null;
}

function keep(form, answered) {
  const key = prefix + form.dataset.keep;
  const refused = form.dataset.keep === answered && form.querySelector(".error-summary, .has-error");
  // What the server refused is not yet safe there, so it counts as typed here.
  const before = refused ? "" : JSON.stringify(read(form));
  const stored = sessionStorage.getItem(key);
  if (stored && stored !== before && form.dataset.keep !== answered) {
    write(form, JSON.parse(stored));
    note(form);
  }
  let timer = null;
  const store = () => {
    clearTimeout(timer);
    const now = JSON.stringify(read(form));
    if (now === before) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, now);
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(store, 300);
  });
  form.addEventListener("submit", () => {
    store();
    sessionStorage.setItem(sentMark, form.dataset.keep);
  });
  window.addEventListener("pagehide", () => {
    if (sessionStorage.getItem(sentMark) !== form.dataset.keep && !form.hasAttribute("data-keep-off")) store();
  });
}

export function watchKeptForms() {
  const forms = [...document.querySelectorAll("form[data-keep]")];
  const answered = settleSent(forms);
  for (const form of forms) keep(form, answered);
  // Who signs out leaves nothing behind for the next person at this device.
  for (const form of document.querySelectorAll("form[data-signs-out]")) {
    form.addEventListener("submit", () => {
      for (const one of forms) one.setAttribute("data-keep-off", "");
      for (const key of Object.keys(sessionStorage)) {
        if (key.startsWith(prefix)) sessionStorage.removeItem(key);
      }
    });
  }
}
