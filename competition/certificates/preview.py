"""Certificates as they would be, before anything is issued."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

from flask import current_app
from flask_babel import gettext as _

from competition.certificates import letters, queries, rules_numbers, rules_signing
from competition.certificates.models import Batch
from competition.certificates.plan import Planned
from competition.certificates.printing import Printer, Sheet
from competition.certificates.printing_merge import merge
from competition.certificates.service import is_demonstration
from competition.certificates.service_print import design_of
from competition.core.config import Settings
from competition.core.errors import NotFound, RuleBroken

KEPT = 8
NUMBER, CODE = "（样张，签发时编号）", rules_numbers.grouped(rules_numbers.SAMPLE)


def preview_pdf(batch: Batch) -> bytes:
    """The first, the longest and the last certificate of a batch as one PDF. Raises RuleBroken when it would issue none."""
    plan = queries.plan_of(batch, checks=False)
    if not plan.people:
        raise RuleBroken(_("这批证书里现在没有要签发的人，没有可以预览的。"), code="nobody")
    return _kept_pdf(batch, f"{batch.id}|{plan.digest}", chosen(plan.people))


def preview_of(batch: Batch, key: str) -> bytes:
    """The certificate of one line of the batch as a PDF; raises NotFound when the batch has no such line."""
    plan = queries.plan_of(batch, checks=False)
    people = [planned for planned in plan.people if planned.key == key]
    if not people:
        raise NotFound(_("名单里没有这一份。"))
    return _kept_pdf(batch, f"{batch.id}|{plan.digest}|{key}", people)


def _kept_pdf(batch: Batch, name: str, people: Sequence[Planned]) -> bytes:
    kept = _kept()
    if name not in kept:
        kept[name] = _printed(batch, people)
        while len(kept) > KEPT:
            kept.pop(next(iter(kept)))
    return kept[name]


def _printed(batch: Batch, people: Sequence[Planned]) -> bytes:
    design = design_of(batch, is_demo=is_demonstration(batch.contest))
    sheets = [sample(batch.template.layout, each.data, letters.glyphs_kept(batch.settings, each.data["姓名"])) for each in people]
    with Printer(design, children=1) as printer:
        whole = io.BytesIO()
        merge(printer.print(sheets), design.title, whole)
    return whole.getvalue()


def sample(layout: Mapping[str, Any], data: Mapping[str, str], glyphs: Mapping[str, str]) -> Sheet:
    """A sheet as it would be. Its QR code is drawn as finely as the real one, is not signed, and leads to a page that says so."""
    settings: Settings = current_app.extensions["settings"]
    said = {**data, "证书编号": NUMBER, "验证码": CODE}
    payload = rules_signing.encoded(rules_signing.signed_values(layout, said))
    address = f"{settings.public_url or settings.own_url}/v/{rules_numbers.SAMPLE}#{rules_signing.fragment('00A', payload, bytes(64))}"
    return Sheet(said, address, glyphs)


def chosen(people: list[Planned]) -> list[Planned]:
    """Three to look at: the first, the one with the most to print, the last."""
    longest = max(people[1:-1], key=lambda p: sum(map(len, p.data.values())), default=None)
    return [p for p in (people[0] if people else None, longest, people[-1] if len(people) > 1 else None) if p]


def _kept() -> dict[str, bytes]:
    found: dict[str, bytes] = current_app.extensions.setdefault("certificate_previews", {})
    return found
