"""How far the results of a contest are, step by step: what is missing, where it is put right, and who can do it."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from competition.results.models import Publication
from competition.results.service_sums import SumState
from competition.results.standing import Computed
from competition.scoring.problems import Problem

_JUDGING, _FIGURES = ("judging.board",), ("judging.figures", "judging.board")
_PLACES = dict.fromkeys(
    ("theory.missing", "theory.twice", "answers.missing", "time.missing", "figure.refused", "figure.contradicts"), _FIGURES)
_PLACES |= dict.fromkeys(("key.missing", "key.refused"), ("judging.answer_key", "judging.board"))


@dataclass(frozen=True)
class Item:
    """One missing thing. ``endpoints``: pages on which it is put right, the first that the reader may open is linked."""

    sentence: str
    endpoints: tuple[str, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    link: str = ""


@dataclass(frozen=True)
class Step:
    """One step. ``who`` names the roles that can do it."""

    key: str
    label: str
    done: int
    total: int
    who: str
    items: tuple[Item, ...]

    @property
    def is_done(self) -> bool:
        """Nothing is missing any more."""
        return self.total > 0 and self.done == self.total and not self.items


def steps(computed: Computed, sums: Iterable[SumState], published: Mapping[str, Publication]) -> list[Step]:
    """The five steps from locked rounds to the publication."""
    return [_locked(computed), _summed(computed, list(sums)), _opened(computed), _scored(computed), _published(computed, published)]


def lacking_events(computed: Computed) -> list[str]:
    """Events of the rulebook that the contest does not have, and the reverse."""
    name = computed.wording.name
    missing = [_("评分规则中的“%(name)s”不在赛事的项目中。", name=name(one)) for one in computed.without_event]
    extra = [_("赛事项目“%(name)s”不在评分规则中，不会计算成绩。", name=name(one)) for one in computed.without_rules]
    return missing + extra


def _locked(computed: Computed) -> Step:
    rounds = [round_ for side in computed.sides.values() for round_ in side.rounds]
    items = tuple(
        Item(_unlocked(computed.wording.name(round_.name), round_.state), _JUDGING, _at(computed, round_id=round_.id), _("打开看板"))
        for round_ in rounds if round_.state != "locked"
    )
    return Step("lock", _("评分锁定"), len(rounds) - len(items), len(rounds), _("裁判长"), items)


def _unlocked(name: str, state: str) -> str:
    return str(_("%(name)s：还没有开放评分", name=name) if state == "closed" else _("%(name)s：评分中，还没有锁定", name=name))


def _summed(computed: Computed, sums: list[SumState]) -> Step:
    wanted = [state for state in sums if state.needs_check]
    name = computed.wording.name
    items = tuple(
        Item(_("%(name)s：%(state)s", name=name(state.name), state=sum_words(state)), ("results.sums",) if state.is_locked else (),
             _at(computed, event_id=state.event_id), _("抽查统分"))
        for state in wanted if not state.is_signed
    )
    return Step("sums", _("统分抽查"), len(wanted) - len(items), len(wanted), _("记分员核对，监督签认"), items)


def sum_words(state: SumState) -> str:
    """Where the check of one event's sums stands."""
    if state.is_signed:
        said = _("监督已签认")
    elif state.must_check_all:
        said = _("发现 %(n)s 份错误，超过 5%%，必须全部复核", n=state.errors)
    elif state.is_done:
        said = _("已核对 %(n)s 份，监督还没有签认", n=state.total)
    elif state.sample is not None:
        said = _("已核对 %(done)s 份，共 %(n)s 份", done=len(state.checks), n=state.total)
    elif state.is_stale:
        said = _("抽取之后评分有变化，需要重新抽取")
    else:
        said = _("还没有抽取") if state.is_locked else _("锁定后抽取")
    return str(said)


def _opened(computed: Computed) -> Step:
    closed = [side for side in computed.sides.values() if not side.is_open]
    items = tuple(
        Item(_("%(name)s：还没有解密", name=computed.wording.name(side.event.name)), ("arena.open_codes",) if side.is_locked else (),
             _at(computed, event_id=side.event.id), _("申请解密"))
        for side in closed
    )
    return Step("open", _("解密"), len(computed.sides) - len(closed), len(computed.sides), _("加密裁判或组委会办公室申请，监督批准"), items)


def _scored(computed: Computed) -> Step:
    wanted = [scope for scope, known in computed.scopes.items() if all(side is not None for side in computed.sides_of(scope))]
    shown = [scope for scope in wanted if computed.is_shown(scope) and computed.rows(scope)]
    problems = [p for p in computed.problems(shown) if p.blocking]
    whole = [scope for scope in shown if not any(p.scope in (scope, "rulebook") for p in problems)]
    # What is missing in an open round is told there; here it would only repeat itself for every work.
    late = {f"event:{key}" for key, side in computed.sides.items() if not side.is_locked}
    items = [Item(sentence) for sentence in lacking_events(computed)]
    items += [
        Item(_("%(name)s：%(n)s 个参赛者没有编码", name=computed.wording.name(side.event.name), n=side.uncoded), ("arena.draws",),
             _at(computed), _("抽签编码"))
        for side in computed.sides.values() if side.uncoded
    ]
    items += [_problem(computed, p) for p in problems if p.scope not in late]
    return Step("score", _("计算成绩"), len(whole), len(wanted), _("自动计算；并列和分歧由裁判长决定"), tuple(items))


def _problem(computed: Computed, problem: Problem) -> Item:
    if problem.code in ("tie.forbidden", "award.border", "spread.wide"):
        return Item(computed.say(problem), ("results.questions",), _at(computed), _("裁判长决定"))
    side = computed.sides.get(problem.scope.partition(":")[2])
    if side is None or not side.rounds:
        return Item(computed.say(problem))
    return Item(computed.say(problem), _PLACES.get(problem.code, _JUDGING), _at(computed, round_id=side.rounds[0].id), _("去补齐"))


def _published(computed: Computed, published: Mapping[str, Publication]) -> Step:
    wanted = [scope for scope in computed.scopes if all(side is not None for side in computed.sides_of(scope))]
    done = sum(scope in published for scope in wanted)
    return Step("publish", _("发布"), done, len(wanted), _("组委会办公室或裁判长申请，监督或另一位组委会成员批准"), ())


def _at(computed: Computed, **more: uuid.UUID) -> dict[str, uuid.UUID]:
    return {"contest_id": computed.contest.id, **more}
