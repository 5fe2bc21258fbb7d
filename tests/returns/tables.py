"""Tables as unions send them, written by the test, and the way through the work with them."""

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter
from sqlalchemy import inspect

from competition.core.actors import Actor
from competition.core.database import db
from competition.core.jobs import Job
from competition.counting.rules_periods import month_number
from competition.returns import service as returns
from competition.returns import service_import as service
from competition.returns.models import Return
from competition.returns.models_import import ReturnImport
from tests.builders import make_contest, run_apart
from tests.cast import AT, Cast, id_card

TITLES = ("姓名", "身份证号", "工作单位", "群体", "参加日期")
DAY = AT.date().isoformat()


def people(count: int, first: int = 0) -> list[list[str]]:
    """Rows for ``TITLES``, each with a number of its own."""
    return [[f"试{n}甲", id_card(first + n), f"试用单位{n % 3}", "快递员" if n % 2 else "", DAY] for n in range(count)]


def book(rows: Sequence[Sequence[Any]], titles: Sequence[str] = TITLES, above: Sequence[str] = ("某某工会职工名册",)) -> bytes:
    """An .xlsx: lines above, titles, rows."""
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = made.add_worksheet("名册")
    for line, cells in enumerate([*([words] for words in above), titles, *rows]):
        sheet.write_row(line, 0, cells)
    made.close()
    return out.getvalue()


def draft(cast: Cast) -> Return:
    """A roster return of the county that is not submitted yet."""
    contest = make_contest(cast, phase="finished").id
    return returns.begin_return(cast.county.id, contest, month_number(AT.date()), "roster", actor=clerk(cast), at=AT)


def clerk(cast: Cast) -> Actor:
    """The county's clerk."""
    return cast.actor("clerk", "union", cast.county.id)


def sent(cast: Cast, found: Return, data: bytes, name: str = "名册.xlsx") -> ReturnImport:
    """A table that was sent and read."""
    kept = service.send_table(found.id, data, name, actor=clerk(cast), at=AT)
    work(kept)
    return again(kept)


def taken(cast: Cast, kept: ReturnImport, **how: bool) -> ReturnImport:
    """The same, taken in."""
    service.ask_take(kept.id, **{"only_good": False, "keeps_others": False} | how, actor=clerk(cast), at=AT)
    work(kept)
    return again(kept)


def work(kept: ReturnImport) -> Job:
    """Its work is done now; the job as it ended."""
    job_id = again(kept).job_id
    assert job_id is not None
    run_apart(job_id)
    return db.session.get_one(Job, job_id, populate_existing=True)


def again(kept: ReturnImport) -> ReturnImport:
    """As it stands in the database."""
    return db.session.get_one(ReturnImport, inspect(kept).identity[0], populate_existing=True)
