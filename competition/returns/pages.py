"""What the views of returns share: who finds which return, and who may do what with it."""

import re
import uuid
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from competition.contests.rules import KINDS as ACTIVITY_KINDS
from competition.core.access import Scope, check, current_actor, holds_everywhere, may, scopes_of, table
from competition.core.clock import now
from competition.core.errors import NotFound
from competition.core.formats import show_year_month
from competition.counting.rules_periods import month_code, month_number_of
from competition.organisations.queries import union_scope
from competition.returns import queries_reporting as reads
from competition.returns import rules
from competition.returns.models import Return

Answer = Response | str | tuple[str, int]
EVIDENCE = ("pdf", "image")
MONTH = re.compile("20[0-9]{2}-(0[1-9]|1[0-2])")


def today() -> date:
    """The day in the application's zone."""
    return now().astimezone(ZoneInfo(current_app.extensions["settings"].zone)).date()


def page(name: str, **values: Any) -> str:
    """A template of returns with the words of their codes."""
    return render_template(f"returns/{name}.html", rules=rules, activity_kinds=ACTIVITY_KINDS, month_code=month_code, **values)


def answer(shown: str, form: Any) -> Answer:
    """A page with its form, and the status that the form asks for."""
    return (shown, form.status) if form.is_submitted() and form.errors else shown


def manages_tokens() -> bool:
    """Does the reader manage tokens of other systems for any union?"""
    actor, roles = current_actor(), table(current_app)["participation.tokens"].roles
    return holds_everywhere(actor, *roles) or bool(scopes_of(actor, "union", *roles))


def load_return(return_id: uuid.UUID) -> Return:
    """A return that the reader sees: of the own unions, or handed up by one below; else 404."""
    found = reads.find_return(return_id) if reads.is_visible(current_actor(), return_id) else None
    if found is None:
        raise NotFound(_("没有找到这份上报，它可能已被删除，或您无权查看。"))
    return found


def own_scope(found: Return) -> Scope:
    """Who reports for a union is that union's alone: those above see it, and do not write for it."""
    return frozenset({("union", found.union_id)})


def load_own(return_id: uuid.UUID) -> Return:
    """A return for which the reader acts as the union that reports; 403 for those above."""
    found = load_return(return_id)
    check(current_actor(), "participation.report", own_scope(found))
    return found


def turn_scope(found: Return) -> Scope:
    """The union whose turn it is. Where it is nobody's, those above may ask, and are told so."""
    return frozenset({("union", found.waiting_at)}) if found.waiting_at else union_scope(found.union_id)


def load_turn(return_id: uuid.UUID) -> Return:
    """A return about which the reader decides; 403 for others who see it."""
    found = load_return(return_id)
    check(current_actor(), "participation.approve", turn_scope(found))
    return found


def is_turn(found: Return) -> bool:
    """Does it wait for the reader?"""
    return found.state == rules.SUBMITTED and may(current_actor(), "participation.approve", turn_scope(found))


def month_of(code: str) -> int:
    """The number of a month written ``2026-05``; 404 for what is none."""
    if MONTH.fullmatch(code):
        return month_number_of(code)
    raise NotFound(_("没有这个月份。"))


def asked_month(code: str) -> int | None:
    """The same of what an address asks for; what is no month narrows nothing."""
    try:
        return month_of(code)
    except NotFound:
        return None


def months_to_choose(reported: list[Return]) -> list[tuple[int, str]]:
    """The months to choose from, those that the union has reported already with how that stands."""
    states = {one.month: one.state for one in reversed(reported)}
    return [(month, show_year_month(month) if month not in states else _(
        "%(month)s（已报：%(state)s）", month=show_year_month(month), state=rules.STATES[states[month]]))
        for month in reads.month_choices(today())]


def saved_words(found: Return) -> str:
    """What was kept, and what it still lacks before it can be handed up."""
    if found.kind == rules.BULK and found.heads is None:
        return str(_("已保存，还没有提交。提交以前请补上参加人数和依据材料。"))
    if found.kind == rules.BULK and found.evidence_id is None:
        return str(_("已保存，还没有提交。提交以前请补上依据材料。"))
    return str(_("已保存，还没有提交。"))
