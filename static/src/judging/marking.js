// What a judge does to a sheet: marks are typed, taken back, undone; the sheet is handed in.

import { fault, tidy } from "./exact.js";
import { sheetText, slotOf } from "./store.js";

const UNDO_MS = 10000;

export class Marking {
  constructor(desk) {
    this.desk = desk;
    this.undoable = null;
  }

  // Saves what was typed: a mark when it is one, else nothing counts.
  type(work, criterion, attempt, typed) {
    const value = tidy(typed);
    const next = value === "" || fault(criterion, value) ? null : value;
    return this.desk.inLine(() => this.put(work, { criterion: criterion.key, attempt }, next));
  }

  async put(work, place, next, isUndo = false) {
    const { desk } = this;
    const slot = slotOf(place);
    const sheet = desk.sheet(work.id);
    const before = sheet.marks[slot];
    if ((before?.value ?? null) === next && !desk.unsaved.length) return;
    const entry = this.undoable?.work === work.id && this.undoable.slot === slot ? this.undoable.value : (before?.value ?? null);
    const kind = next === null ? "withdraw" : "mark";
    this.undoable = isUndo ? null : { work: work.id, place, slot, value: entry };
    await desk.keep(work, { ...place, kind, value: next ?? "", base_version: before?.version ?? sheet.told ?? 0 });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.forgetUndo(), UNDO_MS);
  }

  forgetUndo() {
    this.undoable = null;
    this.desk.tell();
  }

  undo(work) {
    const { place, value } = this.undoable;
    return this.desk.inLine(() => this.put(work, place, value, true));
  }

  // `signature`: its strokes, and the draft that is done with.
  handIn(work, signature = null, draft = "") {
    this.undoable = null;
    const { desk } = this;
    return desk.inLine(() => {
      // A second tap says nothing new: the server would refuse it, and the judge believe that something is wrong.
      const { state, marks } = desk.sheet(work.id);
      if (["handing", "handed_in"].includes(state)) return undefined;
      const event = { kind: "hand_in", criterion: "", attempt: 1, value: sheetText(marks), base_version: 0 };
      return signature ? desk.notes.handIn(work, event, signature, draft) : desk.keep(work, event);
    });
  }
}
