"""Sources beside publications: who was present, who judged, who helped, which unions took part."""

import uuid
from collections.abc import Collection, Iterable

from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from competition.accounts.access import ROLES
from competition.accounts.models import Account, Grant, Person
from competition.arena.entrants import members_of
from competition.arena.queries import present_entrants
from competition.certificates.source import Line, Source
from competition.certificates.source_published import subject_of_entry
from competition.contests.models import Event
from competition.core.database import db
from competition.core.languages import on_record
from competition.judging.models import Panel, Seat, Sitter
from competition.organisations.models import Union
from competition.registration.models import Delegation, Entry, Team

# Who judges is named by the panels; who only competes, leads or looks on, is no helper.
HELPERS = ("organizer", "clerk", "coding_judge", "check_in_judge", "timekeeper", "scorekeeper")
# A judge without an account is known by name and employer.
_NAMESPACE = uuid.UUID("0b3c3f83-8f1e-4c58-9b1d-6d0c5a1f2e7b")


class Appearances(Source):
    """Everybody who was checked in to at least one event, by delegation, with the events in which it was so."""

    def __init__(self, contest_id: uuid.UUID) -> None:
        self.contest_id, self.scope, self.settings = contest_id, "appearances", {"kind": "appearances"}

    def words(self) -> str:
        return str(_("到场参赛的人（检录记录）"))

    def lines(self, kind: str) -> list[Line]:
        entries: dict[uuid.UUID, Entry] = {}
        events: dict[uuid.UUID, dict[uuid.UUID, Event]] = {}
        for presence in present_entrants(self.contest_id):
            for entry in members_of(presence.entrant):
                entries[entry.id] = entry
                events.setdefault(entry.id, {})[presence.entrant.event_id] = presence.entrant.event
        ordered = sorted(entries.values(), key=_by_delegation)
        return [Line(str(e.id), *subject_of_entry(e), _entry_data(e, events[e.id].values())) for e in ordered]


def names_of(person: Person | None) -> dict[str, str]:
    """A person's name in other letters, as it is stored."""
    return {"姓名拼音": person.name_pinyin, "姓名藏文": person.name_bo or ""} if person else {}


def _by_delegation(entry: Entry) -> tuple[int, str, str, str]:
    group = entry.delegation
    return (group.position if group else 10_000, entry.team.name if entry.team else "", entry.number or "", str(entry.id))


def _entry_data(entry: Entry, events: Iterable[Event]) -> dict[str, str]:
    own = sorted(events, key=lambda event: event.position)
    english, tibetan = [event.name_en for event in own], [event.name_bo for event in own]
    return {
        "姓名": entry.name, **names_of(entry.person), "单位": entry.employer,
        "代表团": entry.delegation.name if entry.delegation else "", "代表队": entry.team.name if entry.team else "",
        "项目": "、".join(event.name_zh for event in own), "项目英文": ", ".join(filter(None, english)) if all(english) else "",
        "项目藏文": " ".join(filter(None, tibetan)) if all(tibetan) else "",
    }


class Judges(Source):
    """Whoever sat in a seat of one of the contest's panels, with the events that they judged."""

    def __init__(self, contest_id: uuid.UUID) -> None:
        self.contest_id, self.scope, self.settings = contest_id, "judges", {"kind": "judges"}

    def words(self) -> str:
        return str(_("裁判员（裁判组名单）"))

    def lines(self, kind: str) -> list[Line]:
        query = (
            select(Sitter, Event, Account).select_from(Sitter).join(Sitter.seat).join(Seat.panel).join(Panel.event)
            .outerjoin(Account, Account.id == Sitter.account_id).options(joinedload(Account.person))
            .where(Panel.contest_id == self.contest_id).order_by(Event.position, Seat.number, Sitter.from_at, Sitter.id)
        )
        found: dict[uuid.UUID, Line] = {}
        for sitter, event, account in db.session.execute(query):
            subject = _account_subject(account) if account else ("judge", uuid.uuid5(
                _NAMESPACE, f"{self.contest_id}|{sitter.name}|{sitter.employer}"))
            data = {"姓名": sitter.name, "单位": sitter.employer, "类别": "裁判员", **names_of(account.person if account else None)}
            line = found.setdefault(subject[1], Line(str(subject[1]), *subject, data))
            named = [name for name in line.data.get("项目", "").split("、") if name]
            line.data["项目"] = "、".join(dict.fromkeys([*named, event.name_zh]))
        return list(found.values())


