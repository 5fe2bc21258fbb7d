// The way to a seat: its card, then six digits.

import { cardFault, tidyCard } from "./card.js";
import { say } from "./words.js";

export const DIGITS = 6;

export class Entry {
  constructor(app) {
    this.app = app;
    this.begin();
  }

  // `card`: whose PIN is asked for; `typed`: what stands in the card's field.
  begin(card = "", typed = "", error = "") {
    Object.assign(this, { card, typed, error, pin: "", busy: false });
  }

  get isUntouched() {
    return !(this.busy || this.card || this.typed || this.pin);
  }

  // The card's secret stands behind the #: it is read once and leaves the address at once.
  takeAddress() {
    const card = decodeURIComponent(location.hash.slice(1)).trim();
    if (!card) return;
    history.replaceState(null, "", "/judge/");
    const { device, needsPin } = this.app.desk;
    if (device?.card === card && device.is_live && !needsPin) return;
    this.askPin(card);
  }

  askCard() {
    this.begin();
    this.app.show("open");
  }

  askPin(card = this.app.desk.device.card) {
    this.begin(card);
    this.app.show("open");
  }

  // A slip is told here, before the PIN, and what was typed stays.
  takeTyped(text) {
    const card = tidyCard(text);
    const wrong = cardFault(card);
    this.begin(wrong ? "" : card, text, wrong ? say(...wrong) : "");
    this.app.redraw();
  }

  // Back to the field with what was typed: most often one letter of it is to be put right.
  backToCard() {
    this.begin("", this.typed);
    this.app.redraw();
  }

  press(key) {
    this.error = "";
    this.pin = key === "back" ? this.pin.slice(0, -1) : (this.pin + key).slice(0, DIGITS);
    this.app.redraw();
    this.enter();
  }

  async enter() {
    const { app, card, pin } = this;
    if (this.busy || !card || pin.length < DIGITS) return;
    const before = app.desk.device?.card;
    Object.assign(this, { busy: true, error: "" });
    app.redraw();
    const refusal = await app.desk.openSeat(tidyCard(card), pin).catch(() => ({ message: say("open_offline") }));
    Object.assign(this, { busy: false, pin: "", error: refusal?.message ?? "" });
    if (refusal) app.redraw();
    else app.seated(before !== app.desk.device.card);
  }
}
