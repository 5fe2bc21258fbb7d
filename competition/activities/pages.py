"""What the views of this room share: the blueprint, the guards, what forms offer."""

import uuid
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from competition.activities import queries, rules, rules_stages
from competition.activities.models import Declaration
from competition.contests.pages import region_choices
from competition.contests.queries import contest_scope, list_hosts
from competition.contests.rules import BODY_ROLES, KINDS, LEVELS
from competition.core.access import Scope, check, current_actor, may, scopes_of
from competition.core.clock import now
from competition.core.database import db
from competition.core.errors import NotFound
from competition.core.forms import BaseForm
from competition.organisations.models import Union
from competition.organisations.queries import home_scope
from competition.organisations.rules import INDUSTRIES

blueprint = Blueprint("activities", __name__, url_prefix="/activities")
Answer = Response | str | tuple[str, int]


def today() -> date:
    """The day in the application's zone."""
    return now().astimezone(ZoneInfo(current_app.extensions["settings"].zone)).date()


def load(declaration_id: uuid.UUID, act: str = "activities.look") -> Declaration:
    """The activity, for who may look at it (else 404) and do ``act`` on it (else 403)."""
    found = queries.get_declaration(declaration_id)
    if found.state != rules.APPROVED and not is_over(found):
        raise NotFound(_("没有找到这项竞赛活动，它可能已被移走，或您无权查看。"))
    if act != "activities.look":
        check(current_actor(), act, _scope(found, act))
    return found


def is_inside(found: Declaration) -> bool:
    """Is the reader of the union that holds it, of one above, or of one below, whose people take part? What an approved activity is
    stands open to all staff; what happens in it (reports, results, evaluation) does not."""
    return is_over(found) or queries.is_below(current_actor(), found.contest.host_union_id)


def load_inside(declaration_id: uuid.UUID) -> Declaration:
    """The activity, for who may look into it; for others there is nothing there (404)."""
    found = load(declaration_id)
    if not is_inside(found):
        raise NotFound(_("没有找到这项内容：活动的小结、成果和评价，只有申报工会和它的上级、下级工会可以查看。"))
    return found


def is_over(found: Declaration) -> bool:
    """Is the reader of the union that holds it, or of one above? Drafts are for them, and evidence, which names people."""
    return may(current_actor(), "activities.look", contest_scope(found.contest))


def _scope(found: Declaration, act: str) -> Scope:
    if act == "activities.flag":
        return home_scope()
    if act == "activities.decide":
        return queries.decides_in(found) if found.state == rules.SUBMITTED else queries.receives_in(found)
    return contest_scope(found.contest)


def allowed(found: Declaration) -> dict[str, bool]:
    """Which acts the reader may do here: for the buttons of a page."""
    acts = {name: may(current_actor(), f"activities.{name}", _scope(found, f"activities.{name}")) for name in ("declare", "decide", "flag")}
    return {**acts, "evidence": is_over(found)}


def union_choices() -> list[tuple[str, str]]:
    """The unions for which the reader may declare: without the many grass-roots ones, but for who works for just such a one."""
    actor = current_actor()
    hosts = list_hosts(actor, "activities.declare")
    own = Union.id.in_(scopes_of(actor, "union", *queries.DECIDERS)), Union.level == "grassroots", Union.valid_to.is_(None)
    narrow = db.session.scalars(select(Union).where(*own).order_by(Union.name_zh))
    return [(str(union.id), union.name) for union in [*hosts, *narrow]]


def offers() -> dict[str, Any]:
    """What the form of a declaration offers."""
    return {"unions": union_choices(), "regions": region_choices()}


def page(template: str, found: Declaration | None = None, **values: Any) -> str:
    """A page with the tables of words that all of them need. The layout takes ``contest`` for a contest's own menu: not so here."""
    return render_template(
        f"activities/{template}.html", activity=found, allowed=allowed(found) if found else {}, rules=rules, stages=rules_stages,
        kinds=KINDS, levels=LEVELS, roles=BODY_ROLES, industries=INDUSTRIES, today=today(), **values)


def form_page(template: str, form: BaseForm, found: Declaration | None = None, **values: Any) -> Answer:
    """The same with a form, and the status of its refusal."""
    shown = page(template, found, form=form, **values)
    return (shown, form.status) if form.errors else shown


def to_activity(found: Declaration) -> Response:
    """Back to the page of the activity."""
    return redirect(url_for("activities.show", declaration_id=found.id), 303)
