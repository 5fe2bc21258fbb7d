"""A judge at a tablet with Firefox or WebKitGTK: signs in, marks, loses the server, starts the page anew, marks on, hands in."""

import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select

from competition.arena.work_queries import list_works
from competition.core.actors import SYSTEM
from competition.core.clock import now
from competition.core.database import db
from competition.judging import queries, service
from competition.judging.models import MarkEvent
from competition.judging.service_seats import Card
from tests.browsers.drivers import BROWSERS, Driver
from tests.builders import make_contest
from tests.cast import make_cast
from tests.house import build
from tests.judges import make_panel, round_of, works
from tests.judging.process import ServerProcess
from tests.services import free_port

PATIENCE_S = 30.0
# As marked below: what the server must have, in this order.
VALUES = ["2", "20", "1", "19", "3", "30", "8", "5"]


@dataclass
class Judge:
    """Who taps what stands on the page."""

    page: Driver

    def tap(self, label: str) -> None:
        words = f"normalize-space(.)='{label}' or @aria-label='{label}'"
        self._until(lambda: self.page.click(self.page.find(f"//judge-app//button[{words}]")) or True, label)

    def choose(self, code: str) -> None:
        tile = f"//judge-app//button[contains(@class, 'jt-tile')][contains(., '{code}')]"
        self._until(lambda: self.page.click(self.page.find(tile)) or True, code)

    def type(self, text: str) -> None:
        for sign in text:
            self.tap(sign)

    def sees(self, words: str) -> None:
        found = f"{{ return document.querySelector('judge-app')?.textContent.replace(/\\s+/g, ' ').includes('{words}'); }}"
        self._until(lambda: self.page.run(found) is True, words)

    def _until(self, attempt: Callable[[], Any], what: str) -> None:
        deadline, why = time.monotonic() + PATIENCE_S, ""
        while time.monotonic() < deadline:
            try:
                if attempt():
                    return
            except LookupError as error:
                why = str(error)
            time.sleep(0.1)
        raise SystemExit(f"{self.page.name}: {what} did not come. {why}\n{self.page.run('{ return document.body.innerText; }')}")


def walk(page: Driver, server: ServerProcess, card: Card, code: str) -> str:
    """The whole way; what the page can do without a server in this browser."""
    judge = Judge(page)
    page.go(f"{server.address}/judge/open#{card.token}")
    judge.sees("请输入 PIN")
    judge.type(card.pin)
    judge.sees("已提交 0 件，共 1 件")
    kept = page.run("{ return (await document.querySelector('judge-app').shell?.lacking()) === 0; }") is True
    judge.choose(code)
    mark(judge, "20")
    judge.sees("服务器已收到全部 2 次改动")
    server.stop()
    mark(judge, "19")
    judge.sees("已保存到本机")
    judge.sees("待上传 2 项")
    if kept:
        page.go(f"{server.address}/judge/")
        judge.sees("待上传 2 项")
        judge.choose(code)
    mark(judge, "30", "8", "5")
    server.start()
    if not kept:
        page.go(f"{server.address}/judge/")
        judge.choose(code)
    judge.sees("服务器已收到全部 8 次改动")
    judge.tap("核对并提交")
    judge.tap("提交本件评分")
    judge.sees("已提交评分")
    return "kept the page and started it without a server" if kept else "kept the marks; the page itself needs the server"


def mark(judge: Judge, *values: str) -> None:
    for value in values:
        judge.type(value)
        if value != "5":
            judge.tap("下一项")


def tried(name: str) -> str:
    """One browser on an application of its own; raises SystemExit with what did not come."""
    with tempfile.TemporaryDirectory() as folder:
        app = build(Path(folder))
        with app.app_context():
            cast = make_cast()
            round_ = round_of(make_contest(cast, phase="running", events=("broth",)), "broth")
            works(round_, 1, at=cast.at)
            make_panel(round_, 1, at=cast.at)
            service.open_round(round_.id, actor=SYSTEM, at=cast.at)
            card = service.make_cards([queries.seats_of_round(round_.id)[0].id], actor=SYSTEM, at=now())[0]
            code, server = list_works(round_.id)[0].code, ServerProcess(app, free_port())
            server.start()
            try:
                with BROWSERS[name]() as page:
                    said = f"{name} {page.version()}: {walk(page, server, card, code)}"
                db.session.rollback()
                held = list(db.session.scalars(select(MarkEvent.value).where(MarkEvent.kind == "mark").order_by(MarkEvent.seq)))
            finally:
                server.stop()
                db.session.remove()
                db.engine.dispose()
    if held != VALUES:
        raise SystemExit(f"{name}: the server has {held}, tapped was {VALUES}")
    return said


def main(names: list[str]) -> None:
    """Each named browser, or both."""
    for name in names or list(BROWSERS):
        began = time.monotonic()
        print(f"{tried(name)} ({time.monotonic() - began:.0f} s)")
    print(f"{len(names or BROWSERS)} passed, 0 failed")


if __name__ == "__main__":
    main(sys.argv[1:])
