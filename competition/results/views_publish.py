"""Asking for a publication or a correction, and the versions of what was published."""

import uuid

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from competition.contests.queries import names_of, wording_of
from competition.core.access import act, current_actor
from competition.core.approvals import open_request
from competition.core.clock import now
from competition.core.errors import RuleBroken
from competition.core.forms import choices, try_verb
from competition.results import book, queries, rules, service
from competition.results.for_pages import compute_for_page
from competition.results.forms import CorrectForm, PublishForm
from competition.results.pages import BASE, Answer, blueprint, common, load_ranking, load_whole, may_on
from competition.results.service_publish import CORRECT, PUBLISH, check_ready
from competition.results.standing import Computed


@blueprint.route(f"{BASE}/publish", methods=["GET", "POST"])
@act("results.ask")
def publish(contest_id: uuid.UUID) -> Answer:
    """Choose what is published, say why, and ask the second person."""
    contest = load_whole(contest_id, "results.ask")
    computed = compute_for_page(contest_id)
    open_ = _unpublished(computed)
    form = PublishForm()
    to = computed.wording
    form.scopes.choices = choices((scope, to.name(computed.scopes[scope].name)) for scope in open_)
    if not form.is_submitted():
        form.scopes.data = [scope for scope, why in open_.items() if not why]
    if form.validate_on_submit() and try_verb(form, lambda: _ask(contest_id, form)):
        flash(_("已提出发布申请。第二人批准后立即发布。"), "success")
        return redirect(url_for("results.overview", contest_id=contest_id), 303)
    page = render_template("results/publish.html", **common(contest, to), form=form, reasons=open_, computed=computed,
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
        check_ready(computed, rules.with_parts(computed.scopes, scopes))
    except RuleBroken as error:
        return error.message
    return ""


@blueprint.route(f"{BASE}/correct", methods=["GET", "POST"])
@act("results.ask")
def correct(contest_id: uuid.UUID) -> Answer:
    """Show what is different from what was published, say why, and ask the second person."""
    contest = load_whole(contest_id, "results.ask")
    computed = compute_for_page(contest_id, explained=True)
    published = queries.current_publications(contest_id)
    obstacle = _obstacle(computed, list(published))
    form = CorrectForm()
    if form.validate_on_submit() and try_verb(form, lambda: _ask_correct(contest_id, form)):
        flash(_("已提出更正申请。第二人批准后立即发布更正版。"), "success")
        return redirect(url_for("results.overview", contest_id=contest_id), 303)
    page = render_template(
        "results/correct.html", **common(contest, computed.wording), form=form, obstacle=obstacle,
        waiting=open_request(CORRECT, contest_id),
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
    contest = load_ranking(contest_id, scope, "results.look")
    found = queries.get_publication(contest_id, scope, version)
    versions = [p for p in queries.publications_of(contest_id) if p.scope == scope]
    before = queries.get_publication(contest_id, scope, version - 1) if version > 1 else None
    to = wording_of(found.rulebook_id)
    return render_template(
        "results/published.html", **common(contest, to), publication=found, versions=versions,
        columns=book.columns_of(found, to), names=names_of([found.asked_by, found.approved_by]),
        changes=rules.changes(before.rows, found.rows) if before else [], award_read=rules.award_read,
        allowed=may_on(contest, "results.book"),
    )
