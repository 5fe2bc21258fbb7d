import { html } from "lit";
import { ref } from "lit/directives/ref.js";
import { asWritten, say } from "./words.js";

// A field to write in, and the button that hands in what is signed.
export function signView(app) {
  const { signing, work, desk } = app;
  return html`<section class="jt-review jt-sign">
    <div class="jt-verdict"><h1>${say("sign_title", { code: work.code, station: work.station })}</h1>
      <p>${say("sign_help")}</p>${desk.pack?.judge ? html`<p>${say("sign_who")}${asWritten(desk.pack.judge)}</p>` : ""}</div>
    <div class="jt-sign-field"><canvas ${ref(signing.attach)} role="img" aria-label=${say("sign_field")}></canvas></div>
    <p class="jt-line" role="alert">${signing.fault ? html`<strong class="jt-bad">${signing.fault}</strong>` : ""}</p>
    <footer class="jt-bottom">
      <button type="button" class="jt-plain" @click=${() => app.show("review")}>${say("go_back_review")}</button>
      <button type="button" class="jt-plain" ?disabled=${!signing.drawn} @click=${() => signing.clear()}>${say("sign_again")}</button>
      <button type="button" class="jt-main" ?disabled=${app.isHanding} @click=${() => signing.handIn()}>${say("hand_in")}</button>
    </footer>
  </section>`;
}
