"""Drawing lots: batches, stations and work codes of a round, once, on record."""

import secrets
import uuid
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from competition.arena import gates, rules, rules_codes, rules_draw
from competition.arena.entrants import lot_of
from competition.arena.models import Code, Draw
from competition.arena.queries import facts_by_entrant, live_draw
from competition.arena.rules_draw import Place
from competition.arena.works import Work
from competition.contests.models import Contest, Round
from competition.core import audit
from competition.core.actors import Actor
from competition.core.database import atomic, db, get
from competition.core.errors import RuleBroken, Stale
from competition.core.formats import joined
from competition.registration.models import Entrant
from competition.registration.queries import approved_entrants, short_teams
from competition.registration.service_numbers import number_entries


def draw_round(
    round_id: uuid.UUID, *, actor: Actor, at: datetime, seed: str | None = None, expected: str | None = None,
) -> Draw:
    """Draw lots for a round: numbers where they are missing, then batch, station and code of every entrant.

    ``seed`` (64 hexadecimal characters) is taken from the operating system unless a loader of invented data
    gives one. ``expected`` is the :func:`field_digest` of the entrants that were shown before the button.
    """
    with atomic():
        round_ = get(Round, round_id, lock=True)
        check_contest(get(Contest, round_.contest_id))
        if live_draw(round_id):
            raise RuleBroken(_("这一轮已经抽签。如确需重新抽签，请写明理由后办理。"), code="already_drawn")
        return _draw(round_, actor, at, seed, expected)


def redraw(
    round_id: uuid.UUID, *, reason: str, actor: Actor, at: datetime, seed: str | None = None, expected: str | None = None,
) -> Draw:
    """Make the draw void, with a reason, and draw again; refused once judging of the round has begun."""
    with atomic():
        round_ = get(Round, round_id, lock=True)
        check_contest(get(Contest, round_.contest_id))
        old = live_draw(round_id)
        if old is None:
            raise RuleBroken(_("这一轮还没有抽签，不需要重新抽签。"), code="not_drawn")
        if not reason.strip():
            raise RuleBroken(_("请写明重新抽签的理由，它会随抽签结果一起公开。"), code="reason_required", status=422, field="reason")
        _make_void(old, reason, actor, at)
        return _draw(round_, actor, at, seed, expected)


def field_digest(entrants: list[Entrant]) -> str:
    """A short name for who would be drawn: two pages with the same name show the same people."""
    return rules_draw.digest("".join(sorted(str(entrant.id) for entrant in entrants)))[:16]


def capacity_of(round_: Round) -> int:
    """How many work at once: no more than a batch holds, no more than there are stations."""
    return max(1, min(round_.batch_size, round_.stations))


def check_contest(contest: Contest) -> None:
    """Raise unless the contest is announced or running, and neither postponed nor stopped."""
    if contest.phase == "draft":
        raise RuleBroken(_("赛事尚未公布，不能办理抽签和检录。"), code="contest_draft")
    if contest.phase == "finished":
        raise RuleBroken(_("赛事已经结束，不能再办理抽签和检录。"), code="contest_finished")
    if contest.condition != "normal":
        raise RuleBroken(_("赛事已延期、中止或取消，恢复后才能办理抽签和检录。"), code="contest_halted")


