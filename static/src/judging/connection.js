// The way to IndexedDB. A browser may cut it: the page slept, the disk was short of space, a newer page took over. What was asked
// for is then asked once more over a fresh connection; if that fails too, the caller hears of it and nothing counts as kept.

import { openDB } from "idb";

const CUT = ["InvalidStateError", "UnknownError"];

export class Connection {
  // `steps`: one more for each version; what stands in the stores is never touched.
  constructor(name, steps, { blocked = () => {}, outdated = () => {} } = {}) {
    this.name = name;
    this.steps = steps;
    this.told = { blocked, outdated };
    this.opening = null;
    // The connection while it stands: what is asked for then is begun in the same turn of the page.
    this.db = null;
  }

  open() {
    this.opening ??= this.fresh().then((db) => (this.db = db), (error) => {
      this.lose();
      throw error;
    });
    return this.opening;
  }

  lose() {
    this.opening = this.db = null;
  }

  fresh() {
    return openDB(this.name, this.steps.length, {
      upgrade: (db, from) => {
        for (const step of this.steps.slice(from)) step(db);
      },
      blocked: () => this.told.blocked(),
      blocking: (_old, _new, event) => {
        event.target.close();
        this.lose();
        this.told.outdated();
      },
      terminated: () => this.lose(),
    });
  }

  // `work(db, isAgain)`: on the second try, what the first one did may stand already.
  async run(work) {
    const opened = this.open();
    const db = this.db ?? (await opened);
    try {
      return await work(db, false);
    } catch (error) {
      if (!CUT.includes(error?.name) && this.opening === opened) throw error;
      if (this.opening === opened) {
        db.close();
        this.lose();
      }
      return work(await this.open(), true);
    }
  }
}
