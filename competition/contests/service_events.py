"""Events of a contest: added, changed, removed while nobody is entered."""

import uuid
from datetime import datetime
from typing import Any, TypedDict, Unpack

from flask_babel import gettext as _
from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from competition.contests import hooks
from competition.contests.models import Contest, Event, Round, Stage
from competition.contests.service_contests import check_alive
from competition.core import audit
from competition.core.actors import Actor
from competition.core.database import atomic, db, find, get
from competition.core.errors import RuleBroken


class EventDetails(TypedDict, total=False):
    """What can be said of an event beyond its key, kind and name."""

    name_en: str | None
    name_bo: str | None
    entrant_kind: str
    is_compulsory: bool
    quota: int | None
    quota_per_delegation: int | None
    time_limit_s: int | None
    starts_at: datetime | None
    ends_at: datetime | None


class EventValues(EventDetails, total=False):
    """What can be changed of an event: all but its key and kind."""

    name_zh: str


def add_event(
    contest_id: uuid.UUID, *, key: str, kind: str, name_zh: str, actor: Actor, at: datetime,
    batch_size: int = 8, stations: int = 8, **more: Unpack[EventDetails],
) -> Event:
    """A new event at the end of the list, with one stage ``final`` and one round."""
    with atomic() as session:
        contest = get(Contest, contest_id, lock=True)
        check_alive(contest)
        _check_batch(batch_size, stations)
        if find(Event, contest_id=contest_id, key=key):
            raise RuleBroken(_("已有标识为“%(key)s”的项目。", key=key), code="event_exists", field="key")
        last = session.scalar(select(func.max(Event.position)).where(Event.contest_id == contest_id)) or 0
        event = Event(contest_id=contest_id, key=key, kind=kind, name_zh=name_zh.strip(), position=last + 1, **more)
        _check_times(event)
        session.add(event)
        session.flush()
        stage = Stage(event_id=event.id, key="final", position=1, name_zh="决赛", name_en="Final")
        session.add(stage)
        session.flush()
        session.add(Round(stage_id=stage.id, contest_id=contest_id, event_id=event.id, position=1, name=event.name_zh,
                          batch_size=batch_size, stations=stations, starts_at=event.starts_at))
        session.flush()
        _touch(contest, "contests.add_event", event, actor, at, {"events": [None, event.name_zh]})
    return event


def change_event(
    event_id: uuid.UUID, *, actor: Actor, at: datetime, batch_size: int | None = None, stations: int | None = None,
    position: int | None = None, **values: Unpack[EventValues],
) -> Event:
    """Change what is said of an event; ``position`` (from 1) moves it in the list."""
    with atomic():
        event = get(Event, event_id)
        contest = get(Contest, event.contest_id, lock=True)
        check_alive(contest)
        changed = {f"event.{event.key}.{n}": [getattr(event, n), new] for n, new in values.items() if getattr(event, n) != new}
        if "entrant_kind" in values and values["entrant_kind"] != event.entrant_kind:
            _check_unused(event)
        for name, new in values.items():
            setattr(event, name, new)
        _check_times(event)
        changed |= _change_round(event, batch_size, stations)
        if position is not None and position != event.position:
            changed[f"event.{event.key}.position"] = [event.position, position]
            _move(event, position)
        if changed:
            _touch(contest, "contests.change_event", event, actor, at, changed)
    return event


def remove_event(event_id: uuid.UUID, *, actor: Actor, at: datetime) -> None:
    """Take an event out of the contest; refused as soon as anything belongs to it."""
    try:
        with atomic() as session:
            event = get(Event, event_id)
            contest = get(Contest, event.contest_id, lock=True)
            check_alive(contest)
            _check_unused(event)
            session.execute(delete(Round).where(Round.event_id == event_id))
            session.execute(delete(Stage).where(Stage.event_id == event_id))
            session.execute(delete(Event).where(Event.id == event_id))
            _touch(contest, "contests.remove_event", event, actor, at, {"events": [event.name_zh, None]})
            session.expire(contest, ["events"])
    except IntegrityError as error:
        # Whatever room has rows for the event: the database itself keeps it.
        raise RuleBroken(_("这个项目已有报名、抽签或评分记录，不能移除。"), code="event_in_use") from error


def _check_unused(event: Event) -> None:
    reason = hooks.use_of_event(event.id)
    if reason:
        raise RuleBroken(reason, code="event_in_use")


def _check_times(event: Event) -> None:
    if event.starts_at and event.ends_at and event.ends_at <= event.starts_at:
        raise RuleBroken(_("项目结束时间应晚于开始时间。"), code="bad_dates", status=422, field="ends_at")
    for name in ("quota", "quota_per_delegation", "time_limit_s"):
        value = getattr(event, name)
        if value is not None and value < 1:
            raise RuleBroken(_("人数和时限应为正整数，不限时请留空。"), code="bad_number", status=422, field=name)


def _check_batch(batch_size: int, stations: int) -> None:
    """Everybody of a batch needs a station: the draw would make smaller batches than was said."""
    if batch_size > stations:
        words = _("每批 %(n)s 人，只有 %(stations)s 个工位：每人一个工位，每批人数不能超过工位数。", n=batch_size, stations=stations)
        raise RuleBroken(words, code="batch_too_large", status=422, field="batch_size")


def _change_round(event: Event, batch_size: int | None, stations: int | None) -> dict[str, list[object]]:
    changed: dict[str, list[object]] = {}
    for found in db.session.scalars(select(Round).where(Round.event_id == event.id)):
        wanted: dict[str, Any] = {"batch_size": batch_size or found.batch_size, "stations": stations or found.stations,
                  "starts_at": event.starts_at, "name": event.name_zh if found.position == 1 else found.name}
        if (wanted["batch_size"], wanted["stations"]) != (found.batch_size, found.stations):
            _check_batch(wanted["batch_size"], wanted["stations"])
        for name, new in wanted.items():
            if getattr(found, name) != new:
                changed[f"event.{event.key}.round.{name}"] = [getattr(found, name), new]
                setattr(found, name, new)
    return changed


def _move(event: Event, position: int) -> None:
    others = list(db.session.scalars(
        select(Event).where(Event.contest_id == event.contest_id, Event.id != event.id).order_by(Event.position)))
    others.insert(max(0, position - 1), event)
    for number, each in enumerate(others, start=1):
        each.position = number


def _touch(contest: Contest, act: str, event: Event, actor: Actor, at: datetime, changed: dict[str, list[object]]) -> None:
    contest.version += 1
    audit.record(act, actor=actor, subject=("contest", contest.id), at=at, chain=contest.id,
                 details={"version": contest.version, "event": event.key, "changed": changed})
