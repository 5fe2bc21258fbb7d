"""The door: numbers typed or scanned one after the other, one tap for each entrant, on a phone."""

import uuid
from collections.abc import Sequence

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from competition.arena import queries_day, queries_draw, rules, service
from competition.arena.entrants import called, name_of
from competition.arena.forms import NumberForm
from competition.arena.pages import Answer, blueprint, load_contest, load_round, may_on, round_scope
from competition.arena.queries_day import Door, DoorLine
from competition.arena.service_draw import check_contest
from competition.contests.models import Round
from competition.core.access import act, current_actor, may
from competition.core.characters import int_or
from competition.core.clock import now
from competition.core.errors import NotFound, RuleBroken
from competition.core.paging import slice_page

BASE = "/manage/contests/<uuid:contest_id>/arena/check-in"
PER_PAGE = 60


@blueprint.get(BASE)
@act("arena.check_in")
def check_in_index(contest_id: uuid.UUID) -> Answer:
    """The events, and how far their check-in is."""
    contest = load_contest(contest_id, "arena.check_in")
    lines = [line for line in queries_draw.round_lines(contest.id)
             if may(current_actor(), "arena.check_in", round_scope(contest, line.round.event_id))]
    return render_template("arena/check_in_index.html", contest=contest, lines=lines, counts_of=queries_day.door_counts(contest.id))


@blueprint.get(f"{BASE}/<uuid:round_id>")
@act("arena.check_in")
def check_in_list(contest_id: uuid.UUID, round_id: uuid.UUID) -> Answer:
    """The list of a batch, or of all, with the box for numbers."""
    _contest, round_ = load_round(contest_id, round_id, "arena.check_in")
    return list_page(round_)


@blueprint.post(f"{BASE}/<uuid:round_id>")
@act("arena.check_in")
def check_in_number(contest_id: uuid.UUID, round_id: uuid.UUID) -> Answer:
    """Check in whoever has this number, and wait for the next."""
    _contest, round_ = load_round(contest_id, round_id, "arena.check_in")
    form, ours = NumberForm(), request.form.get("batch", type=int)
    if not form.validate_on_submit():
        return list_page(round_, typed=form.number.data or "", refused=next(iter(form.number.errors), _("请核对后再检录。"))), form.status
    found = _find(round_, form.number.data or "")
    if len(found) != 1:
        return list_page(round_, typed=form.number.data or "", refused=_not_one(found)), 422
    line = found[0]
    if ours and line.batch != ours:
        flash(_("%(who)s 在第 %(theirs)d 批，不在第 %(ours)d 批，没有检录。已转到第 %(theirs)d 批，可以再扫一次。",
                who=called(line.entrant), theirs=line.batch, ours=ours), "warning")
        return redirect(_back(round_, line.entrant.id, str(line.batch)), 303)
    _record(round_, line, rules.CHECKED_IN)
    return redirect(_back(round_), 303)


@blueprint.post(f"{BASE}/<uuid:round_id>/<uuid:entrant_id>")
@act("arena.check_in")
def check_in_one(contest_id: uuid.UUID, round_id: uuid.UUID, entrant_id: uuid.UUID) -> Answer:
    """One tap: checked in, absent, or taken back."""
    _contest, round_ = load_round(contest_id, round_id, "arena.check_in")
    line = next((line for line in queries_day.door(round_).lines if line.entrant.id == entrant_id), None)
    if line is None:
        raise NotFound(_("这名参赛者不在本轮名单中。"))
    _record(round_, line, request.form.get("kind", ""))
    return redirect(_back(round_, entrant_id), 303)


@blueprint.route(f"{BASE}/<uuid:round_id>/absent", methods=["GET", "POST"])
@act("arena.check_in")
def close_door(contest_id: uuid.UUID, round_id: uuid.UUID) -> Answer:
    """Everybody who has not come is absent: shown first, then recorded."""
    contest, round_ = load_round(contest_id, round_id, "arena.check_in")
    batch = request.args.get("batch", type=int)
    if request.method == "GET":
        missing = [line for line in queries_day.door(round_).lines
                   if line.state == rules.CLEARED and batch in (None, line.batch)]
        return render_template("arena/close_door.html", contest=contest, round=round_, batch=batch, lines=missing, called=called)
    done = service.mark_absent(round_.id, batch, actor=current_actor(), at=now())
    flash(_("已将 %(count)d 个未检录的参赛者记为缺考。", count=done), "success")
    return redirect(_back(round_), 303)


def list_page(round_: Round, *, typed: str = "", refused: str = "") -> str:
    """The page of the door."""
    door, text = queries_day.door(round_), typed or request.args.get("q", "")
    batch = chosen_batch(door)
    lines = queries_day.match(door.lines, text) if text else [x for x in door.lines if batch in (None, x.batch)]
    return render_template(
        "arena/check_in.html", contest=round_.contest, round=round_, batch=batch, door=door, text=text, refused=refused,
        page=slice_page(lines, request.args.get("page", 1, type=int), PER_PAGE), found=request.args.get("found", ""),
        halted=_halted(round_), name_of=name_of, may=may_on(round_.contest, round_.event_id, "arena.see_outcomes"),
    )


def chosen_batch(door: Door) -> int | None:
    """``?batch=``: a number, or all; without a word the first batch in which somebody is still missing."""
    wanted, batches = request.values.get("batch", ""), [number for number in door.counts if number]
    if int_or(wanted, 0) in batches:
        return int_or(wanted, 0)
    if wanted == "all" or len(batches) < 2:
        return None
    return next((number for number in batches if door.counts[number].open), batches[0])


def _halted(round_: Round) -> str:
    try:
        check_contest(round_.contest)
    except RuleBroken as refusal:
        return refusal.message
    return ""


def _find(round_: Round, number: str) -> list[DoorLine]:
    """The one entrant meant by a number; a team's member stands for the team."""
    lines = queries_day.door(round_).lines
    found = queries_day.match(lines, number)
    if found:
        return found
    team_id = queries_day.team_of_number(round_.contest_id, number)
    return [line for line in lines if team_id is not None and line.entrant.team_id == team_id]


def _not_one(found: Sequence[DoorLine]) -> str:
    if found:
        return str(_("有 %(count)d 个参赛者符合，没有检录。请在下面点选，或输入完整的参赛编号。", count=len(found)))
    return str(_("本轮名单中没有这个编号或姓名，没有检录。请核对参赛证，或看看是不是别的项目。"))



def _record(round_: Round, line: DoorLine, kind: str) -> None:
    """Record a fact at the door; a refusal becomes a message, for the next one is already waiting."""
    try:
        service.check_in(line.entrant.id, kind, actor=current_actor(), at=now())
    except RuleBroken as refusal:
        g.refusal = refusal.code
        flash(_("%(who)s：%(why)s", who=called(line.entrant), why=refusal.message), "warning")
        return
    facts = {"who": called(line.entrant), "word": rules.WORDS[kind], "batch": line.batch, "station": line.station}
    flash(_("%(who)s 现为“%(word)s”，第 %(batch)s 批 %(station)s 号。", **facts) if line.batch
          else _("%(who)s 现为“%(word)s”。", **facts), "success")


def _back(round_: Round, entrant_id: uuid.UUID | None = None, batch: str = "") -> str:
    """The list as it was, at the row that was tapped."""
    found = str(entrant_id) if entrant_id else None
    return url_for("arena.check_in_list", contest_id=round_.contest_id, round_id=round_.id, found=found,
                   batch=batch or request.values.get("batch") or None, page=request.values.get("page") or None,
                   _anchor=f"e-{found}" if found else None)
