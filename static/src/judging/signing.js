// Signing before a sheet is handed in. Every stroke is kept at once as a draft, so that nothing is written twice.

import { grown, isEmpty, placed, thinned } from "./strokes.js";
import { say } from "./words.js";

// Stored numbers for one CSS pixel: fine enough for a print.
const UNITS = 2;
const load = () => import("signature_pad");
const draftKey = (app) => `draft/${app.desk.device.id}/${app.work.id}`;

export class Signing {
  constructor(app) {
    this.app = app;
    this.drawn = null;
    this.fault = "";
    this.pad = null;
    this.size = "";
  }

  get isNeeded() {
    return Boolean(this.app.desk.pack?.needs_signature);
  }

  // Loaded before it is needed: where the page came over plain http, nothing else keeps it for a time without network.
  warm() {
    load().catch(() => {});
  }

  async open() {
    this.fault = "";
    this.key = draftKey(this.app);
    this.drawn = (await this.app.desk.store.evidence(this.key))?.value ?? null;
    this.app.show("sign");
  }

  // The canvas comes and goes with its view.
  attach = async (canvas) => {
    this.pad?.off();
    this.watch?.disconnect();
    this.pad = null;
    this.size = "";
    if (!canvas) return;
    try {
      const { default: SignaturePad } = await load();
      if (!canvas.isConnected) return;
      this.pad = new SignaturePad(canvas, { minWidth: 1, maxWidth: 3, penColor: "#16181a" });
    } catch {
      this.fault = say("sign_no_pad");
      this.app.redraw();
      return;
    }
    this.pad.addEventListener("endStroke", () => this.take());
    this.watch = new ResizeObserver(() => this.fit(canvas));
    this.watch.observe(canvas);
    this.fit(canvas);
  };

  // Only another size draws anew: a bar that slides in on scrolling is none.
  fit(canvas) {
    const size = `${canvas.clientWidth}×${canvas.clientHeight}`;
    if (!this.pad || size === this.size || !canvas.clientWidth) return;
    if (this.size) this.take();
    this.size = size;
    const ratio = Math.max(devicePixelRatio || 1, 1);
    canvas.width = canvas.clientWidth * ratio;
    canvas.height = canvas.clientHeight * ratio;
    canvas.getContext("2d").scale(ratio, ratio);
    this.box = [canvas.clientWidth, canvas.clientHeight];
    this.draw();
  }

  draw() {
    this.pad.clear();
    if (!this.drawn) return;
    const { scale, left, top } = placed(this.drawn, ...this.box);
    const { minWidth, maxWidth, dotSize, penColor, velocityFilterWeight, compositeOperation } = this.pad;
    const pen = { minWidth, maxWidth, dotSize, penColor, velocityFilterWeight, compositeOperation };
    const points = (stroke) =>
      Array.from({ length: stroke.length / 2 }, (_, at) => ({ x: left + stroke[at * 2] * scale, y: top + stroke[at * 2 + 1] * scale, pressure: 0.5, time: at * 16 }));
    this.pad.fromData(this.drawn.strokes.map((stroke) => ({ ...pen, points: points(stroke) })));
  }

  // What was written since the last time, in the numbers of the field.
  take() {
    const before = this.drawn ?? { w: this.box[0] * UNITS, h: this.box[1] * UNITS, strokes: [] };
    const { scale, left, top } = placed(before, ...this.box);
    const fresh = this.pad.toData().slice(before.strokes.length).filter((group) => group.points.length);
    if (!fresh.length) return;
    const strokes = fresh.map((group) => group.points.flatMap(({ x, y }) => [Math.round((x - left) / scale), Math.round((y - top) / scale)]));
    const wider = grown({ ...before, strokes: [...before.strokes, ...strokes] });
    const moved = wider.w !== before.w || wider.h !== before.h;
    this.drawn = wider;
    this.fault = "";
    this.keep();
    if (moved) this.draw();
    this.app.redraw();
  }

  keep() {
    const { device } = this.app.desk;
    const record = { uuid: this.key, device: device.id, work: this.app.work.id, kind: "draft", value: this.drawn };
    return this.app.desk.inLine(() => this.app.desk.store.putEvidence(record));
  }

  clear() {
    this.drawn = null;
    this.fault = "";
    this.pad?.clear();
    this.app.desk.inLine(() => this.app.desk.store.dropEvidence(this.key));
    this.app.redraw();
  }

  // Whether something is written is looked at when it counts, in the strokes themselves.
  async handIn() {
    if (this.pad) this.take();
    if (isEmpty(this.drawn)) {
      this.fault = say("sign_empty");
      this.app.redraw();
      return;
    }
    await this.app.handIn(thinned(this.drawn), this.key);
  }
}
