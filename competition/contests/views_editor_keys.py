"""Staff page of the draft: another key for a thing, wherever it is named."""

import uuid

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _

from competition.contests.editing import Desk
from competition.contests.forms_element import KeyForm
from competition.contests.pages import Answer, blueprint, load_contest
from competition.contests.rules_keys import has_key, identities, identity, references, refused, rekeyed
from competition.contests.rules_outline import Document, Element, at
from competition.contests.views_editor import BASE, address_of, changed, load_desk, load_element
from competition.core.access import act
from competition.core.errors import RuleBroken


@blueprint.route(f"{BASE}/key", methods=["GET", "POST"])
@act("contests.rulebook")
def rekey_in_rulebook(contest_id: uuid.UUID) -> Answer:
    """What names the thing; then it has another key, there too."""
    desk, form = load_desk(contest_id), KeyForm()
    element = load_element(desk, request.args.get("at", ""))
    document = desk.document or {}
    if not has_key(element):
        raise RuleBroken(_("这一项没有标识。"))
    if form.validate_on_submit():
        key = form.key.data or ""
        wrong = _fixed(desk, element) or refused(document, element, key)
        if wrong:
            form.key.errors = [wrong]
        elif _changed(desk, element, form.seen.data or "", key):
            return _there(contest_id, element)
    if not form.is_submitted():
        form.seen.data, form.key.data = desk.seen, at(document, element.steps).get("key", "")
    page = render_template("contests/editor_key.html", contest=desk.contest, desk=desk, element=element, form=form, step=2,
                           fixed=_fixed(desk, element),
                           found=list(dict.fromkeys(one for one, _steps in references(document, element))))
    return (page, form.status) if form.errors else page


def _fixed(desk: Desk, element: Element) -> str:
    """Why the key stays: marks have come that name it."""
    version = desk.version
    if version is None or not desk.is_frozen or identity(desk.document or {}, element) not in identities(version.document):
        return ""
    return str(_("现行规则已冻结，评分按这个标识保存，不能更改。"))


def _changed(desk: Desk, element: Element, seen: str, key: str) -> bool:
    def change(document: Document) -> Document:
        return rekeyed(document, element, key)

    done = changed(desk, seen, change, what="key", about=desk.title(element))
    if done:
        flash(_("已改标识，用到它的地方也一起改了。"), "success")
    return done


def _there(contest_id: uuid.UUID, element: Element) -> Answer:
    """The thing at its new address."""
    desk = Desk.of(load_contest(contest_id, "contests.rulebook"))
    return redirect(address_of(desk, next((one for one in desk.elements if one.steps == element.steps and not one.side), None)), 303)
