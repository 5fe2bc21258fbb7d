// Before the round: is everything here that a start without network needs? Each check is ok, warn or bad, and says what to do.

const SPACE = { little: 50_000_000, none: 5_000_000 };
const SKEW_MS = 60_000;

export class Prepare {
  constructor(app) {
    this.app = app;
    this.isBusy = false;
    this.found = [];
  }

  get ready() {
    return this.app.desk.device?.ready ?? null;
  }

  get isTold() {
    const { device } = this.app.desk;
    return Boolean(device?.ready) && device.ready_told === device.ready.at;
  }

  async run() {
    if (this.isBusy) return;
    this.isBusy = true;
    this.found = [];
    // At once on the tap: later a browser would not listen.
    const lasting = navigator.storage?.persist?.().catch(() => false) ?? false;
    this.app.redraw();
    try {
      for (const check of this.checks(lasting)) {
        this.found.push(await check());
        this.app.redraw();
      }
      await this.keep();
    } catch (error) {
      this.app.desk.troubled(error);
    } finally {
      this.isBusy = false;
      this.app.redraw();
    }
  }

  checks(lasting) {
    const everywhere = [() => this.pack(), () => this.clock(), () => this.store(), () => secure()];
    if (!isSecureContext) return everywhere;
    return [...everywhere, () => this.worker(), () => persistent(lasting), () => space()];
  }

  // Works, order, rulebook and the texts of its criteria, as the server has them now.
  async pack() {
    const { desk } = this.app;
    this.asked = Date.now();
    await desk.refresh();
    this.answered = Date.now();
    if (desk.needsPin) return bad("pack", "pin");
    if (!desk.device.is_live) return bad("pack", "ended");
    if (desk.isOffline) return bad("pack", "offline");
    const works = desk.pack.rounds.reduce((sum, round) => sum + round.works.length, 0);
    if (!works) return bad("pack", "none");
    return ok("pack", { rounds: desk.pack.rounds.length, works, versions: [...new Set(desk.pack.rounds.map((one) => one.rulebook_number))].join("/") });
  }

  // The server's moment lies between asking and answer; what is beyond that is the tablet's.
  clock() {
    const { pack, isOffline } = this.app.desk;
    if (!pack || isOffline) return warn("clock", "unknown");
    const at = Date.parse(pack.at);
    const off = Math.max(this.asked - at, at - this.answered, 0);
    return off > SKEW_MS ? warn("clock", "off", { n: Math.round(off / 60_000) }) : ok("clock");
  }

  async store() {
    try {
      return (await this.app.desk.store.proof()) ? ok("store") : bad("store", "lost");
    } catch {
      return bad("store", "lost");
    }
  }

  async worker() {
    const lacking = await this.app.shell.lacking();
    if (lacking === null) return bad("worker", "none");
    return lacking ? bad("worker", "lacking", { n: lacking }) : ok("worker");
  }

  async keep() {
    const { desk } = this.app;
    const checks = Object.fromEntries(this.found.map(({ name, level }) => [name, level]));
    const isOk = !this.found.some(({ level }) => level === "bad");
    const ready = { at: new Date().toISOString(), ok: isOk, checks, rounds: roundsOf(desk.pack) };
    await desk.store.changeDevice(desk.device.id, { ready });
    await desk.reload();
    await desk.beat();
  }
}

// Which rulebook and which list of works of each round are here: the server compares them with its own.
export function roundsOf(pack) {
  return (pack?.rounds ?? []).map(({ id, rulebook, works_tag }) => ({ id, rulebook, works_tag }));
}

// A pack that came later is as good: the tablet says which one it has now.
export function renewed(ready, pack) {
  if (!ready || JSON.stringify(ready.rounds) === JSON.stringify(roundsOf(pack))) return null;
  return { ...ready, at: new Date().toISOString(), rounds: roundsOf(pack) };
}

const ok = (name, values = {}) => ({ name, level: "ok", key: `prepare_${name}_ok`, values });
const warn = (name, what, values = {}) => ({ name, level: "warn", key: `prepare_${name}_${what}`, values });
const bad = (name, what, values = {}) => ({ name, level: "bad", key: `prepare_${name}_${what}`, values });

const secure = () => (isSecureContext ? ok("secure") : bad("secure", "none"));

async function persistent(asked) {
  const isKept = (await asked) || (await navigator.storage?.persisted?.());
  return isKept ? ok("persist") : warn("persist", "none");
}

async function space() {
  const said = await navigator.storage?.estimate?.().catch(() => null);
  if (!said?.quota) return warn("space", "unknown");
  const left = said.quota - said.usage;
  if (left < SPACE.none) return bad("space", "none");
  return left < SPACE.little ? warn("space", "little", { n: Math.floor(left / 1_000_000) }) : ok("space");
}
