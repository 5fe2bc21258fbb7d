"""Staff pages: the list of contests, series, a new contest, its overview, its facts and bodies."""

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from competition.contests import hooks, queries, rules, service
from competition.contests.changes import describe
from competition.contests.forms import BodiesForm, ContestForm, SeriesForm, choices_of
from competition.contests.pages import Answer, blueprint, go_on, load_contest, may_on, offer_choices, union_choices
from competition.core.access import act, check, current_actor
from competition.core.characters import int_or
from competition.core.clock import now
from competition.core.errors import RuleBroken, Stale
from competition.core.forms import BaseForm, try_verb
from competition.core.paging import paginate
from competition.organisations.queries import union_scope

HOME_ZONE = "Asia/Shanghai"


@blueprint.get("/manage/contests")
@act("contests.look")
def manage() -> str:
    """The contests that the reader works on."""
    args = request.args
    query = queries.list_manageable(current_actor(), "contests.look", kind=args.get("kind"), state=args.get("state"), text=args.get("q"))
    page = paginate(query, args.get("page", 1, type=int))
    at = now()
    return render_template(
        "contests/manage.html", page=page, rules=rules, states_of={c.id: rules.registration_state(c, at) for c in page},
        places=hooks.places_of([c.id for c in page]), may_create=current_actor().holds("organizer"),
    )


@blueprint.get("/manage/series")
@act("contests.look")
def series() -> str:
    """The umbrellas, each with its contests."""
    found = queries.list_series(current_actor(), "contests.look")
    return render_template("contests/series.html", series=found, may_create=current_actor().holds("organizer"))


@blueprint.route("/manage/series/new", methods=["GET", "POST"])
@act("contests.create")
def new_series() -> Answer:
    """A new umbrella."""
    form = SeriesForm()
    form.host_union_id.choices = choices_of(union_choices())
    if form.validate_on_submit():
        values = form.values()
        check(current_actor(), "contests.create", union_scope(values["host_union_id"]))
        if try_verb(form, lambda: service.create_series(**values, actor=current_actor(), at=now())):
            flash(_("已建立大赛“%(name)s”。", name=values["name_zh"]), "success")
            return redirect(url_for("contests.series"), 303)
    return _page("contests/series_new.html", form)


@blueprint.route("/manage/contests/new", methods=["GET", "POST"])
@act("contests.create")
def new() -> Answer:
    """First step of a new contest: its facts. From then on the draft is kept by the server."""
    form = offer_choices(ContestForm())
    if form.validate_on_submit():
        values = form.values(HOME_ZONE)
        check(current_actor(), "contests.create", union_scope(values["host_union_id"]))
        contest = try_verb(form, lambda: service.create_contest(code=form.code.data or "", **values, actor=current_actor(), at=now()))
        if contest:
            flash(_("已保存为草稿，只有工作人员可见。可以随时离开，以后接着填写。"), "success")
            return redirect(url_for("contests.bodies", contest_id=contest.id), 303)
    if not form.is_submitted():
        form.review_levels.data = ["county", "prefecture"]
    return _page("contests/edit.html", form, contest=None, step=0)


@blueprint.get("/manage/contests/<uuid:contest_id>")
@act("contests.look")
def overview(contest_id: uuid.UUID) -> str:
    """All that is known of the contest, what is missing, what can be done, what happened."""
    contest = load_contest(contest_id, "contests.look")
    changes = queries.changes_of(contest.id)
    version = queries.find_rulebook(contest.id)
    return render_template(
        "contests/overview.html", contest=contest, rules=rules, state=rules.registration_state(contest, now()), version=version,
        review_words=" → ".join(str(rules.REVIEW_LEVELS[level]) for level in contest.review_levels),
        missing=service.missing_of(contest), changes=changes, names=queries.names_of(c.by_id for c in changes),
        places=hooks.places_of([contest.id]).get(contest.id), moves=rules.possible_moves(contest),
        allowed=may_on(contest, "contests.edit", "contests.course", "contests.rulebook", "contests.notice"), step=5,
    )


@blueprint.route("/manage/contests/<uuid:contest_id>/edit", methods=["GET", "POST"])
@act("contests.edit")
def edit(contest_id: uuid.UUID) -> Answer:
    """The facts; a save on an old copy is refused with what others changed."""
    contest = load_contest(contest_id, "contests.edit")
    form = offer_choices(ContestForm())
    if not form.is_submitted():
        form.show(contest)
    else:
        form.code.data = contest.code
        if form.validate():
            values = form.values(contest.zone)
            done, stale = _save(form, lambda: service.change_contest(
                contest.id, version=_version(form), actor=current_actor(), at=now(), **values))
            if done:
                return go_on(contest, "contests.edit", _("已保存基本信息。"))
            return _page("contests/edit.html", form, contest=contest, step=0, stale=_told(stale, contest, form))
    return _page("contests/edit.html", form, contest=contest, step=0)


@blueprint.route("/manage/contests/<uuid:contest_id>/bodies", methods=["GET", "POST"])
@act("contests.edit")
def bodies(contest_id: uuid.UUID) -> Answer:
    """Who stands on the notice."""
    contest = load_contest(contest_id, "contests.edit")
    form = BodiesForm()
    if not form.is_submitted():
        form.show(contest)
    elif form.validate():
        done, stale = _save(form, lambda: service.set_bodies(
            contest.id, form.values(), version=_version(form), actor=current_actor(), at=now()))
        if done:
            return go_on(contest, "contests.bodies", _("已保存主办、承办等单位。"))
        return _page("contests/bodies.html", form, contest=contest, step=1, stale=_told(stale, contest, form))
    return _page("contests/bodies.html", form, contest=contest, step=1)


def _version(form: Any) -> int:
    return int_or(form.version.data or "", 0)


def _save(form: BaseForm, verb: Any) -> tuple[bool, Stale | None]:
    """Whether it was saved, and the refusal of an old copy."""
    try:
        verb()
    except Stale as error:
        form.refuse(error)
        return False, error
    except RuleBroken as error:
        if error.status in (403, 404):
            raise
        form.refuse(error)
        return False, None
    return True, None


def _told(stale: Stale | None, contest: Any, form: Any) -> list[dict[str, Any]]:
    """What others changed, in words; the form then carries the present version, so that saving again is meant."""
    if stale is None:
        return []
    form.version.data = str(stale.details["version"])
    return [describe(change, contest.zone) for change in stale.details["changes"]]


def _page(template: str, form: BaseForm, **more: Any) -> Answer:
    page = render_template(template, form=form, rules=rules, **more)
    return (page, form.status) if form.errors else page

