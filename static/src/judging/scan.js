// Opening a work by its code: seen by the camera, sent by a hand scanner, or typed.
// Whoever scans means the work in front of them: another one is opened, but marked only after a second step.

import { cameraFault, closeCamera, codeReader, faultOf, openCamera } from "./reader.js";
import { LENGTH, findWork, isCode, tidyCode } from "./code.js";
import { sign } from "./keys.js";

const LOOK_MS = 200;
// A hand scanner types faster than any finger.
const FINGER_MS = 80;

export class Scan {
  constructor(app) {
    this.app = app;
    this.typed = "";
    this.why = null;
    this.other = null;
    this.fault = "";
    this.stream = null;
    this.before = null;
    this.asked = null;
    this.keys = "";
  }

  // The camera is on while its view is shown, and no longer.
  shown(view) {
    if (view === "scan") {
      this.start();
      return;
    }
    closeCamera(this.stream);
    Object.assign(this, { stream: null, typed: "", why: null, other: null, seen: "" });
  }

  async start() {
    if (this.stream) return;
    this.fault = cameraFault();
    if (!this.fault) {
      try {
        this.stream = await openCamera();
        this.watch(this.stream, await codeReader());
      } catch (error) {
        this.fault = this.stream ? "camera_no_reader" : faultOf(error);
      }
    }
    if (this.app.view !== "scan") this.shown(this.app.view);
    this.app.redraw();
  }

  async watch(stream, read) {
    while (this.stream === stream) {
      const video = this.app.querySelector("video");
      const text = video?.videoWidth ? await read(video).catch(() => null) : null;
      // What leads nowhere is told once, not with every look.
      if (text && text !== this.seen && this.stream === stream) {
        this.seen = text;
        this.take(text);
      }
      await new Promise((done) => setTimeout(done, LOOK_MS));
    }
  }

  // What was read or typed: opens its sheet, or says why not.
  take(text) {
    if (!this.app.mayLeave()) return;
    const found = findWork(this.app.rounds, text);
    this.why = this.other = null;
    if (found && found.round === this.app.round && found.round.state !== "closed") {
      this.go(found);
      return;
    }
    if (this.app.view !== "scan") this.app.show("scan");
    this.why = this.refusal(text, found);
    this.other = found && found.round.state !== "closed" ? found : null;
    this.app.redraw();
  }

  refusal(text, found) {
    if (found) return [found.round.state === "closed" ? "scan_closed" : "scan_other_round", { code: found.work.code, round: found.round.name, now: this.app.round.name }];
    const code = tidyCode(text);
    return isCode(code) ? ["scan_unknown", { code }] : ["scan_unreadable", { code: text.trim().slice(0, 12) }];
  }

  go({ round, work }) {
    navigator.vibrate?.(40);
    this.hold(work, true);
    this.app.openWork(work.id, round.id);
  }

  // The work that lies before the judge; null until the first one was scanned.
  hold(work, isScanned) {
    this.before = { id: work.id, isScanned };
    this.asked = null;
  }

  // A sheet was opened: without a question when it was scanned, or is the next one after what was handed in.
  opened(round, id) {
    const before = round.works.find((one) => one.id === this.before?.id);
    this.asked = null;
    if (!before || before.id === id) return;
    if (!this.app.desk.canMark(round, before) && this.app.unfinished[0]?.id === id) this.hold(this.app.unfinished[0], false);
    else this.asked = before;
  }

  // The deliberate second step.
  mean(work) {
    this.hold(work, false);
    this.app.redraw();
  }

  type(key) {
    this.typed = key === "back" ? this.typed.slice(0, -1) : (this.typed + key.toUpperCase()).slice(0, LENGTH + 2);
    this.why = this.other = null;
    this.app.redraw();
  }

  // A key of a keyboard or a hand scanner: codes are taken whole, all else is given back sign by sign, at the latest
  // before anything else is touched.
  key(event) {
    if (event.key !== "Enter" && !/^\S$/.test(event.key)) {
      this.spell();
      return false;
    }
    clearTimeout(this.timer);
    if (event.key !== "Enter") {
      this.keys += event.key;
      this.timer = setTimeout(() => this.spell(), FINGER_MS);
      return true;
    }
    const text = this.keys;
    if (text.length < LENGTH - 1) {
      this.spell();
      return false;
    }
    this.keys = "";
    this.take(text);
    return true;
  }

  // Not all hand scanners end a code with Enter.
  spell() {
    const keys = this.keys;
    this.keys = "";
    if (keys.length >= LENGTH - 1 && findWork(this.app.rounds, keys)) this.take(keys);
    else for (const key of keys) sign(this.app, key);
  }
}
