// Asks every two seconds what changed; the address answers "nothing" most of the time, and else only what did.

import { fill } from "../app/modules/words.js";

const EVERY_MS = 2000;
const MOST_LISTED = 40;
const NOT_NEEDED = new Set(["excused", "absent", "withdrawn"]);
const table = document.querySelector("[data-board]");
const words = JSON.parse(document.getElementById("board-words")?.textContent ?? "{}");
const rows = new Map([...(table?.querySelectorAll("[data-work]") ?? [])].map((row) => [row.dataset.work, row]));
const known = new Map(); // work → what the server said of it last

let tag = null;
let since = null;
let last = new Date();
let isAsking = false;

function time(value) {
  return value.toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false, timeZone: words.zone });
}

function put(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}

function list(element, sentences, tag = "li", className = "") {
  if (!element || [...element.children].map((one) => one.textContent).join("\n") === sentences.join("\n")) return;
  element.replaceChildren(...sentences.map((sentence) => Object.assign(document.createElement(tag), { className, textContent: sentence })));
}

function showWork([id, cells, figures, spreads, away]) {
  const row = rows.get(id);
  if (!row) return;
  row.querySelectorAll(".board-cell").forEach((element, at) => {
    const [state, text, isFar] = cells[at];
    put(element, text);
    element.className = `board-cell is-${state}${isFar ? " is-far" : ""}`;
  });
  row.querySelectorAll(".board-figure").forEach((element, at) => put(element, figures[at]));
  list(row.querySelector("[data-spread]"), spreads, "div", "board-spread");
  put(row.querySelector("[data-away]"), away);
}

function showCounts({ seats, aside, papers }) {
  let done = 0;
  let needed = 0;
  const missing = [];
  for (const [, cells, , , , lacks] of known.values()) {
    for (const [state] of cells) {
      if (state === "handed_in" || state === "locked") done += 1;
      if (!NOT_NEEDED.has(state)) needed += 1;
    }
    missing.push(...lacks);
  }
  missing.push(...papers);
  for (const [, , open] of seats) missing.push(...open);
  put(document.querySelector("[data-board-done]"), String(done));
  put(document.querySelector("[data-board-needed]"), String(needed));
  put(document.querySelector("[data-missing-count]"), missing.length ? fill(words.missing, { n: missing.length }) : words.complete);
  list(document.querySelector("[data-missing]"), missing.slice(0, MOST_LISTED));
  const note = document.querySelector("[data-aside]");
  if (!note && aside) location.reload();
  if (note) {
    note.hidden = aside === 0;
    put(note.querySelector(".message-title"), fill(words.aside, { n: aside }));
  }
}

function show(told) {
  if (told.whole) known.clear();
  for (const work of told.works) known.set(work[0], work);
  // Opened, locked or drawn anew: other buttons, other rows.
  if (told.state !== table.dataset.state || known.size !== Number(table.dataset.count)) {
    location.reload();
    return;
  }
  for (const [number, lines] of told.seats) list(table.querySelector(`[data-seat="${number}"] [data-seat-lines]`), lines, "span", "row-sub");
  told.works.forEach(showWork);
  showCounts(told);
  since = told.version;
}

async function ask() {
  if (isAsking) return;
  isAsking = true;
  try {
    const headers = tag ? { "If-None-Match": tag } : {};
    const address = since === null ? table.dataset.board : `${table.dataset.board}?since=${since}`;
    const answer = await fetch(address, { headers, cache: "no-store" });
    if (answer.status === 200 && answer.headers.get("Content-Type")?.includes("json")) {
      show(await answer.json());
      tag = answer.headers.get("ETag");
    } else if (answer.status !== 304) throw new Error(String(answer.status));
    last = new Date();
    say(words.live, false);
  } catch {
    say(words.offline, true);
  } finally {
    isAsking = false;
  }
}

function say(text, isStale) {
  put(document.querySelector("[data-board-live]"), fill(text, { at: time(last) }));
  document.querySelector(".board-layout")?.classList.toggle("is-stale", isStale);
}

if (table) {
  setInterval(() => document.hidden || ask(), EVERY_MS);
  document.addEventListener("visibilitychange", () => document.hidden || ask());
}
