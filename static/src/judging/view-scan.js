import { html } from "lit";
import { ALPHABET } from "./code.js";
import { asWritten, say } from "./words.js";

// The camera's picture, and the code's own keys for when there is none.
export function scanView(app) {
  const { scan } = app;
  return html`<section class="jt-scan">
    <div class="jt-scan-see">
      <h1>${say("scan_title")}</h1>
      ${scan.stream && !scan.fault
        ? html`<video class="jt-video" aria-label=${say("scan_picture")} autoplay playsinline .muted=${true} .srcObject=${scan.stream}></video>`
        : html`<p class="jt-care">${scan.fault ? say(scan.fault) : say("camera_opening")}</p>`}
      <p role="alert">${scan.why ? html`<strong class="jt-bad">${told(scan.why)}</strong>` : ""}</p>
      ${scan.other ? html`<p><button type="button" class="jt-main" @click=${() => scan.go(scan.other)}>${say("scan_other_open", { code: scan.other.work.code, round: scan.other.round.name })}</button></p>` : ""}
    </div>
    <div class="jt-scan-type">
      <div class="jt-typed-row">
        <output class="jt-typed" aria-label=${say("work_code")}>${scan.typed || html`<span>${say("scan_type")}</span>`}</output>
        <button type="button" class="jt-main" ?disabled=${!scan.typed} @click=${() => scan.take(scan.typed)}>${say("scan_open")}</button>
      </div>
      <div class="jt-letters">
        ${[...ALPHABET].map((sign) => html`<button type="button" class="jt-key" @click=${() => scan.type(sign)}>${sign}</button>`)}
        <button type="button" class="jt-key is-side" aria-label=${say("delete")} @click=${() => scan.type("back")}>⌫</button>
      </div>
    </div>
  </section>`;
}

const told = ([sentence, values]) => asWritten(say(sentence, values));

// Another work than the scanned one: opened, but not yet to be marked.
export function askView(app) {
  const { scan, work } = app;
  const names = { before: scan.asked.code, before_station: scan.asked.station, code: work.code, station: work.station };
  return html`<section class="jt-review">
    <div class="jt-verdict is-care" role="alert"><h1>${say(scan.before.isScanned ? "scan_differs" : "scan_jumps", names)}</h1><p>${say("scan_differs_help")}</p></div>
    <footer class="jt-bottom">
      <button type="button" class="jt-main" @click=${() => app.openWork(scan.asked.id)}>${say("scan_back", names)}</button>
      <button type="button" class="jt-plain" @click=${() => scan.mean(work)}>${say("scan_mean", names)}</button>
      <button type="button" class="jt-plain" @click=${() => app.show("scan")}>${say("scan")}</button>
    </footer>
  </section>`;
}
