"""What the system keeps about the reader: the page, the file; a correction, consent taken back, the erasure."""

from uuid import UUID

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from competition.accounts import signin
from competition.accounts.identity import DOCUMENTS, Document, parse_document, parse_phone
from competition.accounts.models import HelpRequest, Person
from competition.accounts.queries_own import consents_of
from competition.accounts.service_consent import missing_consents
from competition.accounts.service_correct import ask_correction, document_of, person_lines
from competition.accounts.service_people import phone_of
from competition.accounts.terms import CURRENT, terms
from competition.core.access import act, current_actor
from competition.core.clock import now
from competition.core.database import db
from competition.core.errors import NotFound
from competition.core.exports import file_answer
from competition.core.forms import choices, tried, try_verb
from competition.core.limits import SIGN_IN, SIGN_UP, limiter
from competition.home import service_rights
from competition.home.exporting import NAME, OWN_DATA, own_workbook
from competition.home.forms_rights import BackForm, CorrectionForm, EraseForm, FileForm
from competition.home.own_data import Subject
from competition.home.own_sections_more import everything
from competition.home.queries_rights import extent_of, obstacles_of, split_entries
from competition.home.rules_rights import WORD
from competition.home.views import blueprint
from competition.notices.models import Message
from competition.organisations.queries import list_home_unions
from competition.registration.models import Entry
from competition.registration.service_correct import entry_lines

Answer = Response | str | tuple[str, int]


def subject() -> Subject:
    """Whose data it is: the reader's."""
    return Subject(current_user.account, current_actor())


# ---- the page and the file -------------------------------------------------------------------


@blueprint.get("/my/data")
@act("home.data")
def my_data() -> str:
    """Everything that is kept about the reader, by subject."""
    held = _held(subject())
    return render_template("home/my_data.html", sections=everything(current_user.account, current_actor()),
                           missing=missing_consents(current_user.id), held=[terms(purpose) for purpose in CURRENT if purpose in held])


def _held(mine: Subject) -> set[str]:
    """The texts to which there is a consent that holds."""
    return {consent.purpose for consent in consents_of(mine.account.id, mine.person_ids) if consent.withdrawn_at is None}


@blueprint.get("/my/data.xlsx")
@act("home.data")
def my_data_file() -> str:
    """What the file holds, and whether the numbers stand in it in full."""
    return render_template("home/my_data_file.html", form=FileForm(formdata=None), export=OWN_DATA)


@blueprint.post("/my/data.xlsx")
@act("home.data")
@limiter.limit(SIGN_IN)
def take_my_data() -> Answer:
    """The file."""
    form, zone = FileForm(), current_app.extensions["settings"].zone
    if form.validate_on_submit():
        made = try_verb(form, lambda: own_workbook(
            current_user.account, form.password.data or "", actor=current_actor(), at=now(), zone=zone))
        if made:
            return file_answer(made, NAME)
    return render_template("home/my_data_file.html", form=form, export=OWN_DATA), form.status


# ---- a correction ----------------------------------------------------------------------------


@blueprint.get("/my/data/correction")
@act("home.data")
def correction() -> str:
    """The form for what one cannot change oneself."""
    mine, phone = subject(), phone_of(current_user.account) or ""
    known = {"entry": request.args.get("entry", ""), "phone": phone.removeprefix("+86")}
    return _correction_page(CorrectionForm(formdata=None, data=known), mine)


def _correction_page(form: CorrectionForm, mine: Subject) -> str:
    return render_template("home/correction.html", form=_offer(form, mine), person=_person(mine), entries=_settled(mine))


def _person(mine: Subject) -> Person | None:
    return mine.persons[-1] if mine.persons else None


def _settled(mine: Subject) -> list[Entry]:
    return [entry for entry in mine.entries if entry.state == "approved"]


def _offer(form: CorrectionForm, mine: Subject) -> CorrectionForm:
    person = _person(mine)
    form.must_show = person is None or person.document_sealed is None
    form.document_kind.choices = choices(DOCUMENTS.items())
    unions = [(union.id, union.name_zh) for union in list_home_unions()]
    form.union.choices = choices(unions, empty=_("请选择"))
    form.union_then.choices = choices(unions, empty=_("不更正"))
    form.entry.choices = choices(((entry.id, entry.contest.name) for entry in _settled(mine)), empty=_("不涉及报名"))
    return form


