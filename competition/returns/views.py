"""Pages of the union that reports: its returns, one return, its figures, handing it up."""

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectField

from competition.contests.models import Contest
from competition.core.access import act, current_actor, may, may_open
from competition.core.clock import now
from competition.core.errors import NotFound, RuleBroken
from competition.core.files import Upload, send_stored, take_upload
from competition.core.forms import done_or_told, tried, try_verb
from competition.counting.rules_periods import month_number
from competition.counting.rules_scopes import scope_of_union
from competition.organisations.models import Union
from competition.organisations.queries import home_scope
from competition.returns import queries_approvals, service
from competition.returns import queries_reporting as reads
from competition.returns import rules as rules_returns
from competition.returns.forms import BeginForm, CorrectForm, DecideForm, FiguresForm, SeenForm, shown_measures
from competition.returns.models import Return
from competition.returns.pages import (
    EVIDENCE,
    Answer,
    answer,
    asked_month,
    is_turn,
    load_own,
    load_return,
    manages_tokens,
    months_to_choose,
    own_scope,
    page,
    saved_words,
    today,
)

blueprint = Blueprint("returns", __name__, url_prefix="/participation")


@blueprint.get("/returns")
@act("participation.returns")
def returns() -> str:
    """The returns in sight, narrowed by the address."""
    actor, args = current_actor(), request.args
    own = reads.own_unions(actor)
    asked = reads.Filters(whose=args.get("whose", ""), month=asked_month(args.get("month", "")), state=args.get("state", ""),
                          kind=args.get("kind", ""), q=args.get("q", "").strip())
    found = reads.list_returns(actor, asked, args.get("page", 1, type=int))
    people = queries_approvals.people_of([one.id for one in found if one.kind == rules_returns.ROSTER])
    return page("returns", found=found, asked=asked, own=own, people=people, months=reads.months_in_sight(actor), tabs=tabs(),
                manages_tokens=manages_tokens())


def tabs() -> dict[str, Any]:
    """What the reader finds beside the list: the work list with its number, the months."""
    actor = current_actor()
    return {"waiting": reads.count_turn(actor)[0] if actor.holds("clerk", "organizer") else None,
            "months": may(actor, "participation.close_month", home_scope())}


# ---- begin -------------------------------------------------------------------------------------------


@blueprint.get("/returns/new")
@act("participation.report")
def choose_activity() -> str:
    """What to report about: activities of the union and of those above it."""
    union, own = _asked_union()
    args = request.args
    found = reads.activities(union, q=args.get("q", "").strip(), kind=args.get("kind", ""), page=args.get("page", 1, type=int))
    month = asked_month(args.get("month", ""))
    return page("return_activities", found=found, month=month, union=union, own=own,
                reported=reads.reported_months(union, [one.id for one in found]))


def _asked_union() -> tuple[Union, list[Union]]:
    """``?union=``, else the first of the reader's own."""
    own = reads.own_unions(current_actor())
    if not own:
        raise NotFound(_("您的账号没有上报的工会，请联系系统管理员。"))
    wanted = request.args.get("union", "")
    return next((union for union in own if str(union.id) == wanted), own[0]), own


@blueprint.route("/returns/new/<uuid:contest_id>", methods=["GET", "POST"])
@act("participation.report")
def begin_return(contest_id: uuid.UUID) -> Answer:
    """Month and way of a new return about one activity."""
    union, own = _asked_union()
    contest = _reportable(union, contest_id)
    form = BeginForm(data=_suggested(union, contest))
    if not has_roster_page():
        _offer(form.kind, [(rules_returns.BULK, rules_returns.KINDS[rules_returns.BULK])])
    _offer(form.union, [(one.id, one.name) for one in own])
    reported = reads.reported_months(union, [contest.id]).get(contest.id, [])
    _offer(form.month, months_to_choose(reported))
    if form.validate_on_submit():
        union_id = uuid.UUID(form.union.data)
        _reportable(next(one for one in own if one.id == union_id), contest_id)
        made = try_verb(form, lambda: service.begin_return(
            union_id, contest.id, int(form.month.data), form.kind.data, actor=current_actor(), at=now()))
        if made:
            return redirect(_first_page(made), 303)
    return answer(page("return_begin", activity=contest, union=union, own=own, form=form, reported=reported), form)


