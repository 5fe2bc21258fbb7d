"""What a proposed rulebook would do to a contest as marked so far: computed with both, counted twice, compared. Writes nothing."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

from competition.contests.hooks import STEPS, Effects, Report
from competition.contests.models import RulebookPreview
from competition.contests.queries import get_contest
from competition.core.errors import RuleBroken
from competition.core.formats import joined
from competition.results import queries, rules, rules_effects
from competition.results.drafting import Draft, differences, digest, draft
from competition.results.gathering import named_events, read, scored
from competition.results.inputs import InputsMark, check_mark, holds, take_mark
from competition.results.ruling import ruling
from competition.results.standing import Computed


def effects(contest_id: uuid.UUID, document: Mapping[str, Any], report: Report) -> Effects:
    """Every figure, rank and award that would be another one. Raises RuleBroken totals_differ when the independent second
    calculation finds other figures with the new rulebook."""
    mark = take_mark(contest_id)
    old, new = _both(contest_id, document, report)
    whole = [scope for scope in new.scopes if _is_whole(new, scope)]
    made = draft(new, [scope for scope in new.scopes if new.is_shown(scope)])
    _check_counted_twice({scope: made[scope] for scope in whole}, new)
    report(3, STEPS, _("比较成绩、名次和奖项"))
    found, same = rules_effects.lines(old, new)
    content = {
        "lines": found, "same": same, "problems": rules_effects.fresh_problems(old, new), "published": _published(contest_id, made),
        "counted": whole, "uncounted": [new.scopes[s].name for s in made if s not in whole],
        "hidden": [scope.name for name, scope in new.scopes.items() if not new.is_shown(name)],
    }
    sides = {side.event.id: side.marks_digest for one in (old, new) for side in one.sides.values()}
    marks = digest({str(event): text for event, text in sides.items()})
    basis = {**mark.said(), "events": sorted(map(str, sides))}
    return Effects(content, digest(content), marks, basis, lambda: check_mark(mark, list(sides)))


def _both(contest_id: uuid.UUID, document: Mapping[str, Any], report: Report) -> tuple[Computed, Computed]:
    """By the rules in force, and by those that might follow them, of one reading: marks that come meanwhile make no difference
    between the two. After the reading nothing here asks the database."""
    report(0, STEPS, _("读取评分"))
    contest, now, then = get_contest(contest_id), ruling(contest_id), ruling(contest_id, document)
    desk = read(contest, then, counted_twice=True)
    desk_now = desk if named_events(contest, now) == named_events(contest, then) else read(contest, now)
    old = scored(contest, now, desk_now)[0]
    report(1, STEPS, _("按新规则计算"))
    new = scored(contest, then, desk, counted_twice=True)[0]
    report(2, STEPS, _("和另行计算的结果核对"))
    return old, new


def still(kept: RulebookPreview) -> Callable[[], None] | None:
    """How it is checked under the lock that a kept list still is what the change does; None when it may be another one by now.
    A list that its own hash does not fit is not believed."""
    mark, events = InputsMark.of(kept.contest_id, kept.basis), [uuid.UUID(event) for event in kept.basis["events"]]
    if not holds(mark, events) or digest(kept.content) != kept.digest:
        return None
    return lambda: check_mark(mark, events)


def _is_whole(new: Computed, scope: str) -> bool:
    """Nothing is missing: as at publishing, only then both calculations answer alike."""
    parts = rules.with_parts(new.scopes, [scope])
    return new.is_shown(scope) and not any(problem.blocking for problem in new.problems(parts))


def _check_counted_twice(made: Mapping[str, Draft], new: Computed) -> None:
    odd = [scope for scope, one in made.items() if differences({scope: one}, new)]
    if odd:
        # Who it is stands in no job's row: rankings are named alone.
        names = joined(new.wording.name(made[scope].name) for scope in odd)
        raise RuleBroken(_("按新规则另行计算了一遍，%(names)s的结果不一致，不能修改。请联系管理员。", names=names), code="totals_differ")


def _published(contest_id: uuid.UUID, made: Mapping[str, Draft]) -> list[dict[str, Any]]:
    """Of each ranking that is published, how many of its lines the new rulebook would make others. None: it has no such ranking."""
    found = []
    for one in queries.current_with_rows(contest_id):
        new = made.get(one.scope)
        n = None if new is None else len({change.who for change in rules.changes(one.rows, new.rows)})
        found.append({"scope": one.scope, "name": one.scope_name, "version": one.version, "lines": n})
    return found
