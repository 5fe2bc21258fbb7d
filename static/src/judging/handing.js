// Ways out without a network: what the server has not confirmed as a signed file, or as moving codes for the chief judge's
// camera. Handing over empties nothing: only the server's own answer does. The format: docs/handover.md.

import { signed } from "./device-key.js";
import { codeOf } from "./handover-code.js";
import { wire } from "./outbox.js";
import { ReceiptCamera, readReceipt } from "./receipt.js";
import { appVersion } from "./report.js";
import { isStuck } from "./store.js";
import { handoverView } from "./view-handover.js";
import { say } from "./words.js";

const FORMAT = "judging-handover";
const VERSION = 1;
const FAST_MS = 220;
const SLOW_MS = 500;
const READ_MS = 300;
// Longer rows take minutes to film: the file is the better way.
const MANY_FRAMES = 150;

export class Handing {
  constructor(app) {
    this.app = app;
    this.parts = [];
    this.codes = null;
    this.receipt = null;
    this.loaded = null;
    this.fault = "";
    app.desk.addEventListener("change", () => this.readSoon());
  }

  // What the server took in the meantime waits no longer.
  readSoon() {
    if (this.app.view !== "handover" || this.codes) return;
    clearTimeout(this.reading);
    this.reading = setTimeout(() => this.load().then(() => this.app.redraw(), (error) => this.fail(error)), READ_MS);
  }

  get isSigned() {
    return Boolean(globalThis.crypto?.subtle);
  }

  async tools() {
    this.loaded ??= await Promise.all([import("../handover/frames.js"), import("lean-qr")]).then(([frames, codes]) => ({ ...frames, ...codes }));
    return this.loaded;
  }

  view() {
    return handoverView(this);
  }

  // Every seat that was opened on this tablet and still has something here.
  async load() {
    const { store } = this.app.desk;
    const parts = await Promise.all((await store.devices()).map(async (device) => {
      const events = await store.outbox(device.id);
      const waiting = events.filter((one) => one.state === "waiting").length;
      return { device, waiting, stuck: events.filter(isStuck).length, photos: events.some((one) => one.kind === "photo"), last: await store.setting(`handed:${device.id}`) };
    }));
    const mine = this.app.desk.device?.id;
    this.parts = parts.filter((one) => one.waiting || one.stuck || one.device.id === mine);
  }

  // The file as text, and the short code by which two people know it again.
  async made(device) {
    const { store } = this.app.desk;
    const [events, pack, now] = await Promise.all([store.outbox(device.id), store.pack(device.id), store.device(device.id)]);
    const rounds = pack?.rounds ?? [];
    const body = JSON.stringify({
      device: device.id, seat: device.seat, rounds: rounds.map((one) => one.id),
      about: [rounds[0]?.contest, device.panel, say("seat_n", { n: device.number })].filter(Boolean).join(" · ").slice(0, 400),
      made_at: new Date().toISOString(), app_version: appVersion.slice(0, 40), last_made: now.seq,
      events: events.map(wire), stuck: events.filter((one) => one.state === "stuck").map((one) => one.uuid),
    });
    const spoken = `${FORMAT} ${VERSION}\n${body}`;
    const [signature, code] = await Promise.all([signed(store, spoken), codeOf(spoken)]);
    return { text: JSON.stringify({ format: FORMAT, version: VERSION, body, signature }), code, count: events.length };
  }

  async note(device, { code, count }) {
    await this.app.desk.store.setSetting(`handed:${device.id}`, { code, count, at: new Date().toISOString() });
    await this.load();
    this.app.redraw();
  }

  async toFile(device, isShared = false) {
    this.fault = "";
    try {
      const made = await this.made(device);
      const file = new File([made.text], this.nameOf(device, made.code), { type: "application/json" });
      if (isShared) await navigator.share({ files: [file] });
      else download(file);
      await this.note(device, made);
    } catch (error) {
      if (error?.name !== "AbortError") this.fail(error);
    }
  }

  nameOf(device, code) {
    return `${say("handover_file")}-${device.number}-${code}.json`;
  }

  get canShare() {
    return Boolean(navigator.canShare?.({ files: [new File(["{}"], "a.json", { type: "application/json" })] }));
  }

  fail(error) {
    this.fault = String(error?.message ?? error);
    this.app.redraw();
  }

  async toCodes(device) {
    this.fault = "";
    try {
      const [made, { toFrames, correction, generate }] = await Promise.all([this.made(device), this.tools()]);
      const frames = await toFrames(made.text);
      const canvas = document.createElement("canvas");
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", say("handover_codes"));
      const draw = (letters) => generate(letters, { minCorrectionLevel: correction.M }).toCanvas(canvas, { pad: 4, off: [255, 255, 255] });
      this.codes = { device, frames, canvas, draw, code: made.code, row: [], at: 0, isPaused: false, isSlow: false, isLong: frames.length > MANY_FRAMES };
      this.lock = await navigator.wakeLock?.request("screen").catch(() => null);
      await this.note(device, made);
      this.turn();
    } catch (error) {
      this.fail(error);
    }
  }

  // Each round in another order: a camera that misses every third picture does not always miss the same.
  turn() {
    clearTimeout(this.timer);
    const { codes } = this;
    if (!codes || this.app.view !== "handover") {
      this.end();
      return;
    }
    if (!codes.isPaused) {
      if (!codes.row.length) codes.row = shuffled(codes.frames.length);
      codes.at = codes.row.pop();
      codes.draw(codes.frames[codes.at]);
      this.app.redraw();
    }
    this.timer = setTimeout(() => this.turn(), codes.isSlow ? SLOW_MS : FAST_MS);
  }

  async scanReceipt({ device, last }) {
    this.receipt = new ReceiptCamera(this, device, last);
    this.app.redraw();
    await this.receipt.start();
  }

  // What the camera read. Only a word for the judge is kept: the outbox stays as it is.
  async takeReceipt(text) {
    const { receipt } = this;
    const { device, last } = receipt;
    const found = await readReceipt(text, device, last);
    if (typeof found === "string") {
      receipt.why = found;
      this.app.redraw();
      return;
    }
    await this.app.desk.store.setSetting(`handed:${device.id}`, { ...last, receipt: { ...found, at: new Date().toISOString() } });
    await this.load();
    this.endReceipt();
  }

  endReceipt() {
    this.receipt?.stop();
    this.receipt = null;
    this.app.redraw();
  }

  change(name) {
    this.codes = { ...this.codes, [name]: !this.codes[name] };
    this.app.redraw();
  }

  end() {
    clearTimeout(this.timer);
    this.codes = null;
    this.lock?.release?.();
    this.lock = null;
    this.app.redraw();
  }
}

function shuffled(count) {
  const row = Array.from({ length: count }, (_, at) => at);
  for (let at = count - 1; at > 0; at -= 1) {
    const other = Math.floor(Math.random() * (at + 1));
    [row[at], row[other]] = [row[other], row[at]];
  }
  return row;
}

function download(file) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}
