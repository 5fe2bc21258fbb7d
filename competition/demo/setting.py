"""What the three contests share while they are loaded."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from competition.accounts import service as accounts
from competition.accounts.models import Account, Person
from competition.accounts.service_consent import agree
from competition.accounts.terms import CURRENT
from competition.contests import service as contests
from competition.contests.models import Contest, Round, Series
from competition.core.actors import SYSTEM, Actor
from competition.core.database import atomic, db, find, get
from competition.demo.names import Invented, invent
from competition.demo.people import add_people
from competition.demo.staff import LOGIN
from competition.notices import service as notices
from competition.organisations.models import Union

ZONE = ZoneInfo("Asia/Shanghai")
EVENTS = (("theory", "theory"), ("basic", "practical"), ("broth", "practical"), ("bowl", "practical"), ("creative", "practical"))
BODIES = [("guide", "演示全国总工会"), ("organiser", "演示财贸轻纺烟草工会"), ("organiser", "演示烹饪协会"),
          ("host", "演示省总工会"), ("co_host", "演示县人民政府")]


@dataclass
class Setting:
    """The instant, the staff, the dice, and the next invented person."""

    at: datetime
    today: date
    home: Union
    random: Random
    contestants: int
    staff: dict[str, Account]
    next_serial: int = 0

    def actor(self, key: str) -> Actor:
        """One of the staff as who acts."""
        account = self.staff[key]
        return Actor("account", account.id, None, account.display_name)

    def ago(self, days: float) -> datetime:
        """An instant before the loading; negative days lie ahead."""
        return self.at - timedelta(days=days)

    def day(self, days: int, hour: int) -> datetime:
        """An hour of a day that lies ``days`` from today, in the contest's zone."""
        return datetime.combine(self.today + timedelta(days=days), time(hour), ZONE)

    def people(self, count: int, at: datetime) -> tuple[list[Invented], dict[int, uuid.UUID]]:
        """New invented people with their rows."""
        found = list(invent(self.random, count, self.next_serial))
        self.next_serial += count
        return found, add_people(found, self.random, at, contactable=True)

    def contestant_account(self, key: str, person: Invented, person_id: uuid.UUID, at: datetime) -> Account:
        """An account for one of the invented people, so that a visitor can be him."""
        with atomic():
            account = accounts.create_account(login=f"{LOGIN}{key}", display_name=person.name, password=None,
                                              person_id=person_id, actor=SYSTEM, at=at)
            agree(account.id, tuple(CURRENT), actor=Actor("account", account.id, person_id, person.name), at=at)
        self.staff[key] = account
        return account

    def series(self) -> Series:
        """The umbrella over the three contests."""
        found = find(Series, code="YSLM")
        return found or contests.create_series(
            code="YSLM", name_zh="拉面技能大赛（演示）", name_en="Lamian Skills Contest (demonstration)",
            host_union_id=self.home.id, actor=self.actor("organizer"), at=self.ago(200))

    def contest(
        self, code: str, name: str, *, first_day: int, days: int, opens: int, closes: int, made: float, **more: Any
    ) -> Contest:
        """A lamian contest of class 1 with theory and four events.

        ``first_day``, ``opens``, ``closes`` are days from today, ``made`` is days ago.
        """
        actor, at = self.actor("organizer"), self.ago(made)
        starts_on = self.today + timedelta(days=first_day)
        contest = contests.create_contest(
            code=code, name_zh=name, host_union_id=self.home.id, starts_on=starts_on, ends_on=starts_on + timedelta(days=days - 1),
            actor=actor, at=at, bodies=BODIES, series_id=self.series().id, contest_class=1, level="national", trade="拉面制作",
            industry="catering", region_code="630224", venue="化隆县群科新区体育馆（演示）",
            registration_opens_at=self.day(opens, 9), registration_closes_at=self.day(closes, 18), review_levels=["province"],
            summary="演示数据，人物和单位均为虚构。理论考试和手工拉面基本功、拉面调汤、拉面成品、创新拉面四个项目。", **more)
        document = contests.ready_rulebooks()["lamian"]
        rules = {event["key"]: event for event in document["events"]}
        for number, (key, kind) in enumerate(EVENTS):
            contests.add_event(
                contest.id, key=key, kind=kind, name_zh=rules[key]["name"]["zh"], name_en=rules[key]["name"].get("en"),
                is_compulsory=key == "theory", time_limit_s=rules[key].get("time", {}).get("limit_s"),
                batch_size=40 if key == "theory" else 20, stations=40 if key == "theory" else 20,
                starts_at=self.day(first_day + number // 2, 14 if number % 2 else 9), actor=actor, at=at)
        contests.set_rulebook(contest.id, document, reason="", actor=actor, at=at)
        with atomic():
            get(Contest, contest.id).is_demo = True
            self._publish_notice(contest, at)
            contests.announce(contest.id, actor=actor, at=at)
        return get(Contest, contest.id)

    def _publish_notice(self, contest: Contest, at: datetime) -> None:
        body = (f"各省、自治区、直辖市总工会：\n\n现将“{contest.name}”有关事项通知如下（演示）。\n\n"
                "一、竞赛项目：理论知识，手工拉面基本功，"
                "拉面调汤，拉面成品，创新拉面。\n二、报名：在本系统网上报名，由所在工会审核。\n三、成绩：理论占 30%，实操综合占 70%；"
                "各项目设金奖 1 名、银奖 2 名、铜奖 3 名。\n四、其他：评分规则见本页。")
        notice = notices.save_notice("contest", contest.id, title=f"关于举办{contest.name}的通知", body=body,
                                     actor=self.actor("organizer"), at=at)
        notices.publish_notice(notice.id, actor=self.actor("organizer"), at=at)

    def rounds(self, contest: Contest) -> dict[str, Round]:
        """The rounds by the key of their event."""
        found = db.session.scalars(select(Round).where(Round.contest_id == contest.id))
        return {each.event.key: each for each in found}

    def finish(self) -> None:
        """Mark the demonstration as whole."""
        accounts.create_account(login=f"{LOGIN}complete", display_name="演示数据已完整载入", password=None, actor=SYSTEM, at=self.at)


def person_of(person_id: uuid.UUID) -> Person:
    """The row of an invented person."""
    return get(Person, person_id)


def states(counts: Sequence[tuple[str, int]]) -> list[str]:
    """A list of states from (state, how many)."""
    return [state for state, count in counts for _ in range(count)]
