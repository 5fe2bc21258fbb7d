// The way to handing.js, which is loaded when the page has nothing else to do: without a network nothing can be loaded any more.

import { html } from "lit";
import { say } from "./words.js";

export class HandingDoor {
  constructor(app) {
    this.app = app;
    this.real = null;
    this.fault = "";
  }

  get loaded() {
    return this.real?.loaded;
  }

  get isShowing() {
    return Boolean(this.real?.codes);
  }

  prepare() {
    const soon = globalThis.requestIdleCallback ?? ((work) => setTimeout(work, 2000));
    soon(() => this.load().catch(() => {}));
  }

  async load() {
    this.real ??= await import("./handing.js").then(({ Handing }) => new Handing(this.app));
    await this.real.tools();
    return this.real;
  }

  async open() {
    try {
      await (await this.load()).load();
      this.fault = "";
    } catch (error) {
      this.fault = String(error?.message ?? error);
    }
    this.app.leaveFor("handover");
  }

  view() {
    if (this.fault) return html`<p class="jt-note jt-bad" role="alert">${say("handover_failed", { why: this.fault })}</p>`;
    return this.real?.view() ?? "";
  }
}

export const handoverView = (app) => app.handing.view();
