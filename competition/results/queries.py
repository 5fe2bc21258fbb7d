"""Reads of publications, decisions and checks of sums, and of what the engine is told."""

import uuid
from collections.abc import Collection, Mapping
from itertools import groupby

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload, undefer

from competition.arena.models import Code
from competition.arena.works import Work
from competition.contests.models import Contest
from competition.core.actors import Actor
from competition.core.database import db
from competition.core.errors import NotFound
from competition.judging.models import Panel, RoundPanel, Seat
from competition.registration import queries as registration
from competition.registration.models import Entrant, Entry, Team
from competition.results.models import Publication, PublishedRow, SumCheck, SumSample, SumSignature, TieDecision

# ---- publications ------------------------------------------------------------------------------


def publications_of(contest_id: uuid.UUID) -> list[Publication]:
    """Every version of everything published of a contest, newest version first within its scope."""
    query = select(Publication).where(Publication.contest_id == contest_id)
    return list(db.session.scalars(query.order_by(Publication.scope, Publication.version.desc())))


def current_publications(contest_id: uuid.UUID) -> dict[str, Publication]:
    """The version that holds, by scope."""
    found: dict[str, Publication] = {}
    for publication in publications_of(contest_id):
        found.setdefault(publication.scope, publication)
    return found


def current_with_rows(contest_id: uuid.UUID) -> list[Publication]:
    """The versions that hold with their rows, in three statements."""
    ids = [p.id for p in current_publications(contest_id).values()]
    query = select(Publication).where(Publication.id.in_(ids)).order_by(Publication.scope).options(selectinload(Publication.rows))
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def current_publication(contest_id: uuid.UUID, scope: str) -> Publication | None:
    """The version of one scope that holds, with its rows."""
    query = select(Publication).where(Publication.contest_id == contest_id, Publication.scope == scope)
    query = query.order_by(Publication.version.desc()).limit(1).options(selectinload(Publication.rows))
    return db.session.scalars(query).one_or_none()


def get_publication(contest_id: uuid.UUID, scope: str, version: int | None = None) -> Publication:
    """A version of a scope (the one that holds, unless named) with its rows; raises NotFound."""
    query = select(Publication).where(Publication.contest_id == contest_id, Publication.scope == scope)
    if version is not None:
        query = query.where(Publication.version == version)
    query = query.order_by(Publication.version.desc()).limit(1).options(selectinload(Publication.rows))
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(_("没有找到这份成绩，它可能还没有发布。"))
    return found


def own_rows(actor: Actor) -> ColumnElement[bool]:
    """The lines that are somebody's own, as a condition: of the own entries, of the teams one belongs to or leads."""
    own = select(Entry.id).where(registration.own_entries(actor))
    teams = select(Entry.team_id).where(registration.own_entries(actor), Entry.state == "approved", Entry.team_id.is_not(None))
    led = select(Team.id).where(Team.leader_id == actor.id)
    return or_(PublishedRow.entry_id.in_(own), PublishedRow.team_id.in_(teams), PublishedRow.team_id.in_(led))


def rows_of(actor: Actor) -> list[PublishedRow]:
    """Somebody's own lines in the versions that hold, newest contest first, each contest's total before its events."""
    later = aliased(Publication)
    newest = ~select(later.id).where(
        later.contest_id == Publication.contest_id, later.scope == Publication.scope, later.version > Publication.version
    ).exists()
    query = (
        select(PublishedRow).join(PublishedRow.publication).join(Publication.contest).where(own_rows(actor), newest)
        .options(contains_eager(PublishedRow.publication).contains_eager(Publication.contest))
        .order_by(Contest.starts_on.desc(), Contest.id, PublishedRow.position)
    )
    found = groupby(db.session.scalars(query), key=lambda row: row.publication.contest_id)
    return [row for _id, rows in found for row in sorted(rows, key=lambda row: row.publication.place)]


def published_row(row_id: uuid.UUID) -> PublishedRow:
    """One published line with its publication, contest, entry and team; raises NotFound."""
    query = select(PublishedRow).where(PublishedRow.id == row_id).options(
        joinedload(PublishedRow.publication).joinedload(Publication.contest), joinedload(PublishedRow.entry),
        joinedload(PublishedRow.team).selectinload(Team.entries), undefer(PublishedRow.derivation), undefer(PublishedRow.standing),
    )
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(_("没有找到这份成绩。"))
    return found


