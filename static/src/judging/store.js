// What the tablet keeps: in IndexedDB, strictly durable, before anybody is told that it is saved.

import { Connection } from "./connection.js";

const STRICT = { durability: "strict" };

const UPGRADES = [
  (db) => {
    db.createObjectStore("devices", { keyPath: "id" });
    db.createObjectStore("packs", { keyPath: "device" });
    db.createObjectStore("sheets", { keyPath: ["device", "work"] });
    db.createObjectStore("outbox", { keyPath: "uuid" }).createIndex("device", "device");
    db.createObjectStore("settings");
  },
  (db) => {
    db.createObjectStore("evidence", { keyPath: "uuid" }).createIndex("device", "device");
    db.createObjectStore("photos", { keyPath: "hash" });
  },
];

// `told`: what to call when another page keeps this one waiting, or has taken over with a newer version.
export async function openStore(told = {}) {
  const connection = new Connection("judging", UPGRADES, told);
  await connection.open();
  return new Store(connection);
}

export class Store {
  constructor(connection) {
    this.connection = connection;
  }

  get(name, key) {
    return this.connection.run((db) => db.get(name, key));
  }

  all(name, range) {
    return this.connection.run((db) => db.getAll(name, range));
  }

  of(name, device) {
    return this.connection.run((db) => db.getAllFromIndex(name, "device", device));
  }

  devices() {
    return this.all("devices");
  }

  device(id) {
    return this.get("devices", id);
  }

  pack(device) {
    return this.get("packs", device);
  }

  sheets(device) {
    return this.all("sheets", IDBKeyRange.bound([device], [device, []]));
  }

  async outbox(device) {
    return inOrder(await this.of("outbox", device));
  }

  // Of all seats that were opened on this tablet.
  async outboxes() {
    return inOrder(await this.all("outbox"));
  }

  setting(name) {
    return this.get("settings", name);
  }

  setSetting(name, value) {
    return this.write("settings", (stores) => stores.settings.put(value, name));
  }

  putPack(pack) {
    return this.write("packs", (stores) => stores.packs.put(pack));
  }

  changeDevice(id, change) {
    return this.write("devices", async (stores) => {
      const device = await stores.devices.get(id);
      await stores.devices.put({ ...device, ...change });
    });
  }

  addDevice(device) {
    return this.write("devices", async (stores) => {
      const before = await stores.devices.get(device.id);
      await stores.devices.put({ seq: 0, acked: 0, ...before, ...device });
    });
  }

  // The event gets the tablet's next number, and the sheet changes with it: both or neither.
  // `put`: what else is kept with it, in the stores `names`.
  addEvent(device, event, changeSheet, names = [], put = () => []) {
    return this.write(["devices", "outbox", "sheets", ...names], async (stores, isAgain) => {
      const before = isAgain && (await stores.outbox.get(event.uuid));
      if (before) return before;
      const [row, held] = await Promise.all([stores.devices.get(device), stores.sheets.get([device, event.work])]);
      const numbered = { ...event, device, device_seq: row.seq + 1, state: "waiting" };
      await Promise.all([
        stores.devices.put({ ...row, seq: row.seq + 1 }),
        stores.outbox.put(numbered),
        stores.sheets.put(changeSheet(held ?? emptySheet(device, event.work), numbered)),
        ...put(stores, numbered),
      ]);
      return numbered;
    });
  }

  event(uuid) {
    return this.get("outbox", uuid);
  }

  // Comments, photos, signatures and their drafts.

  evidence(uuid) {
    return this.get("evidence", uuid);
  }

  evidenceOf(device) {
    return this.of("evidence", device);
  }

  allEvidence() {
    return this.all("evidence");
  }

  photo(hash) {
    return this.get("photos", hash);
  }

  putEvidence(record) {
    return this.addEvidence([record]);
  }

  addEvidence(records) {
    return this.write("evidence", (stores) => Promise.all(records.map((record) => stores.evidence.put(record))));
  }

  dropEvidence(uuid) {
    return this.write("evidence", (stores) => stores.evidence.delete(uuid));
  }

  // The server has the bytes: here they are not needed any more.
  photoKept(record) {
    return this.write(["evidence", "photos"], (stores) => Promise.all([
      stores.evidence.put({ ...record, kept: true }), stores.photos.delete(record.value),
    ]));
  }

