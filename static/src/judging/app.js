// The judge's page: one seat, one sheet at a time. Views draw; the desk knows.

import { LitElement, html } from "lit";
import { fault, isList, tidy } from "./exact.js";
import { Desk } from "./desk.js";
import { Entry } from "./entry.js";
import { HandingDoor } from "./handing-door.js";
import { Habits } from "./habits.js";
import { onKey } from "./keys.js";
import { languageKeeps, languageWhere } from "./language.js";
import { Prepare } from "./prepare.js";
import { Scan } from "./scan.js";
import { Shell } from "./shell.js";
import { Signing } from "./signing.js";
import { storeFault } from "./store-fault.js";
import { openStore } from "./store.js";
import { Timers } from "./timer.js";
import { keepTyped } from "./view-evidence.js";
import { drawValue, markSaid } from "./view-sheet.js";
import { drawSaved, topBar } from "./view-top.js";
import { unsavedView } from "./view-unsaved.js";
import { VIEWS } from "./views.js";
import { Voice } from "./voice.js";
import { say } from "./words.js";

const UNSEEN_MS = 40;

const everyField = new WeakMap();
const fieldsOf = (criterion) => Array.from({ length: criterion.attempts }, (_, at) => (
  { criterion, attempt: at + 1, slot: `${criterion.key}/${at + 1}`, isNeeded: at < criterion.needed }));

export class JudgeApp extends LitElement {
  static properties = { view: { state: true }, beat: { state: true } };

  constructor() {
    super();
    this.view = "loading";
    this.beat = 0;
    this.roundId = null;
    this.workId = null;
    this.focusAt = 0;
    this.draft = null;
    this.mustFix = false;
    this.entry = new Entry(this);
    this.signing = new Signing(this);
    this.prepare = new Prepare(this);
    this.handing = new HandingDoor(this);
    this.habits = new Habits(this);
    this.timers = new Timers(this);
    this.scan = new Scan(this);
    this.voice = new Voice(this);
  }

  createRenderRoot() {
    return this;
  }

  async connectedCallback() {
    this.replaceChildren();
    super.connectedCallback();
    setInterval(() => this.redraw(), 15000);
    addEventListener("keydown", (event) => onKey(this, event));
    addEventListener("pointerdown", () => this.scan.spell(), true);
    addEventListener("hashchange", () => this.entry.takeAddress());
    addEventListener("beforeunload", (event) => this.mustStay && event.preventDefault());
    try {
      this.desk = new Desk(await openStore({ blocked: () => this.isBlocked(), outdated: () => this.isOutdated() }));
      await Promise.all([this.habits, this.timers].map((one) => one.start(this.desk.store)));
    } catch (error) {
      this.broken = storeFault(error);
      this.view = "broken";
      return;
    }
    languageKeeps(() => (this.view === "open" ? this.entry.card : ""));
    this.desk.addEventListener("change", () => this.redraw());
    this.desk.addEventListener("saved", () => this.drawFirst());
    await this.desk.start();
    this.show(this.desk.device ? "list" : "open");
    this.entry.takeAddress();
    this.handing.prepare();
    this.shell = new Shell(this);
    this.shell.start();
    this.signing.warm();
    this.desk.notes.warm();
  }

  // Nothing is half done: the page may be exchanged for a newer one.
  get isFree() {
    const isStill = this.view === "list" || (this.view === "open" && this.entry.isUntouched);
    return isStill && this.desk.holdsNothing;
  }

  // Something is not saved yet; or the page came by plain http, and without the server would not come again.
  get mustStay() {
    const { desk } = this;
    return Boolean(desk) && (desk.saving > 0 || desk.unsaved.length > 0 || (!isSecureContext && desk.device !== null));
  }

  isBlocked() {
    this.waitsFor = "store_blocked";
    this.redraw();
  }

  // A newer page in this browser has changed what this one would write to.
  isOutdated() {
    this.desk?.troubled({ name: "VersionError" });
  }

  redraw() {
    this.beat += 1;
  }

  // A mark is written first and drawn with the word that it is saved: drawing what was typed before it would keep the disk's answer
  // waiting for a frame. A slow write is waited for no longer than anybody sees.
  async scheduleUpdate() {
    if (this.desk?.saving) await Promise.race([this.desk.line, new Promise((done) => setTimeout(done, UNSEEN_MS))]);
    super.scheduleUpdate();
  }

  show(view) {
    if (view !== this.view) keepTyped(this);
    this.view = view;
    this.shell?.settle();
    languageWhere(view === "open" || view === "list");
    this.scan.shown(view);
    this.redraw();
    scrollTo(0, 0);
  }

  // Another seat has other works.
  seated(isOther) {
    if (isOther) this.workId = this.roundId = null;
    this.show(this.workId ? "sheet" : "list");
  }

  // What a tap is looked for: the figure, and that it is saved. The rest of the page follows within the same frame.
  drawFirst() {
    drawSaved(this);
    drawValue(this);
  }

