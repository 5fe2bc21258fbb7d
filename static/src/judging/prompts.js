// A judge who lies apart from the others is asked to look again, on this tablet alone: mark again, or keep with a reason.
// The server says what it asks; nothing says from whom the marks differ, or how far.

import { html } from "lit";
import { total } from "./exact.js";
import { isTaken } from "./store.js";
import { stationTile } from "./view-list.js";
import { asWritten, say } from "./words.js";

const LONGEST = 200;

export class Prompts {
  constructor(desk) {
    this.desk = desk;
    this.asked = [];
    this.again = new Set();
    // A reason that was begun outlives a look at the work.
    this.typed = new Map();
  }

  get setting() {
    return `prompts:${this.desk.device.id}`;
  }

  async load() {
    this.again.clear();
    this.asked = (await this.desk.store.setting(this.setting)) ?? [];
  }

  async take(asked) {
    if (JSON.stringify(asked) === JSON.stringify(this.asked)) return;
    this.asked = asked;
    await this.desk.store.setSetting(this.setting, asked);
  }

  // The server has an answer: the question is off the screen before the next state says so.
  settled(answers) {
    const taken = new Set(answers.filter(isTaken).map((one) => one.uuid));
    const left = this.asked.filter((prompt) => !this.desk.waiting.some((event) => taken.has(event.uuid) && isAnswer(event, prompt)));
    for (const prompt of this.asked) if (!left.includes(prompt)) this.again.delete(prompt.work);
    if (left.length < this.asked.length) this.take(left);
  }

  // What is left to answer: an answer that waits for the network is one.
  get open() {
    return this.asked.filter((prompt) => !this.desk.waiting.some((event) => isAnswer(event, prompt)) && this.isLooked(prompt));
  }

  isLooked({ work }) {
    const found = this.roundOf(work);
    const place = found?.works.find((one) => one.id === work);
    return this.desk.device.is_live && found?.state === "open" && !place.excused && !place.away
      && ["handed_in", "remarking"].includes(this.desk.sheet(work).state);
  }

  roundOf(work) {
    return this.desk.pack?.rounds.find((round) => round.works.some((one) => one.id === work));
  }

  of(work) {
    return this.open.filter((prompt) => prompt.work === work);
  }

  isAgain(work) {
    const { state } = this.desk.sheet(work);
    return state === "remarking" || (state === "handed_in" && this.again.has(work) && this.of(work).length > 0);
  }

  // Only what was asked about is marked again.
  narrow(fields, work) {
    if (!work || !this.isAgain(work.id)) return fields;
    const keys = new Set(this.of(work.id).flatMap((prompt) => prompt.criteria));
    const found = fields.filter((field) => keys.has(field.criterion.key));
    return found.length ? found : fields;
  }

  keep(prompt, reason) {
    const round = this.roundOf(prompt.work);
    const work = round.works.find((one) => one.id === prompt.work);
    this.again.delete(prompt.work);
    return this.desk.inLine(() => this.desk.keep(work, { kind: "keep", criterion: prompt.part, attempt: 1, value: reason, base_version: prompt.asked_seq }));
  }
}

const isAnswer = (event, prompt) => event.work === prompt.work
  && (event.kind === "hand_in" || (event.kind === "keep" && event.criterion === prompt.part && event.base_version === prompt.asked_seq));

// In the bar at the top, wherever the judge is.
export function promptBanner(app) {
  const { prompts } = app.desk;
  if (app.view === "prompts" || !app.desk.device) return "";
  if (app.view === "sheet" && app.work && prompts.isAgain(app.work.id)) {
    return html`<div class="jt-banner"><span>${say("again_help")}</span></div>`;
  }
  const { length } = prompts.open;
  return length ? html`<div class="jt-banner" role="status"><span>${say("prompts_n", { n: length })}</span>
    <button type="button" class="jt-plain" @click=${() => app.leaveFor("prompts")}>${say("prompts_look")}</button></div>` : "";
}

