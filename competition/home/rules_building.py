"""How a step of a contest's course is put together, and things to do that several events share. Pure."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext

from competition.core.formats import joined
from competition.core.words import say as _
from competition.home.rules_dates import deadlines
from competition.home.rules_facts import (
    CLOSED,
    DONE,
    GOING,
    LATE,
    LATER,
    NOW,
    CourseFacts,
    EventFacts,
    Link,
    Step,
    Todo,
    Who,
)

LABELS = {
    "notice": lazy_gettext("通知"), "register": lazy_gettext("报名"), "review": lazy_gettext("审核"), "draw": lazy_gettext("抽签"),
    "check_in": lazy_gettext("检录"), "judge": lazy_gettext("评分"), "sums": lazy_gettext("统分抽查"), "open": lazy_gettext("解密"),
    "publish": lazy_gettext("发布成绩"), "certificates": lazy_gettext("证书"), "count": lazy_gettext("统计"),
}
# To whose step a request for a second person belongs, by how its kind begins; the others to the first.
REQUESTS = (
    ("judging.", "judge"), ("arena.open_codes", "open"), ("results.sign_sums", "sums"), ("results.", "publish"),
    ("certificates.", "certificates"), ("", "notice"),
)


def to(endpoint: str, label: str, **values: Any) -> Link:
    """A button's page."""
    return Link(endpoint, label, values)


def make(
    facts: CourseFacts, key: str, words: str, todos: Iterable[Todo | None] = (), *, otherwise: str = LATER,
    at: datetime | date | None = None, link: Link | None = None,
) -> Step:
    """The step with the things to do, requests for a second person among them; without any it is ``otherwise``."""
    found = [todo for todo in todos if todo is not None] + _requests(facts, key)
    state = otherwise if not found else LATE if any(todo.late_since for todo in found) else NOW
    found.sort(key=lambda todo: todo.late_since or date.max)
    return Step(key, str(LABELS[key]), state, words, deadlines(facts)[key].rule, at if state == LATER else None, tuple(found), link)


def done(facts: CourseFacts, key: str, words: str, link: Link | None = None, todos: Iterable[Todo | None] = ()) -> Step:
    """A step that is done, unless something is left to do after all."""
    return make(facts, key, words, todos, otherwise=DONE, link=link)


def closed(facts: CourseFacts, key: str, why: str) -> Step:
    """A step that this contest does not have."""
    return make(facts, key, why, otherwise=CLOSED)


def without(facts: CourseFacts, key: str, why: str) -> Step:
    """A step for which there is nothing: not yet, while events or the rulebook are still to be set up, else not at all."""
    lacks = {lack.endpoint for lack in facts.missing} & {"contests.events", "contests.rulebook"}
    if lacks and facts.phase in ("draft", "announced"):
        return make(facts, key, _("项目和评分规则设好以后再办。"))
    return closed(facts, key, why)


def going(facts: CourseFacts, key: str, words: str, todos: Iterable[Todo | None] = (), link: Link | None = None) -> Step:
    """A step under way, where nobody of the staff has anything to do by now."""
    return make(facts, key, words, todos, otherwise=GOING, link=link)


def _requests(facts: CourseFacts, key: str) -> list[Todo]:
    mine = [request for request in facts.requests if next(k for begins, k in REQUESTS if request.kind.startswith(begins)) == key]
    return [
        Todo(_("批准“%(title)s”的申请，%(waited)s", title=request.title, waited=waited(facts.day_of(request.asked_at), facts.day)),
             facts.staff.second(request.roles, request.event, request.asker), to("home.approval", _("看申请"), approval_id=request.id),
             is_request=True)
        for request in mine
    ]


def waited(since: date, today: date) -> str:
    """How long somebody has waited: 已等 3 天, 今天刚提出."""
    days = (today - since).days
    return _("已等 %(n)s 天", n=days) if days > 0 else _("今天刚提出")


def named(events: Sequence[EventFacts]) -> str:
    """The names of events."""
    return joined(event.name for event in events)


def by_holder(
    facts: CourseFacts, events: Iterable[EventFacts], roles: Sequence[str], words: Callable[[list[EventFacts]], str],
    link: Callable[[list[EventFacts]], Link], late: Callable[[EventFacts], date | None],
) -> list[Todo]:
    """One thing to do for all events that the same people must do it for, the late ones by themselves."""
    groups: dict[tuple[Who, bool], list[EventFacts]] = {}
    for event in events:
        groups.setdefault((facts.staff.who(roles, event.id), late(event) is not None), []).append(event)
    return [
        Todo(words(mine), who, link(mine), min((day for event in mine if (day := late(event))), default=None))
        for (who, _is_late), mine in groups.items()
    ]
