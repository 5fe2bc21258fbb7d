"""Lists in pages: one statement for the rows, one for the count."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, select

from competition.core.database import db

T = TypeVar("T")
PER_PAGE = 30


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list; ``page`` counts from 1."""

    items: Sequence[T]
    page: int
    per_page: int
    total: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.per_page))

    @property
    def has_prev(self) -> bool:
        return self.page > 1

    @property
    def has_next(self) -> bool:
        return self.page < self.pages

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)


def paginate(query: Select[Any], page: int, per_page: int = PER_PAGE) -> Page[Any]:
    """The rows of ``query`` on one page; a page beyond the end is the last one. One entity per row."""
    number, total, part = _part(query, page, per_page)
    return Page(db.session.scalars(part).unique().all(), number, per_page, total)


def paginate_rows(query: Select[Any], page: int, per_page: int = PER_PAGE) -> Page[Any]:
    """The same for rows of several columns."""
    number, total, part = _part(query, page, per_page)
    return Page(db.session.execute(part).all(), number, per_page, total)


def _part(query: Select[Any], page: int, per_page: int) -> tuple[int, int, Select[Any]]:
    total = db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    number = min(max(1, page), max(1, -(-total // per_page)))
    return number, total, query.limit(per_page).offset((number - 1) * per_page)


def slice_page(rows: Sequence[T], page: int, per_page: int = PER_PAGE) -> Page[T]:
    """One page of rows that are already here; a page beyond the end is the last one."""
    number = min(max(1, page), max(1, -(-len(rows) // per_page)))
    return Page(rows[(number - 1) * per_page:number * per_page], number, per_page, len(rows))
