"""The contestant's pages: the form in steps, the own entry, its papers."""

import uuid
from typing import Any

from flask import Response as FlaskResponse
from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from competition.accounts.service_consent import missing_consents
from competition.contests.models import Contest, Event
from competition.contests.rules import registration_state
from competition.core.access import act, current_actor
from competition.core.clock import now
from competition.core.errors import NotFound
from competition.core.files import send_stored
from competition.core.forms import BaseForm, try_verb
from competition.core.kept import is_shown_only
from competition.organisations.queries import suggest_employers
from competition.registration import choices, forms, hooks, queries, queries_places, rules, service
from competition.registration.models import Entry
from competition.registration.pages import Answer, blueprint, load_own, load_public, page, upload
from competition.registration.printing import entry_pdf, entry_sheet
from competition.registration.service_entries import own_id

NAMES = list(forms.STEPS)


@blueprint.get("/contests/<uuid:contest_id>/entry")
@act("registration.enter")
def begin(contest_id: uuid.UUID) -> Answer:
    """Where the reader's entry to this contest goes on; why not, when registration is closed."""
    contest = load_public(contest_id)
    entry = queries.own_entry(contest.id, current_actor().id or uuid.UUID(int=0))
    if entry is not None and entry.state != "draft":
        return redirect(url_for(".show", entry_id=entry.id), 303)
    state = registration_state(contest, now())
    if not state.is_open:
        return page("closed", contest=contest, state=state, entry=entry)
    if missing_consents(own_id(current_actor())):
        return redirect(url_for("accounts.consent", next=request.path), 303)
    return redirect(url_for(".step", contest_id=contest.id, name=NAMES[0]), 303)


@blueprint.get("/contests/<uuid:contest_id>/entry/<name>")
@act("registration.enter")
def step(contest_id: uuid.UUID, name: str) -> Answer:
    """One step of the form, filled with what was typed before."""
    contest, entry, draft = _load_step(contest_id, name)
    if entry is None and not registration_state(contest, now()).is_open:
        return redirect(url_for(".begin", contest_id=contest.id), 303)
    if name == "check":
        return _check_page(contest, entry, draft, forms.CheckForm())
    events = queries.events_of(contest.id)
    form = _offer(forms.from_draft(forms.STEPS[name][1], draft), contest, events, entry)
    return _step_page(contest, entry, name, form, events, new=not draft)


def _load_step(contest_id: uuid.UUID, name: str) -> tuple[Contest, Entry | None, dict[str, Any]]:
    contest = load_public(contest_id)
    if name not in forms.STEPS:
        raise NotFound(_("没有这个步骤。"))
    entry = queries.own_entry(contest.id, current_actor().id or uuid.UUID(int=0))
    if entry is not None and entry.state not in rules.EDITABLE:
        raise NotFound(_("这份报名已经提交，请在“我的报名”中查看。"))
    return contest, entry, _draft(entry)


def _draft(entry: Entry | None) -> dict[str, Any]:
    if entry is None:
        return {}
    handed_in = forms.draft_of(queries.get_entry(entry.id)) if entry.person_id else {}
    return handed_in | service.read_draft(entry.id)


def _offer(form: Any, contest: Contest, events: list[Event], entry: Entry | None) -> Any:
    if isinstance(form, forms.PersonForm):
        form.know(entry is not None and entry.person_id is not None)
    if isinstance(form, forms.WorkForm):
        choices.set_work_choices(form)
    if isinstance(form, forms.EventsForm):
        choices.set_event_choices(form, contest, events)
    return form


def _step_page(contest: Contest, entry: Entry | None, name: str, form: BaseForm, events: list[Event], *, new: bool) -> Answer:
    place = NAMES.index(name)
    answer = page(
        f"step_{name}", contest=contest, entry=entry, form=form, step=name, place=place, labels=[s[0] for s in forms.STEPS.values()],
        back=NAMES[place - 1] if place else None, events=events, conditions=queries.condition_of(contest.id),
        saved_at=queries.draft_saved_at(entry), new=new,
    )
    return (answer, form.status) if form.errors else answer


