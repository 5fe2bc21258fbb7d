"""Staff pages: enter somebody who has no phone, correct such an entry, take a whole roster."""

import uuid
from typing import Any

from flask import flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from competition.contests.models import Contest
from competition.contests.rules import registration_state
from competition.core.access import act, current_actor
from competition.core.clock import now
from competition.core.errors import Forbidden, NotFound, RuleBroken
from competition.core.exports import hand_out
from competition.core.files import XLSX
from competition.core.forms import try_verb
from competition.core.taken import declare, take
from competition.registration import choices, forms, queries, queries_lists, service
from competition.registration.models import Entry, RosterImport
from competition.registration.pages import Answer, blueprint, load_contest, load_entry, load_reach, page, upload, uuid_arg
from competition.registration.queries_own import consent_of
from competition.registration.rules_data import EntryData
from competition.registration.service_roster import MOST_ROWS

REFUSED = declare("registration.refused", lazy_gettext("名单中没有导入的行"), is_personal=True)

# ---- one person ------------------------------------------------------------------------------


@blueprint.route("/manage/contests/<uuid:contest_id>/registration/entries/new", methods=["GET", "POST"])
@act("registration.register_for")
def register(contest_id: uuid.UUID) -> Answer:
    """Enter one person; ``?team=`` chooses the team, ``?after=`` fills in the work of the one entered before."""
    contest = load_contest(contest_id)
    return _register(contest, None)


@blueprint.route("/manage/contests/<uuid:contest_id>/registration/entries/<uuid:entry_id>/edit", methods=["GET", "POST"])
@act("registration.register_for")
def correct(contest_id: uuid.UUID, entry_id: uuid.UUID) -> Answer:
    """Correct an entry made by staff, after it was returned or while it waits."""
    entry = load_entry(contest_id, entry_id)
    if entry.account_id is not None:
        raise Forbidden(_("这份报名由选手本人填写，请退回后由本人修改。"))
    return _register(entry.contest, entry)


def _register(contest: Contest, entry: Entry | None) -> Answer:
    actor, events = current_actor(), queries.events_of(contest.id)
    reach = load_reach(contest, actor)
    if entry is not None and not reach.covers(entry.union_id, entry.team_id):
        raise NotFound(queries.NOT_FOUND)
    form = _form(contest, entry)
    choices.set_staff_choices(form, contest, events, reach)
    person = entry.person if entry is not None else None
    form.know(person is not None, has_phone=person is not None and person.phone_masked is not None)
    if form.validate_on_submit():
        data = forms.entry_data(form, form, form)
        done = try_verb(form, lambda: _enter(contest, data, form.paper.data or "", entry, reach))
        if done:
            flash(_("%(name)s 的报名已提交。", name=done.name) if done.state == "submitted"
                  else _("名额已满，%(name)s 已进入候补。", name=done.name), "success")
            if "again" in request.form:
                return redirect(url_for(".register", contest_id=contest.id, team=done.team_id, after=done.id), 303)
            return redirect(url_for(".entry", contest_id=contest.id, entry_id=done.id), 303)
    answer = page("register", contest=contest, form=form, entry=entry, events=events, state=registration_state(contest, now()),
                  conditions=queries.condition_of(contest.id))
    return (answer, form.status) if form.errors else answer


def _form(contest: Contest, entry: Entry | None) -> forms.StaffEntryForm:
    if request.method == "POST":
        return forms.StaffEntryForm()
    draft = forms.draft_of(entry) if entry else {**_as_before(contest), "team_id": request.args.get("team", "")}
    filled: forms.StaffEntryForm = forms.from_draft(forms.StaffEntryForm, draft)
    return filled


def _as_before(contest: Contest) -> dict[str, Any]:
    """Who enters a whole workshop, one after the other, types employer, region and paper once."""
    before = uuid_arg("after")
    if before is None:
        return {}
    entry = load_entry(contest.id, before)
    consent = consent_of(entry)
    same = ("employer", "employer_ownership", "region_code", "union_id", "trade")
    return {name: value for name, value in forms.draft_of(entry).items() if name in same} | {"paper": consent.paper if consent else ""}


def _enter(contest: Contest, data: EntryData, paper: str, entry: Entry | None, reach: queries_lists.Reach) -> Entry:
    if not reach.covers(queries.union_for(data.union_id, data.region_code), data.team_id):
        # Not allowed, but said in the form: a wrongly chosen county must not cost what was typed.
        raise RuleBroken(_("按工作地区和所属工会，这个人不属于您的工会或代表队，不能由您代为报名。请核对工作地区、所属工会和代表队。"),
                         code="out_of_reach", status=403, field="region_code")
    sent = upload(request.files.get("photo"))
    # A photo that cannot be taken is refused before anybody is entered: the form can be sent again.
    photo = service.take_file("photo", *sent) if sent else None
    return service.register_for(contest.id, data, actor=current_actor(), at=now(), entry_id=entry.id if entry else None, paper=paper,
                                photo=photo)


