// What a judge adds to the marks: comments and photos on a criterion, and the signatures given. Kept here like marks; the bytes of a
// photo go by their own way once its event was taken, and stay until the server has said their hash.

import { Offline, ask } from "./outbox.js";

export const LONGEST_COMMENT = 500;
const MOST_PHOTOS = 12;
const PATIENCE_MS = 60000;
const WAITS = [2000, 4000, 8000, 15000, 30000];
const NOTES = ["comment", "photo"];
const camera = () => import("./camera.js");

const isOpen = (one) => one.kind === "photo" && !one.kept && !one.refused;

export class Notebook {
  constructor(desk) {
    this.desk = desk;
    this.records = [];
    this.asked = new Set();
    this.failures = 0;
    this.isSending = false;
  }

  // Loaded before it is needed: where the page came over plain http, nothing else keeps it for a time without network.
  warm() {
    camera().catch(() => {});
  }

  async load() {
    const { device, store } = this.desk;
    this.records = device ? await store.evidenceOf(device.id) : [];
    this.desk.tell();
  }

  of(work, criterion = null) {
    const mine = this.records.filter((one) => one.work === work && NOTES.includes(one.kind) && (criterion ?? one.criterion) === one.criterion);
    return mine.sort((a, b) => (a.at < b.at ? -1 : 1));
  }

  get photosLeft() {
    return this.records.filter(isOpen).length;
  }

  // The signature that the sheet was handed in with: a returned one that is handed in again may have another, or none.
  signature(sheet) {
    return this.records.find((one) => one.uuid === sheet.signed)?.value ?? null;
  }

  addComment(work, { criterion, attempt }, text) {
    return this.add(work, { kind: "comment", criterion: criterion.key, attempt, value: text });
  }

  // Answers with why the photo could not be used, "" when it is kept.
  async addPhoto(work, { criterion, attempt }, file) {
    let photo;
    try {
      photo = await (await camera()).taken(file);
    } catch {
      return "photo_unreadable";
    }
    if (this.records.some((one) => one.value === photo.hash)) return "photo_twice";
    if (this.of(work.id).filter((one) => one.kind === "photo").length >= MOST_PHOTOS) return "photo_many";
    await this.add(work, { kind: "photo", criterion: criterion.key, attempt, value: photo.hash }, photo);
    return "";
  }

  async add(work, event, photo = null) {
    const names = photo ? ["evidence", "photos"] : ["evidence"];
    await this.desk.inLine(() => this.desk.keep(work, { base_version: 0, ...event }, names, (stores, { uuid, device, at }) => {
      stores.evidence.put({ uuid, device, work: work.id, at, ...event });
      if (photo) stores.photos.put(photo);
    }));
    await this.load();
  }

  // A signed sheet: the strokes stay here, and the draft has served.
  handIn(work, event, signature, draft) {
    return this.desk.keep(work, { ...event, signature }, ["evidence"], (stores, { uuid, device, at }) => {
      const record = { uuid, device, work: work.id, at, kind: "signature", value: signature };
      this.records = [...this.records.filter((one) => one.uuid !== uuid), record];
      stores.evidence.put(record);
      stores.evidence.delete(draft);
    });
  }

  // Sends the bytes of photos whose events were taken, one after the other; one page of this browser at a time.
  wake(delay = 0) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), delay);
  }

  async flush() {
    if (this.isSending) return;
    this.isSending = true;
    try {
      await (navigator.locks ? navigator.locks.request("judging-photos", () => this.sendAll()) : this.sendAll());
      this.failures = 0;
    } catch (error) {
      if (!(error instanceof Offline)) this.desk.troubled(error);
      this.wake(WAITS[Math.min(this.failures, WAITS.length - 1)]);
      this.failures += 1;
    } finally {
      this.isSending = false;
    }
  }

  async sendAll() {
    const { store } = this.desk;
    for (const one of (await store.allEvidence()).filter(isOpen)) {
      const event = await store.event(one.uuid);
      if (event?.state === "waiting") continue;
      if (event && event.answer.result !== "quarantined") await store.putEvidence({ ...one, refused: event.answer.message });
      else await this.send(one);
      await this.load();
    }
  }

  async send(one) {
    const { store } = this.desk;
    const [photo, device] = await Promise.all([store.photo(one.value), store.device(one.device)]);
    if (!photo) return undefined;
    const answer = await ask(`/api/judging/photos/${one.uuid}`, {
      token: device.token, method: "PUT", raw: photo.bytes, type: "image/jpeg", patience: PATIENCE_MS,
    });
    if (answer.ok && answer.said.hash === one.value) return store.photoKept(one);
    if (answer.status === 401) return this.desk.signedOut(one.device);
    if (![404, 413, 415, 422].includes(answer.status)) throw new Offline(`status ${answer.status}`);
    return store.putEvidence({ ...one, refused: answer.said.message });
  }

  // What was sent back may have been moved: its comments and photos go where the sheet lies now.
  follow(sheets) {
    for (const sheet of sheets) if (sheet.state === "disputed") this.fetch(sheet);
  }

  // A tablet that took over does not have what the one before it wrote: the server tells.
  async fetch(sheet) {
    const { device, store } = this.desk;
    const key = `${device?.id}/${sheet.work}/${sheet.state === "disputed" ? sheet.version : ""}`;
    if (this.asked.has(key) || !device?.is_live || this.desk.isOffline) return;
    this.asked.add(key);
    try {
      const answer = await ask(`/api/judging/works/${sheet.work}/own`, { token: device.token });
      if (!answer.ok) throw new Offline(`status ${answer.status}`);
      const { signature, notes } = answer.said;
      const here = new Map(this.records.map((one) => [one.uuid, one]));
      const told = notes.map(({ is_kept: kept, ...note }) => ({ ...note, kept }));
      if (signature && sheet.signed) told.push({ uuid: sheet.signed, kind: "signature", value: signature, at: "" });
      const fresh = told.filter((one) => here.get(one.uuid)?.work !== sheet.work)
        .map((one) => ({ ...(here.get(one.uuid) ?? { ...one, device: device.id }), work: sheet.work }));
      if (!fresh.length) return;
      await store.addEvidence(fresh);
      await this.load();
    } catch (error) {
      if (!(error instanceof Offline)) throw error;
      this.asked.delete(key);
    }
  }
}
