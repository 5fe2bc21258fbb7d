"""What this room keeps about one account: which people are its own, their entries, what was decided about them."""

import uuid
from collections.abc import Collection

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import joinedload, selectinload

from competition.accounts.models import Account, Consent, Grant, Person
from competition.contests.models import Contest
from competition.core.audit import AuditRow
from competition.core.database import db
from competition.registration.models import Entrant, Entry, EntryDraft, Team
from competition.registration.queries import with_events


def own_persons(account: Account) -> list[Person]:
    """The people that the account is: the one a clerk has linked, and those who came into the record by its own typing
    and stand in nobody else's entry.

    Whoever types the number of somebody who is known already does not become that person by it.
    """
    found = select(Person).where(Person.erased_at.is_(None), Person.id.in_({*_created_by(account), *_linked(account)}))
    mine = Person.id == account.person_id
    other_entry = exists().where(Entry.person_id == Person.id, or_(Entry.account_id.is_(None), Entry.account_id != account.id))
    linked_else = exists().where(Account.person_id == Person.id, Account.id != account.id)
    return list(db.session.scalars(found.where(or_(mine, ~other_entry & ~linked_else)).order_by(Person.created_at, Person.id)))


def known_person(account: Account) -> Person | None:
    """The person that the account stands for in what comes next: the linked one, else the one typed last."""
    mine = own_persons(account)
    return next((person for person in mine if person.id == account.person_id), mine[-1] if mine else None)


def earlier_entry(account_id: uuid.UUID, contest_id: uuid.UUID) -> Entry | None:
    """The entry that a new one can be filled from: what the account handed in last, best in the same contest."""
    query = select(Entry).where(Entry.account_id == account_id, Entry.submitted_at.is_not(None), Entry.erased_at.is_(None)).order_by(
        (Entry.contest_id == contest_id).desc(), Entry.submitted_at.desc())
    return db.session.scalars(query.limit(1).options(joinedload(Entry.person), *with_events())).first()


def earlier_own(account: Account, contest_id: uuid.UUID) -> Entry | None:
    """The same, if it is about the person that the account stands for."""
    person, earlier = known_person(account), earlier_entry(account.id, contest_id)
    return earlier if person is not None and earlier is not None and earlier.person_id == person.id else None


def _linked(account: Account) -> list[uuid.UUID]:
    return [account.person_id] if account.person_id else []


def _created_by(account: Account) -> list[uuid.UUID]:
    rows = select(AuditRow.subject_id).where(AuditRow.actor_id == account.id, AuditRow.act == "person.create")
    entered = set(db.session.scalars(select(Entry.person_id).where(Entry.account_id == account.id)))
    # Somebody who ever worked here has put others on record, too: of those only who stands in the own entries.
    worked = db.session.scalar(select(Grant.id).where(Grant.account_id == account.id).limit(1)) is not None
    if worked:
        rows = rows.where(AuditRow.subject_id.in_([str(key) for key in entered if key]))
    return [uuid.UUID(key) for key in db.session.scalars(rows)]


def kept_entries(account: Account) -> list[Entry]:
    """Every entry of the account and of the person linked with it, with all that it says, oldest first."""
    mine = Entry.account_id == account.id
    if account.person_id is not None:
        mine = mine | (Entry.person_id == account.person_id)
    query = select(Entry).where(mine).order_by(Entry.created_at, Entry.id).options(
        joinedload(Entry.contest), joinedload(Entry.union), joinedload(Entry.region), joinedload(Entry.delegation),
        joinedload(Entry.photo), joinedload(Entry.form_scan), selectinload(Entry.reviews), *with_events())
    return list(db.session.scalars(query))


def entrants_of(entries: Collection[Entry]) -> list[Entrant]:
    """The entrants that these entries are by themselves, and the teams they go in with."""
    own = Entrant.entry_id.in_([entry.id for entry in entries])
    teams = Entrant.team_id.in_([entry.team_id for entry in entries if entry.team_id and entry.team_role == "member"])
    return list(db.session.scalars(select(Entrant).where(own | teams).options(joinedload(Entrant.event))))


def drafts_of(entries: Collection[Entry]) -> dict[uuid.UUID, EntryDraft]:
    """What was typed and not handed in, by entry."""
    query = select(EntryDraft).where(EntryDraft.entry_id.in_([entry.id for entry in entries]))
    return {draft.entry_id: draft for draft in db.session.scalars(query)}


def teams_led(account_id: uuid.UUID) -> list[Team]:
    """The teams that the account leads or led."""
    return list(db.session.scalars(select(Team).where(Team.leader_id == account_id).order_by(Team.created_at)))


def contest_names(contest_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The names of contests."""
    return {contest.id: contest.name for contest in db.session.scalars(select(Contest).where(Contest.id.in_(contest_ids)))}


def consent_of(entry: Entry) -> Consent | None:
    """The consent under which an entry was handed in."""
    return db.session.get(Consent, entry.consent_id) if entry.consent_id else None



def told_about(entries: Collection[Entry]) -> set[uuid.UUID]:
    """The accounts that were told about these entries: who registered them, their team's leader and members."""
    teams = {entry.team_id for entry in entries if entry.team_id}
    found = {entry.registered_by for entry in entries if entry.registered_by}
    found |= set(db.session.scalars(select(Entry.account_id).where(Entry.team_id.in_(teams), Entry.account_id.is_not(None))))
    found |= set(db.session.scalars(select(Team.leader_id).where(Team.id.in_(teams), Team.leader_id.is_not(None))))
    return found
