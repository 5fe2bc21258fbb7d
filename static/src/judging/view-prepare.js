import { html } from "lit";
import { clock, say } from "./words.js";

const SIGNS = { ok: "✓", warn: "!", bad: "✕" };

// What was found, the worst first; what is well stands below in one line each.
export function prepareView(app) {
  const { prepare } = app;
  const order = ["bad", "warn", "ok"];
  const found = [...prepare.found].sort((a, b) => order.indexOf(a.level) - order.indexOf(b.level));
  return html`<section class="jt-list jt-prepare">
    ${verdict(prepare)}
    <ul class="jt-checks">${found.map(line)}</ul>
    <p class="jt-acts">
      <button type="button" class=${prepare.isBusy || isDone(prepare) ? "jt-plain" : "jt-main"} ?disabled=${prepare.isBusy} @click=${() => prepare.run()}>${say("prepare_again")}</button>
      <button type="button" class=${isDone(prepare) ? "jt-main" : "jt-plain"} @click=${() => app.show("list")}>${say("prepare_back")}</button>
    </p>
  </section>`;
}

const isDone = (prepare) => !prepare.isBusy && Boolean(prepare.ready?.ok);

function verdict(prepare) {
  if (prepare.isBusy || !prepare.ready) return html`<div class="jt-verdict" role="status"><h1>${say("prepare_busy")}</h1></div>`;
  const { ok, at } = prepare.ready;
  return html`<div class="jt-verdict ${ok ? "is-good" : "is-bad"}" role="status">
    <h1>${say(ok ? "prepare_ready" : "prepare_not")}</h1>
    <p>${say(prepare.isTold ? "prepare_told" : "prepare_untold", { at: clock(at) })}</p>
  </div>`;
}

function line({ level, name, key, values }) {
  return html`<li class="is-${level}"><b aria-hidden="true">${SIGNS[level]}</b>
    <span><strong>${say(`prepare_${name}`)}</strong> <span class="visually-hidden">${say(`prepare_is_${level}`)}</span>
    <small>${say(key, values)}</small></span></li>`;
}

// On the list of works: where the tablet stands, and the way here.
export function prepareLine(app) {
  const { ready } = app.prepare;
  const start = () => {
    app.show("prepare");
    app.prepare.run();
  };
  return html`<p class="jt-ready">
    <button type="button" class="jt-plain" @click=${start}>${say("prepare")}</button>
    <span class=${!ready ? "jt-care" : ready.ok ? "jt-good" : "jt-bad"}>${ready ? say(ready.ok ? "ready_ok" : "ready_bad", { at: clock(ready.at) }) : say("ready_never")}</span>
  </p>`;
}
