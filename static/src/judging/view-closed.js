import { html } from "lit";
import { total } from "./exact.js";
import { signaturePicture } from "./strokes.js";
import { noteLine } from "./view-evidence.js";
import { goOnButton, stateOf } from "./view-list.js";
import { headed, said } from "./view-sheet.js";
import { asWritten, clock, say } from "./words.js";

// What was handed in, or may not be marked: to be read only.
export function closedSheet(app) {
  const { desk, round, work } = app;
  const sheet = desk.sheet(work.id);
  const state = stateOf(app, work);
  desk.notes.fetch(sheet);
  const why = work.away ? say(`why_${state}`) : work.excused ? say("why_excused", { reason: work.excused })
    : sheet.state === "handing" ? say("why_handing")
    : sheet.state === "handed_in" ? say("why_handed_in")
    : ["locked", "away"].includes(round.state) ? say(`round_${round.state}`)
    : !desk.device.is_live ? desk.device.why || say("taken_over") : say("round_closed");
  return html`<section class="jt-review is-closed">
    <div class="jt-verdict ${sheet.state === "handed_in" ? "is-good" : ""}"><h1>${say(`state_${state}`)}</h1><p>${why}</p>
      ${handedIn(sheet)}</div>
    ${work.away ? "" : sheetTable(app)}
    ${added(app, sheet)}
    <footer class="jt-bottom">
      <button type="button" class="jt-plain" ?disabled=${round.works.indexOf(work) === 0} @click=${() => app.step(-1)}>${say("previous_work")}</button>
      ${nextButton(app)}
      <button type="button" class="jt-plain" @click=${() => app.show("scan")}>${say("scan")}</button>
      <button type="button" class="jt-plain" ?disabled=${round.works.indexOf(work) === round.works.length - 1} @click=${() => app.step(1)}>${say("next_work")}</button>
    </footer>
  </section>`;
}

// When, and the code that also stands on the printed sheet: it is the server's receipt, and comes with it.
function handedIn(sheet) {
  if (sheet.state === "handing") return html`<p>${say("check_code_later")}</p>`;
  if (!sheet.check_code) return "";
  return html`<p class="jt-check">${say("check_code")} <b>${sheet.check_code}</b></p>
    ${sheet.handed_in_at ? html`<p>${say("handed_in_at", { at: clock(sheet.handed_in_at) })}</p>` : ""}`;
}

// The own signature, comments and photos.
function added({ desk, round }, sheet) {
  const drawn = ["handing", "handed_in"].includes(sheet.state) ? desk.notes.signature(sheet) : null;
  const notes = desk.notes.of(sheet.work);
  const names = new Map(round.criteria.map((one) => [one.key, one.name]));
  return html`${drawn ? html`<figure class="jt-signed"><figcaption>${say("my_signature")}</figcaption>${signaturePicture(drawn, say("my_signature"))}</figure>` : ""}
    ${notes.length ? html`<h2>${say("my_notes")}</h2><ul class="jt-notes">${notes.map((note) => noteLine(note, names.get(note.criterion) ?? note.criterion))}</ul>` : ""}`;
}

// The next one that is to be marked; none left: the list.
function nextButton(app) {
  const next = app.unfinished[0];
  return next
    ? goOnButton(app, next)
    : html`<button type="button" class="jt-main" @click=${() => app.show("list")}>${say("all_done")}</button>`;
}

// goTo: leads from a missing mark to its criterion.
export function sheetTable(app, goTo = null) {
  const { fields } = app;
  const { marks } = app.desk.sheet(app.work.id);
  const missing = (at) => goTo ? html`<button type="button" class="jt-plain" @click=${() => goTo(at)}>${say("mark_now")}</button>` : say("lacking");
  return html`<table class="jt-table">
    <caption class="visually-hidden">${say("criteria")}</caption>
    <tbody>${fields.map((field, at) => html`${headed(fields, at, (groups) => html`<tr class="jt-group"><th scope="rowgroup" colspan="3">${groups}</th></tr>`)}<tr class=${field.isNeeded && !marks[field.slot] ? "is-lacking" : ""}>
      <th scope="row">${asWritten(field.criterion.name)}${field.criterion.attempts > 1 ? ` ${field.attempt}` : ""}</th>
      <td>${field.isNeeded && !marks[field.slot] ? missing(at) : said(field, marks, "lacking")}</td><td class="jt-max">${field.criterion.kind === "veto" ? "" : say("of_max", { max: field.criterion.max })}</td></tr>`)}</tbody>
    <tfoot><tr><th scope="row">${say("total")}</th><td>${total(app.round.criteria, marks) ?? say("no_value")}</td><td></td></tr></tfoot>
  </table>`;
}
