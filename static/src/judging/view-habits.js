import { html } from "lit";
import { voiceFault } from "./voice.js";
import { guideLink } from "./view-top.js";
import { say } from "./words.js";

// Every choice lies open: large buttons, the chosen one marked by shape and word.
export function habitsView(app) {
  const silent = voiceFault();
  return html`<section class="jt-list">
    <h1>${say("habits")}</h1>
    ${choice(app, "hand", [["both", "hand_both"], ["right", "hand_right"], ["left", "hand_left"]])}
    ${choice(app, "text", [["plain", "text_plain"], ["large", "text_large"]])}
    ${choice(app, "contrast", [["plain", "contrast_plain"], ["high", "contrast_high"]])}
    ${choice(app, "timer", [[true, "timer_shown"], [false, "timer_hidden"]])}
    ${choice(app, "signal", [[false, "signal_off"], [true, "signal_on"]])}
    ${choice(app, "voice", [[false, "voice_off"], [true, "voice_on"]], silent)}
    <p>${guideLink()}</p>
  </section>`;
}

function choice(app, name, options, note = "") {
  return html`<fieldset class="jt-choice"><legend>${say(`habit_${name}`)}</legend>
    <div class="jt-row">${options.map(([value, words]) => html`<button type="button" class="jt-plain" aria-pressed=${app.habits[name] === value ? "true" : "false"}
      @click=${() => choose(app, name, value)}>${say(words)}</button>`)}</div>
    ${note ? html`<p class="jt-care">${say(note)}</p>` : ""}
  </fieldset>`;
}

async function choose(app, name, value) {
  await app.habits.choose(name, value);
  if (name === "voice" && value) app.voice.speak(say("voice_test"));
}