@blueprint.post("/contests/<uuid:contest_id>/entry/<name>")
@act("registration.enter")
def save_step(contest_id: uuid.UUID, name: str) -> Answer:
    """Keep what was typed, right or wrong; then go on when it is right."""
    contest, entry, _before = _load_step(contest_id, name)
    if name == "check":
        return _hand_in(contest, entry)
    events = queries.events_of(contest.id)
    form = _offer(forms.STEPS[name][1](), contest, events, entry)
    if is_shown_only():
        form.validate()
        return _step_page(contest, entry, name, form, events, new=entry is None)
    entry = service.save_draft(contest.id, forms.typed(form, request.form), actor=current_actor(), at=now())
    whole = form.validate()
    photo_ok = try_verb(form, lambda: _keep_photo(entry))
    if "save" in request.form and photo_ok:
        flash(_("草稿已保存。您可以稍后在“我的报名”中继续填写。"), "success")
        return redirect(url_for(".step", contest_id=contest.id, name=name), 303)
    if whole and photo_ok:
        return redirect(url_for(".step", contest_id=contest.id, name=NAMES[NAMES.index(name) + 1]), 303)
    return _step_page(contest, entry, name, form, events, new=False)


def _keep_photo(entry: Entry) -> bool:
    sent = upload(request.files.get("photo"))
    if sent is not None:
        service.attach(entry.id, "photo", sent[0], sent[1], actor=current_actor(), at=now())
    return True


@blueprint.post("/contests/<uuid:contest_id>/entry/<name>/draft")
@act("registration.enter")
def save_quietly(contest_id: uuid.UUID, name: str) -> str:
    """What the page sends while somebody types: kept, and the time of keeping answered."""
    contest, entry, _before = _load_step(contest_id, name)
    form = _offer(forms.STEPS[name][1](), contest, queries.events_of(contest.id), entry)
    service.save_draft(contest.id, forms.typed(form, request.form), actor=current_actor(), at=now())
    return render_template("registration/_saved.html", contest=contest, saved_at=now())


def _parts(contest: Contest, entry: Entry | None, draft: dict[str, Any]) -> list[tuple[str, Any]]:
    events = queries.events_of(contest.id)
    found = []
    for name in NAMES[:-1]:
        form = _offer(forms.unchecked(forms.STEPS[name][1], draft), contest, events, entry)
        form.validate()
        found.append((name, form))
    return found


def _check_page(contest: Contest, entry: Entry | None, draft: dict[str, Any], form: BaseForm) -> Answer:
    parts = _parts(contest, entry, draft)
    person, work, chosen = (part for _name, part in parts)
    answer = page(
        "step_check", contest=contest, entry=entry, form=form, step="check", place=3, labels=[s[0] for s in forms.STEPS.values()],
        back="events", faults=[(n, forms.STEPS[n][0], part) for n, part in parts if part.errors], person=person, work=work,
        chosen=chosen, events=queries.events_of(contest.id), saved_at=queries.draft_saved_at(entry), new=False,
        conditions=queries.condition_of(contest.id), known=entry.person if entry else None, labels_of=choices.label_of,
    )
    return (answer, form.status) if form.errors else answer


def _hand_in(contest: Contest, entry: Entry | None) -> Answer:
    form, draft = forms.CheckForm(), _draft(entry)
    person, work, chosen = (part for _name, part in _parts(contest, entry, draft))
    if any(part.errors for part in (person, work, chosen)) or not form.validate():
        if not form.errors and not is_shown_only():
            form.form_errors.append(_("前面的步骤还有需要修改的地方，见下方。"))
        return _check_page(contest, entry, draft, form)
    data = forms.entry_data(person, work, chosen)
    done = try_verb(form, lambda: service.submit_entry(contest.id, data, actor=current_actor(), at=now(), consent="web"))
    if done is None:
        return _check_page(contest, entry, draft, form)
    flash(_("报名已提交，等待审核。") if done.state == "submitted" else _("名额已满，您的报名已进入候补。"), "success")
    return redirect(url_for(".show", entry_id=done.id), 303)