def is_own(actor: Actor, row: PublishedRow) -> bool:
    """Is this line among :func:`own_rows`?"""
    if row.entry is not None:
        return registration.is_own(actor, row.entry)
    members = () if row.team is None else row.team.entries
    return registration.leads(actor, row.team) or any(registration.is_own(actor, e) for e in members if e.state == "approved")


def lines_of_erased(contest_id: uuid.UUID) -> dict[uuid.UUID | None, PublishedRow]:
    """The newest published line of every entry that was erased since, and of every team with one: by entry or team."""
    gone = (Entry.contest_id == contest_id) & Entry.erased_at.is_not(None)
    mine = or_(PublishedRow.entry_id.in_(select(Entry.id).where(gone)),
               PublishedRow.team_id.in_(select(Entry.team_id).where(gone, Entry.team_id.is_not(None))))
    query = select(PublishedRow).join(PublishedRow.publication).where(Publication.contest_id == contest_id, mine)
    return {row.entry_id or row.team_id: row for row in db.session.scalars(query.order_by(Publication.published_at))}


def newest_row(row: PublishedRow) -> PublishedRow | None:
    """The line of the same entry or team in the version that holds."""
    mine = PublishedRow.entry_id == row.entry_id if row.entry_id else PublishedRow.team_id == row.team_id
    query = (
        select(PublishedRow).join(PublishedRow.publication)
        .where(mine, Publication.contest_id == row.publication.contest_id, Publication.scope == row.publication.scope)
        .order_by(Publication.version.desc()).limit(1)
    )
    return db.session.scalars(query).one_or_none()


def rows_below(row: PublishedRow) -> dict[str, PublishedRow]:
    """The lines of the same entry in the publications that a total stands on, by key of the rulebook."""
    mine = PublishedRow.entry_id == row.entry_id if row.entry_id else PublishedRow.team_id == row.team_id
    return {_key(found): found for found in _rows_in(_parts(row.publication), mine)}


def all_below(publication: Publication) -> dict[uuid.UUID | None, dict[str, PublishedRow]]:
    """The lines that every line of a ranking stands on: by entry or team, then by key of the rulebook."""
    found: dict[uuid.UUID | None, dict[str, PublishedRow]] = {}
    for row in _rows_in(_parts(publication)):
        found.setdefault(row.entry_id or row.team_id, {})[_key(row)] = row
    return found


def derived_rows(publication: Publication, row_id: uuid.UUID | None = None) -> list[PublishedRow]:
    """The lines of a ranking with how they came about, or the one that is asked for; raises NotFound."""
    found = _rows_in([publication.id], *([] if row_id is None else [PublishedRow.id == row_id]))
    if row_id is not None and not found:
        raise NotFound(_("没有找到这份成绩。"))
    return found


def _parts(publication: Publication) -> list[uuid.UUID]:
    """The publications that a total stands on, however deep."""
    versions = {p.payload_digest: p for p in publications_of(publication.contest_id)}
    needed, open_ = dict[uuid.UUID, Publication](), list(publication.parts.values())
    while open_:
        part = versions.get(open_.pop())
        if part is not None and part.id not in needed:
            needed[part.id] = part
            open_ += part.parts.values()
    return list(needed)


def _rows_in(publication_ids: Collection[uuid.UUID], *more: ColumnElement[bool]) -> list[PublishedRow]:
    query = select(PublishedRow).where(PublishedRow.publication_id.in_(publication_ids), *more).order_by(PublishedRow.position)
    derived = undefer(PublishedRow.derivation), undefer(PublishedRow.standing), joinedload(PublishedRow.publication)
    return list(db.session.scalars(query.options(*derived)))


def _key(row: PublishedRow) -> str:
    return row.publication.scope.partition(":")[2]


def names_below(row: PublishedRow) -> dict[str, str]:
    """Whose figures a team's sum adds up: the names in the ranking right below, by entry; of other lines nothing."""
    if row.team_id is None or not row.publication.parts:
        return {}
    query = (
        select(PublishedRow.entry_id, PublishedRow.public_name).join(PublishedRow.publication)
        .where(Publication.contest_id == row.publication.contest_id, Publication.payload_digest.in_(row.publication.parts.values()),
               PublishedRow.entry_id.is_not(None))
    )
    return {str(entry_id): name for entry_id, name in db.session.execute(query)}


