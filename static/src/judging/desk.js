// The state of the page: which seat is open, what its sheets hold, what has been saved and received.

import { deviceKey } from "./device-key.js";
import { fetchPack, fetchState } from "./hearing.js";
import { Marking } from "./marking.js";
import { Notebook } from "./notes.js";
import { Offline, Outbox, ask } from "./outbox.js";
import { tellOfOthers } from "./others.js";
import { Prompts } from "./prompts.js";
import { tabletLabel } from "./report.js";
import { applied, emptySheet, isStuck, isTaken, newUuid } from "./store.js";
import { storeFault } from "./store-fault.js";

const BEAT_MS = 4000;

export class Desk extends EventTarget {
  constructor(store) {
    super();
    this.store = store;
    this.outbox = new Outbox(store, this);
    this.notes = new Notebook(this);
    this.prompts = new Prompts(this);
    this.marking = new Marking(this);
    this.device = null;
    this.pack = null;
    this.sheets = new Map();
    this.waiting = [];
    this.stuck = [];
    this.held = [];
    this.elsewhere = 0;
    this.known = new Map();
    this.isOffline = !navigator.onLine;
    this.offlineSince = null;
    this.keptSince = null;
    this.needsPin = false;
    this.saving = 0;
    // What could not be saved stays here, in its order; the page says so and takes nothing more.
    this.unsaved = [];
    this.failure = "";
    this.echo = null;
    this.line = Promise.resolve();
    this.others = "BroadcastChannel" in globalThis ? new BroadcastChannel("judging") : null;
  }

  async start() {
    this.others?.addEventListener("message", () => this.reload());
    addEventListener("online", () => this.outbox.wake());
    document.addEventListener("visibilitychange", () => document.hidden || this.beat());
    this.keptSince = (await this.store.setting("offline_since")) ?? null;
    if (this.isOffline) this.countFrom(this.keptSince ?? new Date());
    const current = await this.store.setting("device");
    if (current) await this.use(current);
    setInterval(() => this.beat(), BEAT_MS);
  }

  tell(others = false) {
    if (others) this.others?.postMessage("changed");
    this.dispatchEvent(new Event("change"));
  }

  // A seat.

  async openSeat(card, pin) {
    const mine = (await this.store.devices()).filter((one) => one.card === card);
    const before = mine.find((one) => one.is_live) ?? mine[0] ?? this.device;
    // When the answer is lost, the same words bring the same tablet: what it holds stays its own.
    this.opening ??= newUuid();
    const key = (await deviceKey(this.store))?.jwk ?? null;
    const answer = await ask("/api/judging/seat", { body: { card, pin, label: tabletLabel(), previous: before?.token ?? this.opening, key } });
    if (!answer.ok) return answer.said;
    const { device: id, token, seat, seat_number: number, panel } = answer.said;
    await this.store.addDevice({ id, token, card, seat, number, panel, is_live: true });
    await this.store.setSetting("device", id);
    navigator.storage?.persist?.();
    this.opening = null;
    this.needsPin = false;
    this.online();
    await this.use(id);
    // What is said at once need not be missed at the close of the round.
    this.beat();
    return null;
  }

  async use(id) {
    this.device = await this.store.device(id);
    this.pack = (await this.store.pack(id)) ?? null;
    for (const round of this.pack?.rounds ?? []) this.known.set(round.id, -1);
    await this.prompts.load();
    await this.reload();
    await this.notes.load();
    this.outbox.wake();
    await this.refresh();
  }

  reload(others = false) {
    return this.device ? this.read(others).catch((error) => this.troubled(error)) : undefined;
  }

  async read(others) {
    const id = this.device.id;
    const { device, sheets, events } = await this.store.look(id);
    const waiting = events.filter((one) => one.state === "waiting");
    this.device = device;
    this.sheets = sheets;
    this.waiting = waiting.filter((one) => one.device === id);
    this.stuck = events.filter((one) => isStuck(one) && one.device === id);
    this.elsewhere = waiting.length - this.waiting.length;
    if (!this.unsaved.length) this.failure = "";
    this.tell(others);
  }

  // The tablet's storage does not do what it should.
  troubled(error) {
    this.failure = storeFault(error);
    this.tell();
  }

  // What the server has.

  async refresh() {
    try {
      await this.outbox.alone(() => fetchPack(this));
    } catch (error) {
      this.failed(error);
    }
  }

  failed(error) {
    if (error.held?.length) this.heldBack(error.held);
    else if (error instanceof Offline) this.offline();
    else this.troubled(error);
  }

  // The server fails over one of these; the others come after it on the same sheet.
  heldBack(events) {
    if (!events.length && !this.held.length) return;
    this.held = events;
    this.tell();
  }

  async beat() {
    if (!this.device || document.hidden || this.needsPin) return;
    if (!this.pack) {
      await this.refresh();
      return;
    }
    try {
      await this.outbox.alone(() => fetchState(this));
      await this.outbox.alone(() => tellOfOthers(this.store, this.device.id));
      if (this.waiting.length) this.outbox.wake();
      if (this.notes.photosLeft) this.notes.wake();
    } catch (error) {
      this.failed(error);
    }
  }

