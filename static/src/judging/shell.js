// The copy of this page that stays on the tablet: is it there, and when may a newer one take its place?

import { appVersion } from "./report.js";

const ASK_AGAIN_MS = 3600000;
const PATIENCE_MS = 20000;

export class Shell {
  constructor(app) {
    this.app = app;
    this.works = null;
    this.newer = null;
    this.isStale = false;
  }

  // Only where the page came by https: elsewhere there is no service worker, and the page says so.
  async start() {
    const workers = navigator.serviceWorker;
    if (!workers) return;
    workers.addEventListener("message", ({ data }) => this.isNow(data.app));
    this.app.desk.addEventListener("change", () => this.settle());
    try {
      this.works = await workers.register("/sw.js", { scope: "/judge/", updateViaCache: "none" });
    } catch {
      // The server is away, or the browser's storage is: what is here already goes on.
      this.works = (await workers.getRegistration("/judge/").catch(() => null)) ?? null;
    }
    if (!this.works) return;
    this.watch();
    setInterval(() => this.works.update().catch(() => {}), ASK_AGAIN_MS);
    await this.keepLanguage();
  }

  async keepLanguage() {
    const kept = await caches.open("judging-language");
    await kept.put("/judge/language", new Response(document.documentElement.lang));
  }

  watch() {
    const look = () => {
      this.newer = this.works.active && this.works.waiting;
      this.settle();
    };
    this.works.addEventListener("updatefound", () => this.works.installing?.addEventListener("statechange", look));
    look();
  }

  // Another version is in charge now: the page follows as soon as nothing on it is half done.
  isNow(app) {
    this.newer = null;
    this.isStale = app !== appVersion;
    this.settle();
  }

  get isWaiting() {
    return Boolean(this.newer) || this.isStale;
  }

  settle() {
    if (!this.isWaiting || !this.app.isFree) return;
    if (this.newer) {
      this.newer.postMessage("use");
      this.newer = null;
    } else if (this.isStale && navigator.onLine) {
      this.isStale = false;
      location.reload();
    }
  }

  // How many files of the page are not on this tablet; null: none is kept here.
  async lacking() {
    if (!navigator.serviceWorker) return null;
    const worker = (await soon(navigator.serviceWorker.ready))?.active;
    if (!worker || !(await inControl(worker))) return null;
    const { port1, port2 } = new MessageChannel();
    const said = new Promise((resolve) => (port1.onmessage = ({ data }) => resolve(data)));
    worker.postMessage("check", [port2]);
    return (await soon(said))?.lacking ?? null;
  }
}

// A page that came before its worker, or by a forced reload, is taken over when it asks.
async function inControl(worker) {
  const workers = navigator.serviceWorker;
  if (workers.controller) return true;
  const taken = new Promise((resolve) => workers.addEventListener("controllerchange", () => resolve(true), { once: true }));
  worker.postMessage("claim");
  return (await soon(taken)) === true;
}

const soon = (promise) => Promise.race([promise, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, null))]);
