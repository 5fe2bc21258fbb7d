"""Figures as other systems ask for them and get them."""

from datetime import datetime

from competition.returns.schemas_api import Dimension, Period, Scope, Strict


class FiguresQuery(Strict):
    """``scope``: a division's six digits, ``u:`` and a union's id, ``all``; empty: the token's union. ``period``: a year, a month, a
    statistical year (``S2026``). ``months``: the months of a calendar year besides."""

    scope: Scope = ""
    period: Period
    dimension: Dimension = ""
    months: bool = False


class CellOut(Strict):
    """Persons are distinct within the cell and never add up over cells; person-times do. ``new_persons``: whose first presence of the year
    fell into the period."""

    period: str
    value: str
    persons: int
    person_times: int
    new_persons: int


class FiguresOut(Strict):
    """Figures with when they were counted. ``heads``, ``overlap``: of bulk figures, which are no distinct people and stand beside;
    ``target``: of the calendar year."""

    scope: str
    dimension: str
    counted_at: datetime | None
    cells: list[CellOut]
    heads: int
    overlap: int
    measures: dict[str, int]
    target: int | None
