"""Reads for telling holders: whose phone it is, what is due, how far it is."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from competition.accounts.models import Account, Person
from competition.certificates import queries_outs, rules, rules_telling
from competition.certificates.models import Batch, Certificate
from competition.certificates.models_telling import Telling, Told
from competition.contests.models import Contest
from competition.core.crypto import unseal
from competition.core.database import db
from competition.core.errors import NotFound
from competition.core.formats import in_zone
from competition.core.languages import on_record
from competition.registration.models import Entry, Team
from competition.results.models import PublishedRow

SLICE = 500
# Not sent yet and not given up.
OPEN = ("queued", "sending", "failed")


@dataclass(frozen=True)
class Phone:
    """Whose phone a message about a certificate goes to: the holder's own account, else the number that was entered."""

    owner: Account | Person

    @property
    def masked(self) -> str:
        """As it may be shown."""
        return self.owner.phone_masked or ""

    def number(self) -> str:
        """In full, for the channel alone."""
        return unseal(self.owner.phone_sealed or "", self.owner.__tablename__, "phone", self.owner.id)


def phones_of(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Phone]:
    """The phones behind certificates; of a team its leader's. Who has none is left out."""
    wanted, found = list(ids), dict[uuid.UUID, Phone]()
    for start in range(0, len(wanted), SLICE):
        for certificate_id, account, person in db.session.execute(_behind().where(Certificate.id.in_(wanted[start:start + SLICE]))):
            owner = next((one for one in (account, person) if one is not None and one.phone_sealed), None)
            if owner is not None:
                found[certificate_id] = Phone(owner)
    return found


def _behind() -> Select[uuid.UUID, Account, Person]:
    def subject(kind: str) -> ColumnElement[uuid.UUID | None]:
        return case((Certificate.subject_kind == kind, Certificate.subject_id), else_=None)

    leader = aliased(Team)
    account_id = func.coalesce(Entry.account_id, leader.leader_id, subject("account"))
    person_id = func.coalesce(Entry.person_id, subject("person"))
    entered = or_(Entry.id == PublishedRow.entry_id, and_(PublishedRow.id.is_(None), Entry.id == subject("entry")))
    return (
        select(Certificate.id, Account, Person).outerjoin(Certificate.row).outerjoin(Entry, entered)
        .outerjoin(leader, leader.id == PublishedRow.team_id)
        .outerjoin(Account, and_(Account.id == account_id, Account.erased_at.is_(None))).outerjoin(Person, Person.id == person_id))


def words_for(telling_words: str, certificate: Certificate, base_url: str) -> str:
    """What is sent about a certificate: of the record, so in Chinese."""
    with on_record():
        return rules_telling.fill(telling_words, {
            "姓名": certificate.name, "竞赛": certificate.contest.name_zh, "编号": certificate.number,
            "证书": f"{certificate.data.get('奖项', '')}{rules.KINDS[certificate.kind]}", "网址": f"{base_url}/my/certificates"})


def telling_of(batch_id: uuid.UUID) -> Telling | None:
    """How a batch is told about, when it is."""
    return db.session.scalars(select(Telling).where(Telling.batch_id == batch_id)).one_or_none()


def to_tell(batch: Batch) -> list[Certificate]:
    """The valid, finished certificates of a batch about which nobody was told by text message."""
    told = select(Told.id).where(Told.certificate_id == Certificate.id).exists()
    query = queries_outs.held(batch.id).where(Certificate.file_id.is_not(None), ~told)
    return list(db.session.scalars(query.options(joinedload(Certificate.contest))).unique())


def counts_of(telling_id: uuid.UUID) -> Mapping[str, int]:
    """How many messages are in each state."""
    query = select(Told.state, func.count()).where(Told.telling_id == telling_id).group_by(Told.state)
    return dict(db.session.execute(query).all())


def not_sent(telling_id: uuid.UUID) -> Select[Told]:
    """The messages that did not go out, for a list: those that need a person first."""
    order = case({"unsure": 0, "given_up": 1, "no_phone": 2, "failed": 3}, value=Told.state, else_=4)
    query = select(Told).join(Told.certificate).where(Told.telling_id == telling_id, Told.state.not_in(("queued", "sending", "sent")))
    return query.order_by(order, Certificate.position, Told.id).options(joinedload(Told.certificate))


def get_told(batch_id: uuid.UUID, told_id: uuid.UUID) -> Told:
    """A message of this batch; raises NotFound."""
    query = select(Told).join(Told.telling).where(Told.id == told_id, Telling.batch_id == batch_id)
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(_("没有找到这条短信记录。"))
    return found


def _awake(at: datetime) -> list[uuid.UUID]:
    """The tellings that run and where it is day."""
    query = select(Telling.id, Contest.zone).join(Telling.batch).join(Batch.contest).where(Telling.state == "running")
    return [telling for telling, zone in db.session.execute(query) if not rules_telling.is_quiet(in_zone(at, zone))]


def due(at: datetime, limit: int) -> list[uuid.UUID]:
    """The messages to try now, longest due first."""
    if limit <= 0 or not (awake := _awake(at)):
        return []
    query = select(Told.id).where(Told.state.in_(("queued", "failed")), Told.next_at <= at, Told.telling_id.in_(awake))
    return list(db.session.scalars(query.order_by(Told.next_at, Told.id).limit(limit)))


def broken(at: datetime) -> list[uuid.UUID]:
    """The messages that a process left in the middle of being handed over."""
    query = select(Told.id).where(Told.state == "sending", Told.tried_at < at - rules_telling.BROKEN_AFTER)
    return list(db.session.scalars(query))


def has_work(at: datetime) -> bool:
    """Is there anything to send, or to settle?"""
    return bool(due(at, 1) or broken(at))


def tried_since(at: datetime) -> int:
    """How many messages were handed over since then, of all contests: the gateway is one."""
    return db.session.scalar(select(func.count()).select_from(Told).where(Told.tried_at > at)) or 0
