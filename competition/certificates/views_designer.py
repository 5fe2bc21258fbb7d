"""Staff page: the designer. Every change is a form that works without scripts; dragging fills the same form."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from competition.certificates import designing, rules, service_templates
from competition.certificates import queries_templates as queries
from competition.certificates.forms_templates import BlockForm, PageForm, block_form
from competition.certificates.layout import LayoutError, checked
from competition.certificates.layout_words import KINDS as BLOCKS
from competition.certificates.layout_words import block_title
from competition.certificates.letters import usable_fonts
from competition.certificates.models_templates import TemplateDraft
from competition.certificates.pages import KINDS, Answer, answer_picture, blueprint, load_contest
from competition.certificates.preview_design import data_of, design_pdf, lacks_of, people_of
from competition.certificates.service import is_demonstration
from competition.certificates.views_templates import TEMPLATES, to_draft
from competition.contests.models import Contest
from competition.core.access import act, current_actor
from competition.core.clock import now
from competition.core.forms import done_or_told, tried

DRAFT = f"{TEMPLATES}/<uuid:draft_id>"
ACTS: dict[str, Callable[[dict[str, Any], int], dict[str, Any]]] = {
    "copy": designing.copied, "remove": designing.removed,
    "earlier": lambda layout, number: designing.shifted(layout, number, -1),
    "later": lambda layout, number: designing.shifted(layout, number, 1),
}
# Both forms of the page have a size.
PAPER = "paper"
AFTER = {"copy": 1, "earlier": -1, "later": 1}


def _load(contest_id: uuid.UUID, draft_id: uuid.UUID) -> tuple[Contest, TemplateDraft]:
    contest = load_contest(contest_id, "certificates.design")
    return contest, queries.get_draft(contest.host_union_id, draft_id)


@blueprint.route(DRAFT, methods=["GET", "POST"])
@act("certificates.design")
def design(contest_id: uuid.UUID, draft_id: uuid.UUID) -> Answer:
    """The picture of the draft, its blocks, the form of the chosen one."""
    contest, draft = _load(contest_id, draft_id)
    layout = queries.layout_of(draft)
    number = min(max(request.args.get("block", _first_text(layout), int), 0), len(layout["blocks"]) - 1)
    form = the_block_form(contest, layout, number, typed=True)
    if not form.is_submitted():
        form.seen.data = str(draft.edits)
    elif form.validate() and tried(form, lambda: service_templates.change_template(
            draft.id, designing.with_block(layout, number, form.typed()), seen=_seen(form.seen.data), actor=current_actor(), at=now())):
        flash(_("已保存这一块。"), "success")
        return to_draft(contest, draft, number)
    return show(contest, draft, layout, number, form, the_page_form(draft, layout))


def _first_text(layout: dict[str, Any]) -> int:
    """What to begin with: the border lies over everything."""
    return next((number for number, block in enumerate(layout["blocks"]) if block["kind"] == "text"), 0)


def the_block_form(contest: Contest, layout: dict[str, Any], number: int, *, typed: bool) -> BlockForm:
    """The form of a block: with what was typed, or as the draft has it."""
    block = designing.block_of(layout, number)
    form = block_form(block["kind"], designing.typed_of(block), typed=typed)
    union = contest.host_union_id
    return form.offer(queries.usable_assets(union), [font.family for font in usable_fonts(union)], str(block.get("font", "")))


def the_page_form(draft: TemplateDraft, layout: dict[str, Any]) -> PageForm:
    """The form of the paper as the draft has it."""
    page = layout["page"]
    return PageForm(formdata=None, prefix=PAPER, data={
        "seen": str(draft.edits), "name": draft.name_zh, "english": draft.name_en, "size": page["size"],
        "orientation": page["orientation"], "bleed": f"{page.get('bleed', 0):g}", "language": layout["language"]})


def _seen(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else 0


def show(contest: Contest, draft: TemplateDraft, layout: dict[str, Any], number: int, form: BlockForm, paper: PageForm) -> Answer:
    """The page with a block chosen; what was refused stands in its form, and a second press of the button means it."""
    refused = next((each for each in (form, paper) if each.errors), None)
    for each in (form, paper):
        each.seen.data = str(draft.edits)
    width, height = rules.page_size(layout)
    block, people = layout["blocks"][number], people_of(contest, draft.kind)
    row = request.args.get("row", people[0][0] if people else "")
    answer = render_template(
        "certificates/designer.html", contest=contest, draft=draft, layout=layout, number=number, form=form,
        fields=designing.OWN[block["kind"]], paper=paper, block=block, kinds=BLOCKS, certificate_kinds=KINDS,
        people=people, row=row, lacks=lacks_of(contest, layout, row), is_demo=is_demonstration(contest),
        placeholders=rules.PLACEHOLDERS, versions=queries.versions_of(draft.key), names=[block_title(one) for one in layout["blocks"]],
        stage={"width": width, "height": height, "blocks": [{key: one[key] for key in ("x", "y", "w", "h")} for one in layout["blocks"]]})
    return (answer, refused.status) if refused else answer


@blueprint.post(f"{DRAFT}/do")
@act("certificates.design")
def design_act(contest_id: uuid.UUID, draft_id: uuid.UUID) -> BaseResponse:
    """Add, copy, remove or move a block in its order; take a step back or take it again."""
    contest, draft = _load(contest_id, draft_id)
    wanted, number, seen = request.form.get("act", ""), request.form.get("block", 0, int), _seen(request.form.get("seen"))
    if wanted in ("undo", "redo"):
        done_or_told(lambda: service_templates.go_to_step(
            draft.id, -1 if wanted == "undo" else 1, seen=seen, actor=current_actor(), at=now()))
        return to_draft(contest, draft, number)
    layout = queries.layout_of(draft)
    if wanted == "add":
        changed, chosen = designing.added(layout, request.form.get("kind", "")), len(layout["blocks"])
    elif wanted in ACTS:
        changed, chosen = ACTS[wanted](layout, number), max(0, number + AFTER.get(wanted, 0))
    else:
        return to_draft(contest, draft, number)
    done = done_or_told(lambda: service_templates.change_template(draft.id, changed, seen=seen, actor=current_actor(), at=now()))
    return to_draft(contest, draft, chosen if done else number)


@blueprint.post(f"{DRAFT}/paper")
@act("certificates.design")
def design_paper(contest_id: uuid.UUID, draft_id: uuid.UUID) -> Answer:
    """The template's name and paper."""
    contest, draft = _load(contest_id, draft_id)
    form, layout = PageForm(prefix=PAPER), queries.layout_of(draft)
    changed = designing.with_page(layout, *(str(form[name].data or "") for name in ("size", "orientation", "bleed", "language")))
    if form.validate() and tried(form, lambda: service_templates.change_template(
            draft.id, changed, name=(form.name.data or "", form.english.data or ""), seen=_seen(form.seen.data), actor=current_actor(),
            at=now())):
        flash(_("已保存纸张和名称。"), "success")
        return to_draft(contest, draft)
    return show(contest, draft, layout, 0, the_block_form(contest, layout, 0, typed=False), form)


