"""Targets down the tree: how the parts of a place stand, how its target is split, last year's months, the one number."""

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from competition.core.access import act, check, current_actor, may
from competition.core.clock import now
from competition.core.errors import NotFound, RuleBroken
from competition.core.exports import hand_out
from competition.core.formats import show_month
from competition.core.forms import BaseForm, tried, try_verb
from competition.core.sheets import read_table
from competition.core.taken import take
from competition.counting import queries
from competition.counting.rules_scopes import WHOLE
from competition.organisations.queries import home_scope, union_scope
from competition.participation import queries_parts, queries_targets
from competition.participation import rules_targets as rules
from competition.participation import service_targets as service
from competition.participation.export import TARGETS, targets_workbook
from competition.participation.forms_targets import HeadlineForm, PaceForm, SplitForm
from competition.participation.queries_parts import Node
from competition.participation.views import blueprint, chosen_year, today
from competition.returns.queries_reporting import own_scopes

Answer = str | BaseResponse | tuple[str, int]


def load_node(scope: str) -> Node:
    """A place of the tree of targets; 404 when there is none."""
    found = queries_parts.node(scope)
    if found is None:
        raise NotFound(_("没有这个地区或工会。"))
    return found


def load_to_split(scope: str) -> Node:
    """The same for whoever may split its target: its own union and those above."""
    found = load_node(scope)
    check(current_actor(), "participation.split_target", union_scope(found.union.id if found.union else None))
    return found


@blueprint.get("/targets/<scope>")
@act("participation.view")
def targets(scope: str) -> str:
    """The parts of a place by attainment, what is not given out yet, and how the targets changed."""
    found, year = load_node(scope), chosen_year()
    parts, target = queries_parts.parts(found, year), queries_targets.target(year, scope)
    return render_template(
        "participation/targets.html", node=found, year=year, target=target, ranking=queries_parts.ranking(parts, year, today()),
        outlook=queries_targets.outlook(scope, year, today()), given=sum(part.target or 0 for part in parts),
        changes=queries_parts.changes(year, [scope, *(part.scope for part in parts)]), names={part.scope: part.name for part in parts},
        how=rules.HOW, run=queries.last_finished(), allowed=_allowed(found), headline=queries_targets.headline(year),
        own=[one for one in own_scopes(current_actor()) if one[0] != scope],
    )


def _allowed(found: Node) -> dict[str, bool]:
    own, home = union_scope(found.union.id if found.union else None), home_scope()
    scopes = {"split_target": own, "set_target": home, "remind": home}
    return {name: may(current_actor(), f"participation.{name}", scope) for name, scope in scopes.items()}


@blueprint.route("/targets/<scope>/split", methods=["GET", "POST"])
@act("participation.split_target")
def split(scope: str) -> Answer:
    """Split a target: filled by last year's shape, by hand or from a table; looked at; saved with a reason."""
    found, year, form = load_to_split(scope), chosen_year(), SplitForm()
    parts = queries_parts.parts(found, year)
    # What asks for none of the steps asks for a look.
    step = (request.form.get("step") or "preview") if form.validate_on_submit() else ""
    typed = {part.scope: request.form.get(f"part-{part.scope}", "") for part in parts}
    if not form.is_submitted():
        typed = {part.scope: str(part.target or "") for part in parts}
    wanted = try_verb(form, lambda: _wanted(step, found, year, parts, typed)) if step else None
    how = {"shape": "shape", "file": "file"}.get(step) or (request.form.get("how") if request.form.get("how") in rules.HOW else "hand")
    if wanted is not None and step == "save" and tried(form, lambda: service.split_target(
            scope, year, parts, wanted, how=how or "hand", reason=form.reason.data or "", actor=current_actor(), at=now())):
        flash(_("目标分解已保存。"), "success")
        return redirect(url_for("participation.targets", scope=scope, year=year), 303)
    shown = {key: "" if value is None else str(value) for key, value in wanted.items()} if wanted else typed
    page = render_template(
        "participation/split.html", node=found, year=year, form=form, parts=parts, target=queries_targets.target(year, scope), shown=shown,
        how=how, reads_file=step == "file",
        differences=rules.differences(parts, wanted) if wanted is not None and step != "back" else None)
    return page, form.status if form.is_submitted() and (form.errors or not step) else 200


