"""Frozen figures as other systems read them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from competition.returns.schemas_api import PageQuery, Period, Strict


class SnapshotsQuery(PageQuery):
    """``period``: those of one period alone (``2026``, ``S2026``, ``2026-05``)."""

    period: Period | None = None


class SnapshotLine(Strict):
    """Figures of a period that were frozen, and when. A version never changes; another one says why in ``reason``. ``counted_at``: the end
    of the roll-up that they come from; ``digest``: SHA-256 of all of them, the first 16 digits stand on the bulletin."""

    id: UUID
    period: str
    version: int
    made_at: datetime
    counted_at: datetime | None
    reason: str
    digest: str


class SnapshotsOut(Strict):
    """One page, the newest first."""

    snapshots: list[SnapshotLine]
    page: int
    pages: int
    total: int


class FrozenPlace(Strict):
    """The whole (``all``) or a division: persons and person-times from the beginning of the year to the end of the period,
    ``month_persons`` in the month itself (0 of a year). ``before``: persons up to the same month of the year before; ``more``: what bulk
    figures add."""

    scope: str
    name: str
    month_persons: int
    persons: int
    person_times: int
    before: int | None
    target: int | None
    more: int


class FrozenMonth(Strict):
    """Persons and person-times in one month."""

    period: str
    persons: int
    person_times: int


class FrozenValue(Strict):
    """Of one value of a dimension."""

    value: str
    persons: int
    person_times: int


class FrozenWhole(Strict):
    """What is said of the whole alone. ``dimensions`` is empty where what came after the period would be in them."""

    months: list[FrozenMonth]
    dimensions: dict[str, list[FrozenValue]]
    heads: int
    overlap: int
    measures: dict[str, int]
    contests: int
    hosts: int


class SnapshotOut(SnapshotLine):
    """Frozen figures: of the places that the token reaches (a snapshot has the whole and its prefectures), and of the whole for the token
    of the home province's union. ``headline``: the number that the year's targets are held against: registered, with_reported."""

    headline: Annotated[str, Field(pattern="^(registered|with_reported)$")]
    places: list[FrozenPlace]
    whole: FrozenWhole | None
