// What the device knows of certificates: public keys and the signed list of revoked ones. Public both, nobody is named in them.
// They are fetched when there is a network and kept for when there is none.

import { newerList, readList } from "./decide.js";

const [KEYS, LIST] = ["certificates-keys", "certificates-revoked"];

function kept(name) {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
}

// Storage that is full or forbidden: the page works until it is closed.
function keep(name, value) {
  try {
    localStorage.setItem(name, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

const fetched = async (address) => {
  const answer = await fetch(address, { cache: "no-cache", credentials: "omit" });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.json();
};

export class Known {
  constructor() {
    this.keys = kept(KEYS) ?? [];
    this.said = kept(LIST);
    this.list = read(this.said, this.keys);
    this.isKept = this.keys.length > 0;
  }

  // True when the server has answered. A list that is not ours changes nothing.
  async refresh() {
    try {
      const [{ keys }, said] = await Promise.all([fetched("/v/keys.json"), fetched("/v/revoked.json")]);
      this.keys = keys;
      const list = read(said, keys);
      // Read again: its key may be distrusted since, and then it says nothing, however new it claims to be.
      const newest = newerList(read(this.said, keys), list);
      this.isKept = keep(KEYS, keys) && (newest === list ? keep(LIST, said) : true);
      if (newest === list) this.said = said;
      this.list = newest;
      return true;
    } catch {
      return false;
    }
  }
}

function read(said, keys) {
  try {
    return said && readList(said, keys);
  } catch {
    return null;
  }
}
