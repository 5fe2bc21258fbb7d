"""Staff pages: a union's templates, what it inherits, its pictures; each in the frame of a contest that it hosts."""

import uuid

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from competition.certificates import queries_templates as queries
from competition.certificates import service_assets, service_templates
from competition.certificates.carrying import packed
from competition.certificates.forms_templates import ASSET_WORDS, AssetForm, BeginForm, TakeForm, read_mm
from competition.certificates.layout_words import SLOTS
from competition.certificates.models_templates import TemplateDraft
from competition.certificates.pages import KINDS, STAFF, Answer, blueprint, load_contest
from competition.certificates.preview_design import ready_png
from competition.certificates.ready import READY, designed
from competition.contests.models import Contest
from competition.core.access import act, current_actor
from competition.core.clock import now
from competition.core.errors import NotFound, RuleBroken
from competition.core.files import send_stored
from competition.core.forms import try_verb
from competition.organisations.queries import union_scope

TEMPLATES = f"{STAFF}/templates"


@blueprint.get(TEMPLATES)
@act("certificates.design")
def templates(contest_id: uuid.UUID) -> str:
    """What the contest's union works on, what it can use, what comes with the program."""
    return _list(load_contest(contest_id, "certificates.design"), TakeForm(formdata=None))


def _list(contest: Contest, take: TakeForm) -> str:
    union = contest.host_union_id
    usable, drafts = queries.inherited_templates(union), queries.drafts_of(union)
    printable = {one.id for one in queries.printable_templates(union)}
    return render_template("certificates/templates.html", contest=contest, drafts=drafts, kinds=KINDS, ready=READY, take=take,
                           usable=usable, published={one.key: one for one in usable}, printable=printable, union_scope=union_scope(union))


@blueprint.get(f"{TEMPLATES}/ready/<ready>.png")
@act("certificates.design")
def ready_picture(contest_id: uuid.UUID, ready: str) -> Response:
    """What a design of ours looks like, with the names of the fields."""
    contest = load_contest(contest_id, "certificates.design")
    if ready not in READY:
        raise NotFound(_("没有这种现成的模板。"))
    answer = Response(ready_png(contest, READY[ready], 480), mimetype="image/png")
    answer.headers["Cache-Control"] = "private, max-age=86400"
    return answer


@blueprint.route(f"{TEMPLATES}/new", methods=["GET", "POST"])
@act("certificates.design")
def new_template(contest_id: uuid.UUID) -> Answer:
    """Begin with a copy."""
    contest = load_contest(contest_id, "certificates.design")
    usable = queries.inherited_templates(contest.host_union_id)
    form = BeginForm(data={"source": request.args.get("source", "")} if not request.form else None).offer(usable)
    if form.validate_on_submit() and (draft := try_verb(form, lambda: _begin(contest, form))):
        return to_draft(contest, draft)
    page = render_template("certificates/template_new.html", contest=contest, form=form)
    return (page, form.status) if form.is_submitted() else page


def _begin(contest: Contest, form: BeginForm) -> TemplateDraft:
    source: str = form.source.data
    ready = READY.get(source.removeprefix("ready-"))
    if ready is not None:
        layout = designed(source.removeprefix("ready-"), form.size.data, form.orientation.data, form.language.data)
        kind, english = ready.kind, None
    else:
        found = queries.get_template(contest.host_union_id, uuid.UUID(source))
        layout, kind, english = found.layout, found.kind, found.name_en
    return service_templates.begin_template(
        contest.host_union_id, form.name.data or "", kind, layout, english=english, actor=current_actor(), at=now())


def to_draft(contest: Contest, draft: TemplateDraft, block: int | None = None) -> BaseResponse:
    """To the designer's page, with the same person in the preview."""
    return redirect(url_for("certificates.design", contest_id=contest.id, draft_id=draft.id, block=block, row=request.args.get("row")), 303)


