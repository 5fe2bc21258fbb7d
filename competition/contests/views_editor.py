"""Staff pages: a rulebook edited thing by thing, as a draft."""

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from competition.contests import rules_acts as acts
from competition.contests import service_drafts as drafts
from competition.contests.editing import Desk, key_maker, prize_maker
from competition.contests.forms_element import AskedForm, ElementForm, element_form, rearranged
from competition.contests.models import Contest
from competition.contests.pages import Answer, blueprint, load_contest
from competition.contests.queries import names_of
from competition.contests.rules_element import texts, with_texts
from competition.contests.rules_named import choices
from competition.contests.rules_outline import Element, at, find, unknown
from competition.contests.shown import said_differences
from competition.contests.trial import trial_of
from competition.core import approvals
from competition.core.access import act, current_actor
from competition.core.clock import now
from competition.core.errors import RuleBroken, Stale
from competition.core.forms import done_or_told

BASE = "/manage/contests/<uuid:contest_id>/rulebook/edit"


def load_desk(contest_id: uuid.UUID) -> Desk:
    """The desk of a contest whose rulebook the reader may set."""
    return Desk.of(load_contest(contest_id, "contests.rulebook"))


def load_element(desk: Desk, address: str) -> Element:
    """The thing with this address; raises RuleBroken: it may just have gone."""
    found = desk.element(address)
    if found is None:
        raise RuleBroken(_("评分规则中没有这一项，它可能已被移动或删除。"))
    return found


def address_of(desk: Desk, element: Element | None = None, **more: Any) -> str:
    """The page with one thing chosen."""
    return url_for("contests.edit_rulebook", contest_id=desk.contest.id, at=element.address if element else "", **more)


@blueprint.route(BASE, methods=["GET", "POST"])
@act("contests.rulebook")
def edit_rulebook(contest_id: uuid.UUID) -> Answer:
    """The outline, the form of one thing, and what is tried."""
    desk = load_desk(contest_id)
    if desk.document is None:
        return redirect(url_for("contests.rulebook", contest_id=contest_id), 303)
    if request.method == "POST":
        return _post(desk)
    element = desk.element(request.args.get("at", ""))
    if element is None:
        flash(_("评分规则中没有这一项，它可能已被移动或删除。"), "warning")
        element = desk.elements[0]
    return page(desk, element, shown_form(desk, element))


def shown_form(desk: Desk, element: Element, given: dict[str, str] | None = None, *, typed: bool = False) -> ElementForm:
    """The form of a thing: as the draft has it, or as ``given``."""
    document = desk.document or {}
    item = at(document, element.steps)
    form = element_form(element, given if given is not None else texts(element.fields, item), choices(desk.book, document, element),
                        unknown=unknown(element, item), typed=typed)
    if not typed:
        form.seen.data = desk.seen
    return form


def _post(desk: Desk) -> Answer:
    """Save the thing, or only arrange its rows anew."""
    element, given = desk.element(request.args.get("at", "")), request.form.to_dict()
    if element is None:
        return _gone(desk, given)
    if "arrange" in request.form:
        form = shown_form(desk, element, rearranged(given, request.form["arrange"]))
        form.seen.data = given.get("seen", "")
        flash(_("各行已重新排列，还没有保存。"), "info")
        return page(desk, element, form)
    form = shown_form(desk, element, given, typed=True)
    if not form.validate():
        return page(desk, element, form)
    return _save(desk, element, form, given)


def _save(desk: Desk, element: Element, form: ElementForm, given: dict[str, str]) -> Answer:
    make, refused = prize_maker(desk.contest.id, desk.document or {}), []
    # Before the own change is in the draft, too.
    others = [] if form.seen.data in (desk.seen, "") else since(desk, form.seen.data or "")

    def change(document: dict[str, Any]) -> dict[str, Any]:
        here = find(document, element.address)
        changed, wrong = with_texts(document, here or element, given, make)
        refused.extend(wrong)
        if wrong:
            raise RuleBroken(_("有几处填写不合要求，没有保存。"), code="rulebook_fields", status=422)
        return changed

    try:
        draft = drafts.change_draft(desk.contest.id, change, act="change", about=desk.title(element), seen=form.seen.data or "",
                                    address=element.address, actor=current_actor(), at=now())
    except Stale as error:
        return _stale(desk, element, form, error)
    except RuleBroken as error:
        for name, sentence in refused:
            form[name].errors = [*form[name].errors, sentence]
        if not refused:
            form.refuse(error)
        return page(desk, element, form)
    if draft is None:
        flash(_("没有改动。"), "info")
    else:
        flash(_("已存入草稿。别人同时改了：%(what)s", what=_("；").join(others)) if others else _("已存入草稿。"), "success")
    return redirect(address_of(desk, element), 303)


def since(desk: Desk, seen: str) -> list[str]:
    """What others changed since a page was made, in words."""
    before = drafts.document_seen(desk.draft, seen) if desk.draft else None
    return [] if before is None or desk.document is None else said_differences(before, desk.document)[:12]


def _stale(desk: Desk, element: Element, form: ElementForm, error: Stale) -> Answer:
    """The same thing was changed by somebody else: both are shown, nothing is lost."""
    form.status = error.status
    form.form_errors.append(error.message)
    others = since(desk, form.seen.data or "")
    form.seen.data = desk.seen
    return page(desk, element, form, others)


def _gone(desk: Desk, given: dict[str, str]) -> Answer:
    """The thing was taken out meanwhile: what was typed is shown to be used elsewhere."""
    kept = [text for name, text in given.items() if text and name not in ("csrf_token", "seen") and not name.endswith(("-row", "-on"))]
    flash(_("这一项已被别人移动或删除，没有保存。您填写的内容：%(what)s", what=_("；").join(kept)), "error")
    element = desk.elements[0]
    form = shown_form(desk, element)
    form.status = 409
    form.form_errors.append(_("没有保存。"))
    return page(desk, element, form)


