"""The chief judge's board, and the decisions that are taken from it."""

import uuid
from collections.abc import Callable
from functools import partial

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from competition.contests.models import Round
from competition.core.access import act, current_actor
from competition.core.clock import now
from competition.core.forms import done_or_told, try_verb
from competition.judging import hooks, queries, service, words
from competition.judging.board_rows import Board, WorkRow
from competition.judging.forms import ExcusalForm, LockForm, ReasonForm
from competition.judging.pages import Answer, blueprint, load_round, rights
from competition.judging.queries_board import board as read_board
from competition.judging.queries_board import spread_words
from competition.judging.queries_trips import trip_of
from competition.judging.views_close import closing_facts
from competition.judging.words_close import open_words, tablet_lines

# Which works have judges far apart says something of their marks: for those alone who may see sheets.
FAR = "far"
SHOWS = (("", lazy_gettext("全部")), ("open", lazy_gettext("还缺的")), ("disputed", lazy_gettext("已退回的")),
         (FAR, lazy_gettext("裁判差距大的")))
WANTED: dict[str, Callable[[WorkRow], bool]] = {
    "open": lambda row: bool(row.gaps),
    "disputed": lambda row: any(cell.state == "disputed" for cell in row.cells),
    FAR: lambda row: bool(row.spreads),
}
BOARD_ACTS = ("sheets", "decide", "open_round", "ask_unlock", "enter", "panels", "paper")


@blueprint.get("/rounds/<uuid:round_id>")
@act("judging.board")
def board(contest_id: uuid.UUID, round_id: uuid.UUID) -> str:
    """Works × seats, what is missing, where judges lie far apart."""
    return board_page(load_round(contest_id, round_id, "judging.board"), None)


def board_page(round_: Round, form: ExcusalForm | None) -> str:
    """The board, with the form of an excusal as it stands."""
    at, may = now(), rights(round_, *BOARD_ACTS)
    found = read_board(round_.id, at, sees=may["sheets"])
    show = request.args.get("show", "")
    batches = sorted({row.batch for row in found.works})
    form = form or offer(ExcusalForm(formdata=None), found)
    return render_template(
        "judging/board.html", contest=round_.contest, round=round_, board=found, may=may, show=show, batches=batches,
        shows=[one for one in SHOWS if may["sheets"] or one[0] != FAR], shown_rows=shown_rows(found, show, sees=may["sheets"]),
        form=form, excusals=queries.excusals_of_round(round_.id), changes=queries.lock_changes(round_.id),
        trip=trip_of(round_.id), waiting=service.open_unlock(round_.id, at), spread_words=spread_words,
        cell_words=words.cell_words, figure_words=words.figure_words, open_words=open_words,
        tablet_lines=partial(tablet_lines, at=at, is_open=found.round.here == "open"),
        excusal_words=words.excusal_words, change_words=words.change_words, away=words.AWAY,
        legend=[sign for sign in words.LEGEND if may["sheets"] or sign != words.CELLS["remarking"]])


def shown_rows(found: Board, show: str, *, sees: bool) -> list[WorkRow]:
    """The works that the reader chose to see: a batch by its number, or a choice of ``SHOWS``; all of them else. ``sees``: the
    reader may see sheets."""
    if show.isdecimal() and any(row.batch == int(show) for row in found.works):
        return [row for row in found.works if row.batch == int(show)]
    wanted = WANTED.get(show) if sees or show != FAR else None
    return [row for row in found.works if wanted is None or wanted(row)]


def offer(form: ExcusalForm, found: Board) -> ExcusalForm:
    """The seats and works of the board as choices."""
    seats = [(seat.id, _("%(n)s 号 %(name)s", n=seat.number, name=seat.name).strip()) for seat in found.seats]
    return form.offer(seats, [(work.id, _("%(code)s（%(n)s 号工位）", code=work.code, n=work.station)) for work in found.works])


def back_to_board(round_: Round) -> Response:
    """The board again."""
    return redirect(url_for("judging.board", contest_id=round_.contest_id, round_id=round_.id), 303)


def decide(round_: Round, verb: Callable[[], object], message: str) -> Response:
    """Carry out one decision and go back to the board; a refusal is told there."""
    if done_or_told(verb):
        flash(message, "success")
    return back_to_board(round_)


