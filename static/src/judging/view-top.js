import { html, render } from "lit";
import { guard } from "lit/directives/guard.js";
import { timeBox } from "./view-timer.js";
import { promptBanner } from "./prompts.js";
import { workCode } from "./view-stuck.js";
import { asWritten, clock, say } from "./words.js";

// Station, code, time, and what is saved where: always in the same place.
export function topBar(app) {
  const inSheet = ["sheet", "review", "sign", "evidence", "timer"].includes(app.view);
  return html`
    <header class="jt-top ${inSheet ? "is-sheet" : ""}">
      ${inSheet ? guard([app.work, app.round], () => workHead(app)) : seatHead(app)}
      <div class="jt-save" role="status"></div>
      <div class="jt-top-end">
        ${guard([], guideLink)}
        ${timeBox(app, inSheet)}
        ${inSheet && !app.desk.isHalted ? html`<button type="button" class="jt-plain jt-to-scan" @click=${() => app.leaveFor("scan")}>${say("scan")}</button>` : ""}
        ${app.view === "list" || app.desk.isHalted ? "" : html`<button type="button" class="jt-plain" @click=${() => app.leaveFor("list")}>${say("works")}</button>`}
      </div>
    </header>
    ${banners(app)}`;
}

function workHead(app) {
  const { work, round } = app;
  const works = round.works;
  return html`
    <div class="jt-station station-${((work.station - 1) % 8) + 1}"><small>${say("station")}</small><b>${work.station}</b></div>
    <div class="jt-work"><span class="jt-code">${work.code}</span>
      <small>${say("work_place", { batch: work.batch, at: works.indexOf(work) + 1, all: works.length })}</small></div>`;
}

function seatHead(app) {
  const { device, pack } = app.desk;
  return html`
    <div class="jt-station jt-seat"><small>${say("seat")}</small><b>${device?.number ?? ""}</b></div>
    <div class="jt-work"><span class="jt-name">${asWritten(pack?.judge || device?.panel || "")}</span>
      <small>${app.round ? asWritten(`${app.round.contest} · ${app.round.name}`) : ""}</small></div>`;
}

// In a window of its own: the sheet stays where it is.
export function guideLink() {
  return html`<a class="jt-guide" href="/guides/judge" target="_blank" rel="noopener">${say("guide")}</a>`;
}

// Drawn by themselves: when a mark is on the disk, these words change and nothing else.
export function drawSaved(app) {
  const place = app.querySelector(".jt-save");
  if (place) render(saveWords(app), place);
}

function saveWords(app) {
  const { desk } = app;
  const pending = desk.waiting.length;
  return html`${here(desk)}
    ${desk.notes.photosLeft ? html`<span class="jt-care">${say("photos_left", { n: desk.notes.photosLeft })}</span>` : ""}
    ${desk.isOffline
      ? html`<span class="jt-off">${say("offline_since", { at: clock(desk.offlineSince ?? new Date()), n: pending })}</span>`
      : html`<span>${pending ? say(isAway(app) ? "handover_waits" : "sending", { n: pending }) : there(desk)}</span>`}`;
}

// A round that is judged on another machine by now: nothing of it is sent.
const isAway = (app) => app.rounds.some((round) => round.state === "away");

function here(desk) {
  if (desk.failure) return html`<strong class="jt-bad">${say("not_saved")}</strong>`;
  if (desk.saving) return html`<strong>${say("saving")}</strong>`;
  const made = desk.waiting.length || desk.device?.acked_at;
  if (made || desk.holdsMarks) return html`<strong class="jt-good">${say(made ? "saved_here" : "kept_before")}</strong>`;
  return "";
}

// What the server has: of this tablet, or of whatever stood on this seat before it.
function there(desk) {
  const at = desk.device?.acked_at;
  const lacks = desk.serverLacks;
  if (lacks) return html`<strong class="jt-bad">${say("server_lacks", { n: lacks })}</strong>`;
  const received = desk.echo?.server === "arena" ? "received_arena" : "received";
  if (at) return say(received, { n: desk.echo?.last ?? desk.device.acked, at: clock(at) });
  return say(desk.holdsMarks ? "kept_before_help" : "nothing_yet");
}

const heldCodes = (app) => [...new Set(app.desk.held.map((event) => workCode(app, event)))].join(say("comma"));

// While codes are shown to a camera they have the whole screen.
function banners(app) {
  const { desk } = app;
  if (app.view === "handover" && app.handing.isShowing) return "";
  return html`
    ${app.shell?.isWaiting ? html`<div class="jt-banner"><span>${say("new_version")}</span></div>` : ""}
    ${isSecureContext || app.view !== "list" ? "" : html`<div class="jt-banner"><span>${say("plain_http")}</span></div>`}
    ${desk.failure && !desk.unsaved.length ? html`<div class="jt-banner is-bad" role="alert"><span>${say("store_trouble", { why: desk.failure })}</span></div>` : ""}
    ${desk.device && !desk.device.is_live ? html`<div class="jt-banner is-bad" role="alert"><span>${desk.device.why || say("taken_over")}</span></div>` : ""}
    ${desk.needsPin ? signedOut(app) : ""}
    ${desk.held.length ? html`<div class="jt-banner is-bad" role="alert"><span>${say("held_back", { n: desk.held.length, codes: heldCodes(app) })}</span></div>` : ""}
    ${desk.stuck.length && app.view !== "stuck" ? html`<div class="jt-banner is-bad"><span>${say("stuck_n", { n: desk.stuck.length })}</span><button type="button" class="jt-plain" @click=${() => app.show("stuck")}>${say("show_chief")}</button></div>` : ""}
    ${isAway(app) && app.view !== "open" ? html`<div class="jt-banner is-bad" role="alert"><span>${say("round_away")}</span></div>` : ""}
    ${promptBanner(app)}`;
}

// Who still has the seat goes on with the PIN; what a tablet without one holds goes by file or codes.
function signedOut(app) {
  const { is_live: isLive } = app.desk.device;
  const [go, name] = isLive ? [() => app.entry.askPin(), "enter_pin"] : [() => app.handing.open(), "handover_open"];
  return html`<div class="jt-banner"><span>${say(isLive ? "pin_again" : "pin_over")}</span><button type="button" class="jt-plain" @click=${go}>${say(name)}</button></div>`;
}
