"""Judges that stay too far apart: the chief judge decides in writing."""

import uuid
from datetime import datetime

from flask_babel import gettext as _

from competition.core import audit
from competition.core.actors import Actor
from competition.core.database import atomic
from competition.core.errors import NotFound, RuleBroken
from competition.judging import rules_spread
from competition.judging.models_spread import SpreadDecision
from competition.judging.queries_spread import Apart, PartState, read_apart, stored
from competition.judging.service_rounds import hold_round
from competition.judging.service_spread import ask_seats, note_answer, review_spreads


def look_for_spreads(round_id: uuid.UUID, *, at: datetime) -> None:
    """Compare all of a round anew, and ask whom the rules say: after marks came in bulk."""
    with atomic():
        state = hold_round(round_id)
        if review_spreads(state, None, at=at):
            state.reshape()


def decide_spread(
    round_id: uuid.UUID, work_id: uuid.UUID, part: str, *, decision: str, reason: str, actor: Actor, at: datetime
) -> SpreadDecision:
    """The chief judge accepts a spread as it is, or has everybody who was compared mark again together; in writing.

    Who was asked and has not answered is asked no more by ``accept``. Raises RuleBroken: reason_required, round_not_open,
    spread_over.
    """
    if not reason.strip():
        raise RuleBroken(_("请写明决定的理由，它会记入记录。"), code="reason_required", status=422, field="reason")
    with atomic() as session:
        state = hold_round(round_id)
        if state.state != "open":
            raise RuleBroken(_("本轮没有在评分中，不能决定分歧。"), code="round_not_open")
        apart = read_apart(round_id, [work_id])
        one = _one(apart, part)
        if one.gap is None or not one.is_whole:
            raise RuleBroken(_("这件作品的裁判现在没有相差过大，或还有评分没有提交，不用决定。"), code="spread_over")
        state.reshape()
        made = SpreadDecision(round_id=round_id, work_id=work_id, part=part, decision=decision, reason=reason.strip(),
                              figures=stored(one.gap), seq=state.version, by_id=actor.id, by_name=actor.name, at=at)
        session.add(made)
        session.flush()
        gone = [note_answer(prompt, rules_spread.VOID, at) for prompt in one.prompts if prompt.answer is None]
        asked = ask_seats(apart, one, one.gap.figures, made, state, at) if decision == rules_spread.TOGETHER else []
        audit.record("judging.decide_spread", actor=actor, subject=("work", work_id), at=at, chain=one.work.contest_id,
                     reason=reason.strip(), details={"work": one.work.code, "part": part, "decision": decision,
                                                     "figures": stored(one.gap), "void": gone, "asked": asked})
    return made


def _one(apart: Apart, part: str) -> PartState:
    found = [one for work in apart.works for one in apart.states(work) if one.part.key == part]
    if not found:
        raise NotFound(_("没有找到这件作品的这一项，它可能不属于本轮。"))
    return found[0]