  // What the server answered: taken events leave, all others stay and are marked.
  settle(device, answers, received) {
    return this.write(["devices", "outbox", "sheets"], async (stores) => {
      let taken = 0;
      const stuck = (await stores.outbox.index("device").getAll(device)).filter((one) => one.state === "stuck");
      for (const answer of answers) {
        const event = await stores.outbox.get(answer.uuid);
        if (!event) continue;
        if (answer.result === "accepted" || answer.result === "repeated") {
          taken += 1;
          await stores.outbox.delete(answer.uuid);
          for (const old of stuck.filter((one) => isReplaced(one, event))) await stores.outbox.put({ ...old, over: true });
          const sheet = await stores.sheets.get([device, event.work]);
          if (sheet) await stores.sheets.put(confirmed(sheet, event, answer, received));
        } else {
          stuck.push({ ...event, state: "stuck", answer });
          await stores.outbox.put(stuck.at(-1));
        }
      }
      const row = await stores.devices.get(device);
      await stores.devices.put({ ...row, acked: row.acked + taken, acked_at: received });
    });
  }

  // Sheets as the server holds them; what this tablet has not sent yet stays on top.
  // `works`: all works the server knows; those without a sheet there have none here either.
  mergeSheets(device, sheets, works = []) {
    return this.write(["outbox", "sheets"], async (stores) => {
      const told = new Set(sheets.map((sheet) => sheet.work));
      sheets = [...sheets, ...works.filter((work) => !told.has(work)).map((work) => emptySheet(device, work))];
      const waiting = (await stores.outbox.index("device").getAll(device)).filter((one) => one.state === "waiting");
      for (const sheet of sheets) {
        const mine = waiting.filter((one) => one.work === sheet.work).sort((a, b) => a.device_seq - b.device_seq);
        const held = { ...sheet, device, marks: { ...sheet.marks } };
        await stores.sheets.put(mine.reduce(applied, held));
      }
    });
  }

  // Does what is written come back? For a tablet that is prepared.
  async proof() {
    const written = newUuid();
    await this.setSetting("proof", written);
    return (await this.setting("proof")) === written;
  }

  write(names, work) {
    return this.connection.run((db, isAgain) => written(db, [names].flat(), (stores) => work(stores, isAgain)));
  }
}

// All of it or nothing: a step that fails takes back what the ones before have written.
async function written(db, names, work) {
  const transaction = db.transaction(names, "readwrite", STRICT);
  transaction.done.catch(() => {});
  try {
    const result = await work(Object.fromEntries(names.map((name) => [name, transaction.objectStore(name)])));
    await transaction.done;
    return result;
  } catch (error) {
    ended(transaction);
    throw transaction.error ?? error;
  }
}

function ended(transaction) {
  try {
    transaction.abort();
  } catch {
    // It has ended by itself.
  }
}

const inOrder = (events) => events.sort((a, b) => a.device_seq - b.device_seq);

export const slotOf = (event) => `${event.criterion}/${event.attempt}`;

export function emptySheet(device, work) {
  return { device, work, state: "none", version: 0, marks: {}, check_code: null, handed_in_at: null, returned_reason: null, signed: null };
}

// What was handed in before is still being marked again after a mark.
const STAYS = { disputed: "disputed", remarking: "remarking", handed_in: "remarking" };

// A sheet after one event of this tablet.
export function applied(sheet, event) {
  if (event.kind === "hand_in") return { ...sheet, state: "handing", signed: event.signature ? event.uuid : null };
  if (event.kind !== "mark" && event.kind !== "withdraw") return sheet;
  const marks = { ...sheet.marks };
  if (event.kind === "withdraw") delete marks[slotOf(event)];
  else marks[slotOf(event)] = { value: event.value, version: marks[slotOf(event)]?.version ?? 0 };
  return { ...sheet, marks, state: STAYS[sheet.state] ?? "scoring" };
}

// What was refused is over once the judge has said it anew: the same mark, the sheet or the reason once more.
const SAYS = { mark: "mark", withdraw: "mark", hand_in: "hand_in", keep: "keep" };
const isReplaced = (old, event) => old.work === event.work && old.device_seq < event.device_seq && slotOf(old) === slotOf(event)
  && SAYS[old.kind] !== undefined && SAYS[old.kind] === SAYS[event.kind];

function confirmed(sheet, event, answer, received) {
  if (event.kind === "hand_in") {
    return { ...sheet, state: "handed_in", version: answer.version, check_code: answer.details.check_code ?? null, handed_in_at: received };
  }
  const mark = sheet.marks[slotOf(event)];
  if (!mark || event.kind !== "mark" || mark.value !== event.value) return sheet;
  return { ...sheet, marks: { ...sheet.marks, [slotOf(event)]: { ...mark, version: answer.version } } };
}

// In one line, sorted by key as the server sorts: what is handed in.
export function sheetText(marks) {
  return Object.keys(marks)
    .sort((a, b) => (a < b ? -1 : Number(a > b)))
    .map((key) => `${key}=${marks[key].value}`)
    .join(";");
}

// crypto.randomUUID is missing where the page came over plain http.
export function newUuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
