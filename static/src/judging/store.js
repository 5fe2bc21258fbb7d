// What the tablet keeps: in IndexedDB, strictly durable, before anybody is told that it is saved.

import { Connection } from "./connection.js";
import { written, writtenAtOnce } from "./writing.js";

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

  // The tablet at a seat, its sheets with what waits on top of them, and every event of this browser: as they stand at one moment.
  look(id) {
    return this.connection.run(async (db) => {
      const transaction = db.transaction(["devices", "sheets", "outbox"]);
      const [device, sheets, events] = await Promise.all([
        transaction.objectStore("devices").get(id),
        transaction.objectStore("sheets").getAll(IDBKeyRange.bound([id], [id, []])),
        transaction.objectStore("outbox").getAll(),
      ]);
      const found = new Map(sheets.map((sheet) => [sheet.work, sheet]));
      for (const event of inOrder(events)) {
        if (event.device === id && event.state === "waiting") found.set(event.work, applied(found.get(event.work) ?? emptySheet(id, event.work), event));
      }
      return { device, sheets: found, events };
    });
  }

  async outbox(device) {
    return inOrder(await this.of("outbox", device));
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

  // The event gets the tablet's next number. It is all that a tap writes: sheets stand as the server has them, with what waits on top.
  // `assumed`: the tablet's row as it most likely stands here; `put`: what else is kept with it, in the stores `names`.
  addEvent(device, event, { assumed = null, names = [], put = () => {} } = {}) {
    const reads = [["devices", device], ["outbox", event.uuid]];
    const write = (stores, [row, before]) => {
      // The first try has kept it, and broke before it could say so.
      if (before) return before;
      const numbered = { ...event, device, device_seq: row.seq + 1, state: "waiting" };
      stores.devices.put({ ...row, seq: numbered.device_seq });
      stores.outbox.put(numbered);
      put(stores, numbered);
      return numbered;
    };
    return this.connection.run((db, isAgain) => (isAgain || !assumed
      ? writtenAtOnce(db, ["devices", "outbox", ...names], reads, write)
      : writtenAtOnce(db, ["devices", "outbox", ...names], reads.slice(0, 1), write, [assumed])));
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
      const events = new Map((await stores.outbox.index("device").getAll(device)).map((one) => [one.uuid, one]));
      const stuck = [...events.values()].filter(isStuck);
      for (const answer of answers) {
        const event = events.get(answer.uuid);
        if (!event) continue;
        if (isTaken(answer)) {
          taken += 1;
          await stores.outbox.delete(answer.uuid);
          for (const old of stuck.filter((one) => isReplaced(one, event))) await stores.outbox.put({ ...old, over: true });
          const sheet = (await stores.sheets.get([device, event.work])) ?? emptySheet(device, event.work);
          await stores.sheets.put(confirmed(sheet, event, answer, received));
        } else {
          const refused = { ...event, state: "stuck", answer };
          stuck.push(refused);
          await stores.outbox.put(refused);
        }
      }
      const row = await stores.devices.get(device);
      await stores.devices.put({ ...row, acked: row.acked + taken, acked_at: received });
    });
  }

  // Sheets as the server holds them.
  // `works`: all works the server knows; those without a sheet there have none here either.
  mergeSheets(device, sheets, works = []) {
    const told = new Set(sheets.map((sheet) => sheet.work));
    const none = works.filter((work) => !told.has(work)).map((work) => emptySheet(device, work));
    return this.write("sheets", (stores) => Promise.all([...sheets, ...none].map((sheet) => stores.sheets.put({ ...sheet, device, told: sheet.version }))));
  }

  // Does what is written come back? For a tablet that is prepared.
  async proof() {
    const written = newUuid();
    await this.setSetting("proof", written);
    return (await this.setting("proof")) === written;
  }

  write(names, work) {
    return this.connection.run((db) => written(db, [names].flat(), work));
  }
}

const inOrder = (events) => events.sort((a, b) => a.device_seq - b.device_seq);

// The server has it: now, or it said so before and the word was lost.
export const isTaken = ({ result }) => result === "accepted" || result === "repeated";

// What the server did not take, unless the judge has said it anew.
export const isStuck = ({ state, over }) => state === "stuck" && !over;

export const slotOf = (event) => `${event.criterion}/${event.attempt}`;

// `version`: the newest that is known of it; `told`: when the server last said all of it.
export function emptySheet(device, work) {
  return { device, work, state: "none", version: 0, told: 0, marks: {}, check_code: null, handed_in_at: null, returned_reason: null, signed: null };
}

// What was handed in before is still being marked again after a mark.
const STAYS = { disputed: "disputed", remarking: "remarking", handed_in: "remarking" };

const CHANGES = ["mark", "withdraw", "hand_in"];

// A sheet after one event of this tablet.
export function applied(sheet, event) {
  if (!CHANGES.includes(event.kind)) return sheet;
  if (event.kind === "hand_in") return { ...sheet, state: "handing", signed: event.signature ? event.uuid : null };
  const marks = { ...sheet.marks };
  if (event.kind === "withdraw") delete marks[slotOf(event)];
  else marks[slotOf(event)] = { value: event.value, version: marks[slotOf(event)]?.version ?? sheet.told ?? 0 };
  return { ...sheet, marks, state: STAYS[sheet.state] ?? "scoring" };
}

// What was refused is over once the judge has said it anew: the same mark, the sheet or the reason once more.
const SAYS = { mark: "mark", withdraw: "mark", hand_in: "hand_in", keep: "keep" };
const isReplaced = (old, event) => old.work === event.work && old.device_seq < event.device_seq && slotOf(old) === slotOf(event)
  && SAYS[old.kind] !== undefined && SAYS[old.kind] === SAYS[event.kind];

// A sheet after the receipt of one event. What the server has said of the sheet since it took the event is newer: a receipt that was
// lost and is given once more changes nothing in it.
function confirmed(sheet, event, { version, details }, received) {
  if (version <= sheet.version || !CHANGES.includes(event.kind)) return sheet;
  const now = { ...applied(sheet, event), version: details.version ?? version };
  if (event.kind === "hand_in") return { ...now, state: details.state ?? "handed_in", check_code: details.check_code ?? null, handed_in_at: received };
  const mark = now.marks[slotOf(event)];
  return event.kind === "mark" ? { ...now, marks: { ...now.marks, [slotOf(event)]: { ...mark, version } } } : now;
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
