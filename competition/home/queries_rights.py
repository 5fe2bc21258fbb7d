"""What an erasure and a withdrawn consent would touch, before anything is done."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import or_, select

from competition.accounts.access import ROLES
from competition.accounts.models import Account
from competition.accounts.scopes import scope_name
from competition.accounts.service import active_grants
from competition.arena.queries_own import coded
from competition.certificates.queries import certificates_of
from competition.core.approvals import Approval
from competition.core.database import db
from competition.core.formats import in_zone, joined, show_moment
from competition.counting.queries import facts_about
from competition.counting.service import person_key_of
from competition.home.own_data import Subject
from competition.home.rules_rights import Obstacle, obstacle_of, parted
from competition.judging.queries_seats import sittings_of
from competition.registration.models import Entrant, Entry
from competition.results.models import Publication
from competition.results.queries import rows_of


def obstacles_of(subject: Subject, at: datetime) -> list[Obstacle]:
    """Everything that stands against an erasure now."""
    contests = {entry.contest_id for entry in subject.entries}
    published = set(db.session.scalars(select(Publication.contest_id).where(Publication.contest_id.in_(contests)).distinct()))
    found = [obstacle_of(entry, published, in_zone(at).date()) for entry in subject.entries]
    return [*_roles(subject.account, at), *(one for one in found if one), *_open_requests(subject, at)]


def _roles(account: Account, at: datetime) -> list[Obstacle]:
    held = [f"{scope_name(g.scope_kind, g.scope_id)} {ROLES.get(g.role, g.role)}" for g in active_grants(account.id, at)]
    if not held:
        return []
    return [Obstacle("staff", _("您还担任工作角色：%(roles)s。", roles=joined(sorted(held))),
                     _("请先由系统管理员收回角色，再申请。"))]


def _open_requests(subject: Subject, at: datetime) -> list[Obstacle]:
    about = [subject.account.id, *(e.id for e in subject.entries), *(c.id for c in certificates_of(subject.actor))]
    query = select(Approval).where(Approval.state == "asked", Approval.expires_at > at, or_(
        Approval.asked_by == subject.account.id, Approval.subject_id.in_([str(key) for key in about])))
    return [
        Obstacle("waiting", _("有一项与您有关的申请正在等第二人办理，%(at)s 前办结或过期。", at=show_moment(one.expires_at)),
                 _("请等它办结或由申请人撤回后再申请。")) for one in db.session.scalars(query)
    ]


@dataclass(frozen=True)
class Extent:
    """How much an erasure touches: what goes, what stays."""

    entries: int
    files: int
    messages: int
    lines: int
    certificates: int
    facts: int
    sittings: int


def extent_of(subject: Subject, messages: int) -> Extent:
    """The figures of the preview."""
    files = sum(1 for entry in subject.entries for key in (entry.photo_id, entry.form_scan_id) if key)
    return Extent(len(subject.entries), files, messages, len(rows_of(subject.actor)), len(certificates_of(subject.actor)),
                  len(facts_about([person_key_of(one) for one in subject.persons])), len(sittings_of(subject.account.id)))


def split_entries(subject: Subject) -> tuple[list[Entry], list[Entry]]:
    """The living entries that go when consent is taken back, and those that stay."""
    has_lot = coded([entrant.id for entrant in subject.entrants])
    drawn = {entry.id for entry in subject.entries if any(_is_of(entrant, entry) for entrant in subject.entrants if entrant.id in has_lot)}
    return parted(subject.entries, drawn)


def _is_of(entrant: Entrant, entry: Entry) -> bool:
    if entrant.team_id is not None:
        return entrant.team_id == entry.team_id and entry.team_role == "member"
    return entrant.entry_id == entry.id