  // What the outbox tells.

  received(device, said) {
    this.online();
    if (device === this.device?.id) this.answered(said);
    this.reload(true);
    this.notes.wake();
  }

  // It was about the seat that is open.
  answered(said) {
    this.echoed(said);
    if (said.is_live === false) this.ended(said.why);
    this.prompts.settled(said.answers);
    if (said.answers.some((one) => one.result === "repeated")) this.hearAnew();
    if (!said.answers.every(isTaken)) setTimeout(() => this.refresh());
  }

  // The first answer was lost: since then the sheets may have been sent back, or moved. All of them are asked for.
  hearAnew() {
    for (const id of this.known.keys()) this.known.set(id, -1);
    setTimeout(() => this.beat());
  }

  // What the server itself says that it has of this tablet, and which server it is.
  echoed({ last_seq: last, missing, server }) {
    if (last === undefined) return;
    this.echo = { last, missing, server };
  }

  // Numbers of this tablet that the server should have and has not.
  get serverLacks() {
    if (!this.echo || this.waiting.length || this.stuck.length) return 0;
    return Math.max(0, this.device.seq - this.echo.last) + this.echo.missing.length;
  }

  offline() {
    if (!this.isOffline) this.countFrom(this.keptSince ?? new Date());
    this.isOffline = true;
    this.tell();
  }

  online() {
    if (this.isOffline || this.keptSince) this.countFrom(null);
    if (!this.isOffline) return;
    this.isOffline = false;
    this.tell();
  }

  // Kept, so that a page that is opened anew without network does not begin to count again; what comes of keeping it changes nothing.
  countFrom(since) {
    this.offlineSince = this.keptSince = since;
    this.store.setSetting("offline_since", since).catch(() => {});
  }

  signedOut(device) {
    if (device === this.device?.id) this.needsPin = true;
    this.tell();
  }

  // Taken over, given to another judge, locked out: the server says which.
  async ended(why) {
    if (!this.device.is_live && this.device.why === why) return;
    await this.store.changeDevice(this.device.id, { is_live: false, why });
    await this.reload();
  }

  // Marks.

  // As it is kept here.
  kept(work) {
    return this.sheets.get(work) ?? emptySheet(this.device.id, work);
  }

  // With the marks that are being saved; what is said of saving stands at the top of the page.
  sheet(work) {
    const coming = this.unsaved.filter(({ device, whole }) => device === this.device.id && whole.work === work && whole.kind !== "hand_in");
    return coming.reduce((sheet, { whole }) => applied(sheet, whole), this.kept(work));
  }

  // Does any sheet of this seat hold a mark, whichever tablet it came from?
  get holdsMarks() {
    return [...this.sheets.values()].some((sheet) => sheet.state !== "none" || Object.keys(sheet.marks).length > 0);
  }

  // Nothing waits to be sent: not of this seat, not of another that was opened here before.
  get holdsNothing() {
    return !this.saving && !this.unsaved.length && !this.waiting.length && !this.elsewhere;
  }

  canMark(round, work) {
    const { state } = this.sheet(work.id);
    return this.device.is_live && round.state === "open" && !work.excused && !work.away && (["none", "scoring", "disputed"].includes(state) || this.prompts.isAgain(work.id));
  }

  // Taps take their turn: each one is judged by what the one before has left.
  inLine(step) {
    this.line = this.line.then(step).catch((error) => this.troubled(error));
    return this.line;
  }

  async keep(work, event, names, put) {
    // A figure means what the sheet says that is before the judge now.
    const rulebook = this.prompts.roundOf(work.id)?.rulebook;
    const whole = { uuid: newUuid(), seat: this.device.seat, work: work.id, at: new Date().toISOString(), rulebook, ...event };
    this.unsaved.push({ device: this.device.id, whole, names, put });
    this.saving += 1;
    const saved = this.saveAll();
    this.tell();
    try {
      await saved;
    } finally {
      this.saving -= 1;
    }
    this.saved();
  }

  // Nothing but what is said of saving has changed.
  saved() {
    this.dispatchEvent(new Event("saved"));
    // First of all the judge sees it; other pages and the server after that.
    setTimeout(() => this.others?.postMessage("changed"));
    this.outbox.wake();
  }

  // Something could not be saved: nothing else is done until it is.
  get isHalted() {
    return this.unsaved.length > 0 && this.failure !== "";
  }

  // In the order in which it was made: nothing passes what could not be saved.
  async saveAll() {
    while (this.unsaved.length) {
      const [{ device, whole, names, put }] = this.unsaved;
      const isHere = device === this.device.id;
      const stored = await this.store.addEvent(device, whole, { assumed: isHere ? this.device : null, names, put });
      this.unsaved.shift();
      if (!isHere) continue;
      this.waiting.push(stored);
      this.device = { ...this.device, seq: stored.device_seq };
      this.sheets.set(stored.work, applied(this.kept(stored.work), stored));
    }
    if (!this.failure) return;
    this.failure = "";
    this.tell();
  }

  saveAgain() {
    return this.inLine(async () => {
      await this.saveAll();
      this.saved();
    });
  }
}
