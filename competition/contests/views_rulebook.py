"""Staff pages: the rulebook in force, its versions, and the ways to change it."""

import json
import uuid
from collections.abc import Collection, Sequence
from typing import Any

from flask import Response, flash, make_response, render_template, url_for
from flask_babel import gettext as _

from competition.contests import hooks, queries, rules_words, service
from competition.contests.forms import choices_of
from competition.contests.forms_rulebook import ReadyForm
from competition.contests.models import Contest, RulebookVersion
from competition.contests.pages import blueprint, load_contest, may_on
from competition.core import approvals, jobs
from competition.core.access import act, current_actor, may
from competition.core.clock import now
from competition.core.jobs import Job


@blueprint.get("/manage/contests/<uuid:contest_id>/rulebook")
@act("contests.look")
def rulebook(contest_id: uuid.UUID) -> str:
    """The version in force in readable form, all versions, what waits for a second person."""
    contest = load_contest(contest_id, "contests.look")
    versions = queries.rulebook_versions(contest.id)
    return render_template(
        "contests/rulebook.html", contest=contest, version=versions[0] if versions else None, versions=versions,
        book=queries.load_rules(versions[0]) if versions else None, words=rules_words, step=2, form=ready_form(),
        names=queries.names_of(v.created_by for v in versions), allowed=may_on(contest, "contests.rulebook", "contests.edit"),
        unfit=service.fit_of(contest.id).sentences,
        draft=service.find_draft(contest.id) is not None, waiting=approvals.open_request("contests.change_rulebook", contest.id),
        computing=_computing(contest), unasked=_unasked(contest, versions),
    )


def _computing(contest: Contest) -> Job | None:
    """The reader's own work on what a change would do, while it goes on."""
    found = jobs.latest(service.PREVIEW, chain=contest.id)
    return next((job for job in found if job.owner_id == current_actor().id and not job.is_over), None)


def _unasked(contest: Contest, versions: Sequence[RulebookVersion]) -> str | None:
    """Where the reader goes on with a change that nobody was asked for yet."""
    found = queries.newest_draft(contest.id, versions[0].number, current_actor().id) if versions and versions[0].frozen_at else None
    return hooks.page_of_preview(contest.id, found) if found else None


def ready_form() -> ReadyForm:
    """The ready rulebooks as a choice."""
    form = ReadyForm()
    form.key.choices = choices_of((key, document["name"]["zh"]) for key, document in service.ready_rulebooks().items())
    return form


@blueprint.get("/manage/contests/<uuid:contest_id>/rulebook/versions/<int:number>")
@act("contests.look")
def rulebook_version(contest_id: uuid.UUID, number: int) -> str:
    """One version, as it was."""
    contest = load_contest(contest_id, "contests.look")
    version = queries.get_rulebook(contest.id, number)
    preview = queries.applied_preview(contest.id, number)
    looks = preview is not None and may(current_actor(), "results.look", queries.contest_scope(contest))
    seen = hooks.page_of_preview(contest.id, preview) if preview is not None and looks else None
    return render_template("contests/rulebook_version.html", contest=contest, version=version, words=rules_words, seen=seen,
                           book=queries.load_rules(version), names=queries.names_of([version.created_by]))


@blueprint.get("/manage/contests/<uuid:contest_id>/rulebook/versions/<int:number>.json")
@act("contests.look")
def rulebook_file(contest_id: uuid.UUID, number: int) -> Response:
    """The document of a version, to keep or to use for another contest."""
    contest = load_contest(contest_id, "contests.look")
    version = queries.get_rulebook(contest.id, number)
    return json_answer(version.document, f"rulebook-{contest.code}-v{number}.json")


def submit(contest: Contest, document: dict[str, Any], reason: str, *, add: Collection[str] = ()) -> str:
    """Save a new version and make the events ``add`` of it; or, when the present one is frozen, have computed what the change would
    do, to be seen and then asked for. The answer is the address of the next page."""
    current = queries.find_rulebook(contest.id)
    actor, at = current_actor(), now()
    if current is None or current.frozen_at is None:
        version = service.adopt_rulebook(contest.id, document, add=add, reason=reason, actor=actor, at=at)
        flash(_("已保存为第 %(n)s 版评分规则。", n=version.number), "success")
        return url_for("contests.rulebook", contest_id=contest.id)
    job = service.preview_rulebook_change(contest.id, document, reason=reason, actor=actor, at=at)
    flash(_("还没有提出申请。正在计算这项改动对成绩的影响，算完请先查看影响清单。"), "info")
    return url_for("home.job", job_id=job.id)


def json_answer(document: dict[str, Any], name: str) -> Response:
    """A document as a file to keep."""
    return make_response(json.dumps(document, ensure_ascii=False, indent=2) + "\n", 200, {
        "Content-Type": "application/json; charset=utf-8", "Content-Disposition": f'attachment; filename="{name}"'})
