import { html } from "lit";
import { eventSaid, workCode } from "./view-stuck.js";
import { say } from "./words.js";

// Nothing else can be done until it is saved, or the chief judge has written it down.
export function unsavedView(app) {
  const { unsaved, failure, saving } = app.desk;
  return html`<section class="jt-list jt-unsaved" role="alert">
    <h1>${say("unsaved_title")}</h1>
    <p>${say("unsaved_why", { why: failure })}</p>
    <p>${say("unsaved_help")}</p>
    <ul class="jt-stuck">${unsaved.map(({ whole }) => html`<li><b>${workCode(app, whole)}</b><span>${eventSaid(app, whole)}</span></li>`)}</ul>
    <p><button type="button" class="jt-main" ?disabled=${saving} @click=${() => app.desk.saveAgain()}>${say("save_again")}</button></p>
  </section>`;
}
