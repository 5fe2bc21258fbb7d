import { html } from "lit";
import { LONGEST_COMMENT } from "./notes.js";
import { asWritten, clock, say } from "./words.js";

// What a judge has to say and to show of one criterion. Marks are not changed here.
export function evidenceView(app) {
  const { work, field, desk } = app;
  const notes = desk.notes.of(work.id, field.criterion.key);
  return html`<section class="jt-review jt-evidence">
    <div class="jt-verdict"><h1>${say("evidence_title", { code: work.code })}${asWritten(field.criterion.name)}</h1>
      <p>${say("evidence_help")}</p></div>
    ${notes.length ? html`<ul class="jt-notes">${notes.map((note) => noteLine(note))}</ul>` : ""}
    <form class="jt-note-form" @submit=${(event) => keepComment(app, event)}>
      <label for="comment">${say("comment")}</label>
      <textarea id="comment" name="comment" class="form-control" rows="3" maxlength=${LONGEST_COMMENT}></textarea>
      <button type="submit" class="jt-plain">${say("comment_keep")}</button>
    </form>
    <div class="jt-photo">
      <input id="photo" class="visually-hidden" type="file" accept="image/*" capture="environment" @change=${(event) => keepPhoto(app, event)}>
      <label for="photo" class="jt-plain">${say("photo_take")}</label>
      <p>${say("photo_help")}</p>
    </div>
    <p class="jt-line" role="alert">${app.evidenceFault ? html`<strong class="jt-bad">${say(app.evidenceFault)}</strong>` : ""}</p>
    <footer class="jt-bottom"><button type="button" class="jt-main" @click=${() => back(app)}>${say("evidence_done")}</button></footer>
  </section>`;
}

// The way to it from the criterion in focus, with how much is there.
export function evidenceButton(app) {
  const count = app.desk.notes.of(app.work.id, app.field.criterion.key).length;
  return html`<button type="button" class="jt-plain jt-evidence-open" @click=${() => open(app)}>${count ? say("evidence_n", { n: count }) : say("evidence")}</button>`;
}

export function noteLine(note, name = "") {
  const head = name ? html`<b>${asWritten(name)}</b> ` : "";
  if (note.kind === "comment") return html`<li>${head}<span>${note.value}</span> <small>${clock(note.at)}</small></li>`;
  const state = note.refused ? html`<strong class="jt-bad">${say("photo_refused", { why: note.refused })}</strong>`
    : html`<span class=${note.kept ? "jt-good" : "jt-care"}>${say(note.kept ? "photo_kept" : "photo_waiting")}</span>`;
  return html`<li>${head}<span>${say("photo")}</span> <small>${clock(note.at)}</small> ${state}</li>`;
}

function open(app) {
  if (!app.mayLeave()) return;
  app.evidenceFault = "";
  app.show("evidence");
}

// A comment that was typed and not kept is kept, whichever way the judge leaves: to the list, to a scan, to the timer.
export function keepTyped(app) {
  if (app.view === "evidence") keep(app);
}

// The button waits: what could not be kept stays in its field.
async function back(app) {
  await keep(app);
  if (!app.desk.failure) app.show("sheet");
}

async function keepComment(app, event) {
  event.preventDefault();
  app.evidenceFault = (await keep(app)) ? "" : "comment_empty";
  app.redraw();
}

// The words stay in their field until they are kept; a second tap in the meantime says nothing new.
async function keep(app) {
  const field = app.querySelector("#comment");
  const text = field?.value.trim() ?? "";
  if (!text || field.disabled) return text !== "";
  field.disabled = true;
  await app.desk.notes.addComment(app.work, app.field, text);
  field.disabled = false;
  if (!app.desk.failure) field.value = "";
  return true;
}

async function keepPhoto(app, event) {
  const [file] = event.target.files;
  event.target.value = "";
  if (!file) return;
  app.evidenceFault = await app.desk.notes.addPhoto(app.work, app.field, file);
  app.redraw();
}
