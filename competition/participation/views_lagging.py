"""Unions behind: the list of one, and the province's reminders with their quiet hours."""

from zoneinfo import ZoneInfo

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from competition.core.access import act, check, current_actor
from competition.core.clock import now
from competition.core.forms import tried
from competition.counting.rules_periods import month_code, month_number
from competition.organisations.queries import home_scope, union_scope
from competition.participation import queries_lagging as reads
from competition.participation import rules_behind as rules
from competition.participation import service_behind as service
from competition.participation.forms_targets import ReminderForm
from competition.participation.views import blueprint, chosen_year, today
from competition.participation.views_targets import load_node
from competition.returns.queries_reporting import own_unions


@blueprint.get("/targets/<scope>/behind")
@act("participation.behind")
def behind(scope: str) -> str:
    """What a union behind its target has registered and not begun, and who of it has not reported."""
    found, year = load_node(scope), chosen_year()
    check(current_actor(), "participation.behind", union_scope(found.union.id if found.union else None))
    rows = reads.behind(year, today(), [found.union.id] if found.union else [])
    return render_template("participation/behind.html", node=found, year=year, row=next(iter(rows), None),
                           own={union.id for union in own_unions(current_actor())}, last_month=month_code(month_number(today()) - 1))


@blueprint.route("/reminders", methods=["GET", "POST"])
@act("participation.remind")
def reminders() -> str | BaseResponse | tuple[str, int]:
    """The quiet hours; who is behind; what was written to whom and when it goes out."""
    check(current_actor(), "participation.remind", home_scope())
    year, rule, actor, at = today().year, reads.rule(), current_actor(), now()
    form = ReminderForm(
        is_on=rule.is_on if rule else True, quiet_from=rule.quiet_from if rule else str(rules.QUIET_FROM)[:5],
        quiet_to=rule.quiet_to if rule else str(rules.QUIET_TO)[:5], weekends=rule.weekends if rule else True)
    if form.validate_on_submit() and tried(form, lambda: service.set_rule(
            bool(form.is_on.data), form.quiet_from.data or "", form.quiet_to.data or "", weekends=bool(form.weekends.data),
            actor=actor, at=at)):
        flash(_("提醒的时间已保存。"), "success")
        return redirect(url_for("participation.reminders"), 303)
    page = render_template("participation/reminders.html", form=form, year=year, rows=reads.behind(year, today()),
                           reminders=reads.reminders(), last=reads.last_reminded())
    return page, form.status if request.method == "POST" else 200


@blueprint.post("/remind")
@act("participation.remind")
def remind() -> BaseResponse:
    """Write to all that are behind now."""
    check(current_actor(), "participation.remind", home_scope())
    zone = ZoneInfo(current_app.extensions["settings"].zone)
    count = service.remind(today().year, today(), zone, actor=current_actor(), at=now())
    none = _("没有要提醒的：落后的单位一周之内都提醒过了，或者没有单位落后。")
    flash(_("已写好 %(n)s 份提醒，安静时段过后自动发出。", n=count) if count else none, "success")
    return redirect(url_for("participation.reminders"), 303)
