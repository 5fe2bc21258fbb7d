"""Reads of the dashboard: cells, targets, runs, and the facts behind a figure."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import func, literal, select
from sqlalchemy.orm import joinedload
from sqlalchemy.sql import ColumnElement

from competition.accounts.models import Person
from competition.core.database import db
from competition.core.errors import NotFound
from competition.core.jobs import Job, latest
from competition.core.paging import Page, paginate
from competition.organisations.models import Region
from competition.organisations.queries import region_names
from competition.participation.models import Cell, Fact, RollUpRun, Target
from competition.participation.rules import HOME_PROVINCE, months_of

WHOLE = "all"
LEVELS: tuple[ColumnElement[str], ...] = (
    literal(WHOLE), Fact.province_code, Fact.prefecture_code, Fact.region_code,  # type: ignore[assignment]
)


@dataclass(frozen=True)
class Line:
    """One place on the dashboard."""

    code: str
    name: str
    persons: int
    person_times: int
    has_parts: bool


def count_year(year: int) -> dict[tuple[str, str], tuple[int, int, int]]:
    """Count one year anew from the facts: (scope, period) → persons, person-times, new persons.

    Persons are distinct within each place and period, so they are counted for each and never added up.
    """
    cells: dict[tuple[str, str], list[int]] = {}
    for level in LEVELS:
        holds = (Fact.year == year) & Fact.withdrawn_at.is_(None)
        for period in (Fact.month, literal(str(year))):
            counted = select(level, period, func.count(Fact.person_key.distinct()), func.count()).where(holds)
            for scope, name, persons, times in db.session.execute(counted.group_by(level, period)):
                cells[scope, name] = [persons, times, 0]
        first = (
            select(level.label("scope"), func.min(Fact.month).label("month")).where(holds)
            .group_by(level, Fact.person_key).subquery()
        )
        news = select(first.c.scope, first.c.month, func.count()).group_by(first.c.scope, first.c.month)
        for scope, month, new in db.session.execute(news):
            cells[scope, month][2] = new
            cells[scope, str(year)][2] += new
    return {key: (p, t, n) for key, (p, t, n) in cells.items()}


def years_with_facts() -> list[int]:
    """The years that have facts, newest first."""
    return list(db.session.scalars(select(Fact.year).distinct().order_by(Fact.year.desc())))


def cell(scope: str, period: str) -> Cell | None:
    """One rolled up figure."""
    return db.session.get(Cell, (scope, period))


def months(scope: str, year: int) -> list[Cell | None]:
    """The twelve months of a place, None where nothing happened."""
    found = {c.period: c for c in db.session.scalars(select(Cell).where(Cell.scope_code == scope, Cell.period.in_(months_of(year))))}
    return [found.get(period) for period in months_of(year)]


def lines(year: int, parent: str) -> list[Line]:
    """The places directly under ``parent`` with their figures: prefectures and other provinces of the
    whole, counties of a prefecture. Places without participation are listed with 0."""
    wanted: ColumnElement[bool]
    if parent == WHOLE:
        wanted = (Region.parent_code == HOME_PROVINCE) | (Region.level == "province") & (Region.code != HOME_PROVINCE)
    else:
        wanted = Region.parent_code == parent
    query = (
        select(Region, Cell).outerjoin(Cell, (Cell.scope_code == Region.code) & (Cell.period == str(year)))
        .where(wanted).order_by(Region.level.desc(), Region.code)
    )
    found = []
    for region, figures in db.session.execute(query):
        inside = region.code.startswith(HOME_PROVINCE[:2])
        if figures or inside:
            found.append(Line(region.code, region.name, figures.persons if figures else 0,
                              figures.person_times if figures else 0, region.level == "prefecture"))
    return sorted(found, key=lambda line: (not line.code.startswith(HOME_PROVINCE[:2]), line.code))


def target(year: int, scope: str = WHOLE) -> Target | None:
    """What the year should bring."""
    return db.session.scalars(select(Target).where(Target.year == year, Target.scope_code == scope)).one_or_none()


def runs(limit: int = 10) -> list[RollUpRun]:
    """The newest runs."""
    return list(db.session.scalars(select(RollUpRun).order_by(RollUpRun.started_at.desc()).limit(limit)))


def last_finished() -> RollUpRun | None:
    """The run that the cells come from."""
    query = select(RollUpRun).where(RollUpRun.state == "done").order_by(RollUpRun.finished_at.desc()).limit(1)
    return db.session.scalars(query).first()


def facts(year: int, scope: str, page: int) -> tuple[Page[Fact], dict[str, Person]]:
    """The facts behind a figure, and the persons by key (for masked names)."""
    query = select(Fact).where(Fact.year == year, Fact.withdrawn_at.is_(None)).options(joinedload(Fact.contest))
    if scope != WHOLE:
        level = Fact.province_code if scope.endswith("0000") else (
            Fact.prefecture_code if scope.endswith("00") else Fact.region_code)
        query = query.where(level == scope)
    found = paginate(query.order_by(Fact.present_on.desc(), Fact.id), page)
    keys = [fact.person_key for fact in found]
    people = db.session.scalars(select(Person).where(Person.document_index.in_(keys)))
    return found, {p.document_index: p for p in people if p.document_index}


def region(code: str) -> Region | None:
    """A division by its code."""
    return db.session.get(Region, code)


def table(year: int) -> list[tuple[str, str, list[int]]]:
    """Every place that has figures: code, name, persons and person-times of the year and its months."""
    names = region_names()
    wanted = [str(year), *months_of(year)]
    found: dict[str, dict[str, Cell]] = {}
    for each in db.session.scalars(select(Cell).where(Cell.period.in_(wanted))):
        found.setdefault(each.scope_code, {})[each.period] = each
    order = sorted(found, key=lambda code: (code != WHOLE, not code.startswith(HOME_PROVINCE[:2]), code))
    return [
        (code, _("全部") if code == WHOLE else names.get(code, code),
         [figure for p in wanted for figure in _pair(found[code].get(p))])
        for code in order
    ]


def _pair(figures: Cell | None) -> tuple[int, int]:
    return (figures.persons, figures.person_times) if figures else (0, 0)


def latest_jobs(limit: int) -> list[Job]:
    """The newest roll-up jobs."""
    return latest("participation.roll_up", limit)


def get_roll_up(job_id: UUID) -> Job:
    """One roll-up job; raises NotFound."""
    job = db.session.get(Job, job_id)
    if job is None or job.kind != "participation.roll_up":
        raise NotFound(_("没有找到这次汇总。"))
    return job


def facts_about(keys: Collection[str]) -> list[Fact]:
    """Every fact about the people with these keys, oldest first, withdrawn ones too."""
    query = select(Fact).where(Fact.person_key.in_(keys)).options(joinedload(Fact.contest))
    return list(db.session.scalars(query.order_by(Fact.present_on, Fact.id)))
