"""Preparing a batch: from a publication, from who was there, for unions, from a workbook."""

import uuid
from datetime import date

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from competition.certificates import queries, service, source_roster
from competition.certificates.forms import ListForm, PrepareForm, UnitsForm
from competition.certificates.models import Batch
from competition.certificates.pages import STAFF, Answer, blueprint, load_contest
from competition.certificates.source import Source
from competition.certificates.source_people import units_of
from competition.certificates.source_published import Published, awards_in
from competition.certificates.sources import WHOLE
from competition.contests.models import Contest
from competition.core.access import act, current_actor
from competition.core.clock import now
from competition.core.database import get
from competition.core.formats import in_zone
from competition.core.forms import try_verb
from competition.results.models import Publication

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _today(contest: Contest) -> date:
    return in_zone(now(), contest.zone).date()


def _prepared(batch: Batch) -> BaseResponse:
    if batch.settings["rows"]:
        flash(_("已准备好，还没有签发。请逐项核对下面的预览和名单。"), "success")
    else:
        flash(_("名单上现在没有可以签发的人，原因见下面。"), "warning")
    return redirect(url_for("certificates.batch", contest_id=batch.contest_id, batch_id=batch.id), 303)


@blueprint.route(f"{STAFF}/prepare", methods=["GET", "POST"])
@act("certificates.prepare")
def prepare(contest_id: uuid.UUID) -> Answer:
    """Put a batch together; the next page shows what it would be."""
    contest = load_contest(contest_id, "certificates.prepare")
    form = PrepareForm().offer(
        queries.choosable_templates(contest.host_union_id), _today(contest), wanted=request.args.get("template", ""))
    rankings = queries.current_publications(contest.id)
    form.offer_sources(contest.id, rankings).offer_awards(awards_in(rankings))
    if form.validate_on_submit():
        batch = try_verb(form, lambda: service.prepare_from(
            _source(contest, form), uuid.UUID(form.template.data), title=form.title.data or "",
            dated_on=form.dated_on.data, actor=current_actor(), at=now()))
        if batch:
            return _prepared(batch)
    page = render_template("certificates/prepare.html", contest=contest, form=form)
    return (page, form.status) if form.is_submitted() else page


def _source(contest: Contest, form: PrepareForm) -> Source:
    name: str = form.source.data
    return WHOLE[name](contest.id) if name in WHOLE else Published(get(Publication, uuid.UUID(name)), form.only())


@blueprint.route(f"{STAFF}/prepare/units", methods=["GET", "POST"])
@act("certificates.prepare")
def prepare_units(contest_id: uuid.UUID) -> Answer:
    """Put a batch together for unions that sent people."""
    contest = load_contest(contest_id, "certificates.prepare")
    units = units_of(contest.id)
    form = UnitsForm().offer(
        queries.choosable_templates(contest.host_union_id), _today(contest), kind="organisation").offer_units(units)
    if form.validate_on_submit():
        batch = try_verb(form, lambda: service.prepare_units(
            contest.id, form.units.data or [], form.award.data or "", uuid.UUID(form.template.data), title=form.title.data or "",
            dated_on=form.dated_on.data, actor=current_actor(), at=now()))
        if batch:
            return _prepared(batch)
    page = render_template("certificates/prepare_units.html", contest=contest, form=form, units=units)
    return (page, form.status) if form.is_submitted() else page


@blueprint.route(f"{STAFF}/prepare/list", methods=["GET", "POST"])
@act("certificates.prepare")
def prepare_list(contest_id: uuid.UUID) -> Answer:
    """Put a batch together from a workbook; one that is not sound is shown with what is wrong, cell by cell."""
    contest = load_contest(contest_id, "certificates.prepare")
    form = ListForm().offer(queries.choosable_templates(contest.host_union_id), _today(contest))
    sent = request.files.get("file") if form.is_submitted() else None
    data = sent.read() if sent else b""
    wrong: source_roster.Wrong | None = None
    if form.validate_on_submit():
        if not data:
            form.file.errors = [_("请先选择填好的表格。")]
        elif batch := try_verb(form, lambda: service.prepare_roster(
                contest.id, data, sent.filename or "" if sent else "", uuid.UUID(form.template.data), title=form.title.data or "",
                dated_on=form.dated_on.data, actor=current_actor(), at=now())):
            return _prepared(batch)
        else:
            wrong = source_roster.wrong_in(data)
    page = render_template("certificates/prepare_list.html", contest=contest, form=form, wrong=wrong, most=source_roster.MOST_LINES)
    return (page, form.status) if form.is_submitted() else page


@blueprint.get(f"{STAFF}/prepare/list.xlsx")
@act("certificates.prepare")
def list_template(contest_id: uuid.UUID) -> Response:
    """The workbook to fill in."""
    contest = load_contest(contest_id, "certificates.prepare")
    answer = make_response(source_roster.template())
    answer.headers["Content-Type"] = XLSX
    answer.headers["Content-Disposition"] = f"attachment; filename=certificates-{contest.code}.xlsx"
    return answer