@blueprint.post(f"{TEMPLATES}/take")
@act("certificates.design")
def take_template(contest_id: uuid.UUID) -> Answer:
    """A template from a file becomes a draft."""
    contest, form = load_contest(contest_id, "certificates.design"), TakeForm()
    if form.validate_on_submit():
        data = form.file.data.read() if form.file.data else b""
        draft = try_verb(form, lambda: service_templates.take_template(contest.host_union_id, data, actor=current_actor(), at=now()))
        if draft:
            flash(_("已读入模板，作为草稿。请核对后再发布。"), "success")
            return to_draft(contest, draft)
    return _list(contest, form), form.status


@blueprint.get(f"{TEMPLATES}/version/<uuid:template_id>/template.zip")
@act("certificates.design")
def template_file(contest_id: uuid.UUID, template_id: uuid.UUID) -> Response:
    """A published version as one file."""
    contest = load_contest(contest_id, "certificates.design")
    found = queries.get_template(contest.host_union_id, template_id)
    assets = {one.sha256: one for one in queries.named_assets(contest.host_union_id, found.layout)}
    if queries.unknown_assets(contest.host_union_id, found.layout):
        raise RuleBroken(_("这份模板里有上级单位的印章或签名，只能由上级单位导出。"), code="not_yours", status=403)
    headers = {"Content-Disposition": f"attachment; filename=template-{found.digest[:8]}-v{found.version}.zip"}
    return Response(packed(found, assets), mimetype="application/zip", headers=headers)


# ---- pictures ------------------------------------------------------------------------------------------


@blueprint.route(f"{TEMPLATES}/pictures", methods=["GET", "POST"])
@act("certificates.design")
def template_pictures(contest_id: uuid.UUID) -> Answer:
    """The union's seals, signatures, logos and backgrounds."""
    contest, form = load_contest(contest_id, "certificates.design"), AssetForm()
    if form.validate_on_submit():
        data = form.file.data.read() if form.file.data else b""
        kept = try_verb(form, lambda: service_assets.add_asset(
            contest.host_union_id, data, kind=form.kind.data, name=form.name.data or "", width_mm=read_mm(form.width_mm.data or ""),
            slot=form.slot.data or "", actor=current_actor(), at=now()))
        if kept:
            flash(_("已存入图片，尺寸 %(width)s×%(height)s 毫米。", width=f"{kept.width_mm:g}", height=f"{kept.height_mm:g}"), "success")
            return redirect(url_for("certificates.template_pictures", contest_id=contest.id), 303)
    page = render_template("certificates/template_pictures.html", contest=contest, form=form, slots=SLOTS, kinds=ASSET_WORDS,
                           assets=queries.usable_assets(contest.host_union_id))
    return (page, form.status) if form.is_submitted() else page


@blueprint.get(f"{TEMPLATES}/pictures/<uuid:asset_id>.png")
@act("certificates.design")
def template_picture(contest_id: uuid.UUID, asset_id: uuid.UUID) -> Response:
    """One picture."""
    contest = load_contest(contest_id, "certificates.design")
    return send_stored(queries.get_asset(contest.host_union_id, asset_id).file)


@blueprint.post(f"{TEMPLATES}/pictures/<uuid:asset_id>")
@act("certificates.design")
def change_picture(contest_id: uuid.UUID, asset_id: uuid.UUID) -> BaseResponse:
    """Where a picture of this union stands by itself, or that it is offered no more."""
    contest = load_contest(contest_id, "certificates.design")
    asset = queries.own_asset(contest.host_union_id, asset_id)
    if request.form.get("act") == "remove":
        service_assets.remove_asset(asset.id, actor=current_actor(), at=now())
        flash(_("已移除。已经用到它的模板和证书不受影响。"), "success")
    else:
        service_assets.put_in_slot(asset.id, request.form.get("slot", ""), actor=current_actor(), at=now())
        flash(_("已更改放置的位置，从下一批证书起生效。"), "success")
    return redirect(url_for("certificates.template_pictures", contest_id=contest.id), 303)
