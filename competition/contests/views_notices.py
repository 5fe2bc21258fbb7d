"""Staff pages: the notices of a contest. They are written on the pages of the notices' own room."""

import uuid

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from competition.contests import rules_notice
from competition.contests.pages import blueprint, load_contest
from competition.core.access import act, current_actor
from competition.core.clock import now
from competition.core.languages import on_record
from competition.notices.queries import list_notices
from competition.notices.service import save_notice


@blueprint.get("/manage/contests/<uuid:contest_id>/notices")
@act("contests.notice")
def notices(contest_id: uuid.UUID) -> str:
    """The contest's notices, drafts too."""
    contest = load_contest(contest_id, "contests.notice")
    return render_template("contests/notices.html", contest=contest, rows=list_notices("contest", contest.id), step=4)


@blueprint.post("/manage/contests/<uuid:contest_id>/notices/draft")
@act("contests.notice")
def draft_notice(contest_id: uuid.UUID) -> Response:
    """A draft with what is known of the contest, to be finished by hand."""
    contest = load_contest(contest_id, "contests.notice")
    with on_record():
        body = rules_notice.body_of(contest, contest.bodies, contest.events, contest.trade, contest.summary)
    notice = save_notice("contest", contest.id, title=rules_notice.title_of(contest), body=body, actor=current_actor(), at=now())
    return redirect(url_for("notices.edit", notice_id=notice.id), 303)