  updated() {
    this.drawFirst();
    this.timers.look();
  }

  leaveFor(view) {
    if (this.mayLeave()) this.show(view);
  }

  // Rounds, works, fields.

  get rounds() {
    return this.desk.pack?.rounds ?? [];
  }

  get round() {
    const open = this.rounds.find((one) => one.state === "open") ?? this.rounds[0];
    return this.rounds.find((one) => one.id === this.roundId) ?? open;
  }

  get work() {
    return this.round?.works.find((one) => one.id === this.workId) ?? this.round?.works[0];
  }

  get fields() {
    const { criteria } = this.round;
    if (!everyField.has(criteria)) everyField.set(criteria, criteria.flatMap(fieldsOf));
    return this.desk.prompts.narrow(everyField.get(criteria), this.work);
  }

  get field() {
    return this.fields[Math.min(this.focusAt, this.fields.length - 1)];
  }

  lacking(work = this.work) {
    const { marks } = this.desk.sheet(work.id);
    return this.fields.filter((field) => field.isNeeded && !marks[field.slot]);
  }

  // Where work is left: what came back first, then what was begun, then the list's order.
  get unfinished() {
    const order = ["disputed", "remarking", "scoring", "none"];
    const open = this.round.works.filter((work) => this.desk.canMark(this.round, work));
    const place = (work) => order.indexOf(this.desk.sheet(work.id).state);
    return [...open].sort((a, b) => place(a) - place(b));
  }

  // What was typed and is no mark is put right or cleared before anything else is looked at: else it would be gone without a word.
  mayLeave() {
    keepTyped(this);
    this.mustFix = this.view === "sheet" && this.desk.canMark(this.round, this.work) && this.wrong !== null;
    if (this.mustFix) this.redraw();
    return !this.mustFix;
  }

  openWork(id, roundId = this.round.id) {
    if (!this.mayLeave()) return;
    this.roundId = roundId;
    this.workId = id;
    this.draft = null;
    const { marks } = this.desk.sheet(id);
    const first = this.fields.findIndex((field) => field.isNeeded && !marks[field.slot]);
    this.focusAt = Math.max(first, 0);
    this.scan.opened(this.round, id);
    this.show("sheet");
  }

  step(by) {
    const works = this.round.works;
    const at = works.indexOf(this.work) + by;
    if (works[at]) this.openWork(works[at].id);
  }

  focusField(at) {
    if (!this.mayLeave()) return;
    this.draft = null;
    this.desk.marking.forgetUndo();
    this.focusAt = Math.max(0, Math.min(at, this.fields.length - 1));
    this.redraw();
    this.updateComplete.then(() =>
      this.querySelector(".jt-strip [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" }));
  }

  // Typing. What stands in the field is what was typed; it counts when the criterion allows it.

  get typed() {
    if (this.draft?.slot === this.field.slot && this.draft.work === this.work.id) return this.draft.text;
    return this.desk.sheet(this.work.id).marks[this.field.slot]?.value ?? "";
  }

  get wrong() {
    const value = tidy(this.typed);
    return value === "" ? null : fault(this.field.criterion, value);
  }

  type(text) {
    this.mustFix = false;
    const { criterion, attempt, slot } = this.field;
    if (!this.desk.canMark(this.round, this.work) || this.scan.asked || text.length > 80) return;
    this.draft = { slot, work: this.work.id, text };
    this.desk.marking.type(this.work, criterion, attempt, text);
    this.voice.typed(() => markSaid(this));
    this.redraw();
  }

  press(key) {
    const fresh = this.draft?.slot !== this.field.slot || this.draft.work !== this.work.id;
    const text = fresh ? "" : this.typed;
    if (key === "back") this.type(this.typed.slice(0, -1));
    else if (key === ".") this.type(text === "" ? "0." : text.includes(".") && !isList(this.field.criterion) ? text : `${text}.`);
    else this.type(text === "0" && key !== "," ? key : text + key);
  }

  undo() {
    this.draft = null;
    this.mustFix = false;
    this.desk.marking.undo(this.work);
  }

  async handIn(signature, draft) {
    if (this.isHanding) return;
    this.isHanding = true;
    this.redraw();
    try {
      await this.desk.marking.handIn(this.work, signature, draft);
    } finally {
      this.isHanding = false;
    }
    this.show("sheet");
  }

  render() {
    if (this.view === "loading") return html`<p class="jt-note" role="status">${say(this.waitsFor ?? "loading")}</p>`;
    if (this.view === "broken") return html`<div class="jt-note"><h1>${say("broken")}</h1><p>${this.broken}</p></div>`;
    if (this.desk.isHalted) return html`${topBar(this)}${unsavedView(this)}`;
    const draw = VIEWS[this.view];
    return html`${this.view === "open" ? "" : topBar(this)}${draw(this)}`;
  }
}

customElements.define("judge-app", JudgeApp);
