"""The tree of unions, and names of employers for forms."""

from uuid import UUID

from flask import Blueprint, current_app, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from competition.core import audit
from competition.core.access import act, check, current_actor, may
from competition.core.clock import now
from competition.core.database import get
from competition.core.formats import in_zone
from competition.core.forms import choices, try_verb
from competition.core.paging import paginate
from competition.organisations import queries, service
from competition.organisations.forms import EndForm, NewUnionForm, UnionForm
from competition.organisations.models import Union
from competition.organisations.rules import INDUSTRIES, UNION_LEVELS, levels_below

blueprint = Blueprint("organisations", __name__)
Answer = Response | str | tuple[str, int]
ACT_WORDS = {"organisations.create_union": lazy_gettext("登记"), "organisations.change_union": lazy_gettext("修改"),
             "organisations.end_union": lazy_gettext("撤销")}


@blueprint.get("/manage/unions")
@act("organisations.look")
def index() -> Answer:
    """The roots of the tree; with ``q`` the unions of that name."""
    q, home = request.args.get("q", "").strip(), queries.home_union()
    if q:
        page = paginate(queries.unions_matching(q), request.args.get("page", 1, int))
        return render_template("organisations/search.html", page=page, q=q, levels=UNION_LEVELS)
    if home is not None and "roots" not in request.args:
        return redirect(url_for("organisations.show", union_id=home.id), 303)
    return render_template("organisations/roots.html", branches=queries.branches_under(None), levels=UNION_LEVELS)


@blueprint.get("/manage/unions/<uuid:union_id>")
@act("organisations.look")
def show(union_id: UUID) -> str:
    """One union: the path to it, its figures, what stands under it."""
    union, actor = get(Union, union_id), current_actor()
    above = queries.ancestors(union.id)
    crumbs = [{"label": u.name, "href": url_for("organisations.show", union_id=u.id)} for u in reversed(above[1:])]
    history = [{"at": r.at, "act": ACT_WORDS.get(r.act, r.act), "text": r.reason} for r in audit.history("union", union.id, 20)]
    return render_template(
        "organisations/show.html", branch=queries.branch_of(union), union=union, children=queries.branches_under(union.id),
        crumbs=[*crumbs, {"label": union.name}], levels=UNION_LEVELS, industries=INDUSTRIES, history=history,
        scope=queries.union_scope(union.id), may_edit=may(actor, "organisations.edit", queries.union_scope(union.id)),
        may_end=union.parent_id is not None and may(actor, "organisations.edit", queries.union_scope(union.parent_id)),
    )


def load_union(union_id: UUID, *, above: bool = False) -> Union:
    """A union that the reader may edit; with ``above`` the right must come from the node over it."""
    union = get(Union, union_id)
    check(current_actor(), "organisations.edit", queries.union_scope(union.parent_id if above else union.id))
    return union


@blueprint.get("/manage/unions/<uuid:union_id>/new")
@act("organisations.edit")
def new(union_id: UUID) -> str:
    """The form of a union under this one."""
    parent = load_union(union_id)
    return render_template("organisations/edit.html", form=_new_form(parent, empty=True), parent=parent, union=None)


def _new_form(parent: Union, *, empty: bool) -> NewUnionForm:
    form = NewUnionForm(formdata=None) if empty else NewUnionForm()
    form.level.choices = choices((level, UNION_LEVELS[level]) for level in levels_below(parent.level))
    return form


@blueprint.post("/manage/unions/<uuid:union_id>/new")
@act("organisations.edit")
def create(union_id: UUID) -> Answer:
    """Add a union under this one."""
    parent, at = load_union(union_id), now()
    form = _new_form(parent, empty=False)
    if form.validate_on_submit():
        added = try_verb(form, lambda: service.add_union(
            parent.id, name_zh=form.name_zh.data or "", name_en=form.name_en.data or None, level=form.level.data,
            branch=form.branch.data, industry=form.industry.data or None, member_count=form.member_count.data,
            on=in_zone(at, _zone()).date(), actor=current_actor(), at=at))
        if added:
            flash(_("已登记“%(name)s”。", name=added.name_zh), "success")
            return redirect(url_for("organisations.show", union_id=added.id), 303)
    return render_template("organisations/edit.html", form=form, parent=parent, union=None), form.status


def _zone() -> str:
    zone: str = current_app.extensions["settings"].zone
    return zone


@blueprint.get("/manage/unions/<uuid:union_id>/edit")
@act("organisations.edit")
def edit(union_id: UUID) -> str:
    """The form of an existing union."""
    union = load_union(union_id)
    return render_template("organisations/edit.html", form=UnionForm(formdata=None, obj=union), parent=union.parent, union=union)


@blueprint.post("/manage/unions/<uuid:union_id>/edit")
@act("organisations.edit")
def save(union_id: UUID) -> Answer:
    """Keep other names or figures."""
    union, form = load_union(union_id), UnionForm()
    if form.validate_on_submit():
        saved = try_verb(form, lambda: service.change_union(
            union.id, name_zh=form.name_zh.data or "", name_en=form.name_en.data, name_bo=form.name_bo.data,
            industry=form.industry.data, member_count=form.member_count.data, actor=current_actor(), at=now()))
        if saved:
            flash(_("已保存。"), "success")
            return redirect(url_for("organisations.show", union_id=union.id), 303)
    return render_template("organisations/edit.html", form=form, parent=union.parent, union=union), form.status


@blueprint.get("/manage/unions/<uuid:union_id>/end")
@act("organisations.edit")
def confirm_end(union_id: UUID) -> str:
    """What ending a union means."""
    return render_template("organisations/end.html", form=EndForm(formdata=None), union=load_union(union_id, above=True))


@blueprint.post("/manage/unions/<uuid:union_id>/end")
@act("organisations.edit")
def end(union_id: UUID) -> Answer:
    """End a union from today."""
    union, form, at = load_union(union_id, above=True), EndForm(), now()
    if form.validate_on_submit():
        ended = try_verb(form, lambda: service.end_union(
            union.id, on=in_zone(at, _zone()).date(), reason=form.reason.data or "", actor=current_actor(), at=at))
        if ended:
            flash(_("“%(name)s”已撤销，以前的报名和统计不变。", name=union.name_zh), "success")
            return redirect(url_for("organisations.show", union_id=union.parent_id), 303)
    return render_template("organisations/end.html", form=form, union=union), form.status


@blueprint.get("/employers")
@act("organisations.suggest")
def employers() -> Response:
    """Names of employers that begin with ``q``, as a JSON list for a form."""
    return jsonify([{"name": e.name, "region": e.region_code} for e in queries.suggest_employers(request.args.get("q", ""))])
