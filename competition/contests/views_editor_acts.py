"""Staff pages of the draft: what can be added, what is taken out, saving as a version, throwing away."""

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from competition.contests import rules_acts as acts
from competition.contests import service_drafts as drafts
from competition.contests.editing import Desk, key_maker
from competition.contests.forms_element import RemoveForm, SaveForm
from competition.contests.models import Event
from competition.contests.naming import named
from competition.contests.pages import Answer, blueprint, load_contest, may_on
from competition.contests.queries import event_names, names_of
from competition.contests.rules_keys import references
from competition.contests.rules_outline import Element
from competition.contests.shown import said_differences
from competition.contests.views_editor import BASE, address_of, changed, load_desk, load_element
from competition.contests.views_rulebook import submit
from competition.core.access import act, current_actor
from competition.core.clock import now
from competition.core.errors import RuleBroken
from competition.core.formats import joined
from competition.core.forms import done_or_told, try_verb


@blueprint.route(f"{BASE}/add", methods=["GET", "POST"])
@act("contests.rulebook")
def add_to_rulebook(contest_id: uuid.UUID) -> Answer:
    """What kinds of thing there are, each explained; one is chosen and added."""
    desk, name = load_desk(contest_id), request.args.get("list", "")
    element = load_element(desk, request.args.get("at", ""))
    if name not in acts.CHOICES or element.side:
        raise RuleBroken(_("这里不能添加。"))
    free = _free_events(desk) if name == "events" else []
    if request.method == "GET":
        return render_template("contests/editor_kinds.html", contest=desk.contest, desk=desk, element=element, kinds=acts.CHOICES[name],
                               name=name, free=free, title=_("添加到“%(where)s”", where=element.title), step=2)
    kind = request.form.get("kind", "")
    thing = _thing(desk, name, kind, free)
    document, place = acts.add(desk.document or {}, element.steps, name, thing)
    if changed(desk, request.form.get("seen", ""), lambda _now: document, what="add", about=desk.title(element)):
        flash(_("已添加，请填写内容。"), "success")
        desk = Desk.of(load_contest(contest_id, "contests.rulebook"))
        element = next((one for one in desk.elements if one.steps == place and not one.side), element)
    return redirect(address_of(desk, element), 303)


def _thing(desk: Desk, name: str, kind: str, free: list[Event]) -> dict[str, Any]:
    own = next((one for one in free if kind == f"event:{one.key}"), None)
    if own is not None:
        return acts.event(own.key, own.name_zh, "theory" if own.kind == "theory" else "points")
    if kind not in [one for one, _label, _help in acts.CHOICES[name]]:
        raise RuleBroken(_("没有这一种。"))
    return acts.fresh(name, kind, key_maker(desk.contest.id, desk.document or {}))


def _free_events(desk: Desk) -> list[Event]:
    """The contest's events that the rulebook does not have."""
    ruled = {one.get("key") for one in (desk.document or {}).get("events", [])}
    return [event for event in desk.contest.events if event.key not in ruled]


@blueprint.route(f"{BASE}/kind", methods=["GET", "POST"])
@act("contests.rulebook")
def turn_in_rulebook(contest_id: uuid.UUID) -> Answer:
    """Another kind for the same thing."""
    desk = load_desk(contest_id)
    element = load_element(desk, request.args.get("at", ""))
    name = acts.LIST_OF.get(element.kind, "")
    kinds = [one for one in acts.CHOICES.get(name, ()) if one[0] not in ("group", element.variant)]
    if element.side or not kinds or element.kind == "group":
        raise RuleBroken(_("这一项没有别的方式。"))
    if request.method == "GET":
        return render_template("contests/editor_kinds.html", contest=desk.contest, desk=desk, element=element, kinds=kinds, name=name,
            free=[],
                               title=_("“%(what)s”改用别的方式", what=element.title), turning=True, step=2)
    kind = request.form.get("kind", "")
    if kind not in [one[0] for one in kinds]:
        raise RuleBroken(_("没有这一种。"))
    if changed(desk, request.form.get("seen", ""), lambda document: acts.turn(document, element, kind), what="kind",
               about=desk.title(element)):
        flash(_("已改用新的方式，请核对内容。"), "success")
    return redirect(address_of(desk, element), 303)


