"""Reads of the evaluation index: sets, what was given, what was locked, scores."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from competition.contests.models import Contest
from competition.core.database import db
from competition.core.errors import NotFound
from competition.evaluation import rules
from competition.evaluation.models import Given, IndicatorSet, LockedEvaluation
from competition.evaluation.queries_figures import Figures, figures_of_contests, figures_of_unions
from competition.organisations.models import Union
from competition.organisations.queries import home_union, list_home_unions

MOST_CONTESTS = 3_000
VETO = "veto:"


def set_of(year: int) -> IndicatorSet | None:
    """The indicators in force."""
    return db.session.scalars(select(IndicatorSet).where(IndicatorSet.year == year).order_by(IndicatorSet.number.desc()).limit(1)).first()


def sets_of(year: int) -> list[IndicatorSet]:
    """All versions, newest first."""
    return list(db.session.scalars(select(IndicatorSet).where(IndicatorSet.year == year).order_by(IndicatorSet.number.desc())))


def document_of(year: int) -> rules.Document:
    """What is computed by: the set in force, else our own example."""
    found = set_of(year)
    return found.document if found else rules.EXAMPLE


def keys_of(year: int) -> set[str]:
    """Every key that an indicator of the year ever had: scores by hand are told apart by them."""
    documents = [rules.EXAMPLE, *(one.document for one in sets_of(year))]
    return {row["key"] for document in documents for row in document["indicators"]}


@dataclass(frozen=True)
class Subject:
    """A union or a contest that is evaluated."""

    kind: str
    id: uuid.UUID
    name: str
    note: str = ""


@dataclass(frozen=True)
class Ranked:
    """A subject with its score; ``rank`` and ``shown`` are None while it is not complete."""

    subject: Subject
    score: rules.Score
    figures: Figures
    given: dict[str, Given]
    rank: int | None
    shown: Decimal | None


def unions_at(level: str) -> list[Union]:
    """The unions of the home province that are compared: prefectures and industries, or counties."""
    home = home_union()
    if level == "county":
        return [union for union in list_home_unions() if union.level == "county"]
    return [union for union in list_home_unions() if home and union.parent_id == home.id]


def contests_in(year: int) -> list[Contest]:
    """The contests and activities that began in a year and went ahead."""
    query = select(Contest).where(
        Contest.starts_on.between(date(year, 1, 1), date(year, 12, 31)), Contest.phase.in_(("running", "finished")),
        Contest.condition == "normal")
    query = query.options(joinedload(Contest.host_union)).order_by(Contest.starts_on, Contest.id)
    return list(db.session.scalars(query.limit(MOST_CONTESTS)))


def ranking(kind: str, year: int, level: str, on: date) -> list[Ranked]:
    """All subjects, the best first, then those that are not complete."""
    if kind == rules.CONTEST:
        contests = contests_in(year)
        subjects = [Subject(kind, one.id, one.name, one.host_union.name) for one in contests]
        figures = figures_of_contests(contests, year, on)
    else:
        unions = unions_at(level)
        subjects = [Subject(kind, one.id, one.name) for one in unions]
        figures = figures_of_unions(unions, year, on)
    return _ranked(subjects, figures, year)


def _ranked(subjects: Sequence[Subject], figures: dict[uuid.UUID, Figures], year: int) -> list[Ranked]:
    document, given = document_of(year), given_of([one.id for one in subjects], year)
    scores = [_score(document, figures[one.id], given.get(one.id, {})) for one in subjects]
    places = rules.ranked([score.total for score in scores], document["places"])
    found = [
        Ranked(subject, score, figures[subject.id], given.get(subject.id, {}), rank,
               None if score.total is None else rules.rounded(score.total, document["places"]))
        for subject, score, rank in zip(subjects, scores, places, strict=True)]
    return sorted(found, key=lambda one: (one.rank is None, one.rank or 0, -one.score.so_far, one.subject.name))


def _score(document: rules.Document, figures: Figures, given: dict[str, Given]) -> rules.Score:
    manual = {key: rules.exact(one.value) for key, one in given.items() if not key.startswith(VETO)}
    vetoes = [words for words in document["vetoes"] if (one := given.get(VETO + words)) and one.value == "yes"]
    return rules.compute(document, figures, manual, vetoes)


def one_of(kind: str, subject_id: uuid.UUID, year: int, on: date) -> Ranked:
    """One subject alone, without its place. Raises NotFound."""
    if kind == rules.CONTEST and (contest := db.session.get(Contest, subject_id)) and contest.phase in ("running", "finished"):
        figures = figures_of_contests([contest], year, on)
        return _ranked([Subject(kind, contest.id, contest.name, contest.host_union.name)], figures, year)[0]
    if kind == rules.UNION and (union := db.session.get(Union, subject_id)):
        return _ranked([Subject(kind, union.id, union.name)], figures_of_unions([union], year, on), year)[0]
    raise NotFound(_("没有找到要评估的工会或赛事。"))


def given_of(subject_ids: Collection[uuid.UUID], year: int) -> dict[uuid.UUID, dict[str, Given]]:
    """The newest of what was given by hand, by subject and key."""
    query = select(Given).where(Given.year == year, Given.subject_id.in_(subject_ids)).options(joinedload(Given.file))
    found: dict[uuid.UUID, dict[str, Given]] = {}
    for one in db.session.scalars(query.order_by(Given.at, Given.id)):
        found.setdefault(one.subject_id, {})[one.key] = one
    return found


def history_of(subject_id: uuid.UUID, year: int) -> list[Given]:
    """Everything that was given, newest first."""
    query = select(Given).where(Given.year == year, Given.subject_id == subject_id)
    return list(db.session.scalars(query.order_by(Given.at.desc(), Given.id)))


def locks_of(year: int, kind: str) -> list[LockedEvaluation]:
    """What was locked, newest first."""
    query = select(LockedEvaluation).where(LockedEvaluation.year == year, LockedEvaluation.subject_kind == kind)
    return list(db.session.scalars(query.order_by(LockedEvaluation.number.desc())))


def level_of(lock: LockedEvaluation) -> str:
    """Which unions were compared in what was locked; nothing of contests."""
    first = db.session.get(Union, uuid.UUID(lock.rows[0]["id"])) if lock.subject_kind == rules.UNION else None
    return "" if first is None else "county" if first.level == "county" else "prefecture"


def frozen(rows: Sequence[Ranked], names: dict[str, str]) -> list[dict[str, Any]]:
    """Scores as plain texts, to be locked. ``names``: words of figures, for the record."""
    return [{
        "id": str(one.subject.id), "name": one.subject.name, "rank": one.rank, "total": None if one.shown is None else str(one.shown),
        "so_far": rules.written(one.score.so_far), "of": rules.written(one.score.of), "vetoes": list(one.score.vetoes),
        "lines": [_frozen_line(line, one.given.get(line.indicator["key"]), names) for line in one.score.lines]} for one in rows]


def _frozen_line(line: rules.Line, given: Given | None, names: dict[str, str]) -> dict[str, Any]:
    def text(value: Fraction | None) -> str | None:
        return None if value is None else rules.written(value)

    row = line.indicator
    return {"name": row["name"], "group": row["group"], "weight": row["weight"], "kind": row["kind"], "top": text(line.top),
            "bottom": text(line.bottom), "value": text(line.value), "reached": text(line.reached), "points": text(line.points),
            "missing": [names.get(name, name) for name in line.missing],
            "formula": f"{names[row['top']]} ÷ {names[row['bottom']]}，目标 {row['target']}" if row["kind"] == rules.FORMULA else "",
            "by": f"{given.by_name}：{given.note}" if given and row["kind"] == rules.MANUAL else ""}