@blueprint.get("/employers/options")
@act("registration.suggest")
def employer_options() -> str:
    """Names of employers that begin as typed."""
    text = request.args.get("employer", "").strip()
    found = suggest_employers(text) if len(text) > 1 else []
    return render_template("registration/_employers.html", employers=found)


@blueprint.get("/my/entries/<uuid:entry_id>")
@act("registration.own")
def show(entry_id: uuid.UUID) -> Answer:
    """The own entry: where it stands, what happens next, why not."""
    entry = load_own(entry_id)
    if entry.state == "draft":
        return redirect(url_for(".step", contest_id=entry.contest_id, name=NAMES[0]), 303)
    return _own_page(entry, forms.ScanForm())


def _own_page(entry: Entry, scan: BaseForm) -> Answer:
    answer = page(
        "own", contest=entry.contest, entry=entry, outlook=hooks.outlook_of(entry, now()), history=queries.history_of(entry),
        scan=scan, may_edit=entry.state in ("returned", "waiting") and entry.account_id == current_actor().id,
        may_withdraw=rules.withdraw_refusal(entry.state, entry.contest.phase) is None, full=queries_places.full_words(entry),
    )
    return (answer, scan.status) if scan.errors else answer


@blueprint.route("/my/entries/<uuid:entry_id>/withdraw", methods=["GET", "POST"])
@act("registration.own")
def withdraw(entry_id: uuid.UUID) -> Answer:
    """Take the own entry back, after seeing what that means."""
    entry = load_own(entry_id)
    form = forms.WithdrawForm()
    if form.validate_on_submit():
        done = try_verb(form, lambda: service.withdraw_entry(entry.id, form.reason.data or "", actor=current_actor(), at=now()))
        if done:
            flash(_("报名已撤回。"), "success")
            return redirect(url_for("home.my_entries"), 303)
    answer = page("withdraw", contest=entry.contest, entry=entry, form=form, back=url_for(".show", entry_id=entry.id),
                  action=url_for(".withdraw", entry_id=entry.id),
                  refusal=rules.withdraw_refusal(entry.state, entry.contest.phase))
    return (answer, form.status) if form.errors else answer


@blueprint.post("/my/entries/<uuid:entry_id>/scan")
@act("registration.own")
def upload_scan(entry_id: uuid.UUID) -> Answer:
    """Keep the stamped form."""
    entry = load_own(entry_id)
    form = forms.ScanForm(MultiDict())
    if try_verb(form, lambda: _keep_scan(entry)):
        flash(_("已上传盖章的报名表。"), "success")
        return redirect(url_for(".show", entry_id=entry.id), 303)
    return _own_page(queries.get_entry(entry.id), form)


def _keep_scan(entry: Entry) -> Entry:
    sent = upload(request.files.get("scan")) or (b"", "")
    return service.attach(entry.id, "scan", sent[0], sent[1], actor=current_actor(), at=now())


@blueprint.get("/my/entries/<uuid:entry_id>/files/<kind>")
@act("registration.own")
def own_file(entry_id: uuid.UUID, kind: str) -> Answer:
    """The own photo or stamped form."""
    return send_stored(queries.file_of(load_own(entry_id), kind), download=False)


@blueprint.get("/my/entries/<uuid:entry_id>/form")
@act("registration.own")
def own_sheet(entry_id: uuid.UUID) -> str:
    """The entry as a page to print and stamp."""
    return entry_sheet(load_own(entry_id), url_for(".own_file", entry_id=entry_id, kind="photo"))


@blueprint.get("/my/entries/<uuid:entry_id>/form.pdf")
@act("registration.own")
def own_pdf(entry_id: uuid.UUID) -> FlaskResponse:
    """The same as PDF."""
    return pdf_answer(load_own(entry_id))


def pdf_answer(entry: Entry) -> FlaskResponse:
    """The form as PDF; the file's name says nothing of the person."""
    answer = make_response(entry_pdf(entry))
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers["Content-Disposition"] = f"inline; filename=entry-{entry.number or str(entry.id)[:8]}.pdf"
    return answer
