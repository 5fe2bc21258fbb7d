"""A design as it would be printed: with a real person of a published result, or with the names of the fields."""

import hashlib
import uuid
from collections.abc import Mapping
from typing import Any

from flask import current_app
from sqlalchemy import select

from competition.certificates import letters, plan, queries, rules
from competition.certificates.preview import CODE, NUMBER, sample
from competition.certificates.printing import Design, Printer
from competition.certificates.queries_templates import pictures_of, usual_pictures
from competition.certificates.service import is_demonstration
from competition.certificates.source_published import Published, award_names, read_row, row_data
from competition.contests.models import Contest
from competition.core.clock import now
from competition.core.database import db
from competition.core.errors import NotFound
from competition.core.formats import in_zone
from competition.core.words import say as _
from competition.results.models import Publication, PublishedRow

KEPT = 24
PEOPLE = 12


def example() -> dict[str, str]:
    """Every field says what stands there."""
    return {**{name: f"〔{name}〕" for name in rules.PLACEHOLDERS}, "证书编号": NUMBER, "验证码": CODE}


def people_of(contest: Contest, kind: str) -> list[tuple[str, str]]:
    """Some people of the contest's published results: id and name of each, those first that such a certificate is for."""
    found: list[tuple[str, str]] = []
    for publication in queries.current_publications(contest.id):
        found += [(line.key, _("%(name)s（%(about)s）", name=line.data["姓名"], about=publication.scope_name))
                  for line in Published(publication).lines(kind)[:PEOPLE]]
        if len(found) >= PEOPLE:
            break
    return found[:PEOPLE]


def data_of(contest: Contest, row_id: str) -> dict[str, str]:
    """What a certificate would say of a line of this contest's published results; empty: the example."""
    if not row_id:
        return example()
    try:
        key = uuid.UUID(row_id)
    except ValueError:
        key = uuid.UUID(int=0)
    row, publication = read_row(key), publication_with(key)
    if row is None or publication is None or publication.contest_id != contest.id:
        raise NotFound(_("没有找到这个人，成绩可能已更正。"))
    day = in_zone(now(), contest.zone).date()
    data = {**plan.shared_data(contest, day), **Published(publication).shared(), **row_data(row, award_names(publication))}
    return {**data, "证书编号": NUMBER, "验证码": CODE}


def publication_with(row_id: uuid.UUID) -> Publication | None:
    """The ranking that a line belongs to."""
    return db.session.scalars(select(Publication).join(PublishedRow).where(PublishedRow.id == row_id)).one_or_none()


def lacks_of(contest: Contest, layout: Mapping[str, Any], row_id: str) -> tuple[list[str], list[str]]:
    """What a person lacks for a layout: what no certificate can be without, and for lack of what a line stays empty."""
    if not row_id:
        return [], []
    data = data_of(contest, row_id)
    return _called(rules.missing_fields(layout, data)), _called(rules.left_blank(rules.optional_lines(layout), data))


def _called(names: list[str]) -> list[str]:
    return [str(rules.PLACEHOLDERS[name]) for name in names if name in rules.PLACEHOLDERS]


def design_pdf(contest: Contest, layout: Mapping[str, Any], kind: str, data: Mapping[str, str], *, mode: str = "full") -> bytes:
    """One sheet of a layout; raises PaperError when it cannot be printed."""
    drawn = {"letters": letters.letters_for(contest.host_union_id, contest.id).kept(layout, [data])}
    slots = usual_pictures(contest.host_union_id, layout)
    is_demo = is_demonstration(contest)
    looks = rules.digest_of(layout), slots, sorted(data.items()), kind, mode, drawn, is_demo
    key = hashlib.sha256(repr(looks).encode()).hexdigest()
    kept = _kept()
    if key not in kept:
        pictures = {**pictures_of(layout, slots, is_demo=is_demo), **letters.pictures_kept(drawn)}
        design = Design(layout, rules.KINDS[kind], is_demo, pictures=pictures, slots=slots,
                        fonts=letters.fonts_kept(drawn), mode="overprint" if mode == "overprint" else "full")
        with Printer(design, children=1) as printer:
            kept[key] = printer.print([sample(layout, data, letters.glyphs_kept(drawn, data["姓名"]))])[0]
        while len(kept) > KEPT:
            kept.pop(next(iter(kept)))
    return kept[key]


def _kept() -> dict[str, bytes]:
    found: dict[str, bytes] = current_app.extensions.setdefault("design_previews", {})
    return found
