"""Reads of entries and teams; who may see them."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from competition.accounts.models import Account, Person
from competition.contests.models import Contest, Event
from competition.contests.queries import contest_scope
from competition.core import audit
from competition.core.access import Scope, may
from competition.core.actors import Actor
from competition.core.database import db, find
from competition.core.errors import NotFound
from competition.core.files import StoredFile
from competition.organisations.models import Region, Union, UnionClosure
from competition.organisations.queries import ancestor_ids, union_of_region, union_scope
from competition.registration import rules
from competition.registration.models import Delegation, Entrant, Entry, EntryCondition, EntryDraft, Team

NOT_FOUND = lazy_gettext("没有找到这份报名，它可能已被移走，或您无权查看。")


# ---- one entry -------------------------------------------------------------------------------


def _whole(query: Select[Entry]) -> Select[Entry]:
    return query.options(
        joinedload(Entry.contest).joinedload(Contest.host_union), joinedload(Entry.person),
        joinedload(Entry.delegation), joinedload(Entry.union), joinedload(Entry.region), joinedload(Entry.photo),
        joinedload(Entry.form_scan), selectinload(Entry.reviews), *with_events(),
    )


def with_events() -> list[ORMOption]:
    """Load what ``Entry.events`` needs: the own events, the team and its events."""
    return [
        selectinload(Entry.entrants).joinedload(Entrant.event),
        joinedload(Entry.team).selectinload(Team.entrants).joinedload(Entrant.event),
    ]


def get_entry(entry_id: uuid.UUID) -> Entry:
    """The entry with all that its page shows; raises NotFound."""
    found = db.session.scalars(_whole(select(Entry).where(Entry.id == entry_id))).one_or_none()
    if found is None:
        raise NotFound(NOT_FOUND)
    return found


def entry_scope(entry: Entry) -> Scope:
    """What an entry belongs to: its contest and the contest's unions, and the unions above its own."""
    return contest_scope(entry.contest) | union_scope(entry.union_id)


def may_see(actor: Actor, entry: Entry) -> bool:
    """Office of the contest, clerk of a union above the entry, or leader of its team."""
    return (
        may(actor, "registration.office", contest_scope(entry.contest))
        or may(actor, "registration.clerk", entry_scope(entry))
        or leads(actor, entry.team)
    )


def leads(actor: Actor, team: Team | None) -> bool:
    """Is this the leader of the team?"""
    return team is not None and actor.id is not None and team.leader_id == actor.id


def is_own(actor: Actor, entry: Entry) -> bool:
    """Is this the entry of whoever asks: made by the account, or about the account's person?"""
    if actor.kind != "account":
        return False
    return entry.account_id == actor.id or (entry.person_id is not None and entry.person_id == actor.person_id)


def own_entries(actor: Actor) -> ColumnElement[bool]:
    """The same as a condition on entries."""
    mine = Entry.account_id == actor.id
    return mine if actor.person_id is None else mine | (Entry.person_id == actor.person_id)


def own_entry(contest_id: uuid.UUID, account_id: uuid.UUID) -> Entry | None:
    """The account's living entry to a contest: draft, under way, approved or waiting."""
    query = select(Entry).where(Entry.contest_id == contest_id, Entry.account_id == account_id, Entry.state.in_(rules.ALIVE))
    return db.session.scalars(query.order_by(Entry.created_at.desc()).limit(1)).one_or_none()


def find_living(contest_id: uuid.UUID, person_id: uuid.UUID) -> Entry | None:
    """The entry that stands in the way of a second one of the same person."""
    query = select(Entry).where(Entry.contest_id == contest_id, Entry.person_id == person_id, Entry.state.in_(rules.ALIVE))
    return db.session.scalars(query.limit(1)).one_or_none()


# ---- entrants --------------------------------------------------------------------------------


