"""States that no link leads to: pages of errors, forms that were kept, halted contests, long work on its way, a tablet without
a net, empty desks, a browser that runs no scripts. Each is brought about, then looked at.
"""

import uuid
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask, abort
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab
from sqlalchemy import select

from competition.contests import service as contests
from competition.contests.models import Contest
from competition.contests.queries import current_rulebook, newest_preview
from competition.core.actors import Actor
from competition.core.clock import now
from competition.core.database import atomic, db
from competition.core.errors import RuleBroken
from competition.core.jobs import Job, run_job
from competition.demo.staff import ROLES, demo_accounts
from competition.results import service as results
from competition.results.models import Publication
from competition.results.views_preview import address
from tests.courses import called_off
from tests.live import Live
from tests.screens import world
from tests.screens.look import Looker, open_sheet, type_pin
from tests.screens.walk import VISITOR
from tests.services import free_port

REFUSED = "/-/refused"
STATUSES = (400, 401, 403, 404, 405, 409, 413, 422, 429, 500)
CAUSE = "赛场停电，恢复时间另行通知（演示）。"
WORK = {"queued": (0, ""), "running": (3, "总成绩"), "failed": (3, ""), "cancelled": (3, "")}


def add_refusals(app: Flask) -> None:
    """An address for each refusal: which of our pages it gets does not depend on why."""

    def refused(status: int) -> str:
        if status in (409, 422):
            raise RuleBroken("名额已满，没有提交。", status=status, details=["可以改报其他项目，或进入候补。"])
        if status == 500:
            raise LookupError(REFUSED)
        abort(status)

    refused.__act__ = "core.health"  # type: ignore[attr-defined]
    app.add_url_rule(f"{REFUSED}/<int:status>", "screens.refused", refused)
    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False


