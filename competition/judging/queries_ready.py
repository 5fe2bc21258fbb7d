"""Which tablets are ready for a start without network, and whether what they hold still is what is judged."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from competition.arena.works import Work
from competition.contests.models import Round, RulebookVersion
from competition.core.built import page_build
from competition.core.database import db
from competition.judging.models import DeviceReport, Excusal, Panel, RoundPanel, Seat
from competition.judging.queries_rulebooks import rulebook_digests
from competition.judging.queries_seats import live_devices
from competition.judging.queries_tablet import works_tag

# No tablet; never prepared; prepared; with faults; prepared, but works or rulebook changed since.
NONE, UNKNOWN, READY, FAULTY, STALE = "none", "unknown", "ready", "faulty", "stale"

# What identifies a pack: (round, digest of the rulebook, tag of its works).
Pack = frozenset[tuple[str, str, str]]


@dataclass(frozen=True)
class Readiness:
    """The tablet of a seat by its own word. ``checks``: ok, warn or bad by name; ``versions``: of the rulebooks it has;
    ``is_old``: it runs with an older page than this server has."""

    state: str
    at: datetime | None = None
    checks: Mapping[str, str] = field(default_factory=dict)
    versions: tuple[int, ...] = ()
    app_version: str = ""
    is_old: bool = False


def readiness_of(seats: Collection[Seat]) -> dict[uuid.UUID, Readiness]:
    """Every seat's live tablet. Costs the same number of statements for few seats and for many."""
    reports = {seat_id: report for seat_id, (_device, report) in live_devices([seat.id for seat in seats]).items()}
    prepared = [seat for seat in seats if (report := reports.get(seat.id)) is not None and report.ready is not None]
    packs = _packs({seat.panel_id for seat in prepared})
    numbers = _numbers({digest for pack in map(_of, reports.values()) for _round, digest, _tag in pack})
    return {seat.id: _readiness(reports[seat.id], packs.get(seat.panel_id), numbers) if seat.id in reports else Readiness(NONE)
            for seat in seats}


def _readiness(report: DeviceReport | None, pack: Pack | None, numbers: Mapping[str, int]) -> Readiness:
    if report is None or report.ready is None:
        return Readiness(UNKNOWN, app_version=report.app_version if report else "", is_old=is_old_page(report))
    has = _of(report)
    state = FAULTY if not report.ready["ok"] else READY if has == pack else STALE
    versions = {numbers[digest] for _round, digest, _tag in has if digest in numbers}
    return Readiness(state, report.ready_at, report.ready["checks"], tuple(sorted(versions)), report.app_version, is_old_page(report))


def is_old_page(report: DeviceReport | None) -> bool:
    """The tablet's page is another than the one that the server gives out."""
    return report is not None and report.app_version not in ("", page_build("tablet").version)


def _of(report: DeviceReport | None) -> Pack:
    said = report.ready["rounds"] if report is not None and report.ready is not None else []
    return frozenset((one["id"], one["rulebook"], one["works_tag"]) for one in said)


def _packs(panel_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Pack]:
    """What a tablet of each panel would be given now."""
    if not panel_ids:
        return {}
    query = select(Panel, Round).join(RoundPanel, RoundPanel.panel_id == Panel.id).join(Round, Round.id == RoundPanel.round_id)
    pairs = [(panel, round_) for panel, round_ in db.session.execute(query.where(Panel.id.in_(panel_ids)))]
    ids = {round_.id for _panel, round_ in pairs}
    digests, works, excusals = rulebook_digests({round_.id: round_.contest_id for _panel, round_ in pairs}), _works(ids), _excusals(ids)
    found: dict[uuid.UUID, set[tuple[str, str, str]]] = {panel_id: set() for panel_id in panel_ids}
    for panel, round_ in pairs:
        tag = works_tag(works[round_.id], excusals[round_.id], panel)
        found[panel.id].add((str(round_.id), digests[round_.id], tag))
    return {panel_id: frozenset(pack) for panel_id, pack in found.items()}


def _works(round_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, list[Work]]:
    found: defaultdict[uuid.UUID, list[Work]] = defaultdict(list)
    for work in db.session.scalars(select(Work).where(Work.round_id.in_(round_ids)).order_by(Work.position)):
        found[work.round_id].append(work)
    return found


def _excusals(round_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, list[Excusal]]:
    found: defaultdict[uuid.UUID, list[Excusal]] = defaultdict(list)
    query = select(Excusal).where(Excusal.round_id.in_(round_ids), Excusal.ended_at.is_(None)).order_by(Excusal.at)
    for excusal in db.session.scalars(query):
        found[excusal.round_id].append(excusal)
    return found


def _numbers(digests: Collection[str]) -> dict[str, int]:
    query = select(RulebookVersion.digest, RulebookVersion.number).where(RulebookVersion.digest.in_(digests))
    return {row[0]: row[1] for row in db.session.execute(query)} if digests else {}