def _offer(field: SelectField | RadioField, pairs: list[tuple[Any, Any]]) -> None:
    field.choices = [(str(value), words) for value, words in pairs]


def _reportable(union: Union, contest_id: uuid.UUID) -> Contest:
    contest = reads.is_reportable(union, contest_id)
    if contest is None:
        raise NotFound(_("没有找到这项活动，或您的工会不能上报它。"))
    return contest


def _suggested(union: Union, contest: Contest) -> dict[str, str]:
    """The month that the address asks for, else the last whole month, if it is open and not yet reported; else this one, else the
    newest of those before."""
    done = {one.month for one in reads.reported_months(union, [contest.id]).get(contest.id, [])}
    this = month_number(today())
    asked = asked_month(request.args.get("month", ""))
    wanted = this - 1 if asked is None else asked
    open_ = sorted((month for month in reads.month_choices(today()) if month not in done), key=lambda month: (month != wanted, -month))
    return {"union": str(union.id), "month": str(open_[0] if open_ else this)}


def _first_page(made: Return) -> str:
    """A bulk figure is filled in at once; a roster is read in where that is possible; of nobody there is nothing to fill in."""
    if made.kind == rules_returns.VOID:
        return url_for(".submit_return", return_id=made.id)
    if made.kind == rules_returns.ROSTER and may_open("returns.roster", own_scope(made)):
        return url_for("returns.roster", return_id=made.id)
    return url_for(".return_figures", return_id=made.id)


# ---- one return --------------------------------------------------------------------------------------


@blueprint.get("/returns/<uuid:return_id>")
@act("participation.returns")
def one_return(return_id: uuid.UUID) -> str:
    """One return: where it stands, what it says, what was done with it, what the reader may do."""
    found = load_return(return_id)
    return return_page(found, DecideForm(None, data={"seen": steps_shown(found)}))


def steps_shown(found: Return) -> int:
    """How many steps this page shows."""
    return queries_approvals.steps_of([found.id])[found.id]


def return_page(found: Return, form: DecideForm) -> str:
    """The page of a return; ``form``: the decision of who is asked for one."""
    history, turn = reads.history_of(found.id), is_turn(found)
    steps = [step for step, _union in history]
    return page(
        "return", found=found, form=form, history=history, way=queries_approvals.way_up(found, steps, now()), is_turn=turn,
        is_own_work=turn and bool(queries_approvals.handed_up_by([found.id], current_actor())),
        is_mine=may(current_actor(), "participation.report", own_scope(found)), judged=queries_approvals.judged(found),
        changes=queries_approvals.changes_of(found), versions=reads.versions_of(found), has_roster=has_roster_page(),
        closed_at=reads.closed_months().get(found.month), figures_of=scope_of_union(
            found.union_id.hex, found.union.branch, found.union.level, found.union.region_code),
        given_back=next((one for one in history if one[0].verdict == "give_back"), None) if found.state == rules_returns.RETURNED else None,
    )


def has_roster_page() -> bool:
    """Are rosters read in by a page of their own?"""
    return may_open("returns.roster", frozenset(("union", union.id) for union in reads.own_unions(current_actor())))


@blueprint.get("/returns/<uuid:return_id>/evidence")
@act("participation.returns")
def return_evidence(return_id: uuid.UUID) -> Response:
    """What a bulk figure is founded on."""
    found = load_return(return_id)
    if found.evidence is None:
        raise NotFound(_("这份上报没有依据材料。"))
    return send_stored(found.evidence, download=False)


@blueprint.route("/returns/<uuid:return_id>/figures", methods=["GET", "POST"])
@act("participation.report")
def return_figures(return_id: uuid.UUID) -> Answer:
    """The numbers of a return, as long as it is the union's own."""
    found = load_own(return_id)
    rules_returns.check_editable(found.state)
    rules_returns.check_figures(found.kind)
    form = _figures_form(found)
    if form.is_submitted() and request.form.get("then") == "save":
        form.may_be_unfinished()
    if form.validate_on_submit() and tried(form, lambda: _keep(found, form)):
        if request.form.get("then") == "submit":
            return redirect(url_for(".submit_return", return_id=found.id), 303)
        flash(saved_words(found), "success")
        return redirect(url_for(".one_return", return_id=found.id), 303)
    return answer(page("return_figures", found=found, form=form, has_roster=has_roster_page(),
                       earlier=reads.bulk_before(found) if found.kind == rules_returns.BULK else None,
                       people=queries_approvals.people_of([found.id]).get(found.id, 0)), form)


