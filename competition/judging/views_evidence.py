"""What judges added to their marks: the photos, the score sheets to print, and whether a panel's judges must sign."""

import uuid
from typing import Any

from flask import Response as FlaskResponse
from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from competition.contests.models import Round
from competition.contests.naming import named
from competition.core.access import act, current_actor
from competition.core.clock import now
from competition.core.errors import NotFound
from competition.core.files import send_stored
from competition.core.paper import paper_html
from competition.judging import queries, queries_evidence, rules, service, words
from competition.judging.pages import Answer, blueprint, load_panel, load_round
from competition.judging.queries_printed import ACROSS, printed


@blueprint.post("/panels/<uuid:panel_id>/signature")
@act("judging.panels")
def need_signature(contest_id: uuid.UUID, panel_id: uuid.UUID) -> Answer:
    """Have a panel's judges sign what they hand in, or no longer."""
    panel = load_panel(contest_id, panel_id, "judging.panels")
    needed = request.form.get("needed") == "1"
    service.need_signature(panel_id, needed, actor=current_actor(), at=now())
    said = (_("“%(name)s”提交评分时须手写签名。", name=panel.name) if needed
            else _("“%(name)s”提交评分时不再要求手写签名。", name=panel.name))
    flash(said, "success")
    return redirect(url_for("judging.panels", contest_id=contest_id), 303)


@blueprint.get("/rounds/<uuid:round_id>/photos/<uuid:photo_id>")
@act("judging.sheets")
def photo(contest_id: uuid.UUID, round_id: uuid.UUID, photo_id: uuid.UUID) -> FlaskResponse:
    """A photo that a judge added to a mark."""
    load_round(contest_id, round_id, "judging.sheets")
    return send_stored(queries_evidence.photo_file(round_id, photo_id), download=False)


@blueprint.get("/rounds/<uuid:round_id>/sheets")
@act("judging.sheets")
def score_sheets(contest_id: uuid.UUID, round_id: uuid.UUID) -> str:
    """评分表: what every seat handed in, to print."""
    return _sheets(load_round(contest_id, round_id, "judging.sheets"), None)


@blueprint.get("/rounds/<uuid:round_id>/sheets/<uuid:seat_id>")
@act("judging.sheets")
def score_sheet(contest_id: uuid.UUID, round_id: uuid.UUID, seat_id: uuid.UUID) -> str:
    """The same of one seat."""
    return _sheets(load_round(contest_id, round_id, "judging.sheets"), seat_id)


def _sheets(round_: Round, seat_id: uuid.UUID | None) -> str:
    version, event, papers = printed(round_, seat_id)
    if seat_id is not None and not papers:
        raise NotFound(_("没有找到这个座位，它可能不属于本轮。"))
    back = url_for("judging.board", contest_id=round_.contest_id, round_id=round_.id)
    return paper_html("judging/score_sheet.html", contest=round_.contest, round=round_, version=version, event=event, papers=papers,
                      info=queries.round_state(round_.id), back_href=back, made_at=now(), across=ACROSS, **sheet_words())


def sheet_words() -> dict[str, Any]:
    """What the paper says things with."""
    return {"slot": rules.slot, "named": named, "value_words": words.value_words, "states": words.SHEET_STATES}
