"""What the rulebook leaves open: ties, prizes across a border, judges far apart. The chief judge decides, with a reason."""

import hashlib
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from competition.core import audit
from competition.core.actors import Actor
from competition.core.database import db, prepared
from competition.core.errors import NotFound, RuleBroken
from competition.core.formats import joined
from competition.results.for_pages import compute_for_page
from competition.results.gathering import engine_id, side_of, stored_ref
from competition.results.inputs import Settled, settle, take_mark
from competition.results.models import TieDecision
from competition.results.standing import Computed, DecisionFacts, scope_of_decision
from competition.scoring.problems import Problem


@dataclass(frozen=True)
class Question:
    """Something to be decided. ``kind``: order (who comes before whom), choose (who gets the prize; ``left`` of
    them), accept (a wide spread of the judges). ``ids`` are the engine's, ``scope`` as it is stored."""

    key: str
    kind: str
    scope: str
    title: str
    ids: tuple[str, ...]
    left: int
    sentence: str
    decided: DecisionFacts | None = None


def questions(computed: Computed) -> list[Question]:
    """Everything open, then everything decided that may be decided anew."""
    asked = (_question(computed, problem) for problem in computed.scores.problems)
    known = {question.key: question for question in asked if question is not None}
    newest = {_key(d.scope, d.subject): d for d in computed.decisions}
    return list(known.values()) + [_decided(computed, key, d) for key, d in newest.items() if key not in known]


def _key(scope: str, refs: Sequence[str]) -> str:
    return hashlib.sha256("|".join([scope, *sorted(refs)]).encode()).hexdigest()[:20]


def _question(computed: Computed, problem: Problem) -> Question | None:
    kinds = {"tie.forbidden": "order", "team.tied": "order", "award.border": "choose", "spread.wide": "accept"}
    kind = kinds.get(problem.code)
    if kind is None or not problem.blocking or not _is_shown(computed, problem.scope):
        return None
    scope, left, ids = problem.scope, 0, problem.entries
    if kind == "choose":
        scope, left = f"award:{problem.scope}:{problem.detail['tier_key']}", int(problem.detail["left"])
    if kind == "accept":
        scope = f"spread:{problem.scope.partition(':')[2]}"
    if problem.code == "team.tied":
        scope = problem.detail["ranking"]
        ids = _sharing(computed, scope, problem.entries[0])
    side = side_of(scope, computed.sides)
    refs = [stored_ref(side, entry) for entry in ids]
    return Question(_key(scope, refs), kind, scope, computed.wording.name(problem.title), ids, left, computed.say(problem))


def _sharing(computed: Computed, scope: str, entry: str) -> tuple[str, ...]:
    """Everybody who shares somebody's rank: a decision about a rank is about all of them."""
    ranks = {row.entry: row.rank for row in computed.rows(scope)}
    return tuple(sorted(one for one, rank in ranks.items() if rank == ranks[entry]))


def _is_shown(computed: Computed, scope: str) -> bool:
    return scope in computed.scopes and computed.is_shown(scope)


def _decided(computed: Computed, key: str, decision: DecisionFacts) -> Question:
    side = side_of(decision.scope, computed.sides)
    kind = {"award": "choose", "spread": "accept"}.get(decision.scope.partition(":")[0], "order")
    ids = tuple(engine_id(side, ref) for ref in (decision.order if kind == "order" else decision.subject))
    base = decision.scope.partition(":")[2].rpartition(":")[0] if kind == "choose" else decision.scope
    title = computed.scopes[base].name if base in computed.scopes else (side.event.name if side else decision.scope)
    chosen = joined(computed.label(engine_id(side, ref)) for ref in decision.order)
    said = {"order": _("已决定先后：%(who)s", who=chosen), "choose": _("已决定获奖者：%(who)s", who=chosen),
            "accept": _("已认可作品 %(who)s 的裁判分歧", who=chosen)}[kind]
    title = computed.wording.name(title)
    return Question(key, kind, decision.scope, title, ids, len(decision.order) if kind == "choose" else 0, said, decision)


def find_question(computed: Computed, key: str) -> Question:
    """One question; raises NotFound."""
    for question in questions(computed):
        if question.key == key:
            return question
    raise NotFound(_("没有找到这项待决定的事项，成绩可能已有变化。"))


def decide_tie(
    contest_id: uuid.UUID, key: str, order: Sequence[str], reason: str, *, actor: Actor, at: datetime, how: str = "decision"
) -> TieDecision:
    """Record what the chief judge decides, or what was drawn (``how``: decision, lot). ``order``: all tied ids from the
    best on; the ids that get the prize; or nothing when a wide spread is accepted. A later decision about the same
    people replaces this one.

    Raises RuleBroken: reason_required, round_open, bad_order.
    """
    if not reason.strip():
        raise RuleBroken(_("请写明决定的理由，它会写进名次说明。"), code="reason_required", status=422, field="reason")
    def prepare() -> Callable[[], TieDecision]:
        mark, found = take_mark(contest_id), find_question(compute_for_page(contest_id), key)
        settled = settle(mark, [scope_of_decision(found.scope)])
        return lambda: _decide(settled, key, order, reason.strip(), how, actor, at)

    return prepared(prepare)


def _decide(settled: Settled, key: str, order: Sequence[str], reason: str, how: str, actor: Actor, at: datetime) -> TieDecision:
    settled.check()
    computed, contest_id = settled.computed, settled.computed.contest.id
    question = find_question(computed, key)
    side = side_of(question.scope, computed.sides)
    if not all(s.is_locked for s in computed.sides.values()):
        raise RuleBroken(_("评分还没有锁定，现在决定为时过早。"), code="round_open")
    chosen = list(question.ids) if question.kind == "accept" else list(order)
    _check_order(question, chosen)
    decision = TieDecision(
        contest_id=contest_id, scope=question.scope, subject=sorted(stored_ref(side, one) for one in question.ids),
        order=[stored_ref(side, one) for one in chosen], reason=reason, by_id=actor.id, by_name=actor.name, at=at,
        how="lot" if how == "lot" and question.kind != "accept" else "decision",
    )
    db.session.add(decision)
    db.session.flush()
    audit.record("results.decide_tie", actor=actor, subject=("contest", contest_id), at=at, chain=contest_id, reason=reason,
                 details={"decision": str(decision.id), "scope": decision.scope, "order": decision.order, "how": decision.how})
    return decision


def _check_order(question: Question, chosen: list[str]) -> None:
    if question.kind == "order" and sorted(chosen) != sorted(question.ids):
        raise RuleBroken(_("请给每一位排出先后，不重复、不遗漏。"), code="bad_order", status=422, field="order")
    if question.kind == "choose" and (not set(chosen) <= set(question.ids) or len(set(chosen)) != question.left):
        raise RuleBroken(_("请正好选择 %(n)s 位获奖者。", n=question.left), code="bad_order", status=422, field="order")
