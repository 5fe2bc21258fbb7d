"""The course of a contest, from the notice to the count: what is done, what is to be done now, what is late and since when,
who waits for whom, what comes later and why something is closed. Pure: facts in, steps out.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from competition.core.words import say as _
from competition.home import rules_after, rules_before, rules_day
from competition.home.rules_building import to
from competition.home.rules_facts import CLOSED, DONE, LATE, NOW, RESTING, CourseFacts, Step, Todo

WHOLE = (
    rules_before.notice, rules_before.register, rules_before.review, rules_before.draw, rules_day.check_in, rules_day.judge,
    rules_day.sums, rules_day.open_codes, rules_after.publish, rules_after.certificates, rules_after.count,
)
# What somebody with a role for some events has a part in.
OF_EVENTS = WHOLE[3:9]


def course(facts: CourseFacts) -> list[Step]:
    """The steps in their order: eleven for the whole contest, six for the events of a part."""
    steps = [step(facts) for step in (WHOLE if facts.is_whole else OF_EVENTS)]
    return steps if facts.condition == "normal" else _halted(facts, steps)


def part_of(facts: CourseFacts, whole: bool, events: Collection[UUID]) -> CourseFacts:
    """The facts as far as they are the business of who works on the whole contest, or on these events alone."""
    return facts if whole else facts.narrowed(events)


def _halted(facts: CourseFacts, steps: list[Step]) -> list[Step]:
    """What is done stays done; everything else rests, and says why. The first of it says how to go on."""
    why = {
        "postponed": _("赛事已延期，恢复后继续办理。"), "stopped": _("赛事已中止，恢复后继续办理。"),
        "cancelled": _("赛事已取消，不再办理。"),
    }[facts.condition]
    state = CLOSED if facts.condition == "cancelled" else RESTING
    resting = [step if step.state in (DONE, CLOSED) else replace(step, state=state, words=why, todos=(), at=None, link=None)
               for step in steps]
    first = next((n for n, step in enumerate(resting) if step.state == RESTING), None)
    if facts.condition == "cancelled" or first is None or not facts.is_whole:
        return resting
    late = facts.starts_on if facts.condition == "postponed" and facts.day >= facts.starts_on else None
    link = to("contests.course", _("恢复赛事"), contest_id=facts.id, change="resume")
    resume = Todo(_("定下新的日期后恢复赛事；办不成的，取消赛事。"), facts.staff.who(rules_before.OFFICE), link, late)
    resting[first] = replace(resting[first], state=LATE if late else NOW, todos=(resume,))
    return resting


@dataclass(frozen=True)
class Tally:
    """How many steps are done, and how many things are to be done, late ones among them."""

    done: int
    steps: int
    todos: int
    late: int


def tally(steps: Sequence[Step]) -> Tally:
    """The course in four figures. Steps that this contest does not have are not counted."""
    todos = [todo for step in steps for todo in step.todos]
    return Tally(sum(step.state == DONE for step in steps), sum(step.state != CLOSED for step in steps), len(todos),
                 sum(todo.late_since is not None for todo in todos))


def stands(step: Step, account: UUID | None) -> str:
    """A step's state for one reader: what is to be done now by others alone is ``waits``."""
    if step.state != NOW or any(account in todo.who.accounts for todo in step.todos):
        return step.state
    return "waits"


def todos_of(steps: Sequence[Step], account: UUID | None) -> list[tuple[Step, Todo]]:
    """What waits for one person, the late ones first, in the order of the course."""
    mine = [(step, todo) for step in steps for todo in step.todos if account in todo.who.accounts]
    return sorted(mine, key=lambda pair: pair[1].late_since is None)