def _account_subject(account: Account) -> tuple[str, uuid.UUID]:
    return ("person", account.person_id) if account.person_id else ("account", account.id)


class Volunteers(Source):
    """Whoever held one of the helpers' roles in the contest, with what they did; who is on no account comes from a workbook."""

    def __init__(self, contest_id: uuid.UUID) -> None:
        self.contest_id, self.scope, self.settings = contest_id, "volunteers", {"kind": "volunteers"}

    def words(self) -> str:
        return str(_("工作人员和志愿者（本赛事的角色）"))

    def lines(self, kind: str) -> list[Line]:
        events = select(Event.id).where(Event.contest_id == self.contest_id)
        query = (
            select(Grant).join(Grant.account).options(joinedload(Grant.account).joinedload(Account.person))
            .where(Grant.role.in_(HELPERS), Account.erased_at.is_(None),
                   or_((Grant.scope_kind == "contest") & (Grant.scope_id == self.contest_id),
                       (Grant.scope_kind == "event") & Grant.scope_id.in_(events)))
        )
        grants = sorted(db.session.scalars(query), key=lambda g: (HELPERS.index(g.role), g.account.display_name, str(g.account_id)))
        done: dict[uuid.UUID, list[Grant]] = {}
        for grant in grants:
            done.setdefault(grant.account_id, []).append(grant)
        return [_helper(own) for own in done.values()]


def _helper(grants: list[Grant]) -> Line:
    account = grants[0].account
    with on_record():
        roles = [str(ROLES[role]) for role in dict.fromkeys(grant.role for grant in grants)]
    kind, subject = _account_subject(account)
    return Line(str(subject), kind, subject, {"姓名": account.display_name, **names_of(account.person), "类别": "、".join(roles)})


class Units(Source):
    """Chosen unions of those that sent people (优秀组织奖); ``award``: what they are honoured with."""

    def __init__(self, contest_id: uuid.UUID, chosen: Collection[str], award: str) -> None:
        self.contest_id, self.scope, self.award = contest_id, "units", award
        self.chosen = sorted(chosen)
        self.settings = {"kind": "units", "chosen": self.chosen, "award": award}

    def words(self) -> str:
        return str(_("参赛单位：%(award)s", award=self.award) if self.award else _("参赛单位"))

    def lines(self, kind: str) -> list[Line]:
        return [self._line(union, delegation) for union, delegation in units_of(self.contest_id) if str(union.id) in self.chosen]

    def _line(self, union: Union, delegation: str) -> Line:
        tibetan = union.name_bo or ""
        return Line(str(union.id), "union", union.id, {
            "姓名": union.name_zh, "姓名藏文": tibetan, "单位": union.name_zh, "单位藏文": tibetan,
            "代表团": delegation, "奖项": self.award})


def units_of(contest_id: uuid.UUID) -> list[tuple[Union, str]]:
    """The unions that sent a delegation or a team, with the delegation's name; in the order of the delegations."""
    sent = select(Union, Delegation.name).join(Delegation, Delegation.union_id == Union.id).where(
        Delegation.contest_id == contest_id).order_by(Delegation.position, Delegation.name)
    teams = select(Union, Delegation.name).join(Team, Team.union_id == Union.id).outerjoin(Team.delegation).where(
        Team.contest_id == contest_id, Team.state != "withdrawn").order_by(Union.name_zh)
    found: dict[uuid.UUID, tuple[Union, str]] = {}
    for union, name in [*db.session.execute(sent), *db.session.execute(teams)]:
        found.setdefault(union.id, (union, name or ""))
    return list(found.values())