@blueprint.post("/my/data/correction")
@act("home.data")
@limiter.limit(SIGN_UP)
def ask_for_correction() -> Answer:
    """Send it to the union's clerk."""
    mine = subject()
    form = _offer(CorrectionForm(), mine)
    if form.validate_on_submit():
        made = try_verb(form, lambda: _ask(form, mine))
        if made:
            return render_template("accounts/help_asked.html", code=made.code, union=made.union.name_zh)
    return _correction_page(form, mine), form.status


def _ask(form: CorrectionForm, mine: Subject) -> HelpRequest:
    person, typed = _person(mine), None
    if form.document_number.data:
        typed = parse_document(form.document_kind.data, form.document_number.data)
    lines = person_lines(mine.account, person, name=form.name.data or "", document=typed, birth_on=form.birth_on.data,
                         sex=form.sex.data or "")
    entry = next((one for one in _settled(mine) if str(one.id) == form.entry.data), None)
    if entry is not None:
        lines += entry_lines(entry, employer=form.employer.data or "", union_id=_uuid(form.union_then.data))
    # About an entry decides the union that the entry belongs to.
    union_id = entry.union_id if entry is not None and entry.union_id else UUID(form.union.data)
    return ask_correction(
        mine.account.id, lines, person=person, document=_shown(person, typed), phone=parse_phone(form.phone.data or ""), union_id=union_id,
        note=form.note.data or "", at=now(), entry=(entry.id, entry.contest.name) if entry is not None else None)


def _shown(person: Person | None, typed: Document | None) -> Document:
    if person is not None and person.document_sealed:
        return document_of(person)
    if typed is None:
        raise NotFound(_("没有找到您的证件登记。"))
    return typed


def _uuid(text: str | None) -> UUID | None:
    return UUID(text) if text else None


# ---- consent taken back ------------------------------------------------------------------------


@blueprint.get("/my/data/consent/<purpose>/withdraw")
@act("home.data")
def withdraw_consent(purpose: str) -> str:
    """What taking the consent back means, before it is done."""
    return _back_page(purpose, BackForm(formdata=None))


def _back_page(purpose: str, form: BackForm) -> str:
    mine = subject()
    if purpose not in _held(mine):
        raise NotFound(_("没有找到这项同意，它可能已经撤回。"))
    goes, stays = split_entries(mine)
    return render_template("home/withdraw_consent.html", text=terms(purpose), form=form, goes=goes, stays=stays)


@blueprint.post("/my/data/consent/<purpose>/withdraw")
@act("home.data")
def take_consent_back(purpose: str) -> Answer:
    """Take it back; entries without a lot are withdrawn with it."""
    form = BackForm()
    if form.validate_on_submit():
        gone: list[Entry] = []
        if tried(form, lambda: gone.extend(service_rights.withdraw_consent(purpose, actor=current_actor(), at=now()))):
            flash(_("已撤回同意，同时撤回了 %(n)s 份报名。", n=len(gone)) if gone else _("已撤回同意。"), "success")
            return redirect(url_for(".my_data"), 303)
    return _back_page(purpose, form), form.status


# ---- the erasure -------------------------------------------------------------------------------


@blueprint.get("/my/data/erase")
@act("home.data")
def erase() -> str:
    """What goes, what stays and why, what stands against it now."""
    return _erase_page(EraseForm(formdata=None))


def _erase_page(form: EraseForm, typed_wrong: str = "") -> str:
    mine = subject()
    told = db.session.scalar(select(func.count()).select_from(Message).where(Message.account_id == current_user.id)) or 0
    return render_template("home/erase.html", form=form, obstacles=obstacles_of(mine, now()), extent=extent_of(mine, told), word=WORD,
                           typed_wrong=typed_wrong)


@blueprint.post("/my/data/erase")
@act("home.data")
@limiter.limit(SIGN_IN)
def erase_own() -> Answer:
    """Erase, and sign out: there is nobody to be signed in any more."""
    # There is no form on the page while anything stands against it.
    service_rights.check_erasable(current_actor(), at=now())
    form, typed = EraseForm(), request.form.get("confirm_name", "")
    if typed.strip() != str(WORD):
        return _erase_page(form, _("输入的内容不一致，没有删除。请照样输入。")), 422
    if form.validate_on_submit() and tried(
            form, lambda: service_rights.erase_own(form.password.data or "", typed, actor=current_actor(), at=now())):
        signin.end()
        return render_template("home/erased.html")
    return _erase_page(form), form.status
