"""Staff pages: the events of a contest."""

import uuid

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from competition.contests import queries, rules, service
from competition.contests.forms import EventForm
from competition.contests.models import Contest
from competition.contests.pages import Answer, blueprint, load_contest, may_on
from competition.core.access import act, current_actor
from competition.core.clock import now
from competition.core.forms import BaseForm, try_verb
from competition.scoring.model import Event as RulebookEvent


@blueprint.get("/manage/contests/<uuid:contest_id>/events")
@act("contests.look")
def events(contest_id: uuid.UUID) -> str:
    """The events, and those of the rulebook that are not there yet."""
    contest = load_contest(contest_id, "contests.look")
    known = _rulebook_events(contest)
    have = {event.key for event in contest.events}
    return render_template(
        "contests/events.html", contest=contest, rules=rules, step=3, allowed=may_on(contest, "contests.edit"),
        rounds={found.event_id: found for found in queries.rounds_of(contest.id)}, known=known,
        addable=[event for key, event in known.items() if key not in have],
    )


def _rulebook_events(contest: Contest) -> dict[str, RulebookEvent]:
    version = queries.find_rulebook(contest.id)
    return {event.key: event for event in queries.load_rules(version).events} if version else {}


@blueprint.route("/manage/contests/<uuid:contest_id>/events/new", methods=["GET", "POST"])
@act("contests.edit")
def new_event(contest_id: uuid.UUID) -> Answer:
    """One more event; ``?key=`` takes name, kind and time limit from the rulebook."""
    contest = load_contest(contest_id, "contests.edit")
    form = EventForm()
    if form.validate_on_submit():
        values = form.values(contest.zone)
        added = try_verb(form, lambda: service.add_event(
            contest.id, key=form.key.data or "", kind=form.kind.data, actor=current_actor(), at=now(), **values))
        if added:
            flash(_("已添加项目“%(name)s”。", name=added.name_zh), "success")
            return redirect(url_for("contests.events", contest_id=contest.id), 303)
    elif not form.is_submitted():
        _prefill(form, _rulebook_events(contest).get(request.args.get("key", "")))
    return _page(form, contest, None)


def _prefill(form: EventForm, known: RulebookEvent | None) -> None:
    if known is None:
        return
    form.key.data, form.kind.data = known.key, known.kind
    form.name_zh.data, form.name_en.data, form.name_bo.data = known.name.zh, known.name.en, known.name.bo
    if known.time_limit_s:
        whole, rest = divmod(known.time_limit_s, 60)
        form.time_limit.data = f"{whole}:{rest:02d}" if rest else str(whole)


@blueprint.route("/manage/contests/<uuid:contest_id>/events/<uuid:event_id>", methods=["GET", "POST"])
@act("contests.edit")
def edit_event(contest_id: uuid.UUID, event_id: uuid.UUID) -> Answer:
    """Change an event; its key and kind stay."""
    contest = load_contest(contest_id, "contests.edit")
    event = queries.get_event(contest.id, event_id)
    form = EventForm()
    if not form.is_submitted():
        form.show(event, contest.zone)
        form.show_round(next(found for found in queries.rounds_of(contest.id) if found.event_id == event.id))
    else:
        form.key.data, form.kind.data = event.key, event.kind
        if form.validate():
            values = form.values(contest.zone)
            if try_verb(form, lambda: service.change_event(
                    event.id, position=form.position.data, actor=current_actor(), at=now(), **values)):
                flash(_("已保存项目“%(name)s”。", name=values["name_zh"]), "success")
                return redirect(url_for("contests.events", contest_id=contest.id), 303)
    return _page(form, contest, event)


@blueprint.route("/manage/contests/<uuid:contest_id>/events/<uuid:event_id>/remove", methods=["GET", "POST"])
@act("contests.edit")
def remove_event(contest_id: uuid.UUID, event_id: uuid.UUID) -> Answer:
    """Take an event out, if nothing belongs to it."""
    contest = load_contest(contest_id, "contests.edit")
    event = queries.get_event(contest.id, event_id)
    form, name = BaseForm(), event.name_zh
    if form.validate_on_submit() and try_verb(form, lambda: _removed(event_id)):
        flash(_("已移除项目“%(name)s”。", name=name), "success")
        return redirect(url_for("contests.events", contest_id=contest.id), 303)
    page = render_template("contests/event_remove.html", contest=contest, name=name, event_id=event_id, form=form, step=3)
    return (page, form.status) if form.errors else page


def _removed(event_id: uuid.UUID) -> bool:
    service.remove_event(event_id, actor=current_actor(), at=now())
    return True


def _page(form: EventForm, contest: Contest, event: object) -> Answer:
    page = render_template("contests/event.html", form=form, contest=contest, event=event, rules=rules, step=3)
    return (page, form.status) if form.errors else page
