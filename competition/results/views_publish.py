"""Asking for a publication or a correction, its versions, and the result book."""

import io
import uuid

from flask import Response, flash, redirect, render_template, send_file, url_for
from flask_babel import gettext as _

from competition.contests.models import Contest
from competition.contests.queries import names_of
from competition.contests.rules import BODY_ROLES
from competition.core.access import act, current_actor
from competition.core.approvals import open_request
from competition.core.clock import now
from competition.core.errors import RuleBroken
from competition.core.files import XLSX
from competition.core.forms import choices, try_verb
from competition.core.paper import print_pdf
from competition.results import book, queries, rules, service
from competition.results.forms import CorrectForm, PublishForm
from competition.results.gathering import Computed
from competition.results.pages import BASE, Answer, blueprint, common, load_contest, may_on
from competition.results.service_publish import CORRECT, PUBLISH, checked_drafts


@blueprint.route(f"{BASE}/publish", methods=["GET", "POST"])
@act("results.ask")
def publish(contest_id: uuid.UUID) -> Answer:
    """Choose what is published, say why, and ask the second person."""
    contest = load_contest(contest_id, "results.ask")
    computed = service.compute(contest_id, explained=True)
    open_ = _unpublished(computed)
    form = PublishForm()
    form.scopes.choices = choices((scope, computed.scopes[scope].name) for scope in open_)
    if not form.is_submitted():
        form.scopes.data = [scope for scope, why in open_.items() if not why]
    if form.validate_on_submit() and try_verb(form, lambda: _ask(contest_id, form)):
        flash(_("已提出发布申请。第二人批准后立即发布。"), "success")
        return redirect(url_for("results.overview", contest_id=contest_id), 303)
    page = render_template("results/publish.html", **common(contest), form=form, reasons=open_, computed=computed,
                           waiting=open_request(PUBLISH, contest_id) or open_request(CORRECT, contest_id))
    return page, form.status if form.is_submitted() else 200


def _ask(contest_id: uuid.UUID, form: PublishForm) -> object:
    return service.ask_publish(contest_id, form.scopes.data or [], form.reason.data or "", actor=current_actor(), at=now())


def _unpublished(computed: Computed) -> dict[str, str]:
    """Every scope that is not published yet, with the reason why it cannot be (empty: it can)."""
    published = queries.current_publications(computed.contest.id)
    found = {}
    for scope in computed.scopes:
        if scope not in published and all(side is not None for side in computed.sides_of(scope)):
            found[scope] = _obstacle(computed, [scope])
    return found


def _obstacle(computed: Computed, scopes: list[str]) -> str:
    try:
        checked_drafts(computed, scopes)
    except RuleBroken as error:
        return error.message
    return ""


@blueprint.route(f"{BASE}/correct", methods=["GET", "POST"])
@act("results.ask")
def correct(contest_id: uuid.UUID) -> Answer:
    """Show what is different from what was published, say why, and ask the second person."""
    contest = load_contest(contest_id, "results.ask")
    computed = service.compute(contest_id, explained=True)
    published = queries.current_publications(contest_id)
    obstacle = _obstacle(computed, list(published))
    form = CorrectForm()
    if form.validate_on_submit() and try_verb(form, lambda: _ask_correct(contest_id, form)):
        flash(_("已提出更正申请。第二人批准后立即发布更正版。"), "success")
        return redirect(url_for("results.overview", contest_id=contest_id), 303)
    page = render_template(
        "results/correct.html", **common(contest), form=form, obstacle=obstacle, waiting=open_request(CORRECT, contest_id),
        changes={} if obstacle else book.changes_now(computed, published), any_published=bool(published),
        names={scope: publication.scope_name for scope, publication in published.items()},
    )
    return page, form.status if form.is_submitted() else 200


def _ask_correct(contest_id: uuid.UUID, form: CorrectForm) -> object:
    return service.ask_correct(contest_id, form.reason.data or "", actor=current_actor(), at=now())


@blueprint.get(f"{BASE}/published/<scope>/<int:version>")
@act("results.look")
def published(contest_id: uuid.UUID, scope: str, version: int) -> Answer:
    """One version as it was published, by whom, and what it changed."""
    contest = load_contest(contest_id, "results.look")
    found = queries.get_publication(contest_id, scope, version)
    versions = [p for p in queries.publications_of(contest_id) if p.scope == scope]
    before = queries.get_publication(contest_id, scope, version - 1) if version > 1 else None
    return render_template(
        "results/published.html", **common(contest), publication=found, versions=versions,
        columns=book.columns_of(found), names=names_of([found.asked_by, found.approved_by]),
        changes=rules.changes(before.rows, found.rows) if before else [], allowed=may_on(contest, "results.book"),
    )


@blueprint.get(f"{BASE}/book")
@act("results.book")
def book_page(contest_id: uuid.UUID) -> Answer:
    """成绩册 on the screen, as it is printed."""
    contest = load_contest(contest_id, "results.book")
    return _book(contest, book.whole_book(contest_id), None)


@blueprint.get(f"{BASE}/book.pdf")
@act("results.book")
def book_pdf(contest_id: uuid.UUID) -> Response:
    """成绩册 as PDF."""
    contest = load_contest(contest_id, "results.book")
    html = _book(contest, book.whole_book(contest_id), "asset:paper.css")
    name = _("成绩册-%(code)s.pdf", code=contest.code)
    pdf = print_pdf(html, title=_("%(name)s成绩册", name=contest.name))
    return send_file(io.BytesIO(pdf), mimetype="application/pdf", as_attachment=True, download_name=name)


def _book(contest: Contest, chapters: list[book.Chapter], paper_css: str | None) -> str:
    more = {"paper_css": paper_css} if paper_css else {}
    return render_template("results/book.html", **common(contest), chapters=chapters, roles=BODY_ROLES, **more)


@blueprint.get(f"{BASE}/book.xlsx")
@act("results.book")
def book_xlsx(contest_id: uuid.UUID) -> Response:
    """成绩册 as a workbook, with who made it and when."""
    contest = load_contest(contest_id, "results.book")
    data = book.workbook(contest, book.whole_book(contest_id), exporter=current_actor().name, at=now())
    return send_file(io.BytesIO(data), mimetype=XLSX, as_attachment=True, download_name=_("成绩册-%(code)s.xlsx", code=contest.code))
