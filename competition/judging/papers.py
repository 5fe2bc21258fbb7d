"""Score sheets as paper: the tablet's criteria in the tablet's order, a box for each figure, nothing that leads to a contestant."""

from collections.abc import Sequence
from functools import partial

from competition.contests.models import Contest, Round
from competition.contests.naming import named
from competition.core.config import ROOT
from competition.core.paper import paper_html, print_pdf
from competition.core.pictures import qr
from competition.judging import words
from competition.judging.queries_paper import OnPaper

CSS = ROOT / "static" / "src" / "score-sheets" / "index.css"
MOST_PDF = 120  # pages that one request waits for; more are printed from the page itself


def sheets_page(contest: Contest, round_: Round, sheets: Sequence[OnPaper], **values: str) -> str:
    """The sheets as a page to print."""
    return paper_html("judging/paper_sheets.html", contest=contest, round=round_, sheets=sheets, qr=partial(qr, border=0), named=named,
                      limits=words.limits_words, levels=words.levels_words, **values)


def sheets_pdf(contest: Contest, round_: Round, sheets: Sequence[OnPaper]) -> bytes:
    """The same as PDF."""
    html = sheets_page(contest, round_, sheets, paper_css="asset:paper.css", sheet_css="asset:score-sheets.css")
    return print_pdf(html, assets={"score-sheets.css": CSS.read_bytes()}, title=f"{round_.title} 评分表")