# ---- a roster --------------------------------------------------------------------------------


@blueprint.route("/manage/contests/<uuid:contest_id>/registration/roster", methods=["GET", "POST"])
@act("registration.register_for")
def roster(contest_id: uuid.UUID) -> Answer:
    """Upload a workbook: it is read and shown; nobody is entered yet."""
    contest, actor, at = load_contest(contest_id), current_actor(), now()
    load_reach(contest, actor)
    form = forms.RosterForm()
    sent = upload(request.files.get("file")) if form.is_submitted() else None
    if form.validate_on_submit():
        if sent is None:
            form.file.errors = [_("请先选择填好的表格。")]
        else:
            kept = try_verb(form, lambda: service.read_roster(contest, sent[0], sent[1], form.paper.data or "", actor=actor, at=at))
            if kept:
                return redirect(url_for(".roster_preview", contest_id=contest.id, import_id=kept.id), 303)
    answer = page("roster", contest=contest, form=form, state=registration_state(contest, at), most=MOST_ROWS)
    return (answer, form.status) if form.errors else answer


@blueprint.get("/manage/contests/<uuid:contest_id>/registration/roster/template.xlsx")
@act("registration.register_for")
def roster_template(contest_id: uuid.UUID) -> Response:
    """The workbook to fill in, with the names that can be chosen here."""
    contest, actor = load_contest(contest_id), current_actor()
    load_reach(contest, actor)
    return _workbook(service.template(contest, actor), f"roster-{contest.code}.xlsx")


def _workbook(data: bytes, name: str) -> Response:
    answer = make_response(data)
    answer.headers["Content-Type"] = XLSX
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    return answer


def _load_import(contest_id: uuid.UUID, import_id: uuid.UUID) -> tuple[Contest, RosterImport]:
    contest = load_contest(contest_id)
    return contest, service.get_import(contest.id, import_id, current_actor())


@blueprint.get("/manage/contests/<uuid:contest_id>/registration/roster/<uuid:import_id>")
@act("registration.register_for")
def roster_preview(contest_id: uuid.UUID, import_id: uuid.UUID) -> str:
    """Every row with what is wrong with it; how far the taking is; after it the rows that were refused."""
    contest, kept = _load_import(contest_id, import_id)
    work = service.find_work(kept)
    if work and not work.is_over:
        return page("roster_taking", contest=contest, kept=kept, work=work)
    rows = service.kept_rows(kept, contest, current_actor())
    return page("roster_preview", contest=contest, kept=kept, rows=rows, bad=[r for r in rows if r.errors],
                good=[r for r in rows if not r.errors], work=work)


@blueprint.get("/manage/contests/<uuid:contest_id>/registration/roster/<uuid:import_id>/progress")
@act("registration.register_for")
def roster_progress(contest_id: uuid.UUID, import_id: uuid.UUID) -> Answer:
    """How far the taking is, for the page that asks every second."""
    contest, kept = _load_import(contest_id, import_id)
    work = service.find_work(kept)
    if work is None:
        return redirect(url_for(".roster_preview", contest_id=contest.id, import_id=kept.id), 303)
    return page("roster_progress", contest=contest, kept=kept, work=work)


@blueprint.post("/manage/contests/<uuid:contest_id>/registration/roster/<uuid:import_id>/take")
@act("registration.register_for")
def take_roster(contest_id: uuid.UUID, import_id: uuid.UUID) -> Response:
    """Have all rows entered, or only those without faults."""
    contest, kept = _load_import(contest_id, import_id)
    service.ask_roster(kept.id, contest, only_good=request.form.get("take") == "good", actor=current_actor(), at=now())
    return redirect(url_for(".roster_preview", contest_id=contest.id, import_id=kept.id), 303)


@blueprint.route("/manage/contests/<uuid:contest_id>/registration/roster/<uuid:import_id>/refused.xlsx", methods=["GET", "POST"])
@act("registration.register_for")
def refused_rows(contest_id: uuid.UUID, import_id: uuid.UUID) -> Answer:
    """The rows with faults, each with what to change, to correct and upload again."""
    contest, kept = _load_import(contest_id, import_id)
    actor, at = current_actor(), now()

    def make(purpose: str) -> tuple[bytes, str]:
        taken = take(REFUSED, purpose=purpose, rows=kept.bad, subject=("roster_import", kept.id), actor=actor, at=at, zone=contest.zone,
                     chain=contest.id)
        return service.refused_rows(kept, contest, actor, taken), f"refused-{contest.code}.xlsx"

    back = url_for(".roster_preview", contest_id=contest.id, import_id=kept.id)
    return hand_out(REFUSED, rows=kept.bad, back=back, make=make, contest=contest)
