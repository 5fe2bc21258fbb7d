// Sends what waits, in order, until the server has confirmed it. Nothing leaves the outbox otherwise.

import { reportOf } from "./report.js";

const MOST = 100;
const WAITS = [1000, 2000, 4000, 8000, 15000, 30000];
const PATIENCE_MS = 15000;
// So often the server may fail over all together before each is sent by itself; so many sheets in a row, and it fails over everything.
const TRIES = 2;
const MOST_BROKEN = 3;

export class Offline extends Error {}

// The server is there and fails. `held`: what stays here because of it, while all else went its way.
export class ServerFault extends Offline {
  constructor(status, held = []) {
    super(`status ${status}`);
    this.held = held;
  }
}

export async function ask(path, { token, body, raw, type, method = body ? "POST" : "GET", patience = PATIENCE_MS } = {}) {
  const headers = { Accept: "application/json", "Accept-Language": document.documentElement.lang };
  if (token) headers.Authorization = `Device ${token}`;
  if (body || raw) headers["Content-Type"] = type ?? "application/json";
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), patience);
  try {
    const answer = await fetch(path, {
      method, headers, body: raw ?? (body && JSON.stringify(body)), signal: stop.signal, credentials: "omit", cache: "no-store",
    });
    const said = await answer.json();
    return { ok: answer.ok, status: answer.status, said };
  } catch (error) {
    throw new Offline(String(error));
  } finally {
    clearTimeout(timer);
  }
}

export const wire = ({ uuid, device_seq, seat, work, kind, criterion, attempt, value, base_version, at, signature, rulebook }) => ({
  uuid, device_seq, seat, work, kind, criterion, attempt, value, base_version, at, signature, rulebook,
});

export class Outbox {
  constructor(store, listener) {
    this.store = store;
    this.listener = listener;
    this.failures = 0;
    this.faults = new Map();
    this.timer = null;
    this.queue = Promise.resolve();
  }

  // Soon, or at once after a success; later and later while the network fails.
  wake(delay = 0) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), delay);
  }

  async flush() {
    try {
      await this.alone(() => this.sendAll());
      this.failures = 0;
      this.listener.heldBack([]);
    } catch (error) {
      this.listener.failed(error);
      const wait = WAITS[Math.min(this.failures, WAITS.length - 1)];
      this.failures += 1;
      this.wake(wait * (0.75 + Math.random() / 2));
    }
  }

  // Sending and reading back take turns, in all pages of this browser: what was read is never older
  // than what was sent. Where locks are missing the server still tells repeats apart.
  alone(work) {
    const turn = () => (navigator.locks ? navigator.locks.request("judging-outbox", work) : work());
    const mine = this.queue.then(turn, turn);
    this.queue = mine.catch(() => {});
    return mine;
  }

  // What the server fails over at one seat keeps no other seat's events here.
  async sendAll() {
    let fault = null;
    for (const device of await this.store.devices()) {
      try {
        await this.sendOf(device);
        this.faults.delete(device.id);
      } catch (error) {
        if (!(error instanceof ServerFault)) throw error;
        this.faults.set(device.id, (this.faults.get(device.id) ?? 0) + 1);
        if (!fault?.held.length) fault = error;
      }
    }
    if (fault) throw fault;
  }

  async sendOf(device) {
    for (;;) {
      const waiting = (await this.store.outbox(device.id)).filter((one) => one.state === "waiting");
      if (!waiting.length) return;
      if (this.faults.get(device.id) >= TRIES) {
        await this.sendEach(device, waiting);
        return;
      }
      if (!(await this.sendSome(device, waiting.slice(0, MOST), waiting.slice(MOST)))) return;
    }
  }

  // One by one: what the server fails over holds back only what comes after it on the same sheet.
  async sendEach(device, waiting) {
    const held = [];
    let isAnyTaken = false;
    for (const [at, event] of waiting.entries()) {
      if (held.some((one) => one.work === event.work)) {
        held.push(event);
        continue;
      }
      try {
        if (!(await this.sendSome(device, [event], [...held, ...waiting.slice(at + 1)]))) return;
        isAnyTaken = true;
      } catch (error) {
        if (!(error instanceof ServerFault)) throw error;
        held.push(event);
        if (!isAnyTaken && new Set(held.map((one) => one.work)).size >= MOST_BROKEN) throw error;
      }
    }
    if (held.length) throw new ServerFault(500, held);
  }

  // `left`: what still is here when these have arrived. A tablet that is closed right after its last
  // sheet must not keep the round from being locked.
  async sendSome(device, events, left) {
    // Read anew: what was tapped meanwhile has a number, and the report names the highest one.
    const now = await this.store.device(device.id);
    const body = { events: events.map(wire), report: reportOf(now, left, await this.store.outbox(device.id)) };
    const answer = await ask("/api/judging/events", { token: now.token, body });
    if (answer.ok) {
      await this.store.settle(device.id, answer.said.answers, answer.said.at);
      this.listener.received(device.id, answer.said);
      return true;
    }
    return this.refused(device, events, left, answer);
  }

  async refused(device, events, left, { status, said }) {
    if (status === 401) {
      this.listener.signedOut(device.id);
      return false;
    }
    if (status === 500) throw new ServerFault(status);
    // The round is judged elsewhere: it stays here, and is sent once it is judged here again.
    if (said?.code === "round_away") return false;
    if (![400, 413, 422].includes(status)) throw new Offline(`status ${status}`);
    if (events.length > 1) {
      // One of them is not understood: find it, the others go their way.
      for (const [at, event] of events.entries()) {
        if (!(await this.sendSome(device, [event], [...events.slice(at + 1), ...left]))) return false;
      }
      return true;
    }
    const answer = { uuid: events[0].uuid, result: "refused", code: said.code, message: said.message, details: {} };
    await this.store.settle(device.id, [answer], null);
    this.listener.received(device.id, { answers: [answer] });
    return true;
  }
}
