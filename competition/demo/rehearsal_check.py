"""What a rehearsal has come to: the server's database against the judges' own notes, the results against those notes alone."""

import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import inspect, select

from competition.contests.models import Contest
from competition.core import audit
from competition.core.actors import Actor
from competition.core.database import db
from competition.core.errors import RuleBroken
from competition.demo.rehearsal_tablet import Chair
from competition.judging import service as judging
from competition.judging.models import MarkEvent, Sheet
from competition.results import gathering
from competition.scoring import engine
from competition.scoring.inputs import Sheet as Told


@dataclass
class Outcome:
    """What came of it. ``marks``: how many were compared; ``lost``, ``doubled``, ``wrong``: the three that must be none."""

    marks: int = 0
    results: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0
    apart: bool = False

    @property
    def is_good(self) -> bool:
        return self.apart and not (self.lost or self.doubled or self.wrong)


@dataclass
class Hall:
    """One event of the rehearsal: its round, its judges, its works with what may be given for them, and their codes."""

    round_id: uuid.UUID
    name: str
    event: str
    chairs: list[Chair]
    works: list[tuple[str, dict[str, list[str]]]]
    codes: dict[str, str]


def compare(halls: list[Hall], outcome: Outcome) -> None:
    """What the server holds against the judges' own notes: every event once, every mark as it was tapped last."""
    for hall in halls:
        for chair in hall.chairs:
            where = f"{hall.name} {chair.number} 号席"
            outcome.wrong += [f"{where}：{trouble}" for trouble in chair.troubles]
            compare_events(chair, where, outcome)
            compare_sheets(chair, where, outcome)
    outcome.wrong += [f"审计链 {broken.chain} 第 {broken.seq} 行：{broken.why}" for broken in audit.verify()]


def compare_events(chair: Chair, where: str, outcome: Outcome) -> None:
    """Every tap is stored once, as it was made."""
    stored = list(db.session.scalars(select(MarkEvent).where(MarkEvent.seat_id == uuid.UUID(chair.seat)).order_by(MarkEvent.seq)))
    tapped = {tap.uuid: (device, tap) for device, taps in chair.taps.items() for tap in taps}
    for key, times in Counter(str(row.id) for row in stored).items():
        if times > 1 or key not in tapped:
            outcome.doubled.append(f"{where}：{key} 有 {times} 行")
    for row in stored:
        device, tap = tapped.pop(str(row.id), (None, None))
        state = "quarantined" if str(row.id) in chair.aside else "accepted"
        said = (str(row.device_id), row.device_seq, str(row.work_id), row.kind, row.criterion, row.value, row.state)
        if tap is not None and said != (device, tap.seq, tap.work, tap.kind, tap.criterion, tap.value, state):
            outcome.wrong.append(f"{where}：第 {tap.seq} 次点按与服务器所存不同")
    outcome.lost += [f"{where}：平板 {device} 第 {tap.seq} 次点按" for device, tap in tapped.values()]


def compare_sheets(chair: Chair, where: str, outcome: Outcome) -> None:
    """Every mark is there as the judge noted it, in a sheet that is handed in; and no other."""
    sheets = {str(s.work_id): s for s in db.session.scalars(select(Sheet).where(Sheet.seat_id == uuid.UUID(chair.seat)))}
    for work, notes in chair.notes.items():
        sheet = sheets.pop(work, None)
        held = {place: mark["value"] for place, mark in sheet.marks.items()} if sheet is not None else {}
        outcome.marks += len(notes)
        outcome.lost += [f"{where}：{place}" for place in notes.keys() - held.keys()]
        outcome.wrong += [f"{where}：{place}" for place in held if held[place] != notes.get(place)]
        if sheet is None or sheet.state != "handed_in":
            outcome.wrong.append(f"{where}：有一张评分表没有提交")
    outcome.wrong += [f"{where}：有一张没有人评过的评分表"] * len(sheets)


def close(contest_id: uuid.UUID, halls: list[Hall], chief: Actor, at: datetime, outcome: Outcome) -> None:
    """Lock every round, compute, and hold the result against one that is computed from the judges' notes."""
    for hall in halls:
        try:
            judging.lock_round(hall.round_id, confirm_name=hall.name, actor=chief, at=at)
        except RuleBroken as refusal:
            outcome.wrong += [f"{hall.name}：{sentence}" for sentence in refusal.details.get("missing", [refusal.message])]
    keys = [hall.event for hall in halls]
    computed, given = gathering.gather(contest_id, events=keys)
    told = given.told
    noted = [sheet for hall in halls for sheet in noted_sheets(hall)]
    own = engine.score(computed.rulebook, given.entries, [], told.figures, given.decisions, explained=False, sheets=noted,
                       panels=told.panels, excusals=told.excusals, keys=told.keys)
    for key in keys:
        theirs, mine = ({row.entry: (row.value, row.rank, row.status) for row in scores.rows(key)} for scores in (computed.scores, own))
        outcome.results += len(mine)
        outcome.wrong += [f"{key}：{entry} 的成绩不一致" for entry in mine.keys() | theirs.keys() if mine.get(entry) != theirs.get(entry)]


def noted_sheets(hall: Hall) -> list[Told]:
    """The judges' notes as the engine takes them; codes are closed, so that a work goes by its code."""
    return [Told(hall.event, hall.codes[work], str(chair.number), {place.partition("/")[0]: value for place, value in notes.items()})
            for chair in hall.chairs for work, notes in chair.notes.items()]


def holds(contest_id: uuid.UUID, round_ids: list[uuid.UUID]) -> bool:
    """Does the database of the running application hold anything of the rehearsal? One without tables holds nothing."""
    if not inspect(db.engine).has_table(Contest.__tablename__):
        return False
    found = db.session.scalar(select(Contest.id).where(Contest.id == contest_id))
    return found is not None or db.session.scalar(select(MarkEvent.id).where(MarkEvent.round_id.in_(round_ids)).limit(1)) is not None
