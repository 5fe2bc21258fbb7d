import { html } from "lit";
import { asWritten, clock, say } from "./words.js";

// What the server did not take: kept here as it was made, for the chief judge's eyes.
export function stuckView(app) {
  return html`<section class="jt-list">
    <h1>${say("stuck_title")}</h1>
    <p>${say("stuck_help")}</p>
    <p><button type="button" class="jt-plain" @click=${() => app.handing.open()}>${say("handover_open")}</button></p>
    <ul class="jt-stuck">${app.desk.stuck.map((event) => html`<li>
      <b>${workCode(app, event)}</b>
      <span>${eventSaid(app, event)}
        <small>${clock(event.at)} · ${event.device_seq}</small></span>
      <span class="jt-bad">${say(`result_${event.answer.result}`)}${say("colon")}${event.answer.message}${event.answer.details?.held !== undefined && event.answer.result === "conflict" ? ` ${say("held", { value: event.answer.details.held })}` : ""}</span>
    </li>`)}</ul>
  </section>`;
}

export const workCode = (app, event) => app.rounds.flatMap((round) => round.works).find((one) => one.id === event.work)?.code ?? event.work;

// What was done, in words: a criterion and its mark, a comment, a photo, a hand-in.
export function eventSaid(app, { kind, criterion, value }) {
  if (kind === "hand_in") return say("hand_in_word");
  const name = app.rounds.flatMap((round) => round.criteria).find((one) => one.key === criterion)?.name ?? criterion;
  const what = kind === "keep" ? say("keep_why") : asWritten(name);
  return html`${what}${say("colon")}<b>${kind === "photo" ? say("photo") : value || say("no_value")}</b>`;
}
