"""Licensed fonts of a union, and pictures of characters that no font has."""

import uuid

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from competition.certificates import letters, queries
from competition.certificates import service_fonts as service
from competition.certificates.forms_fonts import FontForm, GlyphForm
from competition.certificates.pages import STAFF, Answer, blueprint, load_contest
from competition.certificates.rules import Problem
from competition.contests.models import Contest
from competition.contests.queries import names_of
from competition.core.access import act, check, current_actor
from competition.core.clock import now
from competition.core.database import get
from competition.core.files import send_stored
from competition.core.forms import done_or_told, try_verb
from competition.organisations.models import Union
from competition.organisations.queries import union_scope

FONTS = "/manage/unions/<uuid:union_id>/fonts"


def load_union(union_id: uuid.UUID) -> Union:
    """A union whose fonts the reader looks after."""
    union = get(Union, union_id)
    check(current_actor(), "certificates.fonts", union_scope(union.id))
    return union


@blueprint.route(FONTS, methods=["GET", "POST"])
@act("certificates.fonts")
def union_fonts(union_id: uuid.UUID) -> Answer:
    """A union's fonts, and a new one."""
    union, form = load_union(union_id), FontForm()
    if form.validate_on_submit():
        row = try_verb(form, lambda: service.add_font(
            union.id, service.take_font(form.file.data.read()), form.licence.data or "", actor=current_actor(), at=now()))
        if row:
            flash(_("已增加字体“%(family)s”。", family=row.family), "success")
            return redirect(url_for("certificates.union_fonts", union_id=union.id), 303)
    found = letters.fonts_of(union.id)
    page = render_template("certificates/fonts.html", union=union, form=form, fonts=found, above=letters.usable_fonts(union.parent_id),
                           max_mb=service.LARGEST_MB, names=names_of(font.added_by for font in found))
    return (page, form.status) if form.is_submitted() else page


@blueprint.post(f"{FONTS}/<uuid:font_id>/end")
@act("certificates.fonts")
def end_font(union_id: uuid.UUID, font_id: uuid.UUID) -> BaseResponse:
    """No new batch uses the font."""
    font = letters.get_font(load_union(union_id).id, font_id)
    if done_or_told(lambda: service.end_font(font.id, actor=current_actor(), at=now())):
        flash(_("已停用字体“%(family)s”。", family=font.family), "success")
    return redirect(url_for("certificates.union_fonts", union_id=union_id), 303)


@blueprint.get(f"{FONTS}/<uuid:font_id>/sample.png")
@act("certificates.fonts")
def font_sample(union_id: uuid.UUID, font_id: uuid.UUID) -> Response:
    """A few words in the font."""
    return send_stored(letters.get_font(load_union(union_id).id, font_id).sample, download=False)


@blueprint.route(f"{STAFF}/glyphs", methods=["GET", "POST"])
@act("certificates.prepare")
def glyphs(contest_id: uuid.UUID) -> Answer:
    """Pictures of characters in this contest, and a new one."""
    contest = load_contest(contest_id, "certificates.prepare")
    form = GlyphForm(data=_wanted(contest))
    if form.validate_on_submit():
        row = try_verb(form, lambda: service.add_picture(
            contest.id, form.name.data or "", form.char.data or "", form.file.data.read(), actor=current_actor(), at=now()))
        if row:
            if batch_id := request.args.get("batch_id", None, uuid.UUID):
                flash(_("已保存“%(name)s”的字形图片。点“重新列名单”，名单里就会有这个人。", name=row.name), "success")
                return redirect(url_for("certificates.batch", contest_id=contest.id, batch_id=batch_id), 303)
            flash(_("已保存“%(name)s”的字形图片。请重新准备这批证书，名单里就会有这个人。", name=row.name), "success")
            return redirect(url_for("certificates.glyphs", contest_id=contest.id), 303)
    page = render_template("certificates/glyphs.html", contest=contest, form=form, pictures=letters.pictures_of(contest.id),
                           batch_id=request.args.get("batch_id", None, uuid.UUID), wanted=_wanted(contest).get("char", ""))
    return (page, form.status) if form.is_submitted() else page


def _wanted(contest: Contest) -> dict[str, str]:
    """Whose character it is about, by the line of a batch that lacks it: no name stands in an address."""
    batch_id, place = request.args.get("batch_id", None, uuid.UUID), request.args.get("place", 0, int)
    if batch_id is None:
        return {}
    problems = [Problem(**kept) for kept in queries.get_batch(contest.id, batch_id).settings["problems"]]
    found = next((one for one in problems if one.row == request.args.get("row")), None)
    return {"name": found.name, "char": found.glyphs[place:place + 1]} if found and place >= 0 else {}


@blueprint.post(f"{STAFF}/glyphs/<uuid:picture_id>/end")
@act("certificates.prepare")
def end_glyph(contest_id: uuid.UUID, picture_id: uuid.UUID) -> BaseResponse:
    """No new batch prints the picture."""
    contest = load_contest(contest_id, "certificates.prepare")
    service.end_picture(contest.id, picture_id, actor=current_actor(), at=now())
    flash(_("已停用这张字形图片。"), "success")
    return redirect(url_for("certificates.glyphs", contest_id=contest.id), 303)


@blueprint.get(f"{STAFF}/glyphs/<uuid:picture_id>.png")
@act("certificates.prepare")
def glyph_picture(contest_id: uuid.UUID, picture_id: uuid.UUID) -> Response:
    """The picture as it is printed."""
    contest = load_contest(contest_id, "certificates.prepare")
    return send_stored(letters.get_picture(contest.id, picture_id).file, download=False)
