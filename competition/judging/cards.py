"""Seat cards as paper: a QR code whose secret stands behind the #, a typable form, the PIN."""

import io
from collections.abc import Mapping, Sequence
from uuid import UUID

import segno

from competition.contests.models import Contest
from competition.core.paper import asset_path, paper_html, print_pdf
from competition.judging.models import Sitter
from competition.judging.service_seats import Card


def card_address(base: str, card: Card) -> str:
    """Where the QR code leads; what follows the # never reaches the server's log."""
    return f"{base.rstrip('/')}/judge/open#{card.token}"


def qr_svg(text: str) -> bytes:
    """A QR code as a drawing."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", border=2, xmldecl=False, svgns=True)
    return out.getvalue()


def print_cards(contest: Contest, cards: Sequence[Card], sitters: Mapping[UUID, Sitter], base: str) -> bytes:
    """One card per seat, two on a page, to be cut."""
    assets = {f"seat-{card.seat.number}.svg": qr_svg(card_address(base, card)) for card in cards}
    assets["cards.css"] = asset_path("cards.css").read_bytes()
    html = paper_html("judging/cards.html", contest=contest, cards=cards, sitters=sitters, address=f"{base.rstrip('/')}/judge/",
                      paper_css="asset:paper.css")
    return print_pdf(html, assets=assets, title=f"{contest.name_zh} 座位卡")