@blueprint.post(f"{DRAFT}/publish")
@act("certificates.design")
def publish_template(contest_id: uuid.UUID, draft_id: uuid.UUID) -> BaseResponse:
    """The draft becomes the next version."""
    contest, draft = _load(contest_id, draft_id)
    seen = _seen(request.form.get("seen"))
    if done_or_told(lambda: service_templates.publish_template(draft.id, seen=seen, actor=current_actor(), at=now())):
        flash(_("已发布。准备新的一批证书时可以选用；已经准备和签发的证书不变。"), "success")
        return redirect(url_for("certificates.templates", contest_id=contest.id), 303)
    return to_draft(contest, draft)


def _tried_out(layout: dict[str, Any]) -> dict[str, Any]:
    """The layout with a block as it stands in the form that is not saved yet: ``block``, and the form's fields, of the address."""
    number = request.args.get("block", -1, int)
    if "x" not in request.args or not 0 <= number < len(layout["blocks"]):
        return layout
    # A box that is not ticked is not sent: who sends the whole form says so.
    before = {} if "whole" in request.args else designing.typed_of(layout["blocks"][number])
    try:
        return checked(designing.with_block(layout, number, {**before, **request.args.to_dict()}))
    except LayoutError:
        return layout


@blueprint.get(f"{DRAFT}/preview.png")
@act("certificates.design")
def design_preview(contest_id: uuid.UUID, draft_id: uuid.UUID) -> Response:
    """The draft as it would be printed, for a person of a published result or with the names of the fields."""
    contest, draft = _load(contest_id, draft_id)
    layout, data = _tried_out(queries.layout_of(draft)), data_of(contest, request.args.get("row", ""))
    return answer_picture(design_pdf(contest, layout, draft.kind, data, mode=request.args.get("mode", "full")))


@blueprint.get(f"{DRAFT}/preview.pdf")
@act("certificates.design")
def design_file(contest_id: uuid.UUID, draft_id: uuid.UUID) -> Response:
    """The same as a file."""
    contest, draft = _load(contest_id, draft_id)
    data = design_pdf(contest, queries.layout_of(draft), draft.kind, data_of(contest, request.args.get("row", "")))
    return Response(data, mimetype="application/pdf", headers={"Content-Disposition": "attachment; filename=preview.pdf"})
