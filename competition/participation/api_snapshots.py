"""Frozen figures for other systems: what a period was said to be, and when that was frozen."""

from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from spectree import Response as Answers

from competition.core.access import act
from competition.core.errors import NotFound
from competition.counting.rules_periods import month_code
from competition.participation import queries_bulletin
from competition.participation import schemas_snapshots as schemas
from competition.participation.models_snapshots import FigureSnapshot
from competition.participation.rules_targets import REGISTERED
from competition.returns import queries_api
from competition.returns.api import REFUSALS, TOKEN, blueprint, spec, this_token
from competition.returns.schemas_api import ErrorOut


@blueprint.get("/snapshots")
@spec.validate(query=schemas.SnapshotsQuery, resp=Answers(HTTP_200=schemas.SnapshotsOut, **REFUSALS), security=TOKEN, tags=["figures"])
@act("participation.api_read")
def snapshots(query: schemas.SnapshotsQuery) -> schemas.SnapshotsOut:
    """Which periods were frozen, the newest first; each version with when and why."""
    page = queries_bulletin.page_of_snapshots(query.period, query.page)
    return schemas.SnapshotsOut(snapshots=[schemas.SnapshotLine(**_line(one)) for one in page], page=page.page, pages=page.pages,
                                total=page.total)


@blueprint.get("/snapshots/<uuid:snapshot_id>")
@spec.validate(resp=Answers(HTTP_200=schemas.SnapshotOut, HTTP_404=ErrorOut, **REFUSALS), security=TOKEN, tags=["figures"])
@act("participation.api_read")
def one_snapshot(snapshot_id: UUID) -> schemas.SnapshotOut:
    """The figures of one version, as they were frozen: the same whenever they are asked for."""
    found = queries_bulletin.find_snapshot(snapshot_id)
    if found is None:
        raise NotFound(_("没有这份固定的数字。"))
    reached = queries_api.divisions_of(this_token())
    told = found.payload
    return schemas.SnapshotOut(
        **_line(found), headline=told.get("headline", REGISTERED), whole=_whole(told) if reached is None else None,
        places=[schemas.FrozenPlace(scope=place["code"], **{name: place[name] for name in PLACE})
                for place in told["places"] if reached is None or place["code"] in reached])


PLACE = ("name", "month_persons", "persons", "person_times", "before", "target", "more")


def _line(found: FigureSnapshot) -> dict[str, Any]:
    return {"id": found.id, "period": found.period, "version": found.version, "made_at": found.made_at, "counted_at": found.counted_at,
            "reason": found.reason, "digest": found.payload_digest}


def _whole(told: dict[str, Any]) -> schemas.FrozenWhole:
    reported, held = told["reported"], told["held"]
    return schemas.FrozenWhole(
        months=[schemas.FrozenMonth(period=month_code(month), persons=persons, person_times=times)
                for month, persons, times in told["months"]],
        dimensions={name: [schemas.FrozenValue(value=value, persons=persons, person_times=times) for value, persons, times in rows]
                    for name, rows in told["dimensions"].items()},
        heads=reported["heads"], overlap=reported["overlap"], measures=reported["measures"], contests=held["contests"], hosts=held["hosts"])
