"""What of a change on the board those see who may not see sheets.

A sheet that looked handed in and looks so still has not changed before their eyes: that its row is told anew would say whose
judges mark again.
"""

import uuid
from collections.abc import Collection

from sqlalchemy import Select, func, select

from competition.core.database import db
from competition.judging import rules
from competition.judging.models import MarkEvent, Sheet, SheetReturn
from competition.judging.queries_board import Source

Place = tuple[uuid.UUID, uuid.UUID]  # seat, work


def seen_changed(source: Source, since: int) -> set[uuid.UUID]:
    """The works of a change (``read`` with ``since``) that changed in what everybody sees; two statements."""
    works = [work.id for work in source.works]
    still = {(seat, work) for seat, work in db.session.execute(_still_handed_in(works, since))}
    figures = {work for (work, _key), figure in source.figures.items() if figure.seq > since}
    return figures | {work for _seat, work in _touched(source, works, since) - still}


def _touched(source: Source, works: Collection[uuid.UUID], since: int) -> set[Place]:
    """Sheets that are newer, or about which a tablet sent or holds something."""
    sent = select(MarkEvent.seat_id, MarkEvent.work_id).where(MarkEvent.work_id.in_(works), MarkEvent.seq > since).distinct()
    return ({(seat, work) for seat, work in db.session.execute(sent)}
            | {(sheet.seat_id, sheet.work_id) for sheet in source.sheets.values() if sheet.version > since}
            | {(column.id, work) for column in source.columns for work in works if column.held(work)})


def _still_handed_in(works: Collection[uuid.UUID], since: int) -> Select[uuid.UUID, uuid.UUID]:
    """Sheets that are handed in (or marked again since), and were at that version: nobody sent them back since the last time."""
    returned = select(func.max(SheetReturn.version)).where(SheetReturn.sheet_id == Sheet.id).scalar_subquery()
    handed = select(MarkEvent.id).where(
        MarkEvent.seat_id == Sheet.seat_id, MarkEvent.work_id == Sheet.work_id, MarkEvent.kind == rules.HAND_IN,
        MarkEvent.state == "accepted", MarkEvent.seq <= since, MarkEvent.seq > func.coalesce(returned, 0))
    return select(Sheet.seat_id, Sheet.work_id).where(
        Sheet.work_id.in_(works), Sheet.state.in_(("handed_in", rules.REMARKING)), handed.exists())
