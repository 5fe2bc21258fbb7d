"""Paper that is printed and sealed already: only what varies is printed, moved by what the printer is off."""

import io
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from competition.certificates import rules
from competition.certificates.design import Design
from competition.certificates.layout_words import block_title
from competition.certificates.models import Batch, Certificate
from competition.certificates.printing import Printer
from competition.certificates.printing_merge import merge
from competition.certificates.service_print import design_of, sheets_of
from competition.core import audit
from competition.core.actors import Actor
from competition.core.database import atomic, db, get
from competition.core.errors import RuleBroken
from competition.core.paper import paper_html, print_pdf
from competition.core.words import say as _

# As many sheets as a tray holds, and as a request may print while somebody waits.
MOST = 100
# Where the cross of the calibration sheet stands, from the left and from the upper edge.
AT = 50


def positions(batch: Batch, first: int, last: int) -> list[uuid.UUID]:
    """The certificates from the first to the last, counted from one, in the order of the ceremony. Raises RuleBroken."""
    if not 1 <= first <= last:
        raise RuleBroken(_("请填写从第几份到第几份，例如 1 到 50。"), code="range", status=422, field="first")
    if last - first >= MOST:
        raise RuleBroken(_("一次最多套打 %(most)s 份，请分几次打印。", most=MOST), code="range", status=422, field="last")
    count = db.session.scalar(select(func.count()).where(Certificate.batch_id == batch.id)) or 0
    if last > count:
        raise RuleBroken(_("这一批只有 %(n)s 份。", n=count), code="range", status=422, field="last")
    query = select(Certificate.id).where(Certificate.batch_id == batch.id, Certificate.position.between(first - 1, last - 1),
                                         Certificate.state == "issued")
    found = list(db.session.scalars(query.order_by(Certificate.position)))
    if not found:
        raise RuleBroken(_("这个范围里没有有效的证书。"), code="nobody", status=422, field="first")
    return found


def left_out(batch: Batch) -> list[str]:
    """What the paper must have already: the blocks that are not printed on it."""
    design = Design(batch.template.layout, "", is_demo=False, mode="overprint")
    return [block_title(block) for block in design.layout["blocks"] if block["kind"] not in ("demo", "seal") and not design.prints(block)]


def overprint(batch: Batch, ids: Sequence[uuid.UUID], offset: tuple[float, float], *, actor: Actor, at: datetime) -> bytes:
    """One PDF for a tray of pre-printed paper. What was issued is not touched: this is another print of the same data.

    That it was printed is on record: on sealed paper it looks like what was issued.
    """
    design = replace(design_of(batch, is_demo=bool(batch.settings.get("is_demo"))), mode="overprint", offset=offset)
    out = io.BytesIO()
    with Printer(design) as printer:
        merge(printer.print(list(sheets_of(ids, batch.settings["base_url"]))), "套打", out)
    with atomic():
        audit.record("certificates.overprint", actor=actor, subject=("batch", batch.id), at=at, chain=batch.contest_id,
                     details={"count": len(ids), "first": get(Certificate, ids[0]).number, "last": get(Certificate, ids[-1]).number})
    return out.getvalue()


def calibration_pdf(page: Mapping[str, Any], name: str, offset: tuple[float, float]) -> bytes:
    """A sheet with a cross at 50 mm from both edges: where it comes out is what the printer is off. ``offset`` is in it already."""
    width, height = rules.page_size({"page": page})
    plain = " ".join(f"@bottom-{side} {{ content: none }}" for side in ("left", "center", "right"))
    css = f"@page {{ size: {width}mm {height}mm; margin: 0; {plain} }} img {{ position: absolute; top: 0; left: 0 }}"
    css += " p { margin: 70mm 25mm 0 }"
    html = paper_html("certificates/calibration.html", name=name, offset=offset, at=AT)
    assets = {"calibration.css": css.encode(), "calibration.svg": _rulers(width, height, offset).encode()}
    return print_pdf(html, assets=assets, title="套打校准页")


def _rulers(width: float, height: float, offset: tuple[float, float]) -> str:
    """A cross with rulers from it to the left and upper edge, a tick each millimetre, longer each fifth and tenth."""
    right, down = offset
    ticks = [f"M{AT - mm} {AT}v{-_tick(mm)}M{AT} {AT - mm}h{-_tick(mm)}" for mm in range(1, AT - 4)]
    lines = f"M5 {AT}H{AT + 10}M{AT} 5V{AT + 10}" + "".join(ticks)
    figures = "".join(f'<text x="{mm}" y="{AT + 3.4}">{mm}</text><text x="{AT + 1}" y="{mm + 1}" text-anchor="start">{mm}</text>'
                      for mm in range(10, AT, 10))
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}mm" height="{height}mm">'
            f'<g transform="translate({right} {down})" font-family="LXGW WenKai" font-size="3" text-anchor="middle">'
            f'<path d="{lines}" fill="none" stroke="#000" stroke-width=".15"/>{figures}</g></svg>')


def _tick(mm: int) -> float:
    return 3 if mm % 10 == 0 else 2 if mm % 5 == 0 else 1
