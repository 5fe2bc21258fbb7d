"""A published ranking as a source: its lines with somebody behind them who took part."""

import uuid
from collections.abc import Mapping

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from competition.certificates import rules
from competition.certificates.source import Line, Source
from competition.contests.models import RulebookVersion
from competition.contests.queries import load_rules
from competition.core.database import db, get
from competition.registration.models import Entry, Team
from competition.results.book import name_of
from competition.results.models import Publication, PublishedRow
from competition.results.rules import scopes_of
from competition.scoring.texts import NO_WORDS, Words


class Published(Source):
    """One version of one ranking."""

    def __init__(self, publication: Publication) -> None:
        self.publication = publication
        self.contest_id, self.scope = publication.contest_id, publication.scope

    def words(self) -> str:
        return str(_("%(name)s（第 %(n)s 版）", name=name_of(self.publication), n=self.publication.version))

    def shared(self) -> dict[str, str]:
        rule = scopes_of(load_rules(get(RulebookVersion, self.publication.rulebook_id))).get(self.scope)
        name = rule.rule.name if rule else NO_WORDS
        return {"项目": self.publication.scope_name, "项目英文": name.en, "项目藏文": name.bo}

    def lines(self, kind: str) -> list[Line]:
        """For awards those with an award, else all who took part."""
        awards = award_names(self.publication)
        return [Line(str(row.id), *subject_of(row), row_data(row, awards), row.id) for row in self._rows()
                if row.award_name or kind != "award"]

    def _rows(self) -> list[PublishedRow]:
        query = (
            select(PublishedRow).where(PublishedRow.publication_id == self.publication.id).order_by(PublishedRow.position)
            .options(joinedload(PublishedRow.entry).joinedload(Entry.person), joinedload(PublishedRow.team).joinedload(Team.union))
        )
        return [row for row in db.session.scalars(query) if (row.entry or row.team) and row.status not in rules.NOT_TAKEN_PART]


def newest_version(publication: Publication) -> int:
    """The number of the version that is in force for this ranking."""
    query = select(func.max(Publication.version)).where(
        Publication.contest_id == publication.contest_id, Publication.scope == publication.scope)
    return db.session.scalar(query) or publication.version


def subject_of(row: PublishedRow) -> tuple[str, uuid.UUID]:
    """Whose certificate it is: a person's or a team's; of an entry whose person is unknown, the entry's."""
    if row.team_id is not None:
        return "team", row.team_id
    if row.entry is None:
        raise LookupError(row.id)
    return subject_of_entry(row.entry)


def subject_of_entry(entry: Entry) -> tuple[str, uuid.UUID]:
    """The person behind an entry; where none is known, the entry itself."""
    return ("person", entry.person_id) if entry.person_id else ("entry", entry.id)


def award_names(publication: Publication) -> dict[str, Words]:
    """The names of the awards of a scope in all their languages, by the Chinese one."""
    scope = scopes_of(load_rules(get(RulebookVersion, publication.rulebook_id))).get(publication.scope)
    return {tier.name.zh: tier.name for award in scope.rule.awards for tier in award.tiers} if scope else {}


def row_data(row: PublishedRow, awards: Mapping[str, Words]) -> dict[str, str]:
    """What one line says of its person or team: a team stands with the union that sent it and with who went in."""
    entry, person, team = row.entry, row.entry.person if row.entry else None, row.team
    award = awards.get(row.award_name or "", NO_WORDS)
    return {
        "姓名": row.public_name, "姓名拼音": person.name_pinyin if person else "", "姓名藏文": (person.name_bo or "") if person else "",
        "单位": entry.employer if entry else team.union.name_zh if team else "",
        "单位藏文": (team.union.name_bo or "") if team and not entry else "", "代表团": row.delegation_name,
        "代表队": row.team_name, "队员": "、".join(row.members), "名次": f"第{row.rank}名" if row.rank else "",
        "奖项": row.award_name or "", "奖项英文": award.en, "奖项藏文": award.bo,
    }
