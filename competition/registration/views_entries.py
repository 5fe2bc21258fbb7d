"""Staff pages: what waits for me, the list, one entry, decisions one by one and in batches."""

import uuid
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from competition.accounts import service as accounts
from competition.contests.models import Contest
from competition.contests.queries import contest_scope
from competition.contests.rules import registration_state
from competition.core.access import act, current_actor
from competition.core.characters import int_or
from competition.core.clock import now
from competition.core.errors import NotFound, RuleBroken
from competition.core.exports import hand_out
from competition.core.files import send_stored
from competition.core.formats import joined
from competition.core.forms import BaseForm, done_or_told, try_verb
from competition.core.taken import take
from competition.registration import forms, hooks, queries, queries_lists, queries_places, queries_teams, queries_work, rules, service
from competition.registration.exporting import ENTRIES, entries_workbook
from competition.registration.models import Entry
from competition.registration.pages import (
    Answer,
    blueprint,
    list_href,
    load_contest,
    load_entry,
    load_handled,
    load_office,
    page,
    uuid_arg,
)
from competition.registration.printing import entry_sheet
from competition.registration.queries_own import consent_of
from competition.registration.service_entries import change_refusal
from competition.registration.views_own import pdf_answer


@blueprint.get("/manage/registration")
@act("registration.desk")
def desk() -> str:
    """Contests with entries for me, and how many wait for my decision."""
    return page("desk", rows=queries_work.desk(current_actor()))


# ---- the list --------------------------------------------------------------------------------


def filters() -> queries_lists.Filters:
    """What the address asks for."""
    args = request.args
    return queries_lists.Filters(
        q=args.get("q", "").strip(), state=args.get("state", ""), union=uuid_arg("union"), event=uuid_arg("event"),
        delegation=uuid_arg("delegation"), team=uuid_arg("team"), reviewer=uuid_arg("reviewer"), turn=args.get("turn") == "1",
        back=args.get("back") == "1", sort=args.get("sort", ""),
    )


@blueprint.get("/manage/contests/<uuid:contest_id>/registration/entries")
@act("registration.entries")
def review_list(contest_id: uuid.UUID) -> str:
    """The entries that the reader sees, narrowed by filters; choosing rows opens the batch."""
    contest, actor, asked = load_contest(contest_id), current_actor(), filters()
    office = queries_lists.is_office(contest, actor)
    return page(
        "list", contest=contest, found=queries_lists.entry_page(contest, asked, actor, request.args.get("page", 1, type=int)),
        asked=asked, counts=queries_lists.state_counts(contest, actor), unions=queries_lists.unions_in(contest, actor),
        reviewers=queries_lists.reviewers_in(contest, actor), delegations=queries_teams.delegations(contest.id), office=office,
        may_enter=not queries_lists.reach(contest, actor).is_empty, course=registration_state(contest, now()),
        reviews=office or bool(queries_lists.clerk_unions(actor)) or queries_lists.sees_all(contest, actor),
    )


@blueprint.route("/manage/contests/<uuid:contest_id>/registration/entries.xlsx", methods=["GET", "POST"])
@act("registration.export")
def export(contest_id: uuid.UUID) -> Answer:
    """The list as a workbook, numbers masked, for a stated purpose; who took it is on record."""
    contest, actor, at, asked = load_contest(contest_id), current_actor(), now(), filters()
    entries = queries_lists.all_entries(contest, asked, actor)

    def make(purpose: str) -> tuple[bytes, str]:
        taken = take(ENTRIES, purpose=purpose, rows=len(entries), subject=("contest", contest.id), actor=actor, at=at, zone=contest.zone,
                     chain=contest.id, details={"filters": shown_filters(request.args.to_dict())})
        return entries_workbook(contest, entries, taken), f"entries-{contest.code}-{at:%Y%m%d%H%M}.xlsx"

    return hand_out(ENTRIES, rows=len(entries), back=list_href(contest), make=make, contest=contest)


def shown_filters(args: dict[str, str]) -> dict[str, str]:
    """What a list was narrowed to, without the words of a search: they are somebody's name."""
    return {name: "…" if name == "q" else value for name, value in args.items() if value}


@blueprint.post("/manage/contests/<uuid:contest_id>/registration/promote")
@act("registration.promote")
def promote(contest_id: uuid.UUID) -> Response:
    """Fill free places from the waiting list, in order."""
    contest = load_office(contest_id, "registration.promote")
    moved = service.promote_waiting(contest.id, actor=current_actor(), at=now())
    if moved:
        flash(_("已按顺序递补 %(n)s 人，并已通知：%(names)s。", n=len(moved), names=joined(e.name for e in moved)), "success")
    else:
        flash(_("没有可以递补的：名额仍满，或没有人候补。"), "info")
    return redirect(list_href(contest, state="waiting"), 303)


