"""What the unions above do with a declaration, and the course of an activity that is approved."""

import uuid
from datetime import datetime

from flask_babel import lazy_gettext as _

from competition.activities import hooks, queries, rules
from competition.activities.models import Declaration
from competition.activities.service_declare import go_on, held, link_of, note, people_concerned
from competition.contests.service import change_contest
from competition.contests.service import finish as finish_contest
from competition.contests.service import start as start_contest
from competition.core.actors import Actor
from competition.core.database import atomic
from competition.core.errors import RuleBroken
from competition.notices.service import tell


def approve(declaration_id: uuid.UUID, union_id: uuid.UUID, *, actor: Actor, at: datetime, seen: int | None = None) -> Declaration:
    """The union whose turn it is approves: to the next above, or approved for good. ``seen``: how many steps the page showed."""
    with atomic():
        found = _turn(declaration_id, union_id, actor)
        rules.check_seen(seen, queries.count_steps(declaration_id))
        note(found, "approve", actor, at, union_id=union_id)
        go_on(found, union_id, actor, at)
    return found


def give_back(
    declaration_id: uuid.UUID, union_id: uuid.UUID, reason: str, *, actor: Actor, at: datetime, seen: int | None = None,
) -> None:
    """The union whose turn it is gives it back to be changed. ``seen``: how many steps the page showed."""
    with atomic():
        found = _turn(declaration_id, union_id, actor)
        rules.check_seen(seen, queries.count_steps(declaration_id))
        why = rules.needed(reason)
        found.state, found.waiting_at = rules.RETURNED, None
        note(found, "give_back", actor, at, union_id=union_id, reason=why)
        tell(people_concerned(found, at), kind="activities.returned", link=link_of(found), at=at,
             title=_("退回修改：%(name)s", name=found.contest.name_zh), body=_("请打开看理由，改好后再提交。"))


def _turn(declaration_id: uuid.UUID, union_id: uuid.UUID, actor: Actor) -> Declaration:
    found = held(declaration_id)
    rules.check_waiting(found.state, found.waiting_at, union_id)
    if queries.is_submitter(declaration_id, actor):
        raise RuleBroken(_("申报是您提交的，请由另一位同事审核。"), code="own_declaration")
    return found


def set_flagship(declaration_id: uuid.UUID, is_flagship: bool, reason: str, *, actor: Actor, at: datetime) -> None:
    """The province says whether an activity is a flagship. Refused once something of it is counted: figures stand on what it was."""
    with atomic():
        found = held(declaration_id)
        rules.check_going_on(found.state, found.contest.condition)
        why = rules.needed(reason)
        if found.contest.is_flagship == is_flagship:
            raise RuleBroken(_("没有变化：活动已经是这样认定的。"), code="same_flag")
        if hooks.is_counted(found.contest_id):
            raise RuleBroken(_("这项活动已经有人上报参赛人数，认定不能再改：已有的数字按原来的认定统计。"), code="counted")
        change_contest(found.contest_id, version=found.contest.version, is_flagship=is_flagship, actor=actor, at=at)
        note(found, "flag" if is_flagship else "unflag", actor, at, reason=why)


def start(declaration_id: uuid.UUID, *, actor: Actor, at: datetime) -> None:
    """The activity begins."""
    with atomic():
        found = held(declaration_id)
        rules.check_going_on(found.state, found.contest.condition)
        start_contest(found.contest_id, actor=actor, at=at)
        note(found, "start", actor, at)


def finish(declaration_id: uuid.UUID, *, actor: Actor, at: datetime) -> None:
    """The activity is over; reports that are still due can be handed in."""
    with atomic():
        found = held(declaration_id)
        rules.check_going_on(found.state, found.contest.condition)
        finish_contest(found.contest_id, actor=actor, at=at)
        note(found, "finish", actor, at)