def _figures_form(found: Return) -> FiguresForm:
    form = FiguresForm(data={"heads": found.heads, "overlap": found.overlap or 0, **shown_measures(found.measures)})
    if found.kind != rules_returns.BULK:
        del form.heads, form.overlap, form.evidence
    return form


def _keep(found: Return, form: FiguresForm) -> None:
    is_bulk = found.kind == rules_returns.BULK
    service.put_figures(
        found.id, heads=form.heads.data if is_bulk else None, overlap=form.overlap.data if is_bulk else None,
        upload=_evidence(form.evidence.data) if is_bulk else None, measures=form.measures, actor=current_actor(), at=now(),
        is_whole=request.form.get("then") != "save")


def _evidence(sent: FileStorage | None) -> Upload | None:
    """Cleaned before the transaction that keeps it; a refusal stands at the field."""
    if sent is None or not sent.filename:
        return None
    try:
        return take_upload(sent.read(), name=sent.filename, kinds=EVIDENCE)
    except RuleBroken as error:
        raise RuleBroken(error.message, code=error.code, status=error.status, field="evidence") from error


# ---- on its way --------------------------------------------------------------------------------------


@blueprint.route("/returns/<uuid:return_id>/submit", methods=["GET", "POST"])
@act("participation.report")
def submit_return(return_id: uuid.UUID) -> Answer:
    """What will be handed up, and the button that does."""
    found = load_own(return_id)
    rules_returns.check_editable(found.state)
    form = SeenForm(data={"seen": steps_shown(found)})
    if form.validate_on_submit() and tried(form, lambda: service.submit_return(
            found.id, actor=current_actor(), at=now(), seen=form.steps)):
        flash(_("已提交上报。走到哪一步、由谁审核，都写在这一页上。"), "success")
        return redirect(url_for(".one_return", return_id=found.id), 303)
    form.seen.data = str(steps_shown(found))
    shown = page("return_submit", found=found, form=form, judged=queries_approvals.judged(found),
                 changes=queries_approvals.changes_of(found), way=queries_approvals.way_up(found, [], now()))
    return answer(shown, form)


@blueprint.post("/returns/<uuid:return_id>/take-back")
@act("participation.report")
def take_back_return(return_id: uuid.UUID) -> Response:
    """Take it back before it counts."""
    found = load_own(return_id)
    if done_or_told(lambda: service.take_back_return(found.id, actor=current_actor(), at=now())):
        flash(_("已撤回，现在是草稿，可以修改后再提交。"), "success")
    return redirect(url_for(".one_return", return_id=return_id), 303)


@blueprint.post("/returns/<uuid:return_id>/discard")
@act("participation.report")
def discard_return(return_id: uuid.UUID) -> Response:
    """Give a draft up."""
    found = load_own(return_id)
    if not done_or_told(lambda: service.discard_return(found.id, actor=current_actor(), at=now())):
        return redirect(url_for(".one_return", return_id=return_id), 303)
    flash(_("草稿已删除。"), "success")
    return redirect(url_for(".returns"), 303)


@blueprint.route("/returns/<uuid:return_id>/correct", methods=["GET", "POST"])
@act("participation.report")
def correct_return(return_id: uuid.UUID) -> Answer:
    """A new version of what counts, for a reason."""
    found = load_own(return_id)
    is_void = found.kind == rules_returns.VOID
    form = CorrectForm(data={"kind": rules_returns.ROSTER if is_void else found.kind})
    if is_void:
        _offer(form.kind, list(rules_returns.WAYS.items()))
    if form.validate_on_submit():
        made = try_verb(form, lambda: service.correct_return(
            found.id, form.reason.data or "", form.kind.data, actor=current_actor(), at=now()))
        if made:
            flash(_("已新建更正版本，内容与原来相同。改好后提交；更正计入以前，原来的数字一直有效。") if made.kind == found.kind
                  else _("已新建更正版本。填好后提交；更正计入以前，原来的数字一直有效。"), "success")
            return redirect(_first_page(made), 303)
    return answer(page("return_correct", found=found, form=form), form)
