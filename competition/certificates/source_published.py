"""A published ranking as a source: its lines with somebody behind them who took part."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Row, func, select

from competition.accounts.models import Person
from competition.certificates import rules
from competition.certificates.source import Line, Source
from competition.contests.models import RulebookVersion
from competition.contests.queries import load_rules
from competition.core.database import db, get
from competition.core.formats import joined
from competition.organisations.models import Union
from competition.registration.models import Entry, Team
from competition.results.book import name_of
from competition.results.models import Publication, PublishedRow
from competition.results.rules import scopes_of
from competition.scoring.texts import NO_WORDS, Words


@dataclass(frozen=True)
class Only:
    """Which lines of a ranking a batch is for: those with one of these awards, and up to this place; nothing said: all."""

    awards: tuple[str, ...] = ()
    places: int | None = None

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Only":
        """As :meth:`as_data` kept it."""
        return cls(tuple(data["awards"]), data["places"])

    def as_data(self) -> dict[str, Any]:
        """As a batch keeps it."""
        return {"awards": list(self.awards), "places": self.places}

    def fits(self, rank: int | None, award: str | None) -> bool:
        """Is a line with this place and award among them? Who has no place is in no first so many."""
        return (not self.awards or award in self.awards) and (self.places is None or (rank is not None and rank <= self.places))

    def words(self) -> list[str]:
        """What is said of it."""
        found = [_("只发给%(awards)s", awards=joined(self.awards))] if self.awards else []
        return [*found, *([_("只发给前 %(n)s 名", n=self.places)] if self.places is not None else [])]


class Published(Source):
    """One version of one ranking, or the part of it that ``only`` says."""

    def __init__(self, publication: Publication, only: Only = Only()) -> None:
        self.publication, self.only = publication, only
        self.contest_id, self.scope = publication.contest_id, publication.scope

    def words(self) -> str:
        named = {"name": name_of(self.publication), "n": self.publication.version}
        if said := self.only.words():
            return str(_("%(name)s（第 %(n)s 版，%(only)s）", only=joined(said), **named))
        return str(_("%(name)s（第 %(n)s 版）", **named))

    def shared(self) -> dict[str, str]:
        rule = scopes_of(load_rules(get(RulebookVersion, self.publication.rulebook_id))).get(self.scope)
        name = rule.rule.name if rule else NO_WORDS
        return {"项目": self.publication.scope_name, "项目英文": name.en, "项目藏文": name.bo}

    def lines(self, kind: str) -> list[Line]:
        """For awards those with an award, else all who took part."""
        return self.lines_from(self.read(kind), kind)

    def read(self, kind: str) -> Sequence[Row[*tuple[Any, ...]]]:
        query = _READ.where(PublishedRow.publication_id == self.publication.id).order_by(PublishedRow.position)
        return db.session.execute(query).all()

    def lines_from(self, read: Sequence[Row[*tuple[Any, ...]]], kind: str) -> list[Line]:
        awards = award_names(self.publication)
        return [Line(str(row.id), *subject_of(row), row_data(row, awards), row.id) for row in read
                if (row.entry_id or row.team_id) and row.status not in rules.NOT_TAKEN_PART and (row.award_name or kind != "award")
                and self.only.fits(row.rank, row.award_name)]


# Columns, not objects: of ten thousand lines the objects alone take a second, and they are read once more under the lock.
_READ = (
    select(
        PublishedRow.id, PublishedRow.entry_id, PublishedRow.team_id, PublishedRow.rank, PublishedRow.status, PublishedRow.award_name,
        PublishedRow.public_name, PublishedRow.delegation_name, PublishedRow.team_name, PublishedRow.members,
        Entry.person_id, Entry.employer, Person.name_pinyin, Person.name_bo,
        Union.name_zh.label("union_name"), Union.name_bo.label("union_bo"))
    .outerjoin(PublishedRow.entry).outerjoin(Entry.person).outerjoin(PublishedRow.team).outerjoin(Team.union)
)


def read_row(row_id: uuid.UUID) -> Row[*tuple[Any, ...]] | None:
    """One line as :meth:`Published.read` has it."""
    return db.session.execute(_READ.where(PublishedRow.id == row_id)).one_or_none()


def awards_in(publications: Collection[Publication]) -> list[str]:
    """The names of the awards that these rankings give, the best first."""
    query = select(PublishedRow.award_name).where(
        PublishedRow.publication_id.in_([one.id for one in publications]), PublishedRow.award_name != "")
    return [name for name in db.session.scalars(query.group_by(PublishedRow.award_name).order_by(func.min(PublishedRow.position))) if name]


def newest_version(publication: Publication) -> int:
    """The number of the version that is in force for this ranking."""
    query = select(func.max(Publication.version)).where(
        Publication.contest_id == publication.contest_id, Publication.scope == publication.scope)
    return db.session.scalar(query) or publication.version


def subject_of(row: Row[*tuple[Any, ...]]) -> tuple[str, uuid.UUID]:
    """Whose certificate it is: a person's or a team's; of an entry whose person is unknown, the entry's."""
    if row.team_id is not None:
        return "team", row.team_id
    return ("person", row.person_id) if row.person_id else ("entry", row.entry_id)


def subject_of_entry(entry: Entry) -> tuple[str, uuid.UUID]:
    """The person behind an entry; where none is known, the entry itself."""
    return ("person", entry.person_id) if entry.person_id else ("entry", entry.id)


def award_names(publication: Publication) -> dict[str, Words]:
    """The names of the awards of a scope in all their languages, by the Chinese one."""
    scope = scopes_of(load_rules(get(RulebookVersion, publication.rulebook_id))).get(publication.scope)
    return {tier.name.zh: tier.name for award in scope.rule.awards for tier in award.tiers} if scope else {}


def row_data(row: Row[*tuple[Any, ...]], awards: Mapping[str, Words]) -> dict[str, str]:
    """What one line says of its person or team: a team stands with the union that sent it and with who went in."""
    award, is_team = awards.get(row.award_name or "", NO_WORDS), row.entry_id is None
    return {
        "姓名": row.public_name, "姓名拼音": row.name_pinyin or "", "姓名藏文": row.name_bo or "",
        "单位": (row.union_name if is_team else row.employer) or "", "单位藏文": (row.union_bo or "") if is_team else "",
        "代表团": row.delegation_name, "代表队": row.team_name, "队员": "、".join(row.members),
        "名次": f"第{row.rank}名" if row.rank else "", "奖项": row.award_name or "", "奖项英文": award.en, "奖项藏文": award.bo,
    }