def approved_entrants(event_id: uuid.UUID) -> list[Entrant]:
    """Who takes part in an event, in the order of delegation, team and number.

    For an event of persons: approved entries, reserves left out, with entry, person, team and
    delegation loaded. For an event of teams: active teams that have an approved member, with the team,
    its delegation and its entries loaded.
    """
    persons = (
        select(Entrant).join(Entrant.entry).outerjoin(Entry.delegation).outerjoin(Entry.team)
        .where(Entrant.event_id == event_id, Entry.state == "approved", Entry.team_role == "member")
        .order_by(Delegation.position, Delegation.name, Team.name, Entry.number, Entry.id)
        .options(
            joinedload(Entrant.event),
            contains_eager(Entrant.entry).options(
                joinedload(Entry.person), contains_eager(Entry.team), contains_eager(Entry.delegation), joinedload(Entry.region),
                joinedload(Entry.union)),
        )
    )
    return [*db.session.scalars(persons), *_team_entrants(event_id)]


def _team_entrants(event_id: uuid.UUID) -> list[Entrant]:
    has_member = plays().exists()
    teams = (
        select(Entrant).join(Entrant.team).outerjoin(Team.delegation)
        .where(Entrant.event_id == event_id, Team.state != "withdrawn", has_member)
        .order_by(Delegation.position, Delegation.name, Team.name)
        .options(
            joinedload(Entrant.event),
            contains_eager(Entrant.team).options(
                contains_eager(Team.delegation), selectinload(Team.entries).joinedload(Entry.person)
            ),
        )
    )
    return list(db.session.scalars(teams))


def plays() -> Select[uuid.UUID]:
    """The approved members of a team, beside ``Team`` in an outer query."""
    return select(Entry.id).where(
        Entry.team_id == Team.id, Entry.state == "approved", Entry.team_role == "member").correlate(Team)


def short_teams(contest_id: uuid.UUID, entrants: Iterable[Entrant]) -> tuple[int, list[str]]:
    """How many approved members a team needs at least, and the names of those of the entrants that have fewer."""
    limits = condition_of(contest_id)
    least = (limits.team_least if limits else None) or 1
    teams = [entrant.team for entrant in entrants if entrant.team is not None]
    return least, [team.name for team in teams if sum(e.state == "approved" and e.team_role == "member" for e in team.entries) < least]


# ---- places ----------------------------------------------------------------------------------


def events_of(contest_id: uuid.UUID) -> list[Event]:
    """The events of a contest in their order."""
    return list(db.session.scalars(select(Event).where(Event.contest_id == contest_id).order_by(Event.position)))


# ---- the tree: delegation, union, route --------------------------------------------------------


def union_for(union_id: uuid.UUID | None, region_code: str) -> uuid.UUID | None:
    """The union an entry belongs to: the chosen one, else that of the region."""
    if union_id is not None:
        return union_id
    found = union_of_region(region_code)
    return found.id if found else None


def union_named(union_id: str | None, region_code: str | None) -> Union | None:
    """The union that a form means: the chosen one, else that of the chosen region."""
    if union_id:
        return db.session.get(Union, uuid.UUID(union_id))
    return union_of_region(region_code) if region_code else None


def delegation_for(contest_id: uuid.UUID, union_id: uuid.UUID | None) -> Delegation | None:
    """The delegation to which a union belongs: that of the nearest union above it."""
    above = ancestor_ids(union_id)
    query = select(Delegation).where(Delegation.contest_id == contest_id, Delegation.union_id.in_(above))
    found = {d.union_id: d for d in db.session.scalars(query)} if above else {}
    return next((found[u] for u in above if u in found), None)


def routes(contest: Contest, union_ids: Iterable[uuid.UUID | None]) -> dict[uuid.UUID | None, list[uuid.UUID]]:
    """The review route for each union, in one statement."""
    wanted = {u for u in union_ids if u is not None}
    host = rules.Node(contest.host_union_id, _level(contest))
    query = (
        select(UnionClosure.descendant_id, Union.id, Union.level).join(Union, Union.id == UnionClosure.ancestor_id)
        .where(UnionClosure.descendant_id.in_(wanted)).order_by(UnionClosure.descendant_id, UnionClosure.depth)
    )
    lineages: dict[uuid.UUID | None, list[rules.Node]] = {u: [] for u in union_ids}
    for descendant, union_id, level in db.session.execute(query) if wanted else ():
        lineages[descendant].append(rules.Node(union_id, level))
    return {u: rules.review_route(lineage, host, contest.review_levels) for u, lineage in lineages.items()}


