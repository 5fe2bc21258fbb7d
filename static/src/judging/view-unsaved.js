import { html } from "lit";
import { asWritten, say } from "./words.js";

// Nothing else can be done until it is saved, or the chief judge has written it down.
export function unsavedView(app) {
  const { unsaved, failure, saving } = app.desk;
  return html`<section class="jt-list jt-unsaved" role="alert">
    <h1>${say("unsaved_title")}</h1>
    <p>${say("unsaved_why", { why: failure })}</p>
    <p>${say("unsaved_help")}</p>
    <ul class="jt-stuck">${unsaved.map(({ whole }) => html`<li>${line(app, whole)}</li>`)}</ul>
    <p><button type="button" class="jt-main" ?disabled=${saving} @click=${() => app.desk.saveAgain()}>${say("save_again")}</button></p>
  </section>`;
}

function line(app, event) {
  const work = app.rounds.flatMap((round) => round.works).find((one) => one.id === event.work);
  const criterion = app.rounds.flatMap((round) => round.criteria).find((one) => one.key === event.criterion);
  const what = event.kind === "hand_in" ? say("hand_in_word") : asWritten(criterion?.name ?? event.criterion);
  const value = event.kind === "hand_in" ? "" : html`${say("colon")}<b>${event.value || say("no_value")}</b>`;
  return html`<b>${work?.code ?? event.work}</b><span>${what}${value}</span>`;
}
