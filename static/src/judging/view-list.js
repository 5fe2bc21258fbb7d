import { html } from "lit";
import { prepareLine } from "./view-prepare.js";
import { asWritten, say } from "./words.js";

const MARKS = { none: "○", scoring: "◐", handing: "◕", handed_in: "●", disputed: "↩", remarking: "↻", excused: "—", absent: "—", withdrawn: "—" };

// All works of the round by batch; the state by word and shape.
export function listView(app) {
  const { rounds, round } = app;
  if (!round) return html`<p class="jt-note">${app.desk.isOffline ? say("pack_offline") : say("no_rounds")}</p>${otherCard(app)}`;
  return html`
    <section class="jt-list">
      ${rounds.length > 1 ? html`<nav class="jt-rounds">${rounds.map((one) => roundTab(app, one))}</nav>` : ""}
      ${roundLine(app, round)}
      ${goOn(app)}
      ${prepareLine(app)}
      ${batches(round.works.filter((work) => !isFinished(app, work))).map(([batch, works]) => html`
        <h2>${say("batch", { n: batch })}</h2>
        <ul class="jt-tiles">${works.map((work) => tile(app, round, work))}</ul>`)}
      ${finished(app, round)}
      ${otherCard(app)}
    </section>`;
}

// Straight to where work is left, or to the work that lies before the judge.
function goOn(app) {
  const next = app.unfinished[0];
  return html`<div class="jt-row">
    ${next ? goOnButton(app, next) : ""}
    ${app.round.state === "closed" ? "" : html`<button type="button" class="jt-plain" @click=${() => app.show("scan")}>${say("scan_to_score")}</button>`}
  </div>`;
}

export const goOnButton = (app, { id, code, station }) =>
  html`<button type="button" class="jt-main" @click=${() => app.openWork(id)}>${say("go_on_with", { code, station })}</button>`;

const isFinished = (app, work) => ["handing", "handed_in", "excused", "absent", "withdrawn"].includes(stateOf(app, work));

// What is done stands behind what is to do.
function finished(app, round) {
  const works = round.works.filter((work) => isFinished(app, work));
  if (!works.length) return "";
  return html`<h2>${say("finished_works", { n: works.length })}</h2>
    <ul class="jt-tiles">${works.map((work) => tile(app, round, work))}</ul>`;
}

// A judge of the next event sits at the same tablet with another card.
function otherCard(app) {
  return html`<div class="jt-row">
    <button type="button" class="jt-plain" @click=${() => app.show("habits")}>${say("habits")}</button>
    <button type="button" class="jt-plain" @click=${() => app.handing.open()}>${say("handover_open")}</button>
    <button type="button" class="jt-plain" @click=${() => app.entry.askCard()}>${say("other_card")}</button>
  </div>`;
}

function roundTab(app, one) {
  const choose = () => {
    app.roundId = one.id;
    app.workId = null;
    app.redraw();
  };
  return html`<button type="button" class="jt-plain" aria-current=${one === app.round ? "true" : "false"} @click=${choose}>${asWritten(one.name)}</button>`;
}

function roundLine(app, round) {
  const done = round.works.filter((work) => stateOf(app, work) === "handed_in").length;
  const needed = round.works.filter((work) => !work.excused && !work.away).length;
  const words = { closed: say("round_closed"), open: say("round_open", { done, needed }), locked: say("round_locked"), away: say("round_away") };
  return html`<p class="jt-round"><strong>${asWritten(round.name)}</strong> ${words[round.state]}</p>`;
}

function batches(works) {
  const found = new Map();
  for (const work of works) found.set(work.batch, [...(found.get(work.batch) ?? []), work]);
  return [...found];
}

export function stateOf(app, work) {
  if (work.away) return work.away.toLowerCase();
  return work.excused ? "excused" : app.desk.sheet(work.id).state;
}

export const stationTile = ({ station }) =>
  html`<span class="jt-tile-station station-${((station - 1) % 8) + 1}"><small>${say("station")}</small>${station}</span>`;

function tile(app, round, work) {
  const state = stateOf(app, work);
  return html`<li><button type="button" class="jt-tile is-${state}" ?disabled=${round.state === "closed"} @click=${() => app.openWork(work.id, round.id)}>
    ${stationTile(work)}
    <span class="jt-tile-code">${work.code}</span>
    <span class="jt-tile-state"><span aria-hidden="true">${MARKS[state]}</span> ${say(`state_${state}`)}</span>
  </button></li>`;
}
