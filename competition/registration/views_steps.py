"""The contestant's form in steps: a new entry, one that was sent back, a change of one that was handed in."""

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from competition.accounts.service_consent import missing_consents
from competition.contests.models import Contest, Event
from competition.contests.rules import registration_state
from competition.core.access import act, current_actor
from competition.core.clock import now
from competition.core.errors import NotFound
from competition.core.forms import BaseForm, try_verb
from competition.core.kept import is_shown_only
from competition.organisations.queries import suggest_employers
from competition.registration import choices, forms, queries, rules, service
from competition.registration.models import Entry
from competition.registration.pages import Answer, blueprint, load_public, page, upload
from competition.registration.service_entries import check_open
from competition.registration.starting import Start, start_of

NAMES = list(forms.STEPS)


@blueprint.get("/contests/<uuid:contest_id>/entry")
@act("registration.enter")
def begin(contest_id: uuid.UUID) -> Answer:
    """Where the reader's entry to this contest goes on; why not, when registration is closed."""
    contest = load_public(contest_id)
    entry = queries.own_entry(contest.id, current_actor().own_id)
    if entry is not None and entry.state != "draft":
        return redirect(url_for(".show", entry_id=entry.id), 303)
    state = registration_state(contest, now())
    if not state.is_open:
        return page("closed", contest=contest, state=state, entry=entry)
    if missing_consents(current_actor().own_id):
        return redirect(url_for("accounts.consent", next=request.path), 303)
    return redirect(url_for(".step", contest_id=contest.id, name=_next_undone(contest, entry)), 303)


def _next_undone(contest: Contest, entry: Entry | None) -> str:
    """The first step that nobody has been at, or where something is still to be changed."""
    kept = service.read_draft(entry.id) if entry is not None else {}
    start = start_of(entry, contest.id, current_actor())
    for name, form in _parts(contest, start):
        if form.errors or not any(field in kept for field in form._fields):
            return name
    return "check"


@blueprint.get("/contests/<uuid:contest_id>/entry/<name>")
@act("registration.enter")
def step(contest_id: uuid.UUID, name: str) -> Answer:
    """One step of the form, filled with what was typed before, or with what is known of the reader."""
    contest, start = _load_step(contest_id, name)
    if start.entry is None and not registration_state(contest, now()).is_open:
        return redirect(url_for(".begin", contest_id=contest.id), 303)
    if name == "check":
        return _check_page(contest, start, forms.CheckForm())
    events = queries.events_of(contest.id)
    form = _offer(forms.from_draft(forms.STEPS[name][1], start.values), contest, events, start)
    return _step_page(contest, start, name, form, events)


def _load_step(contest_id: uuid.UUID, name: str) -> tuple[Contest, Start]:
    contest, actor = load_public(contest_id), current_actor()
    if name not in forms.STEPS:
        raise NotFound(_("没有这个步骤。"))
    entry = queries.own_entry(contest.id, actor.own_id)
    if entry is not None and entry.state in rules.SETTLED:
        check_open(contest, entry, now())
    return contest, start_of(entry, contest.id, actor)


def _offer(form: Any, contest: Contest, events: list[Event], start: Start) -> Any:
    if isinstance(form, forms.PersonForm):
        form.know(start.person is not None, has_phone=start.person is not None and start.person.phone_masked is not None)
    if isinstance(form, forms.WorkForm):
        choices.set_work_choices(form)
    if isinstance(form, forms.EventsForm):
        choices.set_event_choices(form, contest, events)
    return form


def _to_check() -> bool:
    """Did somebody come from the last step, to change one thing and go back there?"""
    return request.args.get("then") == "check"


def _step_page(contest: Contest, start: Start, name: str, form: BaseForm, events: list[Event]) -> Answer:
    place, entry = NAMES.index(name), start.entry
    answer = page(
        f"step_{name}", contest=contest, entry=entry, form=form, step=name, place=place, labels=[s[0] for s in forms.STEPS.values()],
        back=NAMES[place - 1] if place else None, to_check=_to_check(), events=events, conditions=queries.condition_of(contest.id),
        saved_at=queries.draft_saved_at(entry), known=start.person, earlier=start.earlier,
    )
    return (answer, form.status) if form.errors else answer