export function promptsView(app) {
  const { open } = app.desk.prompts;
  return html`<section class="jt-list">
    <h1>${say("prompts_title")}</h1>
    <p>${open.length ? say("prompts_help") : say("prompts_none")}</p>
    <ul class="jt-prompts">${open.map((prompt) => card(app, prompt))}</ul>
    ${open.length ? "" : html`<p><button type="button" class="jt-main" @click=${() => app.show("list")}>${say("works")}</button></p>`}
  </section>`;
}

function card(app, prompt) {
  const round = app.desk.prompts.roundOf(prompt.work);
  const work = round.works.find((one) => one.id === prompt.work);
  return html`<li>
    <div class="jt-prompt-head">${stationTile(work)}
      <h2><span class="jt-code">${work.code}</span> ${asWritten(prompt.name || say("total"))}</h2></div>
    <p>${prompt.ordered === null ? say("prompt_apart") : html`${say("prompt_ordered")}${asWritten(prompt.ordered)}`}</p>
    <p class="jt-prompt-own">${own(app, round, prompt)}</p>
    ${app.keeping === prompt.id ? reasonForm(app, prompt) : html`<div class="jt-prompt-acts">
      <button type="button" class="jt-plain" @click=${() => again(app, round, prompt)}>${say("mark_again")}</button>
      ${app.desk.sheet(prompt.work).state === "handed_in"
        ? html`<button type="button" class="jt-plain" @click=${() => open(app, prompt)}>${say("keep_marks")}</button>` : ""}
    </div>`}
  </li>`;
}

// The own marks that it is about.
function own(app, round, prompt) {
  const { marks } = app.desk.sheet(prompt.work);
  const said = round.criteria.filter((one) => prompt.criteria.includes(one.key)).map((one) => {
    const values = Array.from({ length: one.attempts }, (_, at) => marks[`${one.key}/${at + 1}`]?.value).filter(Boolean);
    return html`<span>${asWritten(one.name)} <b>${values.join(" / ") || say("no_value")}</b></span>`;
  });
  const sum = prompt.name ? null : total(round.criteria, marks);
  return html`${say("own_marks")} ${said}${sum === null ? "" : html`<span>${say("total")} <b>${sum}</b></span>`}`;
}

function again(app, round, prompt) {
  app.desk.prompts.again.add(prompt.work);
  app.openWork(prompt.work, round.id);
}

function open(app, prompt) {
  app.keeping = prompt.id;
  app.redraw();
  app.updateComplete.then(() => app.querySelector(".jt-prompts textarea")?.focus());
}

function reasonForm(app, prompt) {
  const field = () => app.querySelector(".jt-prompts textarea");
  const send = async (event) => {
    event.preventDefault();
    const reason = field().value.trim();
    app.keepingFault = reason === "";
    if (!app.keepingFault) {
      await app.desk.prompts.keep(prompt, reason);
      app.desk.prompts.typed.delete(prompt.id);
      app.keeping = null;
    }
    app.redraw();
  };
  return html`<form class="jt-prompt-reason" @submit=${send}>
    <label for="reason-${prompt.id}">${say("keep_why")}</label>
    <textarea id="reason-${prompt.id}" rows="3" maxlength=${LONGEST} aria-describedby="help-${prompt.id}"
      .value=${app.desk.prompts.typed.get(prompt.id) ?? ""} @input=${() => app.desk.prompts.typed.set(prompt.id, field().value)}></textarea>
    <small id="help-${prompt.id}" class=${app.keepingFault ? "jt-bad" : ""} role="status">${say(app.keepingFault ? "keep_empty" : "keep_help")}</small>
    <div class="jt-prompt-acts">
      <button type="button" class="jt-plain" @click=${() => { app.keeping = null; app.keepingFault = false; app.redraw(); }}>${say("keep_not")}</button>
      <button type="submit" class="jt-main">${say("keep_send")}</button>
    </div>
  </form>`;
}
