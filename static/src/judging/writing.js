// Writing to IndexedDB so that it is on the disk before anybody is told.

import { unwrap } from "idb";

const STRICT = { durability: "strict" };

// All of it or nothing: a step that fails takes back what the ones before have written.
export async function written(db, names, work) {
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

// The same for one tap, which somebody waits for: plain requests without a promise for each, all asked for in one go, and the word
// to write at once after the last of them.
// `reads`: [store, key]; `put(stores, found)` writes by what they bring and answers what the caller gets after the commit. It is called
// with `assumed` at once, and once more when something else was found: what it wrote first is overwritten before anybody sees it.
export function writtenAtOnce(db, names, reads, put, assumed = null) {
  return new Promise((resolve, reject) => {
    const transaction = unwrap(db).transaction(names, "readwrite", STRICT);
    let result, fault;
    transaction.oncomplete = () => resolve(result);
    transaction.onabort = () => reject(fault ?? transaction.error);
    const stores = Object.fromEntries(names.map((name) => [name, transaction.objectStore(name)]));
    const asked = reads.map(([name, key]) => stores[name].get(key));
    const attempt = (step) => {
      try {
        step();
      } catch (error) {
        fault = error;
        ended(transaction);
      }
    };
    // They are answered in their order.
    asked[asked.length - 1].onsuccess = () => attempt(() => {
      const found = asked.map((one) => one.result);
      if (JSON.stringify(found) !== JSON.stringify(assumed)) result = put(stores, found);
      transaction.commit?.();
    });
    if (assumed) attempt(() => (result = put(stores, assumed)));
  });
}
