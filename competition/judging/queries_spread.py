"""Where judges lie too far apart, who was asked, what they answered, what still is open."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from competition.arena.works import Work
from competition.contests.models import Round
from competition.contests.naming import named
from competition.core.database import db
from competition.core.formats import joined
from competition.judging import rules, rules_spread
from competition.judging.models import Excusal, RoundState, Seat, Sheet
from competition.judging.models_spread import SpreadDecision, SpreadPrompt
from competition.judging.queries import excusals_of_round, rules_of_round, seats_of_round
from competition.judging.rules_spread import Gap, Part
from competition.scoring.model import Event

Place = tuple[uuid.UUID, str]
Row = TypeVar("Row", SpreadPrompt, SpreadDecision)
OPEN = ("prompted", "chief")
# A reason stands inside of a sentence that has one of its own.
FULL_STOP = chr(0x3002)


@dataclass(frozen=True)
class PartState:
    """One part of one work: how far apart its judges are, and what was asked, answered, decided about it.

    ``is_whole``: everybody who is to mark it has handed in.
    """

    work: Work
    part: Part
    gap: Gap | None
    is_whole: bool
    prompts: tuple[SpreadPrompt, ...]
    decisions: tuple[SpreadDecision, ...]

    @property
    def waiting(self) -> tuple[int, ...]:
        """Seats that were asked and have not answered."""
        return tuple(sorted({p.seat.number for p in self.prompts if p.answer is None}))

    @property
    def accepted(self) -> SpreadDecision | None:
        """The chief judge's acceptance, while the figures are those it was given for."""
        newest = self.decisions[-1] if self.decisions else None
        holds = newest is not None and newest.decision == rules_spread.ACCEPT and newest.figures == stored(self.gap)
        return newest if holds else None

    @property
    def state(self) -> str:
        """none, prompted (somebody has to answer), chief (waits for the chief judge), accepted, over (no longer apart)."""
        apart = self.gap is not None and self.is_whole
        if apart and self.accepted is not None:
            return "accepted"
        if self.waiting:
            return "prompted"
        if apart:
            return "none" if self.part.rule.ask == "nobody" else "chief"
        return "over" if self.prompts and self.is_whole else "none"


@dataclass(frozen=True)
class OpenSpread:
    """What keeps a round from being locked: a work, and what about it is undecided."""

    work: str
    work_id: uuid.UUID
    part: str
    what: str

    @property
    def sentence(self) -> str:
        """The same with the work."""
        return f"{self.work} · {self.what}"


def stored(found: Gap | None) -> dict[str, str]:
    """The figures of a gap as tables keep them."""
    return {} if found is None else {str(seat): value for seat, value in sorted(found.figures.items())}


@dataclass(frozen=True)
class Apart:
    """Everything about the spreads of a round, or of some of its works, as one reading of the database gave it."""

    event: Event
    parts: tuple[Part, ...]
    works: tuple[Work, ...]
    seats: tuple[Seat, ...]
    sheets: Mapping[tuple[uuid.UUID, uuid.UUID], Sheet]
    excusals: tuple[Excusal, ...]
    prompts: Mapping[Place, list[SpreadPrompt]]
    decisions: Mapping[Place, list[SpreadDecision]]

    def handed(self, work: Work) -> dict[int, rules_spread.Marks]:
        """The marks of everybody who has handed in, by seat."""
        found = {seat.number: self.sheets.get((work.id, seat.id)) for seat in self.seats}
        return {n: sheet.marks for n, sheet in found.items() if sheet is not None and sheet.state == "handed_in"}

    def due(self, work: Work) -> dict[int, frozenset[str]]:
        """Who is to mark the work, and which criteria."""
        return {seat.number: frozenset(c.key for c in rules.sheet_criteria(self.event, seat.panel.criteria))
                for seat in self.seats if not any(x.covers(seat.id, work.id) for x in self.excusals)}

    def states(self, work: Work) -> list[PartState]:
        """Each part of the work; nothing of one that nobody works at."""
        if work.away is not None:
            return []
        handed, due = self.handed(work), self.due(work)
        return [PartState(work, part, rules_spread.gap(self.event, part, handed), rules_spread.is_whole(part, due, handed),
                          tuple(self.prompts.get((work.id, part.key), ())), tuple(self.decisions.get((work.id, part.key), ())))
                for part in self.parts]


def read_apart(round_id: uuid.UUID, work_ids: Collection[uuid.UUID] | None = None) -> Apart:
    """Read it, of some works or of all, by a constant number of statements; by two where the rules compare nothing."""
    session = db.session()
    round_ = session.get_one(Round, round_id, options=[joinedload(Round.event)])
    _version, event = rules_of_round(round_, session.get(RoundState, round_id))
    parts = rules_spread.parts_of(event)
    if not parts:
        return Apart(event, (), (), (), {}, (), {}, {})
    chosen = [Work.round_id == round_id] if work_ids is None else [Work.round_id == round_id, Work.id.in_(list(work_ids))]
    works = list(session.scalars(select(Work).where(*chosen).order_by(Work.position)))
    return apart_of(round_id, event, works, seats_of_round(round_id), _sheets(round_id, work_ids), excusals_of_round(round_id),
                    work_ids)