def accounts_of(entry_ids: Collection[uuid.UUID], team_ids: Collection[uuid.UUID]) -> list[uuid.UUID]:
    """The accounts that are told about lines of these entries and teams: their people, and who leads the teams."""
    mine = or_(Entry.id.in_(list(entry_ids)), Entry.team_id.in_(list(team_ids)) & (Entry.state == "approved"))
    members = db.session.scalars(select(Entry.account_id).where(mine).order_by(Entry.number))
    leaders = db.session.scalars(select(Team.leader_id).where(Team.id.in_(list(team_ids))).order_by(Team.name))
    return [account for account in [*members, *leaders] if account is not None]


# ---- what the engine is told -------------------------------------------------------------------


def works_of(contest_id: uuid.UUID) -> dict[uuid.UUID, list[Work]]:
    """The works of a contest by event, in the order of the draw."""
    found: dict[uuid.UUID, list[Work]] = {}
    for work in db.session.scalars(select(Work).where(Work.contest_id == contest_id).order_by(Work.round_id, Work.position)):
        found.setdefault(work.event_id, []).append(work)
    return found


def seats_by_round(contest_id: uuid.UUID) -> dict[uuid.UUID, dict[tuple[str, ...], list[int]]]:
    """Which seats must mark, by round and by the criteria that they alone mark (empty: the common sheet)."""
    query = (
        select(RoundPanel.round_id, Panel.criteria, Seat.number).join(Panel, Panel.id == RoundPanel.panel_id)
        .join(Seat, Seat.panel_id == Panel.id).where(Panel.contest_id == contest_id).order_by(Seat.number)
    )
    found: dict[uuid.UUID, dict[tuple[str, ...], list[int]]] = {}
    for round_id, criteria, number in db.session.execute(query):
        found.setdefault(round_id, {}).setdefault(tuple(criteria), []).append(number)
    return found


def uncoded(contest_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    """How many of those who take part in these contests have no work code, by event."""
    member = aliased(Entry)
    with_member = exists(member.id).where(member.team_id == Team.id, member.state == "approved", member.team_role == "member")
    takes_part = or_((Entry.state == "approved") & (Entry.team_role == "member"), (Team.state == "active") & with_member)
    query = (
        select(Entrant.event_id, func.count()).outerjoin(Entrant.entry).outerjoin(Team, Team.id == Entrant.team_id)
        .where(Entrant.contest_id.in_(contest_ids), takes_part, ~exists(Code.id).where(Code.entrant_id == Entrant.id, Code.layer == 1))
        .group_by(Entrant.event_id)
    )
    return dict(db.session.execute(query).all())


def decisions_of(contest_id: uuid.UUID) -> list[TieDecision]:
    """All decisions of a contest, oldest first."""
    return list(db.session.scalars(select(TieDecision).where(TieDecision.contest_id == contest_id).order_by(TieDecision.at)))


# ---- the check of sums -------------------------------------------------------------------------


def samples_of(contest_id: uuid.UUID) -> dict[uuid.UUID, SumSample]:
    """The newest sample of each event."""
    query = select(SumSample).where(SumSample.contest_id == contest_id).order_by(SumSample.at)
    return {sample.event_id: sample for sample in db.session.scalars(query)}


def checks_of(sample_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, dict[uuid.UUID, SumCheck]]:
    """The newest check of each work, by sample."""
    found: dict[uuid.UUID, dict[uuid.UUID, SumCheck]] = {}
    query = select(SumCheck).where(SumCheck.sample_id.in_(list(sample_ids))).order_by(SumCheck.at)
    for check in db.session.scalars(query):
        found.setdefault(check.sample_id, {})[check.work_id] = check
    return found


def signatures_of(sample_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, SumSignature]:
    """The supervisor's signature under each sample that has one."""
    query = select(SumSignature).where(SumSignature.sample_id.in_(list(sample_ids)))
    return {signature.sample_id: signature for signature in db.session.scalars(query)}