@blueprint.post("/contests/<uuid:contest_id>/entry/<name>")
@act("registration.enter")
def save_step(contest_id: uuid.UUID, name: str) -> Answer:
    """Keep what was typed, right or wrong; then go on when it is right."""
    contest, start = _load_step(contest_id, name)
    if name == "check":
        return _hand_in(contest, start)
    events = queries.events_of(contest.id)
    form = _offer(forms.STEPS[name][1](), contest, events, start)
    if is_shown_only():
        form.validate()
        return _step_page(contest, start, name, form, events)
    entry = service.save_draft(contest.id, forms.typed(form, request.form), actor=current_actor(), at=now())
    whole = form.validate()
    photo_ok = try_verb(form, lambda: _keep_photo(entry))
    if "earlier_photo" in request.form:
        if photo_ok and try_verb(form, lambda: service.carry_photo(entry.id, actor=current_actor(), at=now())):
            flash(_("已沿用上次报名的照片。提交报名时请核对。"), "success")
            return redirect(url_for(".step", contest_id=contest.id, name=name), 303)
    elif "save" in request.form and photo_ok:
        flash(_("草稿已保存。您可以稍后在“我的报名”中继续填写。"), "success")
        return redirect(url_for(".step", contest_id=contest.id, name=name), 303)
    elif whole and photo_ok:
        following = "check" if _to_check() else NAMES[NAMES.index(name) + 1]
        return redirect(url_for(".step", contest_id=contest.id, name=following), 303)
    return _step_page(contest, start_of(entry, contest.id, current_actor()), name, form, events)


def _keep_photo(entry: Entry) -> bool:
    sent = upload(request.files.get("photo"))
    if sent is not None:
        service.attach(entry.id, "photo", sent[0], sent[1], actor=current_actor(), at=now())
    return True


@blueprint.post("/contests/<uuid:contest_id>/entry/<name>/draft")
@act("registration.enter")
def save_quietly(contest_id: uuid.UUID, name: str) -> str:
    """What the page sends while somebody types: kept, and the time of keeping answered."""
    contest, start = _load_step(contest_id, name)
    form = _offer(forms.STEPS[name][1](), contest, queries.events_of(contest.id), start)
    service.save_draft(contest.id, forms.typed(form, request.form), actor=current_actor(), at=now())
    return render_template("registration/_saved.html", contest=contest, saved_at=now())


def _parts(contest: Contest, start: Start) -> list[tuple[str, Any]]:
    events = queries.events_of(contest.id)
    found = []
    for name in NAMES[:-1]:
        form = _offer(forms.unchecked(forms.STEPS[name][1], start.values), contest, events, start)
        form.validate()
        found.append((name, form))
    return found


def _check_page(contest: Contest, start: Start, form: BaseForm) -> Answer:
    parts = _parts(contest, start)
    person, work, chosen = (part for _name, part in parts)
    answer = page(
        "step_check", contest=contest, entry=start.entry, form=form, step="check", place=3, labels=[s[0] for s in forms.STEPS.values()],
        back="events", faults=[(n, forms.STEPS[n][0], part) for n, part in parts if part.errors], person=person, work=work,
        chosen=chosen, events=queries.events_of(contest.id), conditions=queries.condition_of(contest.id), known=start.person,
        labels_of=choices.label_of, union=queries.union_named(work.union_id.data, work.region_code.data),
    )
    return (answer, form.status) if form.errors else answer


def _hand_in(contest: Contest, start: Start) -> Answer:
    form, before = forms.CheckForm(), start.entry.version if start.entry is not None and start.entry.state in rules.SETTLED else None
    person, work, chosen = (part for _name, part in _parts(contest, start))
    if any(part.errors for part in (person, work, chosen)) or not form.validate():
        if not form.errors and not is_shown_only():
            form.form_errors.append(_("前面的步骤还有需要修改的地方，见下方。"))
        return _check_page(contest, start, form)
    data = forms.entry_data(person, work, chosen)
    done = try_verb(form, lambda: service.submit_entry(contest.id, data, actor=current_actor(), at=now(), consent="web"))
    if done is None:
        return _check_page(contest, start, form)
    flash(_handed_in_words(done, before), "success")
    return redirect(url_for(".show", entry_id=done.id), 303)


def _handed_in_words(done: Entry, before: int | None) -> str:
    if done.version == before:
        return str(_("内容没有变化，报名保持原样。"))
    if done.state != "submitted":
        return str(_("名额已满，您的报名已进入候补。"))
    return str(_("修改已提交，等待审核。") if before is not None else _("报名已提交，等待审核。"))


@blueprint.get("/employers/options")
@act("registration.suggest")
def employer_options() -> str:
    """Names of employers that begin as typed."""
    text = request.args.get("employer", "").strip()
    found = suggest_employers(text) if len(text) > 1 else []
    return render_template("registration/_employers.html", employers=found)
