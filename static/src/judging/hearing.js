// What the server has: fetched whole at the start and whenever works or rules changed, else asked every few seconds.

import { Offline, ask } from "./outbox.js";
import { renewed } from "./prepare.js";
import { readyNews, reportOf } from "./report.js";

export async function fetchPack(desk) {
  const { id, token } = desk.device;
  const answer = await ask("/api/judging/pack", { token });
  if (answer.status === 401) return desk.signedOut(id);
  if (answer.said.code === "device_ended") return desk.ended(answer.said.message);
  if (!answer.ok) throw new Offline(`status ${answer.status}`);
  desk.online();
  desk.pack = { ...answer.said, device: id };
  await desk.store.putPack(desk.pack);
  const ready = renewed(desk.device.ready, desk.pack);
  if (ready) await desk.store.changeDevice(id, { ready });
  for (const round of desk.pack.rounds) {
    await desk.store.mergeSheets(id, round.sheets, round.works.map((work) => work.id));
    desk.known.set(round.id, round.version);
    desk.notes.follow(round.sheets);
  }
  return desk.reload();
}

export async function fetchState(desk) {
  const { id, token } = desk.device;
  const rounds = desk.pack.rounds.map((round) => ({ id: round.id, version: Math.max(0, desk.known.get(round.id) ?? 0) }));
  const report = { ...reportOf(desk.device, desk.waiting, desk.stuck), ...readyNews(desk.device) };
  const answer = await ask("/api/judging/state", { token, body: { report, rounds } });
  if (answer.status === 401) return desk.signedOut(id);
  if (!answer.ok) throw new Offline(`status ${answer.status}`);
  desk.online();
  desk.echoed(answer.said);
  if (report.ready) {
    await desk.store.changeDevice(id, { ready_told: report.ready.at });
    await desk.reload();
  }
  if (!answer.said.is_live) return desk.ended(answer.said.why);
  await desk.prompts.take(answer.said.prompts);
  return learn(desk, answer.said.rounds);
}

async function learn(desk, rounds) {
  let isNews = desk.failure !== "";
  let anew = rounds.length !== desk.pack.rounds.length;
  for (const now of rounds) {
    const round = desk.pack.rounds.find((one) => one.id === now.id);
    if (!round || now.state !== round.state) anew = true;
    else if ((now.works_tag || round.works_tag) !== round.works_tag || (now.rulebook || round.rulebook) !== round.rulebook) anew = true;
    if (now.sheets.length) {
      await desk.store.mergeSheets(desk.device.id, now.sheets);
      desk.notes.follow(now.sheets);
      isNews = true;
    }
    desk.known.set(now.id, now.version);
  }
  if (anew) return fetchPack(desk);
  // Most of the time nothing has changed: nothing is read, the page is drawn once.
  return isNews ? desk.reload() : desk.tell();
}
