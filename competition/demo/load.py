"""Loads the demonstration: three contests of the size of the second national lamian contest, and a year of participation.

What is few is done by the services themselves, what is many by the bulk writers of this room, which
write the same rows and the same audit chain. Dates lie around the day of loading.
"""

from collections.abc import Callable
from datetime import datetime
from random import Random

from sqlalchemy import delete, text

from competition.accounts.models import Account
from competition.core.database import db, find
from competition.counting import service as counting
from competition.demo import activities, evaluation, open_contest, published_contest, returns, running_contest, targets
from competition.demo.setting import ZONE, Setting
from competition.demo.staff import LOGIN, add_staff
from competition.demo.year import add_year
from competition.organisations.service import found_tree
from competition.participation.rules_bulletin import title_of
from competition.participation.rules_questions import Question
from competition.participation.service_snapshots import freeze


def is_loaded() -> bool:
    """Has the demonstration been loaded whole? Its last account is made at the very end."""
    return find(Account, login=f"{LOGIN}complete") is not None


def clear() -> None:
    """Empty the demonstration's database: what an interrupted loading left behind."""
    with db.engine.execution_options(immediate=True, unguarded=True).begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text("PRAGMA defer_foreign_keys=ON"))
        for table in reversed(db.metadata.sorted_tables):
            connection.execute(delete(table))
    db.session.rollback()


def load(at: datetime, *, contestants: int, persons: int, seed: int, say: Callable[[str], object]) -> None:
    """Load everything into an empty database; ``say`` is told each step."""
    random = Random(seed)  # noqa: S311 - invented data must come out the same again
    today = at.astimezone(ZONE).date()
    home = found_tree(at)
    setting = Setting(at=at, today=today, home=home, random=random, contestants=contestants, staff=add_staff(at))
    say(f"演示：载入已发布的竞赛（{contestants} 名选手）…")
    published_contest.add(setting)
    say("演示：载入正在评分的竞赛…")
    running_contest.add(setting)
    say("演示：载入正在报名的竞赛…")
    open_contest.add(setting)
    say(f"演示：载入本年度参赛记录（{persons} 人）…")
    add_year(random, at, today, persons, start=setting.next_serial)
    setting.next_serial += persons
    say("演示：载入活动上报…")
    returns.add(setting)
    for contest_id in counting.contests_to_collect():
        counting.collect_facts(contest_id, actor=setting.actor("organizer"), at=at)
    counting.roll_up(at=at)
    targets.add(setting)
    say("演示：载入竞赛活动…")
    activities.add(setting)
    freeze(Question(year=str(today.year)), "", title_of(str(today.year)), actor=setting.actor("organizer"), at=at)
    evaluation.add(setting)
    setting.finish()
    say("演示：载入完成。")
