import { html } from "lit";
import { say } from "./words.js";

// A seat is opened with a card and six digits.
export function openView(app) {
  const { card, pin, error, busy } = app.entry;
  const digits = Array.from({ length: 6 }, (_, at) => html`<span class=${pin[at] ? "is-set" : ""}>${pin[at] ? "●" : ""}</span>`);
  return html`
    <section class="jt-open">
      <div class="jt-open-say">
        <h1>${card ? say("enter_pin") : say("scan_card")}</h1>
        <p>${card ? say("enter_pin_help") : say("scan_card_help")}</p>
        ${card ? html`<p><button type="button" class="jt-plain" @click=${() => other(app)}>${say("other_card")}</button></p>` : cardField(app)}
        ${card ? "" : html`<p><a class="jt-guide" href="/guides/judge">${say("guide")}</a></p>`}
        ${app.desk.device ? html`<p><button type="button" class="jt-plain" @click=${() => app.show("list")}>${say("go_on_without")}</button></p>` : ""}
      </div>
      <div class="jt-open-pin">
        <output class="jt-pin" aria-label=${say("pin_digits", { n: pin.length })}>${digits}</output>
        <p class="jt-line" role="alert">${busy ? say("opening") : error ? html`<strong class="jt-bad">${error}</strong>` : ""}</p>
        <div class="jt-pad">${["1", "2", "3", "4", "5", "6", "7", "8", "9", "", "0", "back"].map((key) => pinKey(app, key))}</div>
      </div>
    </section>`;
}

function pinKey(app, key) {
  if (!key) return html`<span></span>`;
  return html`<button type="button" class="jt-key" ?disabled=${app.entry.busy || !app.entry.card} @click=${() => app.pin(key)}
    aria-label=${key === "back" ? say("delete") : key}>${key === "back" ? "⌫" : key}</button>`;
}

function cardField(app) {
  const take = (event) => {
    event.preventDefault();
    const card = new FormData(event.target).get("card").replace(/[\s-]/g, "");
    if (card.length < 52) {
      app.entry = { ...app.entry, error: say("card_short", { n: 52 - card.length }) };
      app.redraw();
      return;
    }
    app.entry = { card, pin: "", error: "", busy: false };
    app.redraw();
  };
  return html`<form class="jt-card" @submit=${take}>
    <label for="card">${say("card_number")}</label>
    <textarea id="card" name="card" rows="4" autocomplete="off" autocapitalize="characters" spellcheck="false" class="form-control"></textarea>
    <button type="submit" class="jt-main">${say("card_next")}</button>
  </form>`;
}

function other(app) {
  app.entry = { card: "", pin: "", error: "", busy: false };
  app.redraw();
}
