import { html } from "lit";
import { clock, say } from "./words.js";

const timeWords = (kind) => say(`time_${kind}`);

// In the top bar: the time of day, and what is left of the batch's.
export function timeBox(app, inSheet) {
  const { timers } = app;
  const day = html`<time class="jt-clock">${clock(new Date())}</time>`;
  if (!timers.place || !inSheet) return day;
  const { kind } = timers.now;
  return html`<button type="button" class="jt-plain jt-timer is-${kind}" @click=${() => app.leaveFor("timer")}>
      <small>${kind === "none" ? clock(new Date()) : timeWords(kind)}</small><b>${kind === "none" ? say("timer") : html`<span data-time></span>`}</b>
    </button><span class="visually-hidden" role="status">${kind === "near" || kind === "over" ? timeWords(kind) : ""}</span>`;
}

export function timerView(app) {
  const { timers, round, work } = app;
  const { kind } = timers.now;
  const minutes = Math.round(round.time_limit_s / 6) / 10;
  return html`<section class="jt-review jt-time">
    <div class="jt-verdict is-time is-${kind}"><h1>${say("timer_title", { batch: work.batch, n: minutes })}</h1>
      ${kind === "none" ? "" : html`<p class="jt-left"><span>${timeWords(kind)}</span> <b data-time></b></p><p>${say("timer_since", { at: clock(timers.from) })}</p>`}
      <p>${say("timer_help")}</p></div>
    ${kind === "none"
      ? html`<p><button type="button" class="jt-main" @click=${() => timers.begin()}>${say("timer_begin")}</button></p>`
      : html`<div class="jt-row">
          <button type="button" class="jt-plain" @click=${() => timers.shift(1)}>${say("timer_earlier")}</button>
          <button type="button" class="jt-plain" @click=${() => timers.shift(-1)}>${say("timer_later")}</button>
          <button type="button" class="jt-plain" @click=${() => timers.end()}>${say("timer_end")}</button>
        </div>`}
    <footer class="jt-bottom"><button type="button" class="jt-main" @click=${() => app.show("sheet")}>${say("back_to_sheet")}</button></footer>
  </section>`;
}
