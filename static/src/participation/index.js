// The big screen fetches itself every minute and puts in what has changed. It computes nothing.

const EVERY_MS = 60_000;
const PATIENCE_MS = 20_000;
const late = document.querySelector("[data-late]");

async function renew() {
  try {
    const answer = await fetch(location.href, { cache: "no-store", redirect: "error", signal: AbortSignal.timeout(PATIENCE_MS) });
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of document.querySelectorAll("[data-part]")) {
      const fresh = page.querySelector(`[data-part="${part.dataset.part}"]`);
      if (!fresh) throw new Error("another page");
      if (fresh.innerHTML !== part.innerHTML) part.replaceWith(document.importNode(fresh, true));
    }
    late.hidden = true;
  } catch {
    late.hidden = false;
  }
}

if (document.querySelector("[data-screen-figures]")) setInterval(renew, EVERY_MS);
