import { html } from "lit";
import { sheetTable } from "./view-closed.js";
import { say } from "./words.js";

// Read once more, then hand in: the deliberate second step.
export function reviewView(app) {
  const lacking = app.lacking();
  const first = app.fields.findIndex((field) => field.slot === lacking[0]?.slot);
  return html`<section class="jt-review">
    <div class="jt-verdict"><h1>${say("review_title", { code: app.work.code, station: app.work.station })}</h1>
      <p>${lacking.length ? say("review_missing", { names: lacking.map((field) => field.criterion.name).join(say("comma")) }) : say("review_help")}</p></div>
    ${sheetTable(app, (at) => back(app, at))}
    <footer class="jt-bottom">
      <button type="button" class="jt-plain" @click=${() => back(app, first)}>${say("go_back")}</button>
      ${lacking.length ? "" : handInButtons(app)}
    </footer>
  </section>`;
}

// Where a signature is asked for, it is the way; elsewhere it is offered.
function handInButtons(app) {
  const sign = (kind) => html`<button type="button" class=${kind} ?disabled=${app.isHanding} @click=${() => app.signing.open()}>${say("sign_and_hand_in")}</button>`;
  if (app.signing.isNeeded) return sign("jt-main");
  return html`${sign("jt-plain")}
    <button type="button" class="jt-main" ?disabled=${app.isHanding} @click=${() => app.handIn()}>${say("hand_in")}</button>`;
}

function back(app, first) {
  if (first >= 0) app.focusAt = first;
  app.show("sheet");
}
