// Sentences come with the page, in its language.

import { html } from "lit";

import { fill } from "../app/modules/words.js";

const words = JSON.parse(document.getElementById("words")?.textContent ?? "{}");

export function say(key, values = {}) {
  return fill(words[key] ?? key, values);
}

// Names and texts of contests and rulebooks are Chinese whoever reads the page, and say so to a screen reader.
const isChinese = document.documentElement.lang.startsWith("zh");

export function asWritten(text) {
  return isChinese || !/\p{Script=Han}/u.test(text ?? "") ? text : html`<span lang="zh-Hans">${text}</span>`;
}

export function clock(value) {
  const date = value instanceof Date ? value : new Date(value);
  return [date.getHours(), date.getMinutes()].map((part) => String(part).padStart(2, "0")).join(":");
}