@dataclass
class States:
    """Somebody who brings the states about, with a browser in front of them."""

    app: Flask
    looker: Looker
    sizes: list[str]
    pictures: Path | None = None
    faults: list[str] = field(default_factory=list)

    def see(self, tab: Tab, name: str, sizes: list[str] | None = None) -> None:
        """Look at a page as it stands."""
        self.faults += self.looker.see(tab, f"state-{name}", sizes or self.sizes, pictures=self.pictures)

    def see_at(self, who: str, path: str, name: str) -> None:
        """Look at an address."""
        tab = self.looker.tab(who)
        tab.goto(self.looker.address + path)
        self.see(tab, name)

    def errors(self) -> None:
        """Every page of errors, for who has signed in and who has not."""
        for status in STATUSES:
            self.see_at(VISITOR, f"{REFUSED}/{status}", f"error-{status}")
        self.see_at("organizer", f"{REFUSED}/403", "error-403-staff")

    def kept_forms(self) -> None:
        """A form that is sent when the sign-in is over, and one that belongs to an older session."""
        tab = self.looker.tab("organizer2")
        self._write(tab)
        self.app.config["WTF_CSRF_ENABLED"] = True
        tab.locator("main form button[type=submit]").first.click()
        tab.wait_for_load_state()
        self.see(tab, "form-of-an-older-session")
        self.app.config["WTF_CSRF_ENABLED"] = False
        self._write(tab)
        tab.context.clear_cookies(name=self.app.config["SESSION_COOKIE_NAME"])
        tab.locator("main form button[type=submit]").first.click()
        tab.wait_for_load_state()
        self.see(tab, "form-after-sign-out")

    def _write(self, tab: Tab) -> None:
        tab.goto(f"{self.looker.address}/manage/notices/new")
        tab.locator("[name=title]").fill("关于调整比赛时间的公告（演示）")
        tab.locator("[name=body]").fill("因天气原因，比赛顺延一天。")
        tab.evaluate("document.querySelectorAll('[name=csrf_token]').forEach(field => { field.value = 'of-another-session'; })")

    def halted(self) -> None:
        """A contest that is put off, stopped, called off: for the public, the staff, who entered."""
        for word in self._changes():
            for who, path, page in ((VISITOR, "/contests/{}", "public"), ("organizer", "/manage/contests/{}/home", "home"),
                                    ("organizer", "/manage/contests/{}", "overview"), ("contestant_open", "/my/entries", "contestant")):
                self.see_at(who, path.format(self._contest_id), f"{word}-{page}")

    def _changes(self) -> Iterator[str]:
        with self.app.app_context():
            contest = db.session.scalars(select(Contest).where(Contest.code == "YSLM4")).one()
            self._contest_id = contest.id
            organizer, second = self._organizer(), self._organizer("organizer2")
        change: dict[str, Callable[[], object]] = {
            "postponed": lambda: contests.postpone(contest.id, reason=CAUSE, actor=organizer, at=now()),
            "stopped": lambda: contests.stop(contest.id, reason=CAUSE, actor=organizer, at=now()),
            "cancelled": lambda: called_off(contest.id, CAUSE, by=organizer, second=second, at=now()),
        }
        contest_id = self._contest_id
        for word, act in change.items():
            with self.app.app_context():
                if word == "stopped":
                    contests.resume(contest_id, reason="恢复供电（演示）。", actor=organizer, at=now())
                act()
            yield word

    def _organizer(self, key: str = "organizer") -> Actor:
        account = demo_accounts()[key]
        return Actor("account", account.id, None, account.display_name)

    def working(self) -> None:
        """Long work that waits, runs, failed, was stopped."""
        with self.app.app_context():
            published = db.session.scalars(select(Publication.contest_id).limit(1)).one()
            job_id = results.print_book(published, actor=self._organizer(), at=now()).id
        for state, (done, said) in WORK.items():
            with self.app.app_context(), atomic() as session:
                job = session.get_one(Job, job_id)
                job.state, job.done, job.total, job.message = state, done, 7, said
                job.error = "字库中没有这些字：䶮" if state == "failed" else None
            self.see_at("organizer", f"/jobs/{job_id}", f"work-{state}")

    def effects(self) -> None:
        """What a change of a frozen rulebook does: before it is asked for, as the second person sees it, when something has come since."""
        with self.app.app_context():
            contest_id = db.session.scalars(select(Contest.id).where(Contest.code == "YSLM3")).one()
            document = deepcopy(current_rulebook(contest_id).document)
            for event in document["events"]:
                if "panel" in event:
                    event["panel"] = {"by": "sheet", "method": "median", "minimum": 3}
            job = contests.preview_rulebook_change(contest_id, document, reason=CAUSE, actor=self._organizer(), at=now())
            draft, job_id = uuid.UUID(job.payload["preview"]), job.id
            run_job(job_id)
        page = f"/manage/contests/{contest_id}/results/rulebook-changes/{draft}"
        self.see_at("organizer", page, "effects-draft")
        with self.app.app_context():
            asked = contests.ask_rulebook_change(draft, actor=self._organizer(), at=now()).id
            page = address(contest_id, newest_preview(asked).id)
        self.see_at("organizer2", page, "effects-asked")
        self.see_at("organizer2", f"/approvals/{asked}", "effects-approval")
        with self.app.app_context():
            contests.stop(contest_id, reason=CAUSE, actor=self._organizer(), at=now())
            contests.resume(contest_id, reason="恢复供电（演示）。", actor=self._organizer(), at=now())
        self.see_at("organizer2", page, "effects-old")

    def offline(self) -> None:
        """A tablet whose net is gone, with a mark that waits."""
        link, pin = world.card(self.app)
        for size in self.sizes:
            tab = self.looker.tablet(size)
            context = tab.context
            tab.goto(self.looker.address + link)
            type_pin(tab, pin)
            open_sheet(tab)
            context.set_offline(True)
            tab.get_by_role("button", name="5", exact=True).click()
            tab.locator(".jt-off").wait_for()
            self.see(tab, "tablet-offline", [size])
            context.close()

    def plain(self) -> None:
        """The public's pages without scripts."""
        with self.app.app_context():
            ids = dict(db.session.execute(select(Contest.code, Contest.id)).all())
        pages = {
            "start": "/", "contests": "/contests", "contest": f"/contests/{ids['YSLM2']}", "ranking": f"/contests/{ids['YSLM2']}/results",
            "draw": f"/contests/{ids['YSLM3']}/draw", "notices": "/notices", "verify": "/v", "sign-in": "/sign-in"}
        context = self.looker.browser.new_context(java_script_enabled=False, locale="zh-CN")
        self.looker.speak(context)
        tab = context.new_page()
        for name, path in pages.items():
            tab.goto(self.looker.address + path)
            # What measures and what axe is are scripts, too: here are pictures alone.
            self.looker.picture(tab, f"state-plain-{name}", self.sizes, self.pictures)
        context.close()

    def empty(self) -> None:
        """Every role's first page where there is nothing yet."""
        for role in ROLES:
            self.see_at(role.key, "/desk", f"empty-{role.key}")
        for name, path in {"contests": "/manage/contests", "year": "/participation", "people": "/manage/registration"}.items():
            self.see_at("organizer", path, f"empty-{name}")
        for name, path in {"start": "/", "contests": "/contests", "notices": "/notices"}.items():
            self.see_at(VISITOR, path, f"empty-public-{name}")


def look_at_states(browser: Browser, folder: Path, sizes: list[str], *, language: str, pictures: Path | None = None) -> list[str]:
    """All of them, in worlds of their own; a line for each fault."""
    full, bare = folder / "full", folder / "bare"
    app = world.make(full, before=add_refusals)
    faults = _with(app, browser, sizes, language, pictures, ("plain", "errors", "working", "offline", "effects", "halted", "kept_forms"))
    return faults + _with(world.make_empty(bare), browser, sizes, language, pictures, ("empty",))


def _with(app: Flask, browser: Browser, sizes: list[str], language: str, pictures: Path | None, names: tuple[str, ...]) -> list[str]:
    live = Live(app, free_port())
    live.start()
    looker = Looker(browser, live.address, language=language, brings_axe=True)
    states = States(app, looker, sizes, pictures)
    try:
        for name in names:
            getattr(states, name)()
    finally:
        looker.close()
        live.stop()
    return states.faults
