"""Handing out: the list of who fetched what, one certificate's notes, the order of the ceremony with its readings."""

import uuid

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from competition.certificates import queries_outs, rules_outs
from competition.certificates import service_outs as service
from competition.certificates.forms_outs import HandOutForm, UndoForm
from competition.certificates.models import Batch, Certificate
from competition.certificates.pages import KINDS, STAFF, Answer, blueprint, load_batch, load_certificate
from competition.contests.queries import names_of
from competition.core.access import act, current_actor
from competition.core.clock import now
from competition.core.errors import RuleBroken
from competition.core.formats import in_zone
from competition.core.forms import done_or_told, try_verb
from competition.core.kept import is_shown_only, say_restored
from competition.core.paging import paginate_rows, slice_page
from competition.core.templating import url_with

OUTS = f"{STAFF}/<uuid:batch_id>/outs"
CEREMONY = f"{STAFF}/<uuid:batch_id>/ceremony"
HAND_OUT = f"{STAFF}/register/<uuid:certificate_id>/hand-out"


@blueprint.get(OUTS)
@act("certificates.hand_out")
def outs(contest_id: uuid.UUID, batch_id: uuid.UUID) -> str:
    """Who fetched which certificate of a batch."""
    found = load_batch(contest_id, batch_id, "certificates.hand_out")
    return _outs_page(found, HandOutForm(formdata=None))


@blueprint.post(OUTS)
@act("certificates.hand_out")
def note_outs(contest_id: uuid.UUID, batch_id: uuid.UUID) -> Answer:
    """The ticked ones were fetched."""
    found, form = load_batch(contest_id, batch_id, "certificates.hand_out"), HandOutForm()
    made = form.validate_on_submit() and try_verb(form, lambda: service.note_hand_outs(
        found.id, ticked(), fetched_by=form.fetched_by.data or "", fetched_on=form.fetched_on.data or in_zone(now()).date(),
        note=form.note.data or "", actor=current_actor(), at=now()))
    if made:
        flash(_("已登记 %(n)s 份证书的领取。", n=len(made)), "success")
        return redirect(url_with(), 303)
    return _outs_page(found, form), form.status


def ticked() -> list[uuid.UUID]:
    """The certificates that the form names; what is no id is none."""
    found = []
    for text in dict.fromkeys(request.form.getlist("ids")):
        try:
            found.append(uuid.UUID(text))
        except ValueError as error:
            raise RuleBroken(_("请先在名单里勾选被领走的证书。"), code="nothing_chosen", status=422) from error
    return found


def _outs_page(found: Batch, form: HandOutForm) -> str:
    args, groups = request.args, queries_outs.groups_of(found.id)
    query = queries_outs.listed(found.id, text=args.get("q", ""), group=args.get("group", ""), state=args.get("state", ""))
    return render_template(
        "certificates/outs.html", contest=found.contest, batch=found, form=form.usual(in_zone(now(), found.contest.zone).date()),
        page=paginate_rows(query, args.get("page", 1, int), 50), ticked=request.form.getlist("ids"),
        choices=[(group, group) for group, _all, _fetched in groups if group],
        called_for=rules_outs.called_for, group_of=rules_outs.group_of,
        total=sum(all_ for _group, all_, _fetched in groups), fetched=sum(fetched for _group, _all, fetched in groups))


@blueprint.get(HAND_OUT)
@act("certificates.hand_out")
def hand_out(contest_id: uuid.UUID, certificate_id: uuid.UUID) -> str:
    """What was noted of one certificate."""
    return _hand_out_page(load_certificate(contest_id, certificate_id, "certificates.hand_out"), UndoForm(formdata=None))


@blueprint.post(f"{HAND_OUT}/<uuid:hand_out_id>/undo")
@act("certificates.hand_out")
def undo_hand_out(contest_id: uuid.UUID, certificate_id: uuid.UUID, hand_out_id: uuid.UUID) -> Answer:
    """It was noted by mistake."""
    found, form = load_certificate(contest_id, certificate_id, "certificates.hand_out"), UndoForm()
    noted = queries_outs.get_hand_out(found, hand_out_id)
    if form.validate_on_submit() and try_verb(
            form, lambda: service.undo_hand_out(noted.id, form.reason.data or "", actor=current_actor(), at=now())):
        flash(_("已撤回这条领取记录。"), "success")
        return redirect(url_for("certificates.hand_out", contest_id=contest_id, certificate_id=certificate_id), 303)
    return _hand_out_page(found, form), form.status


def _hand_out_page(found: Certificate, form: UndoForm) -> str:
    noted = queries_outs.hand_outs_of(found.id)
    return render_template(
        "certificates/hand_out.html", contest=found.contest, certificate=found, form=form, kinds=KINDS,
        holds=next((one for one in noted if one.undone_at is None), None), noted=noted,
        names=names_of([*(one.noted_by for one in noted), *(one.undone_by for one in noted)]))


@blueprint.get(CEREMONY)
@act("certificates.hand_out")
def ceremony(contest_id: uuid.UUID, batch_id: uuid.UUID) -> str:
    """Who is called when, and how each name is read."""
    return _ceremony_page(load_batch(contest_id, batch_id, "certificates.hand_out"), {})


@blueprint.post(CEREMONY)
@act("certificates.hand_out")
def keep_readings(contest_id: uuid.UUID, batch_id: uuid.UUID) -> Answer:
    """Keep the readings of the page as they stand in its fields."""
    found, typed = load_batch(contest_id, batch_id, "certificates.hand_out"), typed_readings()
    wrong: dict[tuple[uuid.UUID, str], str] = {}
    if is_shown_only():
        say_restored()
        return _ceremony_page(found, {})
    for key, text in typed.items():
        try:
            rules_outs.read_pinyin(text)
        except ValueError as error:
            wrong[key] = str(error)
    if wrong:
        return _ceremony_page(found, wrong), 422
    if done_or_told(lambda: _kept(found, typed)):
        return redirect(url_with(), 303)
    return _ceremony_page(found, {}), 409


def _kept(found: Batch, typed: dict[tuple[uuid.UUID, str], str]) -> None:
    changed = service.keep_readings(found, typed, actor=current_actor(), at=now())
    flash(_("已保存 %(n)s 个姓名的拼音。", n=changed) if changed else _("没有改动。"), "success")


def typed_readings() -> dict[tuple[uuid.UUID, str], str]:
    """What was typed, by subject and name: each field is called ``read:SUBJECT:NAME``."""
    found = {}
    for field, text in request.form.items():
        word, _colon, rest = field.partition(":")
        subject, _colon, name = rest.partition(":")
        if word == "read" and name:
            try:
                found[uuid.UUID(subject), name] = text
            except ValueError:
                continue
    return found


def _ceremony_page(found: Batch, wrong: dict[tuple[uuid.UUID, str], str]) -> str:
    order = queries_outs.on_stage(found)
    lines = [(event, award, one) for (event, award), group in order for one in group]
    return render_template(
        "certificates/ceremony.html", contest=found.contest, batch=found, groups=[(key, len(group)) for key, group in order],
        page=slice_page(lines, request.args.get("page", 1, int), 50), key_of=queries_outs.key_of, wrong=wrong, typed=request.form)
