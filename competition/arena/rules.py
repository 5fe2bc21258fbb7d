"""What happened to an entrant on the day: which fact may follow which, and what holds now."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from competition.core.errors import RuleBroken

CHECKED_IN = "CHECKED_IN"
ABSENT = "ABSENT"
WITHDRAWN = "WITHDRAWN"
DISQUALIFIED = "DISQUALIFIED"
RESULT_CANCELLED = "RESULT_CANCELLED"
CLEARED = "CLEARED"

WORDS = {
    CHECKED_IN: lazy_gettext("已检录"), ABSENT: lazy_gettext("缺考"), WITHDRAWN: lazy_gettext("弃权"),
    DISQUALIFIED: lazy_gettext("取消资格"), RESULT_CANCELLED: lazy_gettext("取消成绩"), CLEARED: lazy_gettext("未检录"),
}
# What the people at the door record; everything else needs a reason and another right.
AT_THE_DOOR = frozenset({CHECKED_IN, ABSENT})
RULINGS = frozenset({WITHDRAWN, DISQUALIFIED, RESULT_CANCELLED})

_MAY_FOLLOW: dict[str, frozenset[str]] = {
    CLEARED: frozenset({CHECKED_IN, ABSENT, WITHDRAWN, DISQUALIFIED}),
    CHECKED_IN: frozenset({CLEARED, WITHDRAWN, DISQUALIFIED, RESULT_CANCELLED}),
    ABSENT: frozenset({CLEARED, DISQUALIFIED}),
    # A ruling is lifted by what held before it: the entrant was at the door, or was not.
    WITHDRAWN: frozenset({CLEARED, CHECKED_IN, DISQUALIFIED}),
    DISQUALIFIED: frozenset({CLEARED, CHECKED_IN, ABSENT}),
    RESULT_CANCELLED: frozenset({CHECKED_IN, DISQUALIFIED}),
}


class FactLike(Protocol):
    """A recorded fact: ``kind`` and the instant."""

    @property
    def kind(self) -> str: ...

    @property
    def at(self) -> datetime: ...


F = TypeVar("F", bound=FactLike)


def current_outcome(facts: Iterable[F]) -> F | None:
    """The fact that holds: the newest one; None before the first and after everything was taken back."""
    newest = max(facts, key=lambda fact: fact.at, default=None)
    return None if newest is None or newest.kind == CLEARED else newest


def state_of(facts: Iterable[F]) -> str:
    """The kind that holds, ``CLEARED`` when none does."""
    current = current_outcome(facts)
    return current.kind if current else CLEARED


def at_the_door(facts: Iterable[F]) -> F | None:
    """How the check-in itself ended, whatever was ruled later: the newest of 已检录, 缺考, or None."""
    door = [fact for fact in facts if fact.kind in AT_THE_DOOR or fact.kind == CLEARED]
    return current_outcome(door)


def was_present(facts: Iterable[F]) -> bool:
    """Did the entrant take part? Whoever was checked in did, even if the result was cancelled later."""
    found = at_the_door(facts)
    return found is not None and found.kind == CHECKED_IN


def away(facts: Iterable[F]) -> str | None:
    """All that judging is told of an entrant: ABSENT or WITHDRAWN when nobody works at the station, else None.

    Who was disqualified after the check-in has made something: it is judged like any other work, so that no ruling,
    which is made by number, tells whose work it is. Who was disqualified before never came.
    """
    known = list(facts)
    state = state_of(known)
    if state in (ABSENT, WITHDRAWN):
        return state
    return ABSENT if state in RULINGS and not was_present(known) else None


def lifted_to(facts: Sequence[F]) -> str:
    """What holds again when a ruling is lifted."""
    found = at_the_door(facts)
    return found.kind if found else CLEARED


def may_follow(state: str) -> frozenset[str]:
    """The kinds that may be recorded when ``state`` holds."""
    return _MAY_FOLLOW[state]


def is_ruling(state: str, kind: str) -> bool:
    """Does this step need the right of the judges' leaders and a reason?"""
    return kind in RULINGS or state in RULINGS


def check_step(facts: Sequence[F], kind: str, reason: str) -> None:
    """Raise :class:`RuleBroken` unless ``kind`` may be recorded now, with this reason."""
    state = state_of(facts)
    if kind not in _MAY_FOLLOW:
        raise RuleBroken(_("没有这种记录，请从页面上的按钮中选择。"), code="unknown_outcome", status=422)
    if kind == state:
        raise RuleBroken(_("已经是“%(now)s”，没有重复记录。", now=WORDS[kind]), code="already_recorded", state=state)
    if kind not in may_follow(state):
        raise RuleBroken(
            _("现在是“%(now)s”，不能直接改为“%(new)s”。请先撤销，再重新记录。", now=WORDS[state], new=WORDS[kind]),
            code="wrong_order", state=state)
    if state in RULINGS and kind not in RULINGS and kind != lifted_to(facts):
        raise RuleBroken(
            _("撤销“%(now)s”后恢复为“%(old)s”，不能改为“%(new)s”。", now=WORDS[state], old=WORDS[lifted_to(facts)], new=WORDS[kind]),
            code="wrong_order", state=state)
    if is_ruling(state, kind) and not reason.strip():
        raise RuleBroken(_("请写明理由：它会记入操作记录，并告知本人和领队。"), code="reason_required", status=422, field="reason")
