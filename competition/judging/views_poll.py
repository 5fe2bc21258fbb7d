"""What the board asks every two seconds: nothing changed, or what did."""

import uuid
from datetime import datetime
from typing import Any

from flask import Response as FlaskResponse
from flask import jsonify, make_response, request

from competition.core.access import act, current_actor
from competition.core.clock import now
from competition.core.crypto import blind_index
from competition.core.templating import page_lang
from competition.judging import words
from competition.judging.board_rows import WorkRow
from competition.judging.pages import blueprint, load_round, rights
from competition.judging.queries_board import spread_words
from competition.judging.queries_poll import Change, board_tag, change_since
from competition.judging.rules_figures import FigureKey
from competition.judging.words_close import open_words, tablet_lines


@blueprint.get("/rounds/<uuid:round_id>/board.json")
@act("judging.board")
def board_state(contest_id: uuid.UUID, round_id: uuid.UUID) -> FlaskResponse:
    """What changed on the board since ``?since``; nothing when nothing did."""
    at = now()
    tag = f"{board_tag(contest_id, round_id, at)}-{reader_tag(contest_id, round_id)}"
    # A tag that this reader with these roles was given once says that he may: nothing else need be read to say "nothing new".
    if request.if_none_match.is_weak(tag):
        answer = make_response("", 304)
    else:
        round_ = load_round(contest_id, round_id, "judging.board")
        sees = rights(round_, "sheets")["sheets"]
        change = change_since(round_id, request.args.get("since", type=int), at, sees=sees)
        answer = jsonify(told(change, sees, round_.contest.zone, at))
    answer.set_etag(tag, weak=True)
    return answer


def reader_tag(contest_id: uuid.UUID, round_id: uuid.UUID) -> str:
    """Who reads, in which roles and language, signed: only the server can have given it, and only to this reader."""
    actor = current_actor()
    held = sorted(f"{one.role} {one.scope_kind} {one.scope_id}" for one in actor.held)
    return blind_index("board-tag", "|".join([str(actor.id), str(contest_id), str(round_id), page_lang(), *held]))[:24]


def told(change: Change, sees: bool, zone: str, at: datetime) -> dict[str, Any]:
    """A change as plain lists, in words ready to be shown; sums and spreads only for who may see sheets."""
    is_open = change.info.here == "open"
    return {
        "state": change.info.here, "version": change.info.version, "whole": change.is_whole, "aside": change.aside,
        "papers": [paper.sentence for paper in change.papers],
        "seats": [[seat.number, tablet_lines(seat.live, zone, at, is_open=is_open), [open_words(seat.number, t) for t in seat.open_tablets]]
                  for seat in change.seats],
        "works": [_row(row, change.keys, sees) for row in change.works],
    }


def _row(row: WorkRow, keys: tuple[FigureKey, ...], sees: bool) -> list[Any]:
    cells = [[cell.state, words.cell_words(cell, sees), cell.is_far] for cell in row.cells]
    return [str(row.id), cells, [words.figure_words(row, key) for key in keys if key.is_needed],
            [spread_words(spread) for spread in row.spreads], str(words.AWAY.get(row.away or "", "")),
            [f"{row.code} · {what}" for what in row.gaps]]
