"""From the first tap on a loaded sheet to "saved on this tablet", beside the bare strict IndexedDB write.

Chromium with its processor slowed down six times, before a real server. For each of many works: the sheet is opened, everything
comes to rest, one key is tapped; the time ends when the page says that the mark is saved. Between two taps a record of the same
size is written strictly to a database of its own: the least that such a promise costs on this machine.
"""

import argparse
import os
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from sqlalchemy import select

from competition.core.actors import SYSTEM
from competition.core.clock import now
from competition.core.database import db
from competition.judging import service
from competition.judging.models import Seat
from tests.bench.report import finish, table
from tests.bench.stage import Stage, prepare, served
from tests.setup import chromium_path

MOST_MS = 80
TAP = """async (number) => {
  const app = document.querySelector("judge-app"), rest = (ms) => new Promise((done) => setTimeout(done, ms));
  app.show("list");
  await app.updateComplete;
  app.openWork(app.round.works[number].id);
  await app.updateComplete;
  for (let n = 0; n < 40 && (app.desk.waiting.length || n < 3); n += 1) await rest(50);
  const key = [...document.querySelectorAll(".jt-key")].find((one) => one.textContent.trim() === "5");
  const place = document.querySelector(".jt-save");
  const saved = new Promise((done) => {
    // Drawn after the tap, with the new mark in its field, nothing left to save, and the words that say so.
    const look = new MutationObserver(() => {
      const words = place.querySelector("strong.jt-good"), mark = document.querySelector(".jt-value b");
      if (words && !app.desk.saving && mark.textContent.trim() === "5") { look.disconnect(); done(performance.now()); }
    });
    look.observe(app, { subtree: true, childList: true, characterData: true, attributes: true });
  });
  const from = performance.now();
  key.click();
  return (await saved) - from;
}"""
WRITE = """async (number) => {
  const open = indexedDB.open("bench", 1);
  open.onupgradeneeded = () => open.result.createObjectStore("bare", { keyPath: "uuid" });
  const db = await new Promise((done) => (open.onsuccess = () => done(open.result)));
  const record = { uuid: crypto.randomUUID(), device: crypto.randomUUID(), device_seq: number, seat: crypto.randomUUID(),
    work: crypto.randomUUID(), kind: "mark", criterion: "clarity", attempt: 1, value: "5", base_version: 0,
    at: new Date().toISOString(), state: "waiting" };
  const from = performance.now();
  await new Promise((done) => {
    const writing = db.transaction("bare", "readwrite", { durability: "strict" });
    writing.objectStore("bare").put(record);
    writing.oncomplete = done;
  });
  const taken = performance.now() - from;
  db.close();
  return taken;
}"""


def card_of(stage: Stage) -> tuple[str, str]:
    """Card and PIN of a seat."""
    with stage.app.app_context():
        seat_id = db.session.scalars(select(Seat.id)).first()
        assert seat_id is not None
        card = service.make_cards([seat_id], actor=SYSTEM, at=now())[0]
        db.session.remove()
        db.engine.dispose()
    return card.token, card.pin


def open_page(page: Page, port: int, card: tuple[str, str]) -> None:
    """At the list of works."""
    page.goto(f"http://127.0.0.1:{port}/judge/open#{card[0]}")
    for sign in card[1]:
        page.get_by_role("button", name=sign, exact=True).click()
    page.locator(".jt-tile").first.wait_for()


def main() -> None:
    """Measure, report."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--works", type=int, default=60)
    options.add_argument("--slower", type=int, default=6, help="how many times the processor is slowed down")
    chosen = options.parse_args()
    taps, writes = list[float](), list[float]()
    with tempfile.TemporaryDirectory(prefix="competition-bench-") as name, sync_playwright() as playwright:
        folder = Path(name)
        stage = prepare(folder / "server", f"sqlite:///{folder / 'server' / 'bench.db'}", seats=4, count=chosen.works)
        card = card_of(stage)
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        with served(stage) as port:
            context = playwright.chromium.launch_persistent_context(
                str(folder / "profile"), executable_path=chromium_path(), args=arguments, viewport={"width": 1180, "height": 820})
            page = context.pages[0]
            open_page(page, port, card)
            context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": chosen.slower})
            for number in range(chosen.works):
                writes.append(page.evaluate(WRITE, number))
                taps.append(page.evaluate(TAP, number))
            context.close()
    report(taps[2:], writes[2:])


def report(taps: list[float], writes: list[float]) -> None:
    """Medians, p95, and their ratio."""
    rows = [(name, statistics.median(each), statistics.quantiles(each, n=20)[-1], max(each), len(each))
            for name, each in (("tap to saved", taps), ("bare strict write", writes))]
    table(["what", "median ms", "p95 ms", "worst ms", "times"], rows)
    ratio = rows[0][2] / rows[1][2]
    print(f"tap_vs_bare_write: {ratio:.2f} (p95 {rows[0][2]:.1f} ms of {MOST_MS})")
    finish("taps", {"tap_p95_ms": round(rows[0][2], 1), "tap_median_ms": round(rows[0][1], 1), "bare_p95_ms": round(rows[1][2], 1),
                    "bare_median_ms": round(rows[1][1], 1), "times": len(taps)}, {"tap_vs_bare_write": ratio})


if __name__ == "__main__":
    main()
