// Sends what waits, in order, until the server has confirmed it. Nothing leaves the outbox otherwise.

import { reportOf } from "./report.js";

const MOST = 100;
const WAITS = [1000, 2000, 4000, 8000, 15000, 30000];
const PATIENCE_MS = 15000;

export class Offline extends Error {}

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

  async sendAll() {
    for (const device of await this.store.devices()) await this.sendOf(device);
  }

  async sendOf(device) {
    for (;;) {
      const waiting = (await this.store.outbox(device.id)).filter((one) => one.state === "waiting");
      if (!waiting.length) return;
      if (!(await this.sendSome(device, waiting.slice(0, MOST), waiting.slice(MOST)))) return;
    }
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
