// A screen for spectators: asks for its file every few seconds and shows what it says. It computes nothing, and nobody touches it.

const EVERY_MS = 4000;
const TURN_MS = 12000;
const PATIENCE_MS = 15000;
const LATE_MS = 20000;

const main = document.querySelector("[data-screen]");
const words = JSON.parse(document.getElementById("words")?.textContent ?? "{}");
const { token } = main.dataset;

let shown = null;
let slide = 0;
let heard = Date.now();

function make(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

async function fetched(address, options = {}) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
  try {
    return await fetch(address, { credentials: "omit", ...options, signal: stop.signal });
  } finally {
    clearTimeout(timer);
  }
}

// A new screen asks for an address of its own.
async function begin() {
  try {
    const headers = { "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content };
    const answer = await fetched("/display/code", { method: "POST", cache: "no-store", credentials: "same-origin", headers });
    if (!answer.ok) throw new Error(String(answer.status));
    const { token: fresh } = await answer.json();
    location.replace(`/display/${fresh}`);
  } catch {
    say(words.offline);
    setTimeout(begin, EVERY_MS);
  }
}

function say(...lines) {
  main.replaceChildren(...lines.map((line) => make("p", "screen-wait", line)));
}

// The number is the server's word, never the address's: whoever sets up a screen could be led to pair another one.
async function waiting() {
  const answer = await fetched(`/display/${encodeURIComponent(token)}/code.json`, { cache: "no-store" });
  const { code } = answer.ok ? await answer.json() : {};
  if (!code) {
    say(words.unknown);
    return;
  }
  main.replaceChildren(make("p", "screen-wait", words.code_title), make("p", "screen-code", `${code.slice(0, 3)} ${code.slice(3)}`),
    make("p", "screen-help", words.code_help));
}

const KINDS = {
  sentence: ({ title }) => [make("p", "screen-sentence", title)],
  tiles: ({ title, unit, tiles }) => [make("h1", "screen-title", title), make("ul", "screen-tiles", ...tiles.map(([station, number]) =>
    make("li", "", make("small", "", unit), make("b", "", station), make("span", "", number))))],
  table: ({ title, head, rows }) => [make("h1", "screen-title", title), make("table", "screen-table",
    make("thead", "", make("tr", "", ...head.map((each) => make("th", "", each)))),
    make("tbody", "", ...rows.map((row) => make("tr", row[0] === "▶" ? "is-now" : "", ...row.map((each) => make("td", "", each))))))],
};

function draw() {
  const { slides } = shown;
  const isBlack = slides.length === 0;
  document.body.classList.toggle("is-black", isBlack);
  document.documentElement.lang = shown.lang;
  const late = Date.now() - heard > LATE_MS;
  if (isBlack) {
    main.replaceChildren();
    return;
  }
  const now = slides[slide % slides.length];
  const foot = [make("span", "", shown.contest)];
  if (slides.length > 1) foot.push(make("span", "", `${(slide % slides.length) + 1} / ${slides.length}`));
  foot.push(make("span", late ? "is-late" : "", late ? `${shown.offline} · ${shown.as_of}` : shown.as_of));
  main.replaceChildren(
    ...(shown.banner ? [make("p", "screen-banner", shown.banner)] : []),
    make("section", "screen-slide", ...KINDS[now.kind](now)),
    make("footer", "screen-foot", ...foot));
}

function take(fresh) {
  // Something was missed, or the desk gave another page: begin again from nothing, with the files of today.
  const isNew = shown && (fresh.seq > shown.seq + 1 || fresh.assigned !== shown.assigned || fresh.seq < shown.seq);
  if (isNew) {
    location.reload();
    return;
  }
  if (shown?.seq !== fresh.seq) slide = 0;
  shown = fresh;
}

async function ask() {
  try {
    const answer = await fetched(`/display/${encodeURIComponent(token)}/picture.json`, { cache: "no-cache" });
    heard = Date.now();
    if (answer.status === 404) {
      shown = null;
      await waiting();
    } else if (answer.ok) take(await answer.json());
  } catch {
    if (!shown) say(words.offline);
  }
  if (shown) draw();
  setTimeout(ask, EVERY_MS);
}

if (token) {
  ask();
  setInterval(() => {
    slide += 1;
    if (shown) draw();
  }, TURN_MS);
} else begin();
