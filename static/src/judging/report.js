// What the tablet says of itself with everything that it sends.

import { isStuck } from "./store.js";

const MOST_HELD = 400;

let power = null;
navigator.getBattery?.().then((found) => (power = found), () => {});

export const appVersion = document.querySelector("meta[name='app-version']")?.content ?? "";

export function tabletLabel() {
  const { width, height } = screen;
  return `${navigator.userAgentData?.platform ?? navigator.platform ?? ""} ${width}×${height}`.trim();
}

// What the server does not keep aside either is here alone.
const isLacking = (event) => isStuck(event) && event.answer.result !== "quarantined";

// `left`: events that are still here when the request has arrived; `all`: the whole outbox.
export function reportOf(device, left, all) {
  return {
    pending: left.length,
    last_made: device.seq,
    client_at: new Date().toISOString(),
    app_version: appVersion,
    battery: power && Math.round(power.level * 100),
    charging: power && power.charging,
    held: heldByWork(left),
    stuck: heldByWork(all.filter(isLacking)),
  };
}

function heldByWork(left) {
  const held = {};
  for (const { work } of left) {
    if (held[work] || Object.keys(held).length < MOST_HELD) held[work] = (held[work] ?? 0) + 1;
  }
  return held;
}

// What preparing has shown: told until the server has answered once.
export function readyNews(device) {
  return device.ready && device.ready.at !== device.ready_told ? { ready: device.ready } : {};
}
