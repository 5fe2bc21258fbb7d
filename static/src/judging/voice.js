// Reads the mark just typed aloud, when its judge wants it to.

// A figure is read when it stands still, not digit by digit.
const STILL_MS = 900;
const language = document.documentElement.lang.startsWith("zh") ? "zh" : "en";

const voiceOf = () => globalThis.speechSynthesis?.getVoices().find((one) => one.lang.toLowerCase().startsWith(language));

// Some browsers know their voices only some time after they were first asked.
voiceOf();

// Why nothing can be read aloud here: the key of a sentence, or "".
export function voiceFault() {
  if (!globalThis.speechSynthesis) return "voice_none";
  return voiceOf() ? "" : "voice_no_language";
}

export class Voice {
  constructor(app) {
    this.app = app;
  }

  // markSaid(): what is to be said when the judge has stopped typing; null: nothing.
  typed(markSaid) {
    clearTimeout(this.wait);
    const words = this.app.habits.voice ? markSaid() : null;
    if (words) this.wait = setTimeout(() => this.speak(words), STILL_MS);
  }

  speak(words) {
    const voice = voiceOf();
    if (!voice) return;
    speechSynthesis.cancel();
    const said = new SpeechSynthesisUtterance(words);
    Object.assign(said, { voice, lang: voice.lang });
    speechSynthesis.speak(said);
  }
}
