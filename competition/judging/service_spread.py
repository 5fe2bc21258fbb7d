"""Judges too far apart are asked to look again as soon as it shows; what they answer is noted."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime

from competition.contests.models import Round
from competition.core import audit
from competition.core.actors import SYSTEM
from competition.core.database import db, get
from competition.judging import rules, rules_spread
from competition.judging.models import MarkEvent, RoundState
from competition.judging.models_spread import SpreadDecision, SpreadPrompt
from competition.judging.queries_intake import NewEvent
from competition.judging.queries_spread import Apart, PartState, asked_of, read_apart, stored
from competition.judging.rules import DeviceEvent
from competition.judging.rules_spread import Asked, Part


def review_spreads(state: RoundState, work_ids: Collection[uuid.UUID] | None, *, at: datetime) -> bool:
    """Something changed on some works (None: on all of the round): note who has answered, whom nothing is left to be asked,
    and ask whom the rules say. Inside atomic(), the round held. True when anything came of it."""
    db.session.flush()
    apart = read_apart(state.round_id, work_ids)
    told = [change for work in apart.works for one in apart.states(work) if (change := _review(apart, one, state, at))]
    if told:
        audit.record("judging.review_spreads", actor=SYSTEM, subject=("round", state.round_id), at=at,
                     chain=get(Round, state.round_id).contest_id, details={"spreads": told})
    return bool(told)


def _review(apart: Apart, one: PartState, state: RoundState, at: datetime) -> dict[str, object]:
    """What changed about one part of one work: seats by what became of them."""
    marked = _note_marked(apart, one, at)
    gone = _note_gone(one, at)
    asked = _ask(apart, one, state, at)
    change = {"remark": marked, "void": gone, "asked": asked}
    return {"work": one.work.code, "part": one.part.key, **change} if any(change.values()) else {}


def note_answer(prompt: SpreadPrompt, answer: str, at: datetime, reason: str = "") -> int:
    """Write what came of a prompt; the number of its seat."""
    prompt.answer, prompt.answered_at, prompt.reason = answer, at, reason
    return prompt.seat.number


def _note_marked(apart: Apart, one: PartState, at: datetime) -> list[int]:
    """Who has handed in other marks than those that were asked about."""
    handed = apart.handed(one.work)
    return [note_answer(prompt, rules_spread.REMARK, at) for prompt in one.prompts
            if prompt.answer is None and prompt.seat.number in handed
            and one.part.slots(handed[prompt.seat.number]) != prompt.marks]


def _note_gone(one: PartState, at: datetime) -> list[int]:
    """Whom nothing is left to be asked, now that everybody has handed in."""
    if not one.is_whole:
        return []
    concerned = one.gap.concerned if one.gap is not None else ()
    return [note_answer(prompt, rules_spread.VOID, at) for prompt in one.prompts
            if prompt.answer is None and (one.gap is None or (prompt.decision_id is None and prompt.seat.number not in concerned))]


def _ask(apart: Apart, one: PartState, state: RoundState, at: datetime) -> list[int]:
    """Ask by the rules; once the chief judge has decided about a part, nobody but him asks."""
    if one.gap is None or not one.is_whole or one.decisions:
        return []
    before = [Asked(p.seat.number, p.answer, {int(seat): value for seat, value in p.figures.items()}) for p in one.prompts]
    return ask_seats(apart, one, rules_spread.ask_now(one.gap, before), None, state, at)


def ask_seats(
    apart: Apart, one: PartState, seats: Collection[int], decision: SpreadDecision | None, state: RoundState, at: datetime
) -> list[int]:
    """Ask these seats about a part, by the rules or by a decision; the seats that are of the round."""
    handed = apart.handed(one.work)
    chosen = [seat for seat in apart.seats if seat.number in seats]
    db.session.add_all(
        SpreadPrompt(round_id=state.round_id, work_id=one.work.id, seat=seat, part=one.part.key, figures=stored(one.gap),
                     marks=one.part.slots(handed[seat.number]), decision=decision, asked_seq=state.version, asked_at=at, reason="")
        for seat in chosen)
    return [seat.number for seat in chosen]


def keep_marks(event: MarkEvent | NewEvent, at: datetime) -> None:
    """A judge keeps the marks of a part and says why: an answer to that one question (``base_version``). Inside atomic()."""
    for prompt in asked_of(event.seat_id, event.work_id):
        if (prompt.part, prompt.asked_seq) == (event.criterion, event.base_version) and prompt.answer is None:
            note_answer(prompt, rules_spread.KEEP, at, event.value)


def asked_again(event: DeviceEvent, sheet_state: str, parts: Sequence[Part]) -> tuple[frozenset[str], frozenset[tuple[str, int]]]:
    """What may be marked again on a sheet that was handed in (criteria), and everything its judge was asked (parts, and when).

    Nothing is read for the many events of sheets that are still being marked.
    """
    is_about = event.kind == rules.KEEP or (event.kind != rules.HAND_IN and sheet_state in ("handed_in", rules.REMARKING))
    if not is_about or not parts:
        return frozenset(), frozenset()
    prompts = asked_of(event.seat_id, event.work_id)
    still = {prompt.part for prompt in prompts if prompt.answer is None}
    return rules_spread.covered(parts, still), frozenset((prompt.part, prompt.asked_seq) for prompt in prompts)
