"""The close of a round: every tablet's outbox is proved empty, or two people sign for it."""

import uuid
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from competition.contests.models import Round
from competition.core.access import act, current_actor
from competition.core.clock import now
from competition.core.forms import try_verb
from competition.judging import service
from competition.judging.forms import ReasonForm
from competition.judging.pages import Answer, blueprint, load_round, rights
from competition.judging.queries_board import board as read_board
from competition.judging.words_close import NEXT_STEP, why_words


@blueprint.get("/rounds/<uuid:round_id>/closing")
@act("judging.board")
def closing(contest_id: uuid.UUID, round_id: uuid.UUID) -> str:
    """Seat by seat: which outboxes are proved empty, and what to do about the others."""
    round_ = load_round(contest_id, round_id, "judging.board")
    return render_template("judging/closing.html", **closing_facts(round_), may=rights(round_, "decide"))


def closing_facts(round_: Round) -> dict[str, Any]:
    """What the pages of the close show."""
    at = now()
    found = read_board(round_.id, at)
    asked = service.open_absences(round_.id, at, [seat.id for seat in found.seats])
    return {"contest": round_.contest, "round": round_, "board": found, "asked": asked, "why_words": why_words, "next_step": NEXT_STEP}


@blueprint.get("/rounds/<uuid:round_id>/seats/<uuid:seat_id>/absence")
@act("judging.decide")
def absence(contest_id: uuid.UUID, round_id: uuid.UUID, seat_id: uuid.UUID) -> str:
    """Ask for the second signature."""
    return absence_page(load_round(contest_id, round_id, "judging.decide"), seat_id, ReasonForm(formdata=None))


def absence_page(round_: Round, seat_id: uuid.UUID, form: ReasonForm) -> str:
    """The request, with what is known of each tablet."""
    seat, tablets = service.open_tablets(round_.id, seat_id, now())
    return render_template("judging/absence.html", contest=round_.contest, round=round_, seat=seat, tablets=tablets, form=form,
                           why_words=why_words, next_step=NEXT_STEP)


@blueprint.post("/rounds/<uuid:round_id>/seats/<uuid:seat_id>/absence")
@act("judging.decide")
def ask_absence(contest_id: uuid.UUID, round_id: uuid.UUID, seat_id: uuid.UUID) -> Answer:
    """The request with its reason."""
    round_ = load_round(contest_id, round_id, "judging.decide")
    form = ReasonForm()
    if form.validate_on_submit() and try_verb(form, lambda: service.ask_absence(
            round_id, seat_id, reason=form.reason.data or "", actor=current_actor(), at=now())):
        flash(_("已提出申请，等待另一人签字。"), "success")
        return back_to_closing(round_)
    return absence_page(round_, seat_id, form), form.status


def back_to_closing(round_: Round) -> Response:
    """The list again."""
    return redirect(url_for("judging.closing", contest_id=round_.contest_id, round_id=round_.id), 303)
