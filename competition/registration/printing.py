"""The entry form on paper, to be stamped by the employer and the union: as a page and as PDF."""

from competition.core.paper import paper_html, print_pdf
from competition.organisations.rules import OWNERSHIP, SKILL_LEVELS, WORKER_GROUPS
from competition.registration import rules
from competition.registration.models import Entry

SUFFIX = {"image/jpeg": "jpg", "image/png": "png"}


def entry_sheet(entry: Entry, photo_src: str | None, **more: str) -> str:
    """The form as HTML; numbers stay masked, as everywhere."""
    return paper_html(
        "registration/sheet.html", entry=entry, contest=entry.contest, rules=rules, ownership=OWNERSHIP, skill_levels=SKILL_LEVELS,
        worker_groups=WORKER_GROUPS, photo_src=photo_src if entry.photo else None, **more,
    )


def entry_pdf(entry: Entry) -> bytes:
    """The form as PDF bytes; raises PaperError naming characters that no font has."""
    assets = {}
    if entry.photo is not None:
        assets[f"photo.{SUFFIX[entry.photo.media_type]}"] = entry.photo.read()
    html = entry_sheet(entry, f"asset:{next(iter(assets))}" if assets else None, paper_css="asset:paper.css")
    return print_pdf(html, assets=assets, title="报名表")