@blueprint.route(f"{BASE}/remove", methods=["GET", "POST"])
@act("contests.rulebook")
def remove_from_rulebook(contest_id: uuid.UUID) -> Answer:
    """What refers to the thing; then it is taken out."""
    desk, form = load_desk(contest_id), RemoveForm()
    element = load_element(desk, request.args.get("at", ""))
    if not element.is_listed:
        raise RuleBroken(_("这一项不能删除。"))
    found = references(desk.document or {}, element)
    if form.validate_on_submit():
        def change(document: dict[str, Any]) -> dict[str, Any]:
            return acts.remove(document, element, with_references=bool(form.references.data))

        if changed(desk, form.seen.data or "", change, what="remove", about=desk.title(element)):
            flash(_("已删除“%(what)s”。需要时可以撤销上一步。", what=element.title), "success")
        return redirect(address_of(desk, _above(desk, element)), 303)
    if not form.is_submitted():
        form.seen.data, form.references.data = desk.seen, True
    inside = sum(1 for one in desk.elements if one.steps[: len(element.steps)] == element.steps and not one.side) - 1
    page = render_template("contests/editor_remove.html", contest=desk.contest, desk=desk, element=element, form=form, inside=inside,
                           found=list(dict.fromkeys(one for one, _steps in found)), step=2)
    return (page, form.status) if form.errors else page


def _above(desk: Desk, element: Element) -> Element:
    """What the thing stood in."""
    return next((one for one in desk.elements if one.steps == element.steps[:-2] and not one.side), desk.elements[0])


@blueprint.route(f"{BASE}/save", methods=["GET", "POST"])
@act("contests.rulebook")
def save_rulebook(contest_id: uuid.UUID) -> Answer:
    """Every difference from the version in force; then the draft becomes a version, or a second person is asked."""
    desk, form = load_desk(contest_id), SaveForm()
    if desk.draft is None:
        flash(_("没有草稿可以保存。"), "warning")
        return redirect(url_for("contests.edit_rulebook", contest_id=contest_id), 303)
    number, missing = str(desk.version.number if desk.version else 0), _missing(desk)
    if form.is_submitted() and form.validate():
        if (form.seen.data, form.number.data) != (desk.seen, number):
            form.form_errors.append(_("您打开页面以后，草稿或现行规则又有变化。请核对下面的改动后再保存。"))
            form.status = 409
        elif then := try_verb(form, lambda: _submitted(desk, form.reason.data or "", list(missing) if form.add.data else [])):
            return redirect(then, 303)
    if not form.is_submitted():
        form.add.data = bool(missing)
    form.seen.data, form.number.data = desk.seen, number
    old = desk.version.document if desk.version else {}
    page = render_template(
        "contests/editor_save.html", contest=desk.contest, desk=desk, form=form, step=2, missing=joined(missing.values()),
        differences=said_differences(old, desk.draft.document) if desk.version else [],
        names=names_of([desk.version.created_by if desk.version else None]))
    return (page, form.status) if form.errors else page


def _missing(desk: Desk) -> dict[str, str]:
    """The events of the draft that the contest does not have and the reader may add, by key."""
    if desk.is_frozen or not may_on(desk.contest, "contests.edit")["edit"]:
        return {}
    have = event_names(desk.contest.id)
    return {str(one.key): named(one.name) for one in desk.book.events if one.key and one.key not in have}


def _submitted(desk: Desk, reason: str, add: list[str]) -> str:
    """As every other change of a rulebook; what became a version is no draft any more."""
    if desk.flaws:
        raise RuleBroken(_("草稿还有 %(n)s 处需要修改，改好以后才能保存为新版本。", n=len(desk.flaws)), code="rulebook_faults", status=422)
    then = submit(desk.contest, desk.document or {}, reason, add=add)
    if not desk.is_frozen:
        drafts.end_draft(desk.contest.id, actor=current_actor(), at=now())
    return then


@blueprint.post(f"{BASE}/discard")
@act("contests.rulebook")
def discard_rulebook(contest_id: uuid.UUID) -> Response:
    """Throw the draft away."""
    desk = load_desk(contest_id)
    if done_or_told(lambda: drafts.discard_draft(desk.contest.id, seen=request.form.get("seen", ""), actor=current_actor(), at=now())):
        flash(_("草稿已放弃，现行规则没有变化。"), "success")
        return redirect(url_for("contests.rulebook", contest_id=contest_id), 303)
    return redirect(url_for("contests.edit_rulebook", contest_id=contest_id), 303)

