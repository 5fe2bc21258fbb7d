"""Series and contests: made and changed."""

import re
import uuid
from collections.abc import Sequence
from datetime import date, datetime
from typing import TypedDict, Unpack

from flask_babel import gettext as _
from sqlalchemy import select

from competition.contests import rules
from competition.contests.models import Contest, OrgBody, Series
from competition.contests.queries import changes_since
from competition.core import audit
from competition.core.actors import Actor
from competition.core.database import atomic, db, find, get
from competition.core.errors import RuleBroken, Stale

CODE = re.compile(r"[A-Z][A-Z0-9]{1,11}", re.ASCII)


class ContestDetails(TypedDict, total=False):
    """What can be said of a contest beyond its code, name, host and days."""

    name_en: str | None
    name_bo: str | None
    series_id: uuid.UUID | None
    kind: str
    level: str
    contest_class: int | None
    is_flagship: bool
    trade: str
    industry: str
    region_code: str | None
    venue: str
    zone: str
    summary: str
    registration_opens_at: datetime | None
    registration_closes_at: datetime | None
    quota: int | None
    public_notice_days: int
    review_levels: list[str]
    is_demo: bool


class ContestValues(ContestDetails, total=False):
    """What can be changed of a contest: all but its code."""

    name_zh: str
    host_union_id: uuid.UUID
    starts_on: date
    ends_on: date


def check_code(code: str) -> str:
    """The code as it will stand in certificate numbers."""
    tidy = code.strip().upper()
    if CODE.fullmatch(tidy) is None:
        raise RuleBroken(_("代号用 2 至 12 个大写字母和数字，以字母开头，例如 LM2026。"), code="bad_code", status=422, field="code")
    return tidy


def create_series(
    *, code: str, name_zh: str, host_union_id: uuid.UUID, actor: Actor, at: datetime,
    name_en: str | None = None, name_bo: str | None = None,
) -> Series:
    """A new umbrella over contests."""
    tidy = check_code(code)
    with atomic() as session:
        if find(Series, code=tidy):
            raise RuleBroken(_("代号“%(code)s”已有别的大赛使用，请换一个。", code=tidy), code="code_taken", field="code")
        series = Series(code=tidy, name_zh=name_zh.strip(), name_en=name_en or None, name_bo=name_bo or None,
                        host_union_id=host_union_id, created_at=at)
        session.add(series)
        session.flush()
        audit.record("contests.create_series", actor=actor, subject=("series", series.id), at=at,
                     details={"code": tidy, "name": series.name_zh})
    return series


def create_contest(
    *, code: str, name_zh: str, host_union_id: uuid.UUID, starts_on: date, ends_on: date, actor: Actor, at: datetime,
    bodies: Sequence[tuple[str, str]] = (), **more: Unpack[ContestDetails],
) -> Contest:
    """A new contest in preparation. ``bodies``: (role of BODY_ROLES, name) in the order of the notice."""
    tidy = check_code(code)
    with atomic() as session:
        if find(Contest, code=tidy):
            raise RuleBroken(_("代号“%(code)s”已有别的赛事使用，请换一个。", code=tidy), code="code_taken", field="code")
        contest = Contest(code=tidy, name_zh=name_zh.strip(), host_union_id=host_union_id, starts_on=starts_on,
                          ends_on=ends_on, created_at=at, **more)
        check_dates(contest)
        session.add(contest)
        session.flush()
        _write_bodies(contest.id, bodies)
        audit.record("contests.create", actor=actor, subject=("contest", contest.id), at=at, chain=contest.id,
                     details={"code": tidy, "name": contest.name_zh, "version": 1})
    return contest


def change_contest(
    contest_id: uuid.UUID, *, version: int, actor: Actor, at: datetime, **values: Unpack[ContestValues],
) -> Contest:
    """Change what is said of a contest. ``version`` is the one the page showed; an older one is refused
    with what others changed since (:class:`Stale`, details ``changes``)."""
    with atomic():
        contest = get(Contest, contest_id, lock=True)
        check_version(contest, version)
        check_alive(contest)
        changed = {name: [getattr(contest, name), new] for name, new in values.items() if getattr(contest, name) != new}
        if not changed:
            return contest
        for name, (_old, new) in changed.items():
            setattr(contest, name, new)
        check_dates(contest)
        contest.version += 1
        audit.record("contests.change", actor=actor, subject=("contest", contest.id), at=at, chain=contest.id,
                     details={"version": contest.version, "changed": changed})
    return contest


def set_bodies(
    contest_id: uuid.UUID, bodies: Sequence[tuple[str, str]], *, version: int, actor: Actor, at: datetime,
) -> Contest:
    """Replace the bodies on the notice: (role, name) in order."""
    with atomic() as session:
        contest = get(Contest, contest_id, lock=True)
        check_version(contest, version)
        check_alive(contest)
        before = bodies_of(contest_id)
        if [(b.org_role, b.name) for b in before] == [tuple(b) for b in bodies]:
            return contest
        for body in before:
            session.delete(body)
        session.flush()
        _write_bodies(contest_id, bodies)
        session.expire(contest, ["bodies"])
        contest.version += 1
        audit.record("contests.set_bodies", actor=actor, subject=("contest", contest.id), at=at, chain=contest.id,
                     details={"version": contest.version,
                              "changed": {"bodies": [[b.name for b in before], [name for _role, name in bodies]]}})
    return contest


def bodies_of(contest_id: uuid.UUID) -> list[OrgBody]:
    """The bodies on the notice, in order."""
    return list(db.session.scalars(select(OrgBody).where(OrgBody.contest_id == contest_id).order_by(OrgBody.position)))


def _write_bodies(contest_id: uuid.UUID, bodies: Sequence[tuple[str, str]]) -> None:
    for position, (role, name) in enumerate(bodies, start=1):
        if role not in rules.BODY_ROLES or not name.strip():
            raise RuleBroken(_("每个单位都要写名称并选择主办、承办、协办或指导。"), code="bad_body", status=422, field="bodies")
        db.session.add(OrgBody(contest_id=contest_id, org_role=role, name=name.strip(), position=position))
    db.session.flush()


def check_dates(contest: Contest) -> None:
    """Raise unless the dates agree with each other; the first contradiction names its field, ``details['more']`` has the others."""
    faults = rules.date_faults(contest.starts_on, contest.ends_on, contest.registration_opens_at, contest.registration_closes_at)
    if faults:
        field, sentence = faults[0]
        raise RuleBroken(sentence, code="bad_dates", status=422, field=field, more=faults[1:])


def check_alive(contest: Contest) -> None:
    """Raise for a contest that is over or called off: its facts stand on certificates."""
    if contest.phase == "finished" or contest.condition == "cancelled":
        raise RuleBroken(_("赛事已结束或已取消，内容不能再修改。"), code="contest_over")


def check_version(contest: Contest, version: int) -> None:
    """Raise :class:`Stale` when somebody saved since ``version`` was shown."""
    if contest.version != version:
        raise Stale(_("您打开页面之后，别人已经修改了这项赛事，您的修改还没有保存。"),
                    changes=changes_since(contest.id, version), version=contest.version)
