"""The whole tour: every page, every size, with pictures (started by ``python3 -m tests.screens``)."""

import argparse
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from competition.bootstrap.steps import ROOT
from tests.browser import ARGUMENTS
from tests.live import Live
from tests.screens import world
from tests.screens.look import SIZES, Looker
from tests.screens.states import look_at_states
from tests.screens.walk import walk
from tests.services import free_port
from tests.setup import chromium_path


def main() -> int:
    """Walk, look, and say what is wrong; the number of faults decides the status."""
    parser = argparse.ArgumentParser(prog="python3 -m tests.screens")
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "instance" / "screens")
    parser.add_argument("--only", default="", help="only pages whose name holds these letters")
    parser.add_argument("--sizes", default=",".join(SIZES), help=f"of {', '.join(SIZES)}; separated by commas")
    parser.add_argument("--language", default="zh_Hans_CN", choices=("zh_Hans_CN", "en"), help="what the pages speak")
    chosen = parser.parse_args()
    sizes = chosen.sizes.split(",")
    faults: list[str] = []
    with tempfile.TemporaryDirectory() as instance, sync_playwright() as playwright:
        app = world.make(Path(instance))
        found = walk(app)
        faults.extend(f"leads nowhere: {line}" for line in found.broken)
        live = Live(app, free_port())
        live.start()
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        looker = Looker(browser, live.address, language=chosen.language, brings_axe=True)
        pages = [page for page in found.pages if chosen.only in page.name]
        for number, page in enumerate(pages, 1):
            print(f"{number}/{len(pages)} {page.name}", flush=True)
            faults.extend(looker.look(page, sizes, pictures=chosen.folder))
        if chosen.only in "state-":
            faults.extend(look_at_states(browser, Path(instance), sizes, language=chosen.language, pictures=chosen.folder))
        if chosen.only in "tablet":
            faults.extend(looker.look_at_tablet(*world.card(app), sizes, pictures=chosen.folder))
        looker.close()
        browser.close()
        live.stop()
    print(*faults, f"{len(pages)} pages in {len(sizes)} sizes, {len(faults)} faults; pictures in {chosen.folder}", sep="\n")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
