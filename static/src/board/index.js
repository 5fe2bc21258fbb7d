// Asks every few seconds what changed; the address answers "nothing" most of the time.

const EVERY_MS = 2500;
const table = document.querySelector("[data-board]");
const words = JSON.parse(document.getElementById("board-words")?.textContent ?? "{}");
const SHAPES = { none: "○", scoring: "◐", handed_in: "●", disputed: "↩", excused: "—", absent: "—", withdrawn: "—" };

let tag = null;
let last = new Date();

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_whole, name) => values[name]);

function time(value, seconds = false) {
  return new Date(value).toLocaleTimeString("zh-CN", {
    hour: "2-digit", minute: "2-digit", second: seconds ? "2-digit" : undefined, hour12: false, timeZone: words.zone,
  });
}

function put(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}

function cellText([state, done, needed, total]) {
  if (state === "scoring") return `${SHAPES.scoring} ${done}/${needed}`;
  return `${SHAPES[state]} ${state === "handed_in" && total ? total : words[state]}`;
}

function seatText([, isOpen, seen, pending, missing]) {
  if (!isOpen) return words.not_open;
  const parts = [seen ? fill(words.seen, { at: time(seen) }) : words.open];
  if (pending) parts.push(fill(words.pending, { n: pending }));
  if (missing) parts.push(fill(words.gap, { n: missing }));
  return parts.join(" · ");
}

function list(element, sentences) {
  if (!element) return;
  element.replaceChildren(...sentences.map((sentence) => {
    const item = document.createElement(element.tagName === "UL" ? "li" : "div");
    if (item.tagName === "DIV") item.className = "board-spread";
    item.textContent = sentence;
    return item;
  }));
}

function show(told) {
  const rows = table.querySelectorAll("[data-work]");
  // Opened, locked or drawn anew: other buttons, other rows.
  if (told.state !== table.dataset.state || rows.length !== told.works.length) {
    location.reload();
    return;
  }
  put(document.querySelector("[data-board-done]"), String(told.done));
  put(document.querySelector("[data-board-needed]"), String(told.needed));
  for (const seat of told.seats) put(table.querySelector(`[data-seat="${seat[0]}"] [data-seat-line]`), seatText(seat));
  for (const [id, cells, spreads, away] of told.works) {
    const row = table.querySelector(`[data-work="${id}"]`);
    row?.querySelectorAll(".board-cell").forEach((element, at) => {
      put(element, cellText(cells[at]));
      element.className = `board-cell is-${cells[at][0]}${cells[at][4] ? " is-far" : ""}`;
    });
    list(row?.querySelector("[data-spread]"), spreads);
    put(row?.querySelector("[data-away]"), away);
  }
  put(document.querySelector("[data-missing-count]"), told.missing.length ? fill(words.missing, { n: told.missing.length }) : words.complete);
  list(document.querySelector("[data-missing]"), told.missing.slice(0, 40));
}

async function ask() {
  try {
    const headers = tag ? { "If-None-Match": tag } : {};
    const answer = await fetch(table.dataset.board, { headers, cache: "no-store" });
    if (answer.status === 200 && answer.headers.get("Content-Type")?.includes("json")) {
      tag = answer.headers.get("ETag");
      show(await answer.json());
    } else if (answer.status !== 304) throw new Error(String(answer.status));
    last = new Date();
    say(words.live, false);
  } catch {
    say(words.offline, true);
  }
}

function say(text, isStale) {
  put(document.querySelector("[data-board-live]"), fill(text, { at: time(last, true) }));
  document.querySelector(".board-layout")?.classList.toggle("is-stale", isStale);
}

if (table) {
  setInterval(() => document.hidden || ask(), EVERY_MS);
  document.addEventListener("visibilitychange", () => document.hidden || ask());
}