@blueprint.post("/rounds/<uuid:round_id>/open")
@act("judging.open_round")
def open_round(contest_id: uuid.UUID, round_id: uuid.UUID) -> Response:
    """Let the judges begin."""
    round_ = load_round(contest_id, round_id, "judging.open_round")
    return decide(round_, lambda: service.open_round(round_id, actor=current_actor(), at=now()),
                  _("“%(name)s”已开放，裁判员的平板上可以评分了。", name=round_.name))


@blueprint.get("/rounds/<uuid:round_id>/lock")
@act("judging.decide")
def lock(contest_id: uuid.UUID, round_id: uuid.UUID) -> str:
    """What locking does, and what still is missing."""
    return lock_page(load_round(contest_id, round_id, "judging.decide"), LockForm(formdata=None))


def lock_page(round_: Round, form: LockForm) -> str:
    """The question, with the form as it stands."""
    facts = closing_facts(round_)
    return render_template("judging/lock.html", **facts, form=form, gaps=gaps_of(facts["board"]))


def gaps_of(found: Board) -> list[tuple[WorkRow, list[str]]]:
    """What the works lack, in the order in which one walks along them."""
    by_code = {row.code: row for row in found.works}
    gaps: dict[str, list[str]] = {}
    for one in found.missing:
        if one.work:
            gaps.setdefault(one.work, []).append(one.what)
    return sorted(((by_code[code], what) for code, what in gaps.items()), key=lambda one: (one[0].batch, one[0].station))


@blueprint.post("/rounds/<uuid:round_id>/lock")
@act("judging.decide")
def lock_round(contest_id: uuid.UUID, round_id: uuid.UUID) -> Answer:
    """Lock; the round's name is typed to make sure that it is this one."""
    round_ = load_round(contest_id, round_id, "judging.decide")
    form = LockForm()
    if form.validate_on_submit() and try_verb(form, lambda: service.lock_round(
            round_id, confirm_name=form.confirm_name.data or "", actor=current_actor(), at=now())):
        flash(_("“%(name)s”已锁定。", name=round_.name), "success")
        return back_to_board(round_)
    return lock_page(round_, form), form.status


@blueprint.get("/rounds/<uuid:round_id>/unlock")
@act("judging.ask_unlock")
def unlock(contest_id: uuid.UUID, round_id: uuid.UUID) -> str:
    """Ask a second person to unlock."""
    return unlock_page(load_round(contest_id, round_id, "judging.ask_unlock"), ReasonForm(formdata=None))


def unlock_page(round_: Round, form: ReasonForm) -> str:
    """The request, with what already stands on the round's marks."""
    return render_template("judging/unlock.html", contest=round_.contest, round=round_, form=form,
                           standing=hooks.stands_on(round_.id).values())


@blueprint.post("/rounds/<uuid:round_id>/unlock")
@act("judging.ask_unlock")
def ask_unlock(contest_id: uuid.UUID, round_id: uuid.UUID) -> Answer:
    """The request with its reason."""
    round_ = load_round(contest_id, round_id, "judging.ask_unlock")
    form = ReasonForm()
    if form.validate_on_submit() and try_verb(form, lambda: service.ask_unlock(
            round_id, reason=form.reason.data or "", actor=current_actor(), at=now())):
        flash(_("已提出解锁申请，等待另一人批准。"), "success")
        return back_to_board(round_)
    return unlock_page(round_, form), form.status


@blueprint.post("/rounds/<uuid:round_id>/excusals")
@act("judging.decide")
def excuse(contest_id: uuid.UUID, round_id: uuid.UUID) -> Answer:
    """Record that a seat or a work is not marked, and why."""
    round_ = load_round(contest_id, round_id, "judging.decide")
    form = offer(ExcusalForm(), read_board(round_id))
    if form.validate_on_submit():
        seat, work_id = (uuid.UUID(f.data) if f.data else None for f in (form.seat, form.work))
        if try_verb(form, lambda: service.excuse(round_id, seat_id=seat, work_id=work_id, reason=form.reason.data or "",
                                                 actor=current_actor(), at=now())):
            flash(_("已登记免评。"), "success")
            return back_to_board(round_)
    return board_page(round_, form), form.status


@blueprint.post("/rounds/<uuid:round_id>/excusals/<uuid:excusal_id>/end")
@act("judging.decide")
def end_excusal(contest_id: uuid.UUID, round_id: uuid.UUID, excusal_id: uuid.UUID) -> Response:
    """Take an excusal back."""
    round_ = load_round(contest_id, round_id, "judging.decide")
    queries.get_excusal(round_id, excusal_id)
    return decide(round_, lambda: service.end_excusal(excusal_id, actor=current_actor(), at=now()), _("已取消这条免评登记。"))
