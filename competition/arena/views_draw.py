"""The draw for the office and the coding judge: who would be drawn, the button, the result, the coding table."""

import uuid
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from competition.arena import gates, queries, queries_draw, rules_draw, service
from competition.arena.entrants import called
from competition.arena.forms import DrawForm, OpenCodesForm, RedrawForm
from competition.arena.pages import Answer, blueprint, load_contest, load_event, load_round, may_on, round_scope
from competition.arena.service_draw import capacity_of, field_digest
from competition.contests.models import Contest, Round
from competition.contests.rules import registration_state
from competition.core import approvals
from competition.core.access import act, current_actor, may
from competition.core.clock import now
from competition.core.formats import joined
from competition.core.forms import try_verb
from competition.registration.queries import approved_entrants

BASE = "/manage/contests/<uuid:contest_id>/arena"
BUTTONS = ("arena.draw", "arena.read_codes", "arena.ask_open_codes", "arena.check_in", "arena.print")


@blueprint.get(BASE)
@act("arena.see_draw")
def draws(contest_id: uuid.UUID) -> Answer:
    """All rounds and how far their draws are."""
    contest = load_contest(contest_id, "arena.see_draw")
    actor = current_actor()
    lines = [line for line in queries_draw.round_lines(contest.id)
             if may(actor, "arena.see_draw", round_scope(contest, line.round.event_id))]
    return render_template("arena/draws.html", contest=contest, lines=lines, capacity_of=capacity_of,
                           count=rules_draw.batch_count)


@blueprint.get(f"{BASE}/rounds/<uuid:round_id>")
@act("arena.see_draw")
def show_round(contest_id: uuid.UUID, round_id: uuid.UUID) -> Answer:
    """One round: who would be drawn, or what was drawn."""
    contest, round_ = load_round(contest_id, round_id, "arena.see_draw")
    if queries.live_draw(round_.id) is None:
        return render_template("arena/preview.html", **preview_of(contest, round_, DrawForm(formdata=None)))
    return render_template("arena/round.html", **result_of(contest, round_))


@blueprint.post(f"{BASE}/rounds/<uuid:round_id>/draw")
@act("arena.draw")
def draw(contest_id: uuid.UUID, round_id: uuid.UUID) -> Answer:
    """Draw lots."""
    contest, round_ = load_round(contest_id, round_id, "arena.draw")
    form = DrawForm()
    done = form.validate_on_submit() and try_verb(form, lambda: service.draw_round(
        round_.id, actor=current_actor(), at=now(), expected=form.expected.data or ""))
    if not done:
        return render_template("arena/preview.html", **preview_of(contest, round_, form)), form.status
    flash(_("抽签完成：%(count)d 个参赛者分到 %(batches)d 批，并编好作品号。", count=len(done.summary["lots"]),
            batches=len(done.summary["batches"])), "success")
    return redirect(url_for("arena.show_round", contest_id=contest.id, round_id=round_.id), 303)


@blueprint.route(f"{BASE}/rounds/<uuid:round_id>/redraw", methods=["GET", "POST"])
@act("arena.draw")
def redraw(contest_id: uuid.UUID, round_id: uuid.UUID) -> Answer:
    """Draw again with a reason, before judging begins."""
    contest, round_ = load_round(contest_id, round_id, "arena.draw")
    form = RedrawForm()
    done = form.validate_on_submit() and try_verb(form, lambda: service.redraw(
        round_.id, reason=form.reason.data or "", actor=current_actor(), at=now(), expected=form.expected.data or ""))
    if not done:
        page = render_template("arena/redraw.html", draw=queries.get_draw(contest.id, round_.id),
                               **preview_of(contest, round_, form))
        return (page, form.status) if form.is_submitted() else page
    flash(_("已重新抽签，原来的结果已作废并保留记录。请收回并销毁已经打印的工位安排和作品号标签。"), "success")
    return redirect(url_for("arena.show_round", contest_id=contest.id, round_id=round_.id), 303)


@blueprint.get(f"{BASE}/rounds/<uuid:round_id>/codes")
@act("arena.read_codes")
def codes(contest_id: uuid.UUID, round_id: uuid.UUID) -> Answer:
    """The coding table; that somebody looked is recorded."""
    contest, round_ = load_round(contest_id, round_id, "arena.read_codes")
    queries.get_draw(contest.id, round_.id)
    rows = service.read_codes(round_.id, purpose="screen", actor=current_actor(), at=now())
    # The record of the look was a transaction of its own: what was loaded before it is read again.
    contest, round_ = load_round(contest_id, round_id, "arena.read_codes")
    return render_template("arena/codes.html", contest=contest, round=round_, rows=rows)


@blueprint.route(f"{BASE}/events/<uuid:event_id>/open-codes", methods=["GET", "POST"])
@act("arena.ask_open_codes")
def open_codes(contest_id: uuid.UUID, event_id: uuid.UUID) -> Answer:
    """Ask a supervisor to open the codes of an event."""
    contest, event = load_event(contest_id, event_id, "arena.ask_open_codes")
    form = OpenCodesForm()
    done = form.validate_on_submit() and try_verb(form, lambda: service.ask_open_codes(
        event.id, form.reason.data or "", actor=current_actor(), at=now()))
    if not done:
        page = render_template("arena/open_codes.html", contest=contest, event=event, form=form,
                               works=len(queries.decoded(event.id)), opening=queries.codes_opened(event.id),
                               waiting=approvals.open_request(service.OPEN_CODES, event.id))
        return (page, form.status) if form.is_submitted() else page
    flash(_("已提出解密申请，等待监督仲裁批准。批准之前编码仍然保密。"), "success")
    return redirect(url_for("arena.draws", contest_id=contest.id), 303)


def preview_of(contest: Contest, round_: Round, form: DrawForm) -> dict[str, Any]:
    """What the page before a draw shows; its form remembers who was shown."""
    entrants, capacity = approved_entrants(round_.event_id), capacity_of(round_)
    sizes = rules_draw.batch_sizes(len(entrants), capacity)
    form.expected.data = field_digest(entrants)
    return {
        "contest": contest, "form": form, "round": round_, "entrants": entrants, "capacity": capacity, "sizes": sizes,
        "batches": joined(_("第 %(n)s 批 %(size)s 个", n=n, size=size) for n, size in enumerate(sizes, 1)),
        "shares": queries_draw.shares(entrants, len(sizes)), "alone": queries_draw.alone(entrants),
        "undecided": queries_draw.undecided(contest.id),
        "registration": registration_state(contest, now()),
        "may": may_on(contest, round_.event_id, *BUTTONS), "unnumbered": sum(1 for e in entrants if e.entry and not e.entry.number),
    }


def result_of(contest: Contest, round_: Round) -> dict[str, Any]:
    """What the page of a drawn round shows."""
    history = queries_draw.history_of(round_.id)
    live = next(draw for draw, _name in history if draw.void_at is None)
    locked = bool(gates.locked([round_.id]))
    return {
        "contest": contest, "round": round_, "draw": live, "history": history, "locked": locked,
        "is_public": rules_draw.is_public(round_.event.kind, locked=locked), "begun": bool(gates.begun([round_.id])),
        "seed_digest": rules_draw.digest(live.seed), "places": queries.placed(round_.id),
        "left_out": [called(entrant) for entrant in queries_draw.left_out(round_)], "opening": queries.codes_opened(round_.event_id),
        "waiting": approvals.open_request(service.OPEN_CODES, round_.event_id),
        "may": may_on(contest, round_.event_id, *BUTTONS),
    }