def _wanted(step: str, found: Node, year: int, parts: list[rules.Part], typed: dict[str, str]) -> dict[str, int | None]:
    wanted: dict[str, int | None]
    if step == "shape":
        target = queries_targets.target(year, found.scope)
        if target is None or not parts:
            raise RuleBroken(_("这一级还没有年度目标，不能按比例分解。请先设定，或者逐个填写。"), code="no_target", status=422)
        wanted = {**rules.by_shape(target.persons, {part.scope: part.before for part in parts})}
        return {scope: value or None for scope, value in wanted.items()}
    if step == "file":
        return rules.parts_of_table(_rows("file"), parts)
    return {part.scope: rules.whole_number(typed[part.scope], part.name) for part in parts}


def _rows(field: str) -> list[list[str]]:
    sent = request.files.get(field)
    if sent is None or not sent.filename:
        raise RuleBroken(_("请选择表格文件。"), code="no_file", status=422, field=field)
    return read_table(sent.read())


@blueprint.route("/targets/<scope>/export", methods=["GET", "POST"])
@act("participation.view")
def targets_export(scope: str) -> BaseResponse | tuple[str, int]:
    """The parts as a workbook: to read, and to fill in and send back."""
    found, year, actor, at = load_node(scope), chosen_year(), current_actor(), now()
    rows = queries_parts.ranking(queries_parts.parts(found, year), year, today())

    def make(purpose: str) -> tuple[bytes, str]:
        taken = take(TARGETS, purpose=purpose, rows=len(rows), subject=("year", year), actor=actor, at=at,
                     zone=current_app.extensions["settings"].zone)
        return targets_workbook(found.name, year, rows, taken), _("目标分解-%(name)s-%(year)s.xlsx", name=found.name, year=year)

    return hand_out(TARGETS, rows=len(rows), back=url_for("participation.targets", scope=scope, year=year), make=make)


@blueprint.route("/targets/<scope>/pace", methods=["GET", "POST"])
@act("participation.split_target")
def pace(scope: str) -> Answer:
    """The months of the year before ``?year=``, as far as this system did not see them."""
    found, year, form = load_to_split(scope), chosen_year() - 1, PaceForm()
    known = queries_parts.told_months(scope, year)
    shown = [request.form.get(f"month-{month}", "") for month in range(1, 13)] if form.is_submitted() else [str(one) for one in known]
    if form.validate_on_submit() and tried(form, lambda: _tell(scope, year, form, shown)):
        flash(_("去年各月人数已保存，进度和预测按它推算。"), "success")
        return redirect(url_for("participation.targets", scope=scope, year=year + 1), 303)
    seen = queries_targets.Years.read({scope}, year).registered(scope, year)
    page = render_template("participation/pace.html", node=found, year=year, form=form, shown=shown or [""] * 12, known=known, seen=seen)
    return page, form.status if form.is_submitted() else 200


def _tell(scope: str, year: int, form: BaseForm, shown: list[str]) -> None:
    actor, at = current_actor(), now()
    if request.form.get("step") == "forget":
        service.forget_months(scope, year, actor=actor, at=at)
        return
    sent = request.files.get("file")
    figures = rules.months_of_table(_rows("file")) if sent and sent.filename else [
        rules.whole_number(text, show_month(month)) for month, text in enumerate(shown, 1)]
    service.tell_months(scope, year, figures, is_so_far=form["meant"].data != "new", actor=actor, at=at)


@blueprint.route("/headline", methods=["GET", "POST"])
@act("participation.set_target")
def headline() -> Answer:
    """Which of the two numbers is the year's."""
    check(current_actor(), "participation.set_target", home_scope())
    year = chosen_year()
    form: Any = HeadlineForm(headline=queries_targets.headline(year))
    if form.validate_on_submit() and tried(form, lambda: service.choose_headline(
            year, form.headline.data, form.reason.data or "", actor=current_actor(), at=now())):
        flash(_("年度主数字已保存。两个数字都照旧显示，没有改变任何一个。"), "success")
        return redirect(url_for("participation.targets", scope=WHOLE, year=year), 303)
    return render_template("participation/headline.html", form=form, year=year), form.status if form.is_submitted() else 200