def _level(contest: Contest) -> str:
    return contest.host_union.level


def route_of(entry: Entry, contest: Contest) -> list[uuid.UUID]:
    """The review route of one entry."""
    return routes(contest, [entry.union_id])[entry.union_id]


def may_decide(actor: Actor, entry: Entry, route: Sequence[uuid.UUID], scope: Scope) -> bool:
    """The clerk of the union whose turn it is; at the last step the office of the contest too.

    ``scope`` is the contest's. Nobody decides about themselves.
    """
    if entry.review_union_id is None or is_own(actor, entry):
        return False
    turn: Scope = frozenset({("union", entry.review_union_id)})
    if may(actor, "registration.clerk", turn):
        return True
    return rules.is_last(route, entry.review_union_id) and may(actor, "registration.office", scope)


def condition_of(contest_id: uuid.UUID) -> EntryCondition | None:
    """What the organizer asks of those who enter, if anything."""
    return find(EntryCondition, contest_id=contest_id)


def approved_of(team_id: uuid.UUID) -> list[Entry]:
    """The approved people of a team, members and reserves, with the events of their own."""
    query = select(Entry).where(Entry.team_id == team_id, Entry.state == "approved").options(selectinload(Entry.entrants))
    return list(db.session.scalars(query))


def person_of(entry: Entry) -> Person | None:
    """The person of an entry, None for a draft."""
    return db.session.get(Person, entry.person_id) if entry.person_id else None


def count_members(team_id: uuid.UUID, role: str, *, without: uuid.UUID | None = None) -> int:
    """How many living entries a team has in a role."""
    query = select(func.count()).select_from(Entry).where(
        Entry.team_id == team_id, Entry.team_role == role, Entry.state.in_(rules.ALIVE))
    return db.session.scalar(query if without is None else query.where(Entry.id != without)) or 0


# ---- places to choose from ---------------------------------------------------------------------


def is_place(region: Region, regions: Mapping[str, Region]) -> bool:
    """Can somebody work here: a county, a prefecture, or a province of which nothing smaller is known."""
    return region.level != "province" or not any(r.parent_code == region.code for r in regions.values())


def region_words(region: Region, regions: Mapping[str, Region]) -> str:
    """A region with the one above it: 海东市 化隆回族自治县; a province alone."""
    above = regions.get(region.parent_code or "")
    return f"{above.name} {region.name}" if above is not None and above.level != "province" else region.name


def handles(actor: Actor, entry: Entry) -> bool:
    """Office of the contest or clerk of a union above the entry: more than reading."""
    return may(actor, "registration.office", contest_scope(entry.contest)) or may(
        actor, "registration.clerk", entry_scope(entry))



def draft_saved_at(entry: Entry | None) -> datetime | None:
    """When the draft was last kept."""
    draft = db.session.get(EntryDraft, entry.id) if entry is not None else None
    return draft.saved_at if draft else None


def file_of(entry: Entry, kind: str) -> StoredFile:
    """The photo or the stamped form of an entry; raises NotFound."""
    found = {"photo": entry.photo, "scan": entry.form_scan}.get(kind)
    if found is None:
        raise NotFound(_("还没有上传这个文件。"))
    return found


def history_of(entry: Entry) -> list[dict[str, Any]]:
    """What was done to an entry, newest first, in words, with who did it."""
    rows = audit.history("entry", entry.id)
    ids = {row.actor_id for row in rows if row.actor_id}
    names = dict(db.session.execute(select(Account.id, Account.display_name).where(Account.id.in_(ids))).all())
    return [
        {"at": row.at, "act": rules.ACTS.get(row.act, row.act), "who": names.get(row.actor_id, "") if row.actor_id else "",
         "text": row.reason}
        for row in rows
    ]


def unions_named(union_ids: Sequence[uuid.UUID]) -> list[Union]:
    """Unions in the order of the ids."""
    found = {u.id: u for u in db.session.scalars(select(Union).where(Union.id.in_(union_ids)))}
    return [found[i] for i in union_ids if i in found]
