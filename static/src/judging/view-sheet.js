import { html, render } from "lit";
import { guard } from "lit/directives/guard.js";
import { countsOf, points, stepped, tidy, total } from "./exact.js";
import { closedSheet } from "./view-closed.js";
import { evidenceButton } from "./view-evidence.js";
import { askView } from "./view-scan.js";
import { asWritten, say } from "./words.js";

// One criterion in focus, the others as a strip, the keys below. Nothing moves under the finger.
export function sheetView(app) {
  const { desk, round, work, field } = app;
  if (!desk.canMark(round, work)) return closedSheet(app);
  if (app.scan.asked) return askView(app);
  return html`
    <section class="jt-sheet">
      ${strip(app)}
      <div class="jt-focus">
        ${field.criterion.groups.length ? html`<p class="jt-groups">${asWritten(field.criterion.groups.join(" › "))}</p>` : ""}
        <div class="jt-focus-head">${guard([field], () => head(field))}${evidenceButton(app)}</div>
        <p class="jt-text">${asWritten(field.criterion.text)}</p>
        ${valueBox(app)}
      </div>
      <div class="jt-line">${line(app)}</div>
      ${pad(app)}
      ${bottom(app)}
    </section>`;
}

const head = ({ criterion, attempt }) => html`
  <h1>${asWritten(criterion.name)}${criterion.attempts > 1 ? html` <small>${say("attempt", { n: attempt })}</small>` : ""}</h1>
  <p>${limits(criterion)}</p>`;

function limits(criterion) {
  const { kind } = criterion;
  if (kind === "points") return say("limits_points", { max: criterion.max, step: criterion.step });
  if (kind === "deduct") return say(criterion.each > 1 ? "limits_deduct_each" : "limits_deduct", criterion);
  if (kind === "counts") return say("limits_counts", { max: criterion.max, per: criterion.per });
  if (kind === "measured") return say("limits_measured", { max: criterion.max, n: criterion.places, unit: criterion.unit });
  if (kind === "faults") return say("limits_faults", { max: criterion.max });
  if (kind === "veto") return say("limits_veto");
  if (kind === "timed") return say("limits_timed", { max: criterion.max });
  if (kind === "scale" || kind === "bands") return say("limits_reading", { max: criterion.max, unit: criterion.unit });
  return say("limits_other", { max: criterion.max });
}

const valueBox = (app) => html`<output class="jt-value ${app.wrong ? "is-wrong" : ""}" aria-live="polite"></output>`;

// Drawn by itself: a figure changes with every tap, and is seen before the rest of the page is looked through.
export function drawValue(app) {
  const place = app.querySelector(".jt-value");
  if (place) render(valueWords(app), place);
}

function valueWords(app) {
  const { criterion } = app.field;
  const value = app.typed;
  const counted = ["deduct", "counts", "judgement", "grades", "faults", "bands", "measured"].includes(criterion.kind);
  const earned = counted && value && !app.wrong ? points(criterion, tidy(value)) : null;
  return html`<b>${value === "" ? say("no_value") : shown(criterion, value)}</b>
    <span>${criterion.kind === "points" ? say("of_max", { max: criterion.max }) : earned === null ? asWritten(criterion.unit) : say("earned", { n: tidyUnits(earned) })}</span>`;
}

// A mark as people say it: a grade by its name, a question by yes or no.
function shown(criterion, value) {
  if (criterion.kind === "veto") return value === "1" ? say("yes") : say("no");
  return criterion.kind === "grades" ? criterion.options[Number(value) - 1]?.name ?? value : value;
}

// What is read aloud of the field in focus; null while it is no mark.
export function markSaid(app) {
  const { criterion } = app.field;
  if (app.typed === "" || app.wrong) return null;
  // An English voice cannot say Chinese names.
  const name = asWritten(criterion.name);
  return say(criterion.kind === "points" ? "voice_points" : "voice_other", { name: typeof name === "string" ? name : "", value: shown(criterion, tidy(app.typed)) });
}

const tidyUnits = (value) => {
  const digits = (value / 10n ** 8n).toString().padStart(5, "0");
  return `${digits.slice(0, -4)}.${digits.slice(-4)}`.replace(/\.?0+$/, "");
};

