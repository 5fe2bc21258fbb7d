"""From the lines of a publication to what certificates would say, and who cannot have one yet. Reads only."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from competition.certificates import rules
from competition.certificates.letters import Letters, letters_for
from competition.certificates.models import Certificate, Template
from competition.contests.models import Contest, RulebookVersion
from competition.contests.queries import get_contest, load_rules
from competition.core.database import db, get
from competition.registration.models import Entry, Team
from competition.results.models import Publication, PublishedRow
from competition.results.rules import scopes_of

# What a correction of one certificate may say otherwise than the publication.
CORRECTABLE = ("姓名", "姓名拼音", "单位", "代表团", "代表队", "队员")


@dataclass(frozen=True)
class Planned:
    """One certificate as it would be issued: whose it is and its plain data, without number and code."""

    row_id: uuid.UUID
    subject_kind: str
    subject_id: uuid.UUID
    data: dict[str, str]


@dataclass(frozen=True)
class Plan:
    """Who gets a certificate, in the order of the ceremony, and who does not, and why."""

    people: list[Planned]
    problems: list[rules.Problem]

    @property
    def digest(self) -> str:
        """The hash of everything that would be issued: the second person approves exactly this."""
        return rules.digest_of([[str(p.row_id), str(p.subject_id), p.data] for p in self.people])


def make_plan(
    publication: Publication, template: Template, dated_on: date, *, rows: Sequence[uuid.UUID] | None = None,
    changes: Mapping[str, str] | None = None, replaces: uuid.UUID | None = None, glyphs: bool = True,
) -> Plan:
    """All lines that the kind of certificate is for, or those of ``rows``, each with what is wrong with it.

    ``changes`` say otherwise than the publication; the certificate ``replaces`` is no reason against a new one.
    ``glyphs=False`` leaves the fonts alone: for a plan whose digest is compared with one that was checked.
    """
    contest = get_contest(publication.contest_id)
    shared = shared_data(contest, publication, dated_on)
    english = award_english(publication)
    valid = valid_certificates(publication, template.kind, but=replaces)
    drawn = letters_for(template.union_id, contest.id) if glyphs else None
    people, problems = [], []
    for row in lines(publication, template.kind, rows):
        subject_kind, subject_id = subject_of(row)
        data = {**shared, **row_data(row, english), **(changes or {})}
        if subject_kind == "team":
            data["代表队"] = data["姓名"]
        planned = Planned(row.id, subject_kind, subject_id, {name: text for name, text in data.items() if text})
        problem = problem_of(planned, template.layout, valid, drawn)
        problems += [problem] if problem else []
        people += [] if problem else [planned]
    return Plan(people, problems)


def lines(publication: Publication, kind: str, rows: Sequence[uuid.UUID] | None) -> list[PublishedRow]:
    """Lines with somebody behind them who took part; for awards those with an award."""
    query = (
        select(PublishedRow).where(PublishedRow.publication_id == publication.id).order_by(PublishedRow.position)
        .options(joinedload(PublishedRow.entry).joinedload(Entry.person), joinedload(PublishedRow.team).joinedload(Team.union))
    )
    wanted = None if rows is None else set(rows)
    return [
        row for row in db.session.scalars(query)
        if (row.entry or row.team) and row.status not in rules.NOT_TAKEN_PART
        and (row.award_name or kind != "award") and (wanted is None or row.id in wanted)
    ]


def subject_of(row: PublishedRow) -> tuple[str, uuid.UUID]:
    """Whose certificate it is: a person's or a team's; of an entry whose person is unknown, the entry's."""
    if row.team_id is not None:
        return "team", row.team_id
    if row.entry is None:
        raise LookupError(row.id)
    return ("person", row.entry.person_id) if row.entry.person_id else ("entry", row.entry.id)


def shared_data(contest: Contest, publication: Publication, dated_on: date) -> dict[str, str]:
    """What all certificates of a batch say."""
    named = [body.name for body in contest.bodies if body.org_role == "organiser"]
    rule = scopes_of(load_rules(get(RulebookVersion, publication.rulebook_id))).get(publication.scope)
    bodies = named or [contest.host_union.name_zh]
    return {
        "赛事": contest.name_zh, "赛事英文": contest.name_en or "", "赛事藏文": contest.name_bo or "",
        "竞赛日期": rules.days(contest.starts_on, contest.ends_on),
        "地点": contest.venue, "项目": publication.scope_name, "项目英文": rule.rule.name.en if rule else "",
        "项目藏文": rule.rule.name.bo if rule else "",
        "颁证单位": rules.issuers(bodies), "日期": rules.date_words(dated_on),
        **{f"颁证单位{rank}": body for rank, body in enumerate(bodies[:4], 1)},
    }


def award_english(publication: Publication) -> dict[str, str]:
    """The English names of the awards of a scope by their Chinese ones."""
    scope = scopes_of(load_rules(get(RulebookVersion, publication.rulebook_id))).get(publication.scope)
    return {tier.name.zh: tier.name.en for award in scope.rule.awards for tier in award.tiers} if scope else {}


def row_data(row: PublishedRow, english: Mapping[str, str]) -> dict[str, str]:
    """What one line says of its person or team: a team stands with the union that sent it and with who went in."""
    entry, person, team = row.entry, row.entry.person if row.entry else None, row.team
    return {
        "姓名": row.public_name, "姓名拼音": person.name_pinyin if person else "",
        "单位": entry.employer if entry else team.union.name_zh if team else "", "代表团": row.delegation_name,
        "代表队": row.team_name, "队员": "、".join(row.members), "名次": f"第{row.rank}名" if row.rank else "",
        "奖项": row.award_name or "", "奖项英文": english.get(row.award_name or "", ""),
    }


def valid_certificates(publication: Publication, kind: str, *, but: uuid.UUID | None = None) -> dict[uuid.UUID, str]:
    """The numbers of the valid certificates of this kind and scope by their subject."""
    query = select(Certificate.subject_id, Certificate.number).where(
        Certificate.contest_id == publication.contest_id, Certificate.scope == publication.scope, Certificate.kind == kind,
        Certificate.state == "issued", Certificate.subject_id.is_not(None))
    if but is not None:
        query = query.where(Certificate.id != but)
    return {subject: number for subject, number in db.session.execute(query) if subject}


def problem_of(
    planned: Planned, layout: Mapping[str, Any], valid: Mapping[uuid.UUID, str], drawn: Letters | None
) -> rules.Problem | None:
    """Why this one cannot be issued; None when it can. ``drawn``: what it may be printed with; None leaves the fonts alone."""
    who, name = str(planned.row_id), planned.data.get("姓名", "")
    if planned.subject_id in valid:
        return rules.Problem(who, name, holds=valid[planned.subject_id])
    missing = tuple(rules.missing_fields(layout, planned.data))
    known = {**planned.data, **dict.fromkeys(rules.AT_ISSUE, "0")}
    glyphs = drawn.unprintable(layout, known) if drawn else ""
    too_long = tuple(rules.too_long(layout, planned.data))
    return rules.Problem(who, name, missing, glyphs, too_long) if missing or glyphs or too_long else None
