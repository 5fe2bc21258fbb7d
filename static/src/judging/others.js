// Seats that were open on this tablet before: each says once more, after it has ended, that nothing is left of it
// here. Only this word lets the round be closed; the page that is open speaks for its own seat alone.

import { Offline, ask } from "./outbox.js";
import { reportOf } from "./report.js";

export async function tellOfOthers(store, current) {
  for (const device of await store.devices()) {
    if (device.id === current || device.is_told) continue;
    const all = await store.outbox(device.id);
    const left = all.filter((one) => one.state === "waiting");
    const answer = await ask("/api/judging/state", { token: device.token, body: { report: reportOf(device, left, all), rounds: [] } });
    // 401: its time is over, nobody listens to it any more.
    if (answer.status !== 401 && !answer.ok) throw new Offline(`status ${answer.status}`);
    if (answer.status === 401 || (!answer.said.is_live && !left.length)) await store.changeDevice(device.id, { is_told: true });
  }
}
