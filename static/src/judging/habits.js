// How this tablet is held, seen and heard: chosen by its judge, kept here, told to nobody.

const CHOSEN = { hand: "both", text: "plain", contrast: "plain", voice: false, timer: true, signal: false };

export class Habits {
  constructor(app) {
    this.app = app;
    Object.assign(this, CHOSEN);
  }

  async start(store) {
    this.store = store;
    Object.assign(this, await store.setting("habits"));
    this.more = matchMedia("(prefers-contrast: more)");
    this.more.addEventListener("change", () => this.wear());
    this.wear();
  }

  choose(name, value) {
    this[name] = value;
    this.wear();
    this.app.redraw();
    const chosen = Object.fromEntries(Object.keys(CHOSEN).map((key) => [key, this[key]]));
    return this.store.setSetting("habits", chosen).catch((error) => this.app.desk.troubled(error));
  }

  wear() {
    const { classList } = document.documentElement;
    classList.toggle("is-large", this.text === "large");
    classList.toggle("is-stark", this.contrast === "high" || this.more.matches);
    for (const hand of ["left", "right"]) classList.toggle(`is-${hand}`, this.hand === hand);
  }
}
