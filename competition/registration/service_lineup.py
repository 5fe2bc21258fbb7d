"""Who of a team goes in: a reserve for a member who cannot come, decided after the contest has begun.

Before that, ``service_teams.put_in_team`` does it. Whether the team has been checked in, and for which events lots
are drawn, is known in a room above: it calls this verb inside its own transaction.
"""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

from competition.contests.models import Contest
from competition.core import audit
from competition.core.actors import Actor
from competition.core.database import atomic, db
from competition.core.errors import RuleBroken
from competition.core.formats import joined
from competition.notices import service as notices
from competition.registration import queries, queries_places, rules_places
from competition.registration.models import Entry, Team
from competition.registration.service_teams import lock_team


@dataclass(frozen=True)
class Exchange:
    """Who goes in now and did not before, and the reverse."""

    incoming: Sequence[Entry]
    outgoing: Sequence[Entry]


def set_lineup(
    team_id: uuid.UUID, entry_ids: Collection[uuid.UUID], reason: str, *, lotless: Collection[uuid.UUID], actor: Actor, at: datetime,
) -> Exchange:
    """Exactly these approved people of the team go in, all others of it stand by.

    ``lotless`` are entrants without a lot in events for which lots have been drawn: whoever stood by then and goes
    in now is not entered there any more. Raises RuleBroken: reason_required, not_in_team,
    team_full, team_short, lineup_same, event_full.
    """
    with atomic():
        team, contest = lock_team(team_id)
        people = sorted(queries.approved_of(team.id), key=lambda e: (e.number or "", e.name))
        chosen = _chosen(contest, people, entry_ids, reason)
        change = Exchange([e for e in people if e.id in chosen and e.team_role != "member"],
                          [e for e in people if e.id not in chosen and e.team_role == "member"])
        if not change.incoming and not change.outgoing:
            raise RuleBroken(_("上场名单没有变化。"), code="lineup_same", status=422, field="people")
        _exchange(contest, change, lotless)
        audit.record("registration.set_lineup", actor=actor, subject=("team", team.id), at=at, chain=contest.id, reason=reason.strip(),
                     details={"in": [str(e.id) for e in change.incoming], "out": [str(e.id) for e in change.outgoing]},
                     personal={"in": _names(change.incoming), "out": _names(change.outgoing)})
        _tell(contest, team, change, reason.strip(), at)
    return change


def _chosen(contest: Contest, people: Sequence[Entry], entry_ids: Collection[uuid.UUID], reason: str) -> set[uuid.UUID]:
    chosen, limits = set(entry_ids), queries.condition_of(contest.id)
    if not reason.strip():
        raise RuleBroken(_("请写明换人的原因，会告知领队和有关队员。"), code="reason_required", status=422, field="reason")
    if chosen - {e.id for e in people}:
        raise RuleBroken(_("名单中有人不是这支代表队已通过审核的队员，请重新选择。"), code="not_in_team", status=422, field="people")
    least, most = (limits.team_least if limits else None) or 1, limits.team_most if limits else None
    if len(chosen) < least:
        raise RuleBroken(_("上场队员至少 %(least)s 人，现在选了 %(n)s 人。", least=least, n=len(chosen)), code="team_short", status=422,
                         field="people")
    if most is not None and len(chosen) > most:
        raise RuleBroken(_("上场队员最多 %(most)s 人，现在选了 %(n)s 人。", most=most, n=len(chosen)), code="team_full", status=422,
                         field="people")
    return chosen


def _exchange(contest: Contest, change: Exchange, lotless: Collection[uuid.UUID]) -> None:
    for entry in change.outgoing:
        entry.team_role = "reserve"
        entry.version += 1
    for entry in change.incoming:
        entry.team_role = "member"
        entry.version += 1
        entry.entrants = [e for e in entry.entrants if e.id not in lotless]
    db.session.flush()
    events = queries.events_of(contest.id)
    book = queries_places.ledger(contest, events)
    over = [b for entry in change.incoming for b in book.books(queries_places.need_of(entry)) if book.is_over(b)]
    if over:
        raise RuleBroken(_("%(full)s，不能这样换人。", full=rules_places.full_words(sorted(set(over), key=str), events)),
                         code="event_full", field="people")


def _names(entries: Sequence[Entry]) -> str:
    return joined(e.name for e in entries)


def _tell(contest: Contest, team: Team, change: Exchange, reason: str, at: datetime) -> None:
    facts = {"team": team.name, "reason": reason, "incoming": LazyString(joined, [e.name for e in change.incoming]),
             "outgoing": LazyString(joined, [e.name for e in change.outgoing])}
    if not change.outgoing:
        body = lazy_gettext("“%(team)s”增加上场：%(incoming)s。原因：%(reason)s", **facts)
    elif not change.incoming:
        body = lazy_gettext("“%(team)s”改为不上场：%(outgoing)s。原因：%(reason)s", **facts)
    else:
        body = lazy_gettext("“%(team)s”换上：%(incoming)s；换下：%(outgoing)s。原因：%(reason)s", **facts)
    readers = [team.leader_id, *(e.account_id for e in [*change.incoming, *change.outgoing])]
    notices.tell(readers, kind="registration.lineup", title=lazy_gettext("上场名单有调整（%(contest)s）", contest=contest.name_zh),
                 body=body, link="/my/entries", at=at)