# ---- one entry -------------------------------------------------------------------------------


@blueprint.get("/manage/contests/<uuid:contest_id>/registration/entries/<uuid:entry_id>")
@act("registration.entries")
def entry(contest_id: uuid.UUID, entry_id: uuid.UUID) -> Answer:
    """One entry with its history and, when it is the reader's turn, the decision."""
    found = load_entry(contest_id, entry_id)
    form = forms.ReviewForm(data={"version": found.version})
    return _entry_page(found, form, forms.RevealForm())


def _entry_page(found: Entry, form: BaseForm, reveal_form: BaseForm, number: str = "", what: str = "") -> Answer:
    actor, contest = current_actor(), found.contest
    route = queries.route_of(found, contest)
    handles = queries.handles(actor, found)
    answer = page(
        "entry", contest=contest, entry=found, form=form, reveal_form=reveal_form, number=number, what=what,
        place=queries_places.place_in_line(found), consent=consent_of(found), certificates=hooks.papers_of(found, actor, own=False),
        history=queries.history_of(found), route=queries.unions_named(route), handles=handles, full=queries_places.full_words(found),
        may_decide=found.state in rules.UNDER_REVIEW and queries.may_decide(actor, found, route, contest_scope(contest)),
        is_own=found.account_id is not None and found.account_id == actor.id,
        may_edit=_may_edit(found), other_name=found.person is not None and found.person.name != found.name,
        may_withdraw=handles and rules.withdraw_refusal(found.state, contest.phase) is None,
    )
    status = max(form.status if form.errors else 200, reveal_form.status if reveal_form.errors else 200)
    return (answer, status)


def _may_edit(found: Entry) -> bool:
    reach = queries_lists.reach(found.contest, current_actor())
    return (found.account_id is None and reach.covers(found.union_id, found.team_id)
            and change_refusal(found.contest, found, now()) is None)


@blueprint.post("/manage/contests/<uuid:contest_id>/registration/entries/<uuid:entry_id>/review")
@act("registration.review")
def review(contest_id: uuid.UUID, entry_id: uuid.UUID) -> Answer:
    """Approve, return or reject; then the next one that waits for me."""
    found = load_handled(contest_id, entry_id)
    form = forms.ReviewForm()
    if form.validate():
        done = try_verb(form, lambda: service.review_entry(
            found.id, form.decision.data, form.reason.data or "", actor=current_actor(), at=now(), version=_version(form)))
        if done:
            flash(_("已办理：%(name)s，%(decision)s。", name=done.name, decision=rules.DECISIONS[form.decision.data]), "success")
            return redirect(_next_href(found.contest), 303)
    # Shown as it is now: whoever decides again decides about what this page shows.
    shown = queries.get_entry(found.id)
    form.version.data = str(shown.version)
    return _entry_page(shown, form, forms.RevealForm(None))


def _version(form: forms.ReviewForm) -> int:
    """The version of the page; one that says none has shown nothing that could be decided about."""
    return int_or(form.version.data or "", -1)


def _next_href(contest: Contest) -> str:
    following = queries_lists.next_turn(contest, current_actor())
    if following is None:
        return list_href(contest)
    return url_for(".entry", contest_id=contest.id, entry_id=following)


@blueprint.post("/manage/contests/<uuid:contest_id>/registration/entries/<uuid:entry_id>/reveal")
@act("registration.reveal")
def reveal(contest_id: uuid.UUID, entry_id: uuid.UUID) -> Answer:
    """Show the full number in this one answer, for a reason that stays on record."""
    found = load_handled(contest_id, entry_id)
    form = forms.RevealForm()
    number = None
    if form.validate() and found.person_id is not None:
        person_id, show = found.person_id, accounts.reveal_phone if form.what.data == "phone" else accounts.reveal_document
        number = try_verb(form, lambda: show(person_id, form.why.data or "", current_actor(), now()))
    shown = forms.RevealForm(None) if number else form
    return _entry_page(queries.get_entry(found.id), forms.ReviewForm(None, data={"version": found.version}), shown, number or "",
                       form.what.data or "")


@blueprint.route("/manage/contests/<uuid:contest_id>/registration/entries/<uuid:entry_id>/withdraw", methods=["GET", "POST"])
@act("registration.review")
def withdraw_for(contest_id: uuid.UUID, entry_id: uuid.UUID) -> Answer:
    """Take back somebody's entry at their wish; they are told."""
    found = load_handled(contest_id, entry_id)
    form = forms.WithdrawForm()
    here = url_for(".entry", contest_id=contest_id, entry_id=entry_id)
    if form.validate_on_submit():
        done = try_verb(form, lambda: service.withdraw_entry(found.id, form.reason.data or "", actor=current_actor(), at=now()))
        if done:
            flash(_("已撤回 %(name)s 的报名。", name=found.name), "success")
            return redirect(here, 303)
    answer = page("withdraw_for", contest=found.contest, entry=found, form=form, back=here,
                  action=url_for(".withdraw_for", contest_id=contest_id, entry_id=entry_id),
                  refusal=rules.withdraw_refusal(found.state, found.contest.phase))
    return (answer, form.status) if form.errors else answer