def apart_of(
    round_id: uuid.UUID, event: Event, works: Sequence[Work], seats: Sequence[Seat], sheets: Mapping[tuple[uuid.UUID, uuid.UUID], Sheet],
    excusals: Sequence[Excusal], only: Collection[uuid.UUID] | None,
) -> Apart:
    """The same of what was read already, by two statements more; by none where the rules compare nothing."""
    parts = rules_spread.parts_of(event)
    prompts, decisions = (prompts_of(round_id, only), decisions_of(round_id)) if parts else ([], [])
    return Apart(event, parts, tuple(works), tuple(seats), sheets, tuple(excusals), _by_place(prompts), _by_place(decisions))


def _sheets(round_id: uuid.UUID, work_ids: Collection[uuid.UUID] | None) -> dict[tuple[uuid.UUID, uuid.UUID], Sheet]:
    query = select(Sheet).where(Sheet.round_id == round_id)
    if work_ids is not None:
        query = query.where(Sheet.work_id.in_(list(work_ids)))
    return {(s.work_id, s.seat_id): s for s in db.session.scalars(query)}


def prompts_of(round_id: uuid.UUID, work_ids: Collection[uuid.UUID] | None = None) -> list[SpreadPrompt]:
    """Who was asked, in the order of asking, each with the seat and the decision behind it."""
    query = select(SpreadPrompt).where(SpreadPrompt.round_id == round_id)
    if work_ids is not None:
        query = query.where(SpreadPrompt.work_id.in_(list(work_ids)))
    return list(db.session.scalars(query.order_by(SpreadPrompt.asked_seq).options(joinedload(SpreadPrompt.seat))))


def decisions_of(round_id: uuid.UUID) -> list[SpreadDecision]:
    """The chief judge's decisions, oldest first."""
    return list(db.session.scalars(select(SpreadDecision).where(SpreadDecision.round_id == round_id).order_by(SpreadDecision.seq)))


def accepted_works(contest_id: uuid.UUID) -> list[tuple[uuid.UUID, SpreadDecision]]:
    """(event, decision) of every work of a contest whose spreads the chief judge accepted last, by the newest of them."""
    query = (select(SpreadDecision, Work.event_id).join(Work, Work.id == SpreadDecision.work_id)
             .where(Work.contest_id == contest_id).order_by(SpreadDecision.round_id, SpreadDecision.seq))
    newest = {(one.work_id, one.part): (event_id, one) for one, event_id in db.session.execute(query)}
    by_work: dict[uuid.UUID, list[tuple[uuid.UUID, SpreadDecision]]] = {}
    for (work_id, _part), found in newest.items():
        by_work.setdefault(work_id, []).append(found)
    return [many[-1] for many in by_work.values() if all(one.decision == rules_spread.ACCEPT for _event, one in many)]


def _by_place(rows: list[Row]) -> dict[Place, list[Row]]:
    found: dict[Place, list[Row]] = {}
    for row in rows:
        found.setdefault((row.work_id, row.part), []).append(row)
    return found


def asked_of(seat_id: uuid.UUID, work_id: uuid.UUID) -> list[SpreadPrompt]:
    """Everything that a seat was ever asked about a work."""
    return list(db.session.scalars(select(SpreadPrompt).where(SpreadPrompt.seat_id == seat_id, SpreadPrompt.work_id == work_id)))


def open_prompts(seat_id: uuid.UUID) -> list[SpreadPrompt]:
    """What a seat still has to answer, in the order of asking: for its own tablet."""
    query = select(SpreadPrompt).where(SpreadPrompt.seat_id == seat_id, SpreadPrompt.answer.is_(None)).order_by(SpreadPrompt.asked_seq)
    return list(db.session.scalars(query.options(joinedload(SpreadPrompt.decision))))


def open_spreads(round_id: uuid.UUID) -> list[OpenSpread]:
    """What keeps the round from being locked: spreads that somebody has to answer or the chief judge to decide."""
    return still_open(read_apart(round_id))


def still_open(apart: Apart) -> list[OpenSpread]:
    """The same, of what was read already."""
    return [OpenSpread(work.code, work.id, one.part.key, open_words(one))
            for work in apart.works for one in apart.states(work) if one.state in OPEN]


def part_words(part: Part) -> str:
    """What is compared, in a word."""
    return named(part.name) if part.key else str(_("合计"))


def open_words(one: PartState) -> str:
    """What is still to be done about a part; not by whom, which is for those alone who may see sheets."""
    what = part_words(one.part)
    if one.state == "chief":
        return str(_("裁判分歧（%(what)s）：等待裁判长书面决定", what=what))
    return str(_("裁判分歧（%(what)s）：已请裁判复核，%(n)s 位还没有答复", what=what, n=len(one.waiting)))


def told_words(one: PartState) -> list[str]:
    """Who was asked, what each answered, what the chief judge decided: about the figures as they are now."""
    said = [_("%(n)s 号裁判维持原分：%(reason)s。", n=p.seat.number, reason=p.reason.rstrip(FULL_STOP)) for p in one.prompts
            if p.answer == rules_spread.KEEP]
    if one.waiting:
        said.append(_("已请 %(seats)s裁判复核，还没有答复。", seats=joined(_("%(n)s 号", n=n) for n in one.waiting)))
    if one.state == "chief":
        said.append(_("等待裁判长书面决定。"))
    if one.accepted is not None:
        said.append(_("裁判长已认可：%(reason)s。", reason=one.accepted.reason.rstrip(FULL_STOP)))
    return [str(each) for each in said]