def page(desk: Desk, element: Element, form: ElementForm, others: list[str] | None = None) -> Answer:
    """The page with one thing chosen. ``others``: what somebody else changed in it meanwhile."""
    last = drafts.last_edit(desk.draft) if desk.draft else None
    people = names_of([desk.draft.changed_by if desk.draft else None, last.by_id if last else None])
    flawed = [flaw.element.address for flaw in desk.flaws]
    here = [flaw for flaw in desk.flaws if flaw.element.address == element.address]
    html = render_template(
        "contests/editor.html", contest=desk.contest, desk=desk, element=element, form=form, others=others, step=2, last=last,
        people=people,
        counts={address: flawed.count(address) for address in flawed}, field_flaws=_at_fields(form, here), here=here,
        adds=_adds(desk, element), homes=acts.homes(desk.document or {}, element) if element.is_listed else [],
        waiting=approvals.open_request("contests.change_rulebook", desk.contest.id), trial=trial_of(desk, element),
        unknown=unknown(element, at(desk.document or {}, element.steps)), asked=AskedForm(formdata=None, data={"seen": desk.seen}),
        open_scope=element.scope or element.steps[:2], key=at(desk.document or {}, element.steps).get("key", ""),
        can_turn=element.kind in acts.LIST_OF and element.kind != "group" and not element.side)
    return (html, form.status) if form.errors else html


def _at_fields(form: ElementForm, flaws: list[Any]) -> dict[str, str]:
    """Sentences by the field that they are about."""
    found = {}
    for flaw in flaws:
        name: str = flaw.field
        options = [name, f"{name}-zh", f"{name}-on"]
        while name and not any(one in form for one in options):
            name = name.rpartition("-")[0]
            options = [name, f"{name}-zh", f"{name}-on"]
        found.update({one: flaw.sentence for one in options if one in form and one not in found})
    return found


def _adds(desk: Desk, element: Element) -> list[tuple[str, str]]:
    """(list, words) of what can be added to the chosen thing."""
    words = {"criteria": _("添加评分项"), "deductions": _("添加扣分项"), "awards": _("添加奖项规则"), "events": _("添加项目"),
             "totals": _("添加总成绩"), "teams": _("添加团体成绩")}
    if element.side:
        return []
    names = {"root": ("events", "totals", "teams"), "group": ("criteria",), "total": ("awards",), "team": ("awards",),
             "event": {"points": ("criteria", "deductions", "awards"), "time": ("deductions", "awards")}.get(element.variant, ("awards",))}
    return [(name, words[name]) for name in names.get(element.kind, ())]


def changed(desk: Desk, seen: str, change: Any, *, what: str, about: str) -> bool:
    """Do a change of the shape; a refusal becomes a message."""
    return done_or_told(lambda: drafts.change_draft(
        desk.contest.id, change, act=what, about=about, seen=seen, actor=current_actor(), at=now()))


@blueprint.post(f"{BASE}/act")
@act("contests.rulebook")
def act_on_rulebook(contest_id: uuid.UUID) -> Response:
    """Copy the thing, move it in its list or into a group, or take the last change back."""
    desk, form = load_desk(contest_id), request.form
    element = load_element(desk, request.args.get("at", ""))
    if form.get("do") == "undo":
        done_or_told(lambda: _undo(contest_id, form.get("seen", "")))
        return redirect(address_of(desk, element), 303)
    if not element.is_listed:
        raise RuleBroken(_("这一项不能移动或复制。"))
    new = _moved(desk, element, form)
    after = Desk.of(load_contest(contest_id, "contests.rulebook"))
    there = next((one for one in after.elements if one.steps == new and not one.side), None)
    return redirect(address_of(after, there or after.element(element.address)), 303)


def _undo(contest_id: uuid.UUID, seen: str) -> None:
    what = drafts.undo_edit(contest_id, seen=seen, actor=current_actor(), at=now())
    flash(_("已撤销上一步：%(what)s。", what=what), "success")


def _moved(desk: Desk, element: Element, form: Any) -> Any:
    """Do what was asked; where the thing is afterwards."""
    document, seen, words = desk.document or {}, form.get("seen", ""), desk.title(element)
    do = form.get("do")
    if do == "copy":
        new, place = acts.duplicate(document, element, key_maker(desk.contest.id, document))
        changed(desk, seen, lambda _now: new, what="copy", about=words)
    elif do in ("up", "down"):
        new, place = acts.shift(document, element, -1 if do == "up" else 1)
        changed(desk, seen, lambda _now: new, what="move", about=words)
    else:
        home = next((one for one in acts.homes(document, element) if one.address == form.get("to")), None)
        if home is None:
            flash(_("请选择移到哪里。"), "warning")
            return element.steps
        new, place = acts.move(document, element, home), ()
        changed(desk, seen, lambda _now: new, what="move", about=words)
        key = at(document, element.steps).get("key")
        after = Desk.of(desk.contest)
        place = next((one.steps for one in after.elements if one.scope == element.scope and key and at(after.document or {}, one.steps).get(
            "key") == key and not one.side), ())
    return place


@blueprint.post(f"{BASE}/empty")
@act("contests.rulebook")
def empty_rulebook(contest_id: uuid.UUID) -> Response:
    """Begin with nothing but the contest's events."""
    contest: Contest = load_contest(contest_id, "contests.rulebook")
    done_or_told(lambda: drafts.begin_empty(contest.id, actor=current_actor(), at=now()))
    return redirect(url_for("contests.edit_rulebook", contest_id=contest_id), 303)
