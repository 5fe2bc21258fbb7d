// The time of a batch: begun by the judge, kept on the tablet, told by colour and words. It never does anything else.

import { chime } from "./signal.js";

const LOOK_MS = 500;
const KEEP_MS = 3 * 24 * 3600 * 1000;
const MINUTE_MS = 60000;

// Seconds as people read them: 4:05, 1:04:05.
export function spelled(seconds) {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const [first, ...rest] = parts[0] ? parts : parts.slice(1);
  return [first, ...rest.map((part) => String(part).padStart(2, "0"))].join(":");
}

// What a clock says that began at `from` (ms) and has `limit` seconds: {kind, text}. The last fifth, at most five minutes, is near.
export function reading(from, limit, now) {
  const left = limit - Math.floor(Math.max(0, now - from) / 1000);
  if (left <= 0) return { kind: "over", text: `+${spelled(-left)}` };
  return { kind: left <= Math.min(300, limit / 5) ? "near" : "running", text: spelled(left) };
}

export class Timers {
  constructor(app) {
    this.app = app;
    this.begun = {};
    this.kind = "none";
  }

  async start(store) {
    this.store = store;
    this.begun = (await store.setting("timers")) ?? {};
    setInterval(() => this.look(), LOOK_MS);
  }

  // Which clock belongs to the open work: that of its batch, where the rules limit the time and the judge wants to see it.
  get place() {
    if (!this.app.desk?.pack) return null;
    const { round, work, habits } = this.app;
    return round?.time_limit_s && work && habits.timer ? `${round.id}/${work.batch}` : null;
  }

  get from() {
    return this.begun[this.place] ?? null;
  }

  get now() {
    return this.from === null ? { kind: "none", text: "" } : reading(this.from, this.app.round.time_limit_s, Date.now());
  }

  // The figures are written here and not drawn anew with the whole page every second.
  look() {
    if (!this.place) return;
    const { kind, text } = this.now;
    for (const box of this.app.querySelectorAll("[data-time]")) if (box.textContent !== text) box.textContent = text;
    if (kind === this.kind) return;
    const isLater = this.kind !== "none" && this.seenPlace === this.place && kind !== "none";
    this.kind = kind;
    this.seenPlace = this.place;
    if (isLater && kind !== "running" && this.app.habits.signal) chime(kind === "over");
    this.app.redraw();
  }

  begin() {
    return this.keep(this.place, Date.now());
  }

  // Begun too late or too early: minutes to and fro.
  shift(minutes) {
    return this.keep(this.place, Math.min(Date.now(), this.from - minutes * MINUTE_MS));
  }

  end() {
    return this.keep(this.place, undefined);
  }

  async keep(place, from) {
    const young = Object.entries({ ...this.begun, [place]: from }).filter(([, at]) => at > Date.now() - KEEP_MS);
    this.begun = Object.fromEntries(young);
    this.app.redraw();
    this.look();
    await this.store.setSetting("timers", this.begun).catch((error) => this.app.desk.troubled(error));
  }
}