// Why it does not count, or the way back: in a line that is always there.
function line(app) {
  const { desk, work, field } = app;
  if (app.wrong) return html`<strong class="jt-bad" role="alert">${say(`wrong_${app.wrong[0]}`, app.wrong[1])}${app.mustFix ? ` ${say("fix_first")}` : ""}</strong>`;
  const undo = desk.marking.undoable;
  if (undo && undo.work === work.id && undo.slot === field.slot) {
    return html`<button type="button" class="jt-plain" @click=${() => app.undo()}>${undo.value === null ? say("undo_clear") : say("undo_to", { value: undo.value })}</button>`;
  }
  const sheet = desk.sheet(work.id);
  return sheet.state === "disputed" && sheet.returned_reason ? html`<strong class="jt-care">${say("returned", { reason: sheet.returned_reason })}</strong>` : "";
}

function strip(app) {
  const { fields } = app;
  const { marks } = app.desk.sheet(app.work.id);
  const sum = total(app.round.criteria, marks);
  return html`<nav class="jt-strip" aria-label=${say("criteria")}>
    ${fields.map((field, at) => guard([fields, at, at === app.focusAt, marks[field.slot]?.value], () => html`
      <button type="button" aria-current=${at === app.focusAt ? "step" : "false"} class=${marks[field.slot] ? "is-done" : ""} @click=${() => app.focusField(at)}>
        ${headed(fields, at, (groups) => html`<small>${groups}</small>`)}
        <span>${asWritten(field.criterion.name)}${field.criterion.attempts > 1 ? ` ${field.attempt}` : ""}</span><b>${asWritten(said(field, marks))}</b>
      </button>`))}
    <div class="jt-total"><span>${say("total")}</span><b>${sum ?? say("no_value")}</b></div>
  </nav>`;
}

export const said = (field, marks, none = "no_value") => (marks[field.slot] ? shown(field.criterion, marks[field.slot].value) : say(none));

// The groups of this field where they are not those of the one before: a heading above it.
export function headed(fields, at, draw) {
  const [now, before] = [fields[at].criterion.groups.join(" › "), at ? fields[at - 1].criterion.groups.join(" › ") : ""];
  return !now || now === before ? "" : draw(asWritten(now));
}

function pad(app) {
  const { criterion } = app.field;
  if (criterion.kind === "pass_fail") return choices(app, [["1", say("pass")], ["0", say("fail")]]);
  if (criterion.kind === "judgement") {
    const top = Number(criterion.input_max);
    return choices(app, Array.from({ length: top + 1 }, (_, at) => [String(at), criterion.levels[at] ?? say("level", { n: at })]), true);
  }
  if (criterion.kind === "veto") return choices(app, [["1", say("yes")], ["0", say("no")]]);
  if (criterion.kind === "grades") {
    return choices(app, criterion.options.map((grade, at) => [String(at + 1), grade.name, grade]), true);
  }
  if (criterion.kind === "faults") return counters(app);
  // Keys stay as they are from tap to tap.
  return guard([criterion], () => keys(app, criterion));
}

// In the order of the telephone and of the PIN: everybody at the table has it in the fingers.
function keys(app, criterion) {
  const steps = criterion.step !== null;
  const value = () => (app.wrong || app.typed === "" ? null : tidy(app.typed));
  const move = (direction) => () => app.type(stepped(criterion, value(), direction));
  const key = (text, press = () => app.press(text), label = text, kind = "") => html`<button type="button" class="jt-key ${kind}" aria-label=${label} @click=${press}>${text}</button>`;
  const whole = criterion.input_max !== null && criterion.kind === "points";
  return html`<div class="jt-pad">
    ${key("1")}${key("2")}${key("3")}${key("⌫", () => app.press("back"), say("delete"), "is-side")}
    ${key("4")}${key("5")}${key("6")}${steps ? key(`+${criterion.step}`, move(1), say("step_up", { step: criterion.step }), "is-side") : html`<span></span>`}
    ${key("7")}${key("8")}${key("9")}${steps ? key(`−${criterion.step}`, move(-1), say("step_down", { step: criterion.step }), "is-side") : html`<span></span>`}
    ${key("0")}${key(".")}${criterion.kind === "measured" ? key("，", () => app.press(","), say("next_place"), "") : html`<button type="button" class="jt-key is-side" @click=${() => app.type("")}>${say("clear")}</button>`}
    ${whole ? html`<button type="button" class="jt-key is-side" @click=${() => app.type(criterion.input_max)}>${say("full")}</button>` : html`<span></span>`}
  </div>`;
}

