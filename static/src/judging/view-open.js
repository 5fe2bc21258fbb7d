import { html } from "lit";
import { DIGITS } from "./entry.js";
import { guideLink } from "./view-top.js";
import { say } from "./words.js";

// A seat is opened with a card and six digits.
export function openView(app) {
  const { card } = app.entry;
  return html`
    <section class="jt-open ${card ? "" : "is-card"}">
      <div class="jt-open-say">
        <h1>${card ? say("enter_pin") : say("scan_card")}</h1>
        <p>${card ? say("enter_pin_help") : say("scan_card_help")}</p>
        ${card ? html`<p><button type="button" class="jt-plain" @click=${() => app.entry.backToCard()}>${say("other_card")}</button></p>` : cardField(app)}
        <p>${guideLink()}</p>
        ${app.desk.device ? html`<p><button type="button" class="jt-plain" @click=${() => app.show("list")}>${say(app.desk.device.is_live ? "go_on_without" : "look_only")}</button></p>` : ""}
      </div>
      ${card ? pinPad(app) : ""}
    </section>`;
}

function pinPad(app) {
  const { pin, error, busy } = app.entry;
  const digits = Array.from({ length: DIGITS }, (_, at) => html`<span class=${pin[at] ? "is-set" : ""}>${pin[at] ? "●" : ""}</span>`);
  return html`<div class="jt-open-pin">
    <output class="jt-pin" aria-label=${say("pin_digits", { n: pin.length })}>${digits}</output>
    <p class="jt-line" role="alert">${busy ? say("opening") : error ? html`<strong class="jt-bad">${error}</strong>` : ""}</p>
    <div class="jt-pad">${["1", "2", "3", "4", "5", "6", "7", "8", "9", "", "0", "back"].map((key) => pinKey(app, key))}</div>
  </div>`;
}

function pinKey(app, key) {
  if (!key) return html`<span></span>`;
  return html`<button type="button" class="jt-key" ?disabled=${app.entry.busy} @click=${() => app.entry.press(key)}
    aria-label=${key === "back" ? say("delete") : key}>${key === "back" ? "⌫" : key}</button>`;
}

function cardField(app) {
  const { typed, error } = app.entry;
  const take = (event) => {
    event.preventDefault();
    app.entry.takeTyped(new FormData(event.target).get("card"));
  };
  return html`<form class="jt-card" @submit=${take}>
    <label for="card">${say("card_number")}</label>
    <input id="card" name="card" autocomplete="off" autocapitalize="characters" spellcheck="false" class="form-control" .value=${typed}
      aria-invalid=${error ? "true" : "false"} aria-describedby="card-error">
    <p class="jt-line" id="card-error" role="alert">${error ? html`<strong class="jt-bad">${error}</strong>` : ""}</p>
    <button type="submit" class="jt-main">${say("card_next")}</button>
  </form>`;
}
