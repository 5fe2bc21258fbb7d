"""Pages of the unions above: what waits for them, decisions one by one and together; the closing of months."""

import uuid
from datetime import datetime

from flask import current_app, flash, redirect, request, url_for
from flask_babel import gettext as _

from competition.core.access import act, check, current_actor
from competition.core.characters import int_or
from competition.core.clock import now
from competition.core.errors import RuleBroken
from competition.core.formats import in_zone, show_year_month
from competition.core.forms import tried, try_verb
from competition.counting.rules_periods import month_number
from competition.organisations.queries import home_scope
from competition.returns import queries_approvals, queries_months, service
from competition.returns import queries_reporting as reads
from competition.returns import rules as rules_returns
from competition.returns.forms import ConfirmForm, DecideForm
from competition.returns.models import Return
from competition.returns.pages import Answer, answer, load_turn, month_of, page, today
from competition.returns.service_approvals import preview_many
from competition.returns.views import blueprint, return_page, steps_shown, tabs


@blueprint.get("/returns/waiting")
@act("participation.approve")
def waiting_returns() -> str:
    """What waits for the reader, the longest waiting first."""
    found = reads.waiting_for(current_actor(), request.args.get("page", 1, type=int))
    people = queries_approvals.people_of([one.id for one, _since in found if one.kind == rules_returns.ROSTER])
    return page("returns_waiting", found=found, people=people, waited=waited, tabs=tabs())


def waited(since: datetime) -> str:
    """How many days, in the application's zone."""
    days = (today() - in_zone(since, current_app.extensions["settings"].zone).date()).days
    return str(_("%(n)s 天", n=days) if days > 0 else _("今天"))


@blueprint.post("/returns/<uuid:return_id>/decide")
@act("participation.approve")
def decide_return(return_id: uuid.UUID) -> Answer:
    """Approve or give back; then the next one that waits for me."""
    found = load_turn(return_id)
    form = DecideForm()
    if form.validate() and tried(form, lambda: _decide(found, form)):
        flash(_decided(found, form.decision.data), "success")
        following = reads.next_turn(current_actor())
        if following:
            flash(_("下面是等得最久的下一份。"), "info")
        return redirect(url_for(".one_return", return_id=following) if following else url_for(".waiting_returns"), 303)
    # Shown as it is now: whoever decides again decides about what this page shows.
    form.seen.data = str(steps_shown(found))
    return answer(return_page(found, form), form)


def _decided(found: Return, decision: str) -> str:
    """What was decided about which return: the page that follows shows another."""
    about = {"union": found.union.name, "contest": found.activity.contest.name, "month": show_year_month(found.month)}
    if decision == "approve":
        return str(_("已审核通过：%(union)s的“%(contest)s”%(month)s。", **about))
    return str(_("已退回修改：%(union)s的“%(contest)s”%(month)s。上报的工会已收到消息。", **about))


def _decide(found: Return, form: DecideForm) -> None:
    actor, at, union_id = current_actor(), now(), found.waiting_at
    if form.decision.data == "approve":
        service.approve_return(found.id, union_id, actor=actor, at=at, seen=form.steps)
    else:
        service.give_back_return(found.id, union_id, form.reason.data or "", actor=actor, at=at, seen=form.steps)


@blueprint.post("/returns/batch")
@act("participation.approve")
def batch_returns() -> Answer:
    """Exactly what would be approved together, and what not and why."""
    ids = [key for text in request.form.getlist("ids") if (key := _uuid(text))]
    if not ids:
        flash(_("请先勾选要通过的上报。"), "warning")
        return redirect(url_for(".waiting_returns"), 303)
    return _batch_page(ids, ConfirmForm(None))


def _batch_page(ids: list[uuid.UUID], form: ConfirmForm) -> Answer:
    found = reads.of_turn(current_actor(), ids)
    lines = preview_many(found, actor=current_actor())
    people = queries_approvals.people_of([one.id for one in found if one.kind == rules_returns.ROSTER])
    warned = {key: one.warnings for key, one in queries_approvals.judged_many(found).items()}
    shown = page("returns_batch", good=[line for line in lines if not line.refusal], bad=[line for line in lines if line.refusal],
                 people=people, warned=warned, form=form, gone=len(set(ids)) - len(found))
    return answer(shown, form)


@blueprint.post("/returns/batch/approve")
@act("participation.approve")
def approve_returns() -> Answer:
    """Approve what was previewed, all or nothing."""
    form = ConfirmForm()
    seen = {key: steps for text in request.form.getlist("chosen") for k, _colon, v in [text.partition(":")]
            if (key := _uuid(k)) and (steps := int_or(v, -1)) >= 0}
    found = reads.of_turn(current_actor(), list(seen))
    done = None
    if form.validate():
        done = try_verb(form, lambda: _approve_all(found, seen))
    if done is None:
        return _batch_page(list(seen), form) if seen else redirect(url_for(".waiting_returns"), 303)
    flash(_("已审核通过 %(n)s 份上报。", n=done), "success")
    return redirect(url_for(".waiting_returns"), 303)


def _approve_all(found: list[Return], seen: dict[uuid.UUID, int]) -> int:
    if len(found) != len(seen):
        raise RuleBroken(_("其中有的上报现在不由您审核，一份也没有办理。请核对下面的名单再确认。"), code="not_waiting")
    chosen = {one.id: (one.waiting_at, seen[one.id]) for one in found if one.waiting_at}
    return service.approve_many(chosen, actor=current_actor(), at=now())


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


# ---- months ------------------------------------------------------------------------------------------


@blueprint.get("/months")
@act("participation.close_month")
def months() -> str:
    """The last thirteen months: what was reported, who is missing, which are closed."""
    check(current_actor(), "participation.close_month", home_scope())
    return page("months", months=queries_months.months_of(today()), tabs=tabs())


@blueprint.route("/months/<month>", methods=["GET", "POST"])
@act("participation.close_month")
def close_month(month: str) -> Answer:
    """What stands out for a month by prefecture, and the button that closes it."""
    check(current_actor(), "participation.close_month", home_scope())
    number, form = month_of(month), ConfirmForm()
    rules_returns.check_closable(number, month_number(today()))
    if form.validate_on_submit():
        service.close_month(number, actor=current_actor(), at=now())
        flash(_("已截止 %(month)s 的上报。", month=show_year_month(number)), "success")
        return redirect(url_for(".months"), 303)
    return answer(page("month", month=number, parts=queries_months.parts_of(number), closed_at=reads.closed_months().get(number),
                       is_running=number == month_number(today()), form=form), form)
