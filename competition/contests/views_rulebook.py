"""Staff pages: the rulebook in force, its versions, and the ways to change it."""

import json
import uuid
from collections.abc import Collection, Sequence
from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from competition.contests import hooks, queries, rules_words, service
from competition.contests.forms import choices_of
from competition.contests.forms_rulebook import ReadyForm, RulebookTextForm
from competition.contests.models import Contest, RulebookVersion
from competition.contests.pages import Answer, blueprint, load_contest, may_on
from competition.contests.rules_places import place_words
from competition.core import approvals, jobs
from competition.core.access import act, current_actor, may
from competition.core.clock import now
from competition.core.errors import RuleBroken
from competition.core.forms import try_verb
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
    answer = make_response(_pretty(version.document))
    answer.headers["Content-Type"] = "application/json; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="rulebook-{contest.code}-v{number}.json"'
    return answer


@blueprint.route("/manage/contests/<uuid:contest_id>/rulebook/text", methods=["GET", "POST"])
@act("contests.rulebook")
def rulebook_text(contest_id: uuid.UUID) -> Answer:
    """The whole document as JSON; all faults are listed at once, and checking alone saves nothing."""
    contest = load_contest(contest_id, "contests.rulebook")
    version = queries.find_rulebook(contest.id)
    form, faults = RulebookTextForm(), []
    if not form.is_submitted():
        form.text.data = _pretty(version.document) if version else ""
    elif form.validate() and form.document is not None:
        faults = _faults(form.document)
        if faults:
            form.form_errors.append(_("评分规则有 %(n)s 处需要修改，没有保存。", n=len(faults)))
        elif "check" in request.form:
            flash(_("检查通过，没有发现错误。尚未保存。"), "info")
        elif then := try_verb(form, lambda: submit(contest, form.document or {}, form.reason.data or "")):
            return redirect(then, 303)
    return _page("contests/rulebook_text.html", contest, version, form, faults=faults)


def _faults(document: dict[str, Any]) -> list[dict[str, str]]:
    try:
        service.check_document(document)
    except RuleBroken as error:
        return [{**fault, "place": place_words(document, fault["path"])} for fault in error.details["faults"]]
    return []


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


def _pretty(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _page(template: str, contest: Contest, version: RulebookVersion | None, form: Any, **more: Any) -> Answer:
    page = render_template(template, contest=contest, version=version, form=form, step=2,
                           frozen=version is not None and version.frozen_at is not None, **more)
    return (page, form.status) if form.errors else page
