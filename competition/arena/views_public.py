"""What everybody may know of the draws: the record at once, seed and lists when nobody can misuse them."""

import uuid

from flask import make_response, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from competition.arena import queries_draw, rules_draw
from competition.arena.pages import Answer, blueprint, load_public
from competition.core.access import act
from competition.core.errors import NotFound


@blueprint.get("/contests/<uuid:contest_id>/draw")
@act("arena.public_draw")
def public_draw(contest_id: uuid.UUID) -> Answer:
    """The draws of a contest, as far as they are public."""
    contest = load_public(contest_id)
    lines = [line for line in queries_draw.round_lines(contest.id) if line.draw]
    void = queries_draw.void_draws(contest.id)
    return render_template("arena/public.html", contest=contest, lines=lines, void=void, digest=rules_draw.digest)


@blueprint.get("/contests/<uuid:contest_id>/draw/<uuid:round_id>/<any(list, result):which>.txt")
@act("arena.public_draw")
def public_list(contest_id: uuid.UUID, round_id: uuid.UUID, which: str) -> Response:
    """The list that went into a draw, or the one that came out, byte for byte as its hash was taken."""
    contest = load_public(contest_id)
    line = next((each for each in queries_draw.round_lines(contest.id) if each.round.id == round_id), None)
    if line is None or line.draw is None or not line.is_public:
        raise NotFound(_("这份名单还没有公开：它在本轮评分锁定以后公开。"))
    text = (rules_draw.input_text(queries_draw.lots_of(line.draw)) if which == "list"
            else rules_draw.result_text(queries_draw.places_of(line.draw)))
    return make_response(text, 200, {"Content-Type": "text/plain; charset=utf-8",
                                     "Content-Disposition": f"attachment; filename=draw-{which}.txt"})


def page_of(contest_id: uuid.UUID) -> tuple[str, str] | None:
    """The link on the contest's own page, once lots have been drawn."""
    if not queries_draw.is_drawn(contest_id):
        return None
    return _("抽签公开"), url_for("arena.public_draw", contest_id=contest_id)
