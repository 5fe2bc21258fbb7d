"""The list, the work list, declaring, one activity, the list as a workbook."""

import uuid
from typing import Any

from flask import current_app, flash, request, url_for
from flask_babel import gettext as _
from sqlalchemy import func, select
from werkzeug.wrappers import Response as BaseResponse

from competition.activities import hooks, queries, rules, rules_stages, service
from competition.activities.export import ACTIVITIES, workbook
from competition.activities.forms import DeclarationForm
from competition.activities.pages import Answer, blueprint, form_page, is_inside, load, offers, page, to_activity, today
from competition.contests.queries import contest_scope
from competition.contests.rules import possible_moves
from competition.core.access import act, check, current_actor, may, scopes_of
from competition.core.clock import now
from competition.core.database import db, get
from competition.core.exports import hand_out
from competition.core.forms import tried, try_verb
from competition.core.paging import paginate
from competition.core.taken import take
from competition.organisations.models import Union
from competition.organisations.queries import list_regions, union_scope
from competition.organisations.rules import HOME_PROVINCE

FILTERS = ("q", "kind", "level", "state", "year", "region", "flagship", "overdue")


def chosen() -> dict[str, Any]:
    """What the address asks the list to hold."""
    args = request.args
    year = args.get("year", type=int)
    return {
        "text": args.get("q", ""), "kind": args.get("kind", ""), "level": args.get("level", ""), "state": args.get("state", ""),
        "year": min(max(year, 2000), 2100) if year else None, "region": args.get("region", ""), "flagship": bool(args.get("flagship")),
        "overdue_on": today() if args.get("overdue") else None}


@blueprint.get("/")
@act("activities.look")
def index() -> str:
    """All that the reader may see, with filters in the address."""
    found = paginate(queries.list_activities(current_actor(), **chosen()), request.args.get("page", 1, type=int))
    actor, day = current_actor(), today()
    kept = {name: request.args[name] for name in FILTERS if request.args.get(name)}
    late = {one.id: sum(rules_stages.is_overdue(s.state, s.due_on, day) for s in one.stages) for one in found}
    waiting = len(queries.to_decide(actor)) + len(queries.reports_to_read(actor))
    return page("index", page=found, late=late, kept=kept, waiting=waiting, may_declare=actor.holds("clerk", "organizer"),
                years=range(day.year + 1, day.year - 5, -1), regions=list_regions(parent_code=HOME_PROVINCE))


@blueprint.get("/waiting")
@act("activities.decide")
def waiting() -> str:
    """What waits for the reader's unions: declarations to decide on, reports to read; and what they themselves owe."""
    actor = current_actor()
    return page("waiting", declarations=queries.to_decide(actor), reports=queries.reports_to_read(actor), returned=queries.to_mend(actor),
                owed=queries.reports_to_write(actor, today()))


@blueprint.route("/export", methods=["GET", "POST"])
@act("activities.look")
def export() -> BaseResponse | tuple[str, int]:
    """The list, as it is filtered, as a workbook."""
    query, actor, at = queries.list_activities(current_actor(), **chosen()), current_actor(), now()
    rows = db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    kept: dict[str, Any] = {name: request.args[name] for name in FILTERS if request.args.get(name)}

    def make(purpose: str) -> tuple[bytes, str]:
        taken = take(ACTIVITIES, purpose=purpose, rows=rows, subject=("year", kept.get("year", "all")), actor=actor, at=at,
                     zone=current_app.extensions["settings"].zone, details={"filters": kept})
        return workbook(list(db.session.scalars(query).unique()), today(), taken), _("竞赛活动.xlsx")

    return hand_out(ACTIVITIES, rows=rows, back=url_for("activities.index", **kept), make=make)


@blueprint.route("/new", methods=["GET", "POST"])
@act("activities.declare")
def new() -> Answer:
    """Declare: first a draft."""
    form = DeclarationForm()
    form.offer(**offers())
    own = queries.own_unions(current_actor())
    if not form.is_submitted() and own:
        form.begin(get(Union, own[0]))
    if form.validate_on_submit():
        check(current_actor(), "activities.declare", union_scope(form.union))
        made = try_verb(form, lambda: service.declare(form.union, form.values(), actor=current_actor(), at=now()))
        if made:
            flash(_("已保存为草稿。请核对后提交申报。"), "success")
            return to_activity(made)
    return form_page("edit", form)


@blueprint.get("/<uuid:declaration_id>")
@act("activities.look")
def show(declaration_id: uuid.UUID) -> str:
    """All that is known of it, what can be done, what happened."""
    found, day = load(declaration_id), today()
    reports = [stage.measures for stage in found.stages if stage.state in (rules_stages.SUBMITTED, rules_stages.ACKNOWLEDGED)]
    results = queries.achievements_of(found.id) if rules.KINDS[found.contest.kind].collects else []
    scope = contest_scope(found.contest)
    may_course = found.state == rules.APPROVED and may(current_actor(), "contests.course", scope)
    return page(
        "show", found, inside=is_inside(found), steps=queries.steps_of(found.id), sums=rules_stages.sums(reports),
        is_counted=hooks.is_counted(found.contest_id),
        late={stage.id for stage in found.stages if rules_stages.is_overdue(stage.state, stage.due_on, day)}, results=results,
        result_sums=rules.measures_of_achievements([(one.kind, one.is_adopted, one.benefit) for one in results]),
        scope=scope, reports=found.contest.host_union_id in scopes_of(current_actor(), "union", "clerk"),
        assessed=len(queries.assessments_of(found.id)), way=queries.unions_of(found.route),
        moves=[move for move in possible_moves(found.contest) if may_course and move in ("postpone", "stop", "cancel", "resume")])


@blueprint.route("/<uuid:declaration_id>/edit", methods=["GET", "POST"])
@act("activities.declare")
def edit(declaration_id: uuid.UUID) -> Answer:
    """Write a draft, or what was given back, otherwise."""
    found, form = load(declaration_id, "activities.declare"), DeclarationForm()
    form.offer([(str(found.contest.host_union_id), found.contest.host_union.name)], offers()["regions"])
    if not form.is_submitted():
        form.show(found)
    elif form.validate() and tried(form, lambda: service.change_declaration(
            found.id, form.values(), actor=current_actor(), at=now())):
        flash(_("已保存。请核对后提交申报。"), "success")
        return to_activity(found)
    return form_page("edit", form, found)


