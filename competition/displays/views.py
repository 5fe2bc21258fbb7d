"""The desk of the organizers: screens are registered, switched, withdrawn; a batch is called."""

import uuid

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from competition.contests.models import Contest
from competition.contests.queries import contest_scope, get_contest
from competition.core.access import act, current_actor, may
from competition.core.clock import now
from competition.core.errors import NotFound
from competition.core.forms import try_verb
from competition.core.languages import LANGUAGES
from competition.displays import queries, rules, service
from competition.displays.forms import CallForm, PageForm, PairForm
from competition.displays.models import Display

blueprint = Blueprint("displays", __name__, url_prefix="/manage/contests/<uuid:contest_id>/displays")
Answer = Response | str | tuple[str, int]


def load_contest(contest_id: uuid.UUID) -> Contest:
    """The contest, for its organizers; 404 for who has nothing to do with it."""
    contest = get_contest(contest_id)
    if not may(current_actor(), "displays.desk", contest_scope(contest)):
        raise NotFound(_("没有找到这项赛事，它可能已被移走，或您无权查看。"))
    return contest


def load_display(contest_id: uuid.UUID, display_id: uuid.UUID) -> tuple[Contest, Display]:
    """A screen of the contest, for its organizers."""
    return load_contest(contest_id), queries.get_display(contest_id, display_id)


@blueprint.get("")
@act("displays.desk")
def desk(contest_id: uuid.UUID) -> Answer:
    """All screens, and the batch that is called."""
    return desk_page(load_contest(contest_id))


def desk_page(contest: Contest, *, pairing: PairForm | None = None, calling: CallForm | None = None,
              changed: tuple[uuid.UUID, PageForm] | None = None) -> str:
    """The desk, with the one form that was refused as it stands."""
    call, displays = queries.call_of(contest.id), queries.displays_of(contest.id)
    held = f"{call.round_id}:{call.batch}" if call.round_id else ""
    calling = calling or offer(CallForm(formdata=None, data={"batch": held, "with_numbers": call.with_numbers}), contest)
    forms = {one.id: PageForm(formdata=None, prefix=str(one.id), data={"page": one.page, "sentence": one.sentence}) for one in displays}
    return render_template(
        "displays/desk.html", contest=contest, displays=displays, forms_of=forms | dict([changed] if changed else []),
        pairing=pairing or PairForm(formdata=None), calling=calling, call=call, pages=rules.PAGES,
        languages_of={each.code: each.label for each in LANGUAGES},
        screen=url_for("displays_screen.screen", _external=True))


def offer(form: CallForm, contest: Contest) -> CallForm:
    """The batches of all rounds that are drawn."""
    rounds = queries.drawn_rounds(contest.id)
    batches = queries.batches_of([round_.id for round_ in rounds])
    return form.offer((f"{round_.id}:{batch}", _("%(round)s · 第 %(n)s 批", round=round_.title, n=batch))
                      for round_ in rounds for batch in batches.get(round_.id, ()))


def back(contest_id: uuid.UUID, message: str) -> Response:
    """The desk again."""
    flash(message, "success")
    return redirect(url_for("displays.desk", contest_id=contest_id), 303)


@blueprint.post("")
@act("displays.desk")
def pair(contest_id: uuid.UUID) -> Answer:
    """Register the screen that shows a number."""
    contest, form = load_contest(contest_id), PairForm()
    if form.validate_on_submit() and try_verb(form, lambda: service.pair(
            contest_id, code=form.code.data or "", name=form.name.data or "", language=form.language.data,
            actor=current_actor(), at=now())):
        return back(contest_id, _("“%(name)s”已登记，现在是黑屏。请选择它显示什么。", name=form.name.data))
    return desk_page(contest, pairing=form), form.status


@blueprint.post("/call")
@act("displays.desk")
def call(contest_id: uuid.UUID) -> Answer:
    """Call a batch."""
    contest = load_contest(contest_id)
    form = offer(CallForm(), contest)
    if form.validate_on_submit():
        round_id, batch = form.called
        called = try_verb(form, lambda: service.call_batch(
            contest_id, round_id=round_id, batch=batch, with_numbers=bool(form.with_numbers.data), actor=current_actor(), at=now()))
        if called is not None:
            if form.with_numbers.data and not called.with_numbers:
                return back(contest_id, _("大屏已更新。换了轮次，参赛编号已关闭；这一轮也要显示的，请再勾选一次。"))
            return back(contest_id, _("大屏已更新。"))
    return desk_page(contest, calling=form), form.status


@blueprint.post("/<uuid:display_id>")
@act("displays.desk")
def assign(contest_id: uuid.UUID, display_id: uuid.UUID) -> Answer:
    """Switch a screen to another page."""
    contest, display = load_display(contest_id, display_id)
    form = PageForm(prefix=str(display_id))
    if form.validate_on_submit() and try_verb(form, lambda: service.assign(
            display_id, page=form.page.data, sentence=form.sentence.data or "", actor=current_actor(), at=now())):
        return back(contest_id, _("“%(name)s”正在显示：%(page)s。", name=display.name, page=rules.PAGES[form.page.data]))
    return desk_page(contest, changed=(display_id, form)), form.status


@blueprint.post("/<uuid:display_id>/withdraw")
@act("displays.desk")
def withdraw(contest_id: uuid.UUID, display_id: uuid.UUID) -> Answer:
    """A screen shows nothing any more."""
    _contest, display = load_display(contest_id, display_id)
    if display.withdrawn_at is None:
        service.withdraw(display_id, actor=current_actor(), at=now())
    return back(contest_id, _("“%(name)s”已停用。", name=display.name))
