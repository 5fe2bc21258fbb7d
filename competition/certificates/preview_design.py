"""A design as it would be printed: with a real person of a published result, or with the names of the fields."""

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app
from sqlalchemy import select

from competition.certificates import letters, plan, queries, rules
from competition.certificates.preview import CODE, NUMBER, sample
from competition.certificates.preview_kept import kept_picture
from competition.certificates.printing import Design, Printer
from competition.certificates.queries_templates import pictures_of, usual_pictures
from competition.certificates.ready import Ready
from competition.certificates.service import is_demonstration
from competition.certificates.source_published import Published, award_names, read_row, row_data
from competition.contests.models import Contest
from competition.core.clock import now
from competition.core.database import db
from competition.core.errors import NotFound
from competition.core.formats import in_zone
from competition.core.pictures import picture_of
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


@dataclass(frozen=True)
class Look:
    """A sheet of a layout as it would be printed; everything that decides about it."""

    layout: Mapping[str, Any]
    kind: str
    data: Mapping[str, str]
    mode: str
    letters: dict[str, Any]
    slots: dict[str, str]
    is_demo: bool

    @classmethod
    def of(cls, contest: Contest, layout: Mapping[str, Any], kind: str, data: Mapping[str, str], mode: str = "full") -> "Look":
        """With what the contest's union prints with and stamps."""
        drawn = {"letters": letters.letters_for(contest.host_union_id, contest.id).kept(layout, [data])}
        return cls(layout, kind, data, mode, drawn, usual_pictures(contest.host_union_id, layout), is_demonstration(contest))

    @property
    def words(self) -> str:
        """The same as text: equal texts, equal sheets."""
        return repr((rules.digest_of(self.layout), self.slots, sorted(self.data.items()), self.kind, self.mode, self.letters, self.is_demo))

    def print(self) -> bytes:
        """The sheet; raises PaperError when it cannot be printed."""
        pictures = {**pictures_of(self.layout, self.slots, is_demo=self.is_demo), **letters.pictures_kept(self.letters)}
        design = Design(self.layout, rules.KINDS[self.kind], self.is_demo, pictures=pictures, slots=self.slots,
                        fonts=letters.fonts_kept(self.letters), mode="overprint" if self.mode == "overprint" else "full")
        with Printer(design, children=1) as printer:
            return printer.print([sample(self.layout, self.data, letters.glyphs_kept(self.letters, self.data["姓名"]))])[0]


def design_pdf(contest: Contest, layout: Mapping[str, Any], kind: str, data: Mapping[str, str], *, mode: str = "full") -> bytes:
    """One sheet of a layout; raises PaperError when it cannot be printed."""
    look, kept = Look.of(contest, layout, kind, data, mode), _kept()
    key = hashlib.sha256(look.words.encode()).hexdigest()
    if key not in kept:
        kept[key] = look.print()
        while len(kept) > KEPT:
            kept.pop(next(iter(kept)))
    return kept[key]


def ready_png(contest: Contest, ready: Ready, width: int) -> bytes:
    """What a design of ours looks like with the names of the fields, so many pixels wide."""
    look = Look.of(contest, ready.layout, ready.kind, example())
    return kept_picture(f"{look.words}|{width}", lambda: picture_of(look.print(), 0, width=width))


def _kept() -> dict[str, bytes]:
    found: dict[str, bytes] = current_app.extensions.setdefault("design_previews", {})
    return found
