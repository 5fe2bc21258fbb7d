"""Staff pages: numbers tried in the draft of a rulebook."""

import uuid

from flask import redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from competition.contests import service_drafts as drafts
from competition.contests.editing import Desk
from competition.contests.pages import Answer, blueprint
from competition.contests.rules_case import case_document
from competition.contests.rules_outline import Element
from competition.contests.rules_trial import with_samples
from competition.contests.trial import case_tried, given_fields
from competition.contests.views_editor import BASE, load_desk, page, shown_form
from competition.contests.views_rulebook import json_answer
from competition.core.access import act, current_actor
from competition.core.errors import RuleBroken
from competition.core.kept import form_was_reached, is_shown_only, say_restored


@blueprint.post(f"{BASE}/try")
@act("contests.rulebook")
def try_rulebook(contest_id: uuid.UUID) -> Answer:
    """Keep the numbers and show what comes of them."""
    desk = load_desk(contest_id)
    form_was_reached()
    key = request.args.get("tried", "")
    event = next((one for one in desk.book.events if one.key == key), None)
    element = desk.element(request.args.get("at", "")) or (desk.elements[0] if desk.document else None)
    if event is None or element is None:
        raise RuleBroken(_("评分规则中没有这个项目。"))
    account = current_actor().id
    given = {} if "clear" in request.form else given_fields()
    if "fill" in request.form:
        given = with_samples(event, given)
    if is_shown_only():
        say_restored()
        return page(desk, element, shown_form(desk, element))
    if account is not None:
        drafts.keep_trial(contest_id, account, key, given)
    case = case_tried(desk, event) if "case" in request.form else None
    if case is not None:
        return json_answer(case_document(case), f"case-{desk.contest.code}.json")
    return _back(desk, element, key)


def _back(desk: Desk, element: Element, key: str) -> Response:
    there = url_for("contests.edit_rulebook", contest_id=desk.contest.id, at=element.address, tried=key)
    return redirect(f"{there}#trial", 303)