def _draw(round_: Round, actor: Actor, at: datetime, seed: str | None, expected: str | None) -> Draw:
    number_entries(round_.contest_id, actor=actor, at=at)
    entrants = approved_entrants(round_.event_id)
    _check_field(round_, entrants, expected)
    by_key = {lot_of(entrant).key: entrant for entrant in entrants}
    seed, capacity = seed or secrets.token_hex(rules_draw.SEED_BYTES), capacity_of(round_)
    lots = [lot_of(entrant) for entrant in entrants]
    places = rules_draw.draw(lots, seed, capacity)
    draw = Draw(
        id=uuid.uuid4(), contest_id=round_.contest_id, round_id=round_.id, procedure=rules_draw.PROCEDURE, seed=seed,
        input_digest=rules_draw.digest(rules_draw.input_text(lots)), result_digest=rules_draw.result_digest(places, seed),
        summary={"capacity": capacity, "lots": sorted([lot.key, lot.group] for lot in lots), "batches": _sizes(places)},
        drawn_by=actor.id, drawn_at=at,
    )
    db.session.add(draw)
    db.session.flush()
    _add_works(round_, draw, places, by_key)
    audit.record("arena.draw", actor=actor, subject=("round", round_.id), at=at, chain=round_.contest_id, details={
        "draw": str(draw.id), "procedure": draw.procedure, "entrants": len(lots), "batches": len(_sizes(places)),
        "capacity": capacity, "input": draw.input_digest, "result": draw.result_digest, "seed": rules_draw.digest(seed),
    })
    return draw


def _check_field(round_: Round, entrants: list[Entrant], expected: str | None) -> None:
    if not entrants:
        raise RuleBroken(_("这个项目还没有审核通过的参赛者，不能抽签。"), code="nobody_to_draw")
    least, short = short_teams(round_.contest_id, entrants)
    if short:
        raise RuleBroken(_("这些代表队已通过审核的正式队员不足 %(n)s 人，不能抽签：%(names)s。请补齐队员，或办理代表队退出。",
                           n=least, names=joined(short)), code="team_short")
    if expected is not None and expected != field_digest(entrants):
        raise Stale(_("页面打开以后，参赛名单有了变化，没有抽签。请核对新的名单后再办理。"))
    elsewhere = select(Work.round_id).where(Work.event_id == round_.event_id, Work.round_id != round_.id).limit(1)
    if db.session.scalars(elsewhere).first() is not None:
        raise RuleBroken(_("这个项目的另一轮已经抽签并编码，同一参赛者不能编码两次。"), code="coded_elsewhere")


def _sizes(places: list[Place]) -> list[int]:
    return [sum(p.batch == batch for p in places) for batch in range(1, max(p.batch for p in places) + 1)]


def _add_works(round_: Round, draw: Draw, places: list[Place], by_key: dict[str, Entrant]) -> None:
    """Works with codes by chance of their own: whoever learns the seed learns no code."""
    taken = set(db.session.scalars(select(Code.code).where(Code.contest_id == round_.contest_id)))
    codes = rules_codes.new_codes(len(places), taken, secrets.choice)
    facts = facts_by_entrant(round_.contest_id, round_.event_id)
    works = [
        Work(id=uuid.uuid4(), contest_id=round_.contest_id, event_id=round_.event_id, round_id=round_.id, code=code,
             batch=place.batch, station=place.station, position=place.position, away=rules.away(facts.get(by_key[place.key].id, ())))
        for place, code in zip(places, codes, strict=True)
    ]
    db.session.add_all(works)
    db.session.flush()
    db.session.add_all(
        Code(contest_id=round_.contest_id, event_id=round_.event_id, entrant_id=by_key[place.key].id, work_id=work.id,
             draw_id=draw.id, layer=1, code=work.code)
        for place, work in zip(places, works, strict=True)
    )
    db.session.flush()


def _make_void(draw: Draw, reason: str, actor: Actor, at: datetime) -> None:
    """The draw stays on record, its works and codes go: nobody has judged them."""
    refusal = RuleBroken(_("这一轮已经开始评分，不能重新抽签。"), code="judging_begun")
    if gates.begun({draw.round_id}):
        raise refusal
    draw.void_at, draw.void_reason = at, reason.strip()
    try:
        db.session.execute(delete(Code).where(Code.draw_id == draw.id))
        db.session.execute(delete(Work).where(Work.round_id == draw.round_id))
        db.session.flush()
    except IntegrityError as error:
        raise refusal from error
    audit.record("arena.draw_void", actor=actor, subject=("round", draw.round_id), at=at, chain=draw.contest_id,
                 reason=reason.strip(), details={"draw": str(draw.id)})