// What a kind of fault costs, in a few words.
function costs(kind) {
  const said = { n: kind.points, each: kind.each, at: kind.zero_from };
  if (Number(kind.points) === 0 && kind.zero_from !== null) return say("fault_ends", said);
  return say(`fault_${kind.each > 1 ? "each" : "costs"}`, said) + (kind.zero_from === null ? "" : say("fault_zero", said));
}

// So many are not counted by touching: a length in millimetres is typed.
const MANY = 99;
const typedCount = (app, kind, count, set) => html`<input inputmode="numeric" autocomplete="off" aria-label=${kind.name} .value=${app.typed === "" ? "" : String(count)}
  @input=${(event) => set(/^[0-9]{1,4}$/.test(event.target.value) ? Number(event.target.value) : 0)}>`;

// One row for each kind of fault: how often, less, more. The first touch says that all others did not happen.
function counters(app) {
  const { criterion } = app.field;
  const counts = countsOf(criterion, app.typed);
  const set = (at, count) => app.type(counts.map((before, place) => (place === at ? count : before)).join(","));
  return html`<div class="jt-counts" role="group" aria-label=${criterion.name}>
    ${criterion.options.map((kind, at) => html`<div>
      <span>${asWritten(kind.name)} <small>${costs(kind)}</small></span>
      <button type="button" class="jt-key" aria-label=${say("fewer", { what: kind.name })} ?disabled=${counts[at] === 0} @click=${() => set(at, counts[at] - 1)}>−</button>
      ${Number(kind.most) > MANY ? typedCount(app, kind, counts[at], (count) => set(at, count)) : html`<b>${app.typed === "" ? say("no_value") : counts[at]}</b>`}
      <button type="button" class="jt-key" aria-label=${say("more", { what: kind.name })} ?disabled=${counts[at] >= Number(kind.most)} @click=${() => set(at, counts[at] + 1)}>+</button>
    </div>`)}
    <button type="button" class="jt-plain" @click=${() => app.type(counts.map(() => 0).join(","))}>${say("no_faults")}</button>
  </div>`;
}

function choices(app, options, isList = false) {
  return html`<div class="jt-choices ${isList ? "is-list" : ""}" role="group" aria-label=${app.field.criterion.name}>
    ${options.map(([value, words, grade]) => html`<button type="button" aria-pressed=${app.typed === value ? "true" : "false"} @click=${() => app.type(value)}>
      ${isList ? html`<b>${value}</b>` : ""}<span>${asWritten(words)}${grade?.text ? html`<em>${asWritten(grade.text)}</em>` : ""}</span>
      ${grade ? html`<small>${say("earned", { n: grade.points })}</small>` : ""}</button>`)}
  </div>`;
}

function bottom(app) {
  const lacking = app.lacking().length;
  const last = app.focusAt >= app.fields.length - 1;
  const works = app.round.works;
  const at = works.indexOf(app.work);
  return html`<footer class="jt-bottom">
    <button type="button" class="jt-plain is-work" ?disabled=${at === 0} @click=${() => app.step(-1)}>${say("previous_work")}</button>
    <button type="button" class="jt-plain" ?disabled=${app.focusAt === 0} @click=${() => app.focusField(app.focusAt - 1)}>${say("previous")}</button>
    ${last || !lacking
      ? html`<button type="button" class="jt-main" @click=${() => app.leaveFor("review")}>${lacking ? say("review_lacking", { n: lacking }) : say("review")}</button>`
      : html`<button type="button" class="jt-main" @click=${() => app.focusField(app.focusAt + 1)}>${say("next")}</button>`}
    <button type="button" class="jt-plain is-work" ?disabled=${at === works.length - 1} @click=${() => app.step(1)}>${say("next_work")}</button>
  </footer>`;
}
