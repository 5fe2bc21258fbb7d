"""From the lines of a source to what certificates would say, and who cannot have one yet. Reads only."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

from competition.certificates import rules
from competition.certificates.letters import Letters, letters_for
from competition.certificates.models import Certificate, Template
from competition.certificates.source import Line, Source
from competition.contests.models import Contest
from competition.contests.queries import get_contest
from competition.core.database import db

# What a correction of one certificate may say otherwise than its source.
CORRECTABLE = ("姓名", "姓名拼音", "单位", "代表团", "代表队", "队员")


@dataclass(frozen=True)
class Planned:
    """One certificate as it would be issued: whose it is and its plain data, without number and code."""

    line: Line
    data: dict[str, str]

    @property
    def key(self) -> str:
        return self.line.key

    @property
    def row_id(self) -> uuid.UUID | None:
        return self.line.row_id

    @property
    def subject_kind(self) -> str:
        return self.line.subject_kind

    @property
    def subject_id(self) -> uuid.UUID:
        return self.line.subject_id


@dataclass(frozen=True)
class Basis:
    """What a plan is made of, as it was read: what all certificates say, what the source's lines are made of, who holds one. Two
    that are equal give equal plans."""

    shared: dict[str, str]
    read: Sequence[Any]
    valid: dict[uuid.UUID, str]


@dataclass(frozen=True)
class Plan:
    """Who gets a certificate, in the order of the ceremony, and who does not, and why. ``letters``: what they are printed with
    beyond our fonts, as a batch keeps it; known of a plan that was checked."""

    people: list[Planned]
    problems: list[rules.Problem]
    basis: Basis
    letters: dict[str, Any] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """The hash of everything that would be issued: the second person approves exactly this."""
        return rules.digest_of([[p.key, str(p.subject_id), p.data] for p in self.people])


def make_plan(
    source: Source, template: Template, dated_on: date, *, keys: Collection[str] | None = None,
    changes: Mapping[str, str] | None = None, replaces: uuid.UUID | None = None, checks: bool = True,
) -> Plan:
    """All lines that the kind of certificate is for, or those of ``keys``, each with what is wrong with it.

    ``changes`` say otherwise than the source; the certificate ``replaces`` is no reason against a new one.
    ``checks=False`` asks only who holds one already: for a plan whose digest is compared with one that was checked. What a
    certificate says decides whether it can be printed, and asking it of ten thousand takes seconds.
    """
    contest = get_contest(source.contest_id)
    basis = basis_of(source, template.kind, dated_on, replaces=replaces)
    drawn = letters_for(contest.host_union_id, contest.id) if checks else None
    people, problems = [], []
    for line in source.lines_from(basis.read, template.kind):
        if keys is not None and line.key not in keys:
            continue
        data = {**basis.shared, **line.data, **(changes or {})}
        if line.subject_kind == "team":
            data["代表队"] = data["姓名"]
        planned = Planned(line, {name: text for name, text in data.items() if text})
        problem = problem_of(planned, template.layout, basis.valid, drawn)
        problems += [problem] if problem else []
        people += [] if problem else [planned]
    return Plan(people, problems, basis, drawn.kept(template.layout, [planned.data for planned in people]) if drawn else {})


def basis_of(source: Source, kind: str, dated_on: date, *, replaces: uuid.UUID | None = None) -> Basis:
    """What a plan would be made of now; far less work than the plan."""
    shared = {**shared_data(get_contest(source.contest_id), dated_on), **source.shared()}
    return Basis(shared, source.read(kind), valid_certificates(source, kind, but=replaces))


def shared_data(contest: Contest, dated_on: date) -> dict[str, str]:
    """What all certificates of a contest say."""
    named = [body.name for body in contest.bodies if body.org_role == "organiser"]
    bodies = named or [contest.host_union.name_zh]
    return {
        "赛事": contest.name_zh, "赛事英文": contest.name_en or "", "赛事藏文": contest.name_bo or "",
        "竞赛日期": rules.days(contest.starts_on, contest.ends_on), "地点": contest.venue,
        "颁证单位": rules.issuers(bodies), "日期": rules.date_words(dated_on),
        **{f"颁证单位{rank}": body for rank, body in enumerate(bodies[:4], 1)},
    }


def valid_certificates(source: Source, kind: str, *, but: uuid.UUID | None = None) -> dict[uuid.UUID, str]:
    """The numbers of the valid certificates of this kind and scope by their subject."""
    query = select(Certificate.subject_id, Certificate.number).where(
        Certificate.contest_id == source.contest_id, source.is_in(Certificate.scope), Certificate.kind == kind,
        Certificate.state == "issued", Certificate.subject_id.is_not(None))
    if but is not None:
        query = query.where(Certificate.id != but)
    return {subject: number for subject, number in db.session.execute(query) if subject}


def problem_of(
    planned: Planned, layout: Mapping[str, Any], valid: Mapping[uuid.UUID, str], drawn: Letters | None
) -> rules.Problem | None:
    """Why this one cannot be issued; None when it can. ``drawn``: what it may be printed with; None asks only who holds one."""
    who, name = planned.key, planned.data.get("姓名", "")
    if planned.subject_id in valid:
        return rules.Problem(who, name, holds=valid[planned.subject_id])
    if drawn is None:
        return None
    missing = tuple(rules.missing_fields(layout, planned.data))
    known = {**planned.data, **dict.fromkeys(rules.AT_ISSUE, "0")}
    glyphs = drawn.unprintable(layout, known)
    too_long = tuple(rules.too_long(layout, planned.data))
    return rules.Problem(who, name, missing, glyphs, too_long) if missing or glyphs or too_long else None
