import { html } from "lit";
import { asWritten, clock, say } from "./words.js";

// What the server did not take: kept here as it was made, for the chief judge's eyes.
export function stuckView(app) {
  const works = new Map(app.rounds.flatMap((round) => round.works.map((work) => [work.id, work])));
  const names = new Map(app.rounds.flatMap((round) => round.criteria.map((one) => [one.key, one.name])));
  return html`<section class="jt-list">
    <h1>${say("stuck_title")}</h1>
    <p>${say("stuck_help")}</p>
    <p><button type="button" class="jt-plain" @click=${() => app.handing.open()}>${say("handover_open")}</button></p>
    <ul class="jt-stuck">${app.desk.stuck.map((event) => html`<li>
      <b>${works.get(event.work)?.code ?? event.work}</b>
      <span>${event.kind === "hand_in" ? say("hand_in_word") : event.kind === "keep" ? html`${say("keep_why")}${say("colon")}${event.value}` : asWritten(names.get(event.criterion) ?? event.criterion)}${event.kind === "photo" ? html`${say("colon")}${say("photo")}` : ""}${["mark", "comment"].includes(event.kind) ? html`${say("colon")}<b>${event.value}</b>` : ""}
        <small>${clock(event.at)} · ${event.device_seq}</small></span>
      <span class="jt-bad">${say(`result_${event.answer.result}`)}${say("colon")}${event.answer.message}${event.answer.details?.held !== undefined && event.answer.result === "conflict" ? ` ${say("held", { value: event.answer.details.held })}` : ""}</span>
    </li>`)}</ul>
  </section>`;
}