@blueprint.get("/manage/contests/<uuid:contest_id>/registration/entries/<uuid:entry_id>/files/<kind>")
@act("registration.entries")
def entry_file(contest_id: uuid.UUID, entry_id: uuid.UUID, kind: str) -> Answer:
    """The photo or stamped form of an entry."""
    return send_stored(queries.file_of(load_entry(contest_id, entry_id), kind), download=False)


@blueprint.post("/manage/contests/<uuid:contest_id>/registration/entries/<uuid:entry_id>/files/<kind>")
@act("registration.register_for")
def entry_upload(contest_id: uuid.UUID, entry_id: uuid.UUID, kind: str) -> Response:
    """Keep the photo or stamped form of somebody who was entered by staff."""
    found = load_entry(contest_id, entry_id)
    if not queries_lists.reach(found.contest, current_actor()).covers(found.union_id, found.team_id):
        raise NotFound(queries.NOT_FOUND)
    sent = request.files.get("file")
    data, name = (sent.read(), sent.filename or "") if sent else (b"", "")
    if done_or_told(lambda: service.attach(found.id, kind, data, name, actor=current_actor(), at=now())):
        flash(_("文件已上传。"), "success")
    return redirect(url_for(".entry", contest_id=contest_id, entry_id=entry_id), 303)


@blueprint.get("/manage/contests/<uuid:contest_id>/registration/entries/<uuid:entry_id>/form")
@act("registration.entries")
def entry_form(contest_id: uuid.UUID, entry_id: uuid.UUID) -> str:
    """The entry form to print."""
    found = load_entry(contest_id, entry_id)
    return entry_sheet(found, url_for(".entry_file", contest_id=contest_id, entry_id=entry_id, kind="photo"),
                       back_href=url_for(".entry", contest_id=contest_id, entry_id=entry_id),
                       pdf_href=url_for(".entry_form_pdf", contest_id=contest_id, entry_id=entry_id))


@blueprint.get("/manage/contests/<uuid:contest_id>/registration/entries/<uuid:entry_id>/form.pdf")
@act("registration.entries")
def entry_form_pdf(contest_id: uuid.UUID, entry_id: uuid.UUID) -> Response:
    """The same as PDF."""
    return pdf_answer(load_entry(contest_id, entry_id))


# ---- batches ---------------------------------------------------------------------------------


@blueprint.post("/manage/contests/<uuid:contest_id>/registration/batch")
@act("registration.review")
def batch(contest_id: uuid.UUID) -> Answer:
    """Exactly who a batch would touch, and who not and why."""
    contest = load_contest(contest_id)
    ids = [i for text in request.form.getlist("ids") if (i := _uuid(text))]
    if not ids:
        flash(_("请先勾选报名，再选择批量办理。"), "warning")
        return redirect(list_href(contest), 303)
    decision = request.form.get("decision", "approve")
    return _batch_page(contest, ids, decision, forms.BatchForm(None, data={"decision": decision}))


def _batch_page(contest: Contest, ids: list[uuid.UUID], decision: str, form: forms.BatchForm) -> Answer:
    if decision not in rules.DECISIONS:
        raise RuleBroken(_("请选择通过、退回修改或不通过。"), code="unknown_decision", status=422)
    items = service.preview_many(contest, ids, decision, actor=current_actor())
    answer = page("batch", contest=contest, good=[i for i in items if not i.refusal], bad=[i for i in items if i.refusal],
                  decision=decision, form=form)
    return (answer, form.status) if form.errors else answer


@blueprint.post("/manage/contests/<uuid:contest_id>/registration/batch/decide")
@act("registration.review")
def batch_decide(contest_id: uuid.UUID) -> Answer:
    """Carry out what was previewed, all or nothing."""
    contest = load_contest(contest_id)
    form = forms.BatchForm()
    chosen = [(i, n) for text in request.form.getlist("chosen") for k, _colon, v in [text.partition(":")]
              if (i := _uuid(k)) and (n := int_or(v, None)) is not None]
    decision = form.decision.data or ""
    done: Any = None
    if form.validate():
        done = try_verb(form, lambda: service.review_many(
            contest.id, chosen, decision, form.reason.data or "", actor=current_actor(), at=now()))
    if done is None:
        return _batch_page(contest, [i for i, _v in chosen], decision, form)
    flash(_("已办理 %(n)s 份报名：%(decision)s。", n=len(done), decision=rules.DECISIONS[decision]), "success")
    return redirect(list_href(contest), 303)


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
