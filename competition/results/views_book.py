"""成绩册: on the screen, as PDF by a job, as a workbook."""

import uuid

from flask import redirect, render_template, url_for
from flask_babel import gettext as _

from competition.core.access import act, current_actor
from competition.core.clock import now
from competition.core.exports import hand_out
from competition.core.files import send_stored
from competition.core.paper import paper_html
from competition.core.taken import take
from competition.results import book, queries, service
from competition.results.explaining import explained_all
from competition.results.pages import BASE, Answer, blueprint, common, load_whole
from competition.results.service_book import chapter_values, latest_book, sheet_values, state_of
from competition.scoring.wording import CHINESE


@blueprint.get(f"{BASE}/book")
@act("results.book")
def book_page(contest_id: uuid.UUID) -> Answer:
    """What the book holds, and where it is made."""
    contest = load_whole(contest_id, "results.book")
    chapters, state = book.whole_book(contest_id), state_of(contest_id)
    job = latest_book(contest, state, current_actor())
    return render_template("results/book.html", **common(contest), chapters=chapters, job=job)


@blueprint.get(f"{BASE}/book/<scope>")
@act("results.book")
def book_chapter(contest_id: uuid.UUID, scope: str) -> Answer:
    """One ranking as it is printed."""
    contest = load_whole(contest_id, "results.book")
    return paper_html("results/book_chapter.html", **chapter_values(contest, book.one_chapter(contest_id, scope)))


@blueprint.get(f"{BASE}/book/<scope>/sheets")
@act("results.book")
def result_sheets(contest_id: uuid.UUID, scope: str) -> Answer:
    """成绩单: how every published line of a ranking came about, a sheet for each."""
    return _sheets(contest_id, scope)


@blueprint.get(f"{BASE}/book/<scope>/sheets/<uuid:row_id>")
@act("results.book")
def result_sheet(contest_id: uuid.UUID, scope: str, row_id: uuid.UUID) -> Answer:
    """The sheet of one line."""
    return _sheets(contest_id, scope, row_id)


def _sheets(contest_id: uuid.UUID, scope: str, row_id: uuid.UUID | None = None) -> Answer:
    contest = load_whole(contest_id, "results.book")
    publication = queries.get_publication(contest_id, scope)
    back = url_for("results.book_page", contest_id=contest.id)
    return paper_html("results/result_sheet.html", **sheet_values(publication, explained_all(publication, CHINESE, row_id)), back_href=back)


@blueprint.post(f"{BASE}/book")
@act("results.book")
def print_book(contest_id: uuid.UUID) -> Answer:
    """Have the PDF made."""
    load_whole(contest_id, "results.book")
    job = service.print_book(contest_id, actor=current_actor(), at=now())
    return redirect(url_for("home.job", job_id=job.id), 303)


@blueprint.get(f"{BASE}/book/<uuid:job_id>.pdf")
@act("results.book")
def book_pdf(contest_id: uuid.UUID, job_id: uuid.UUID) -> Answer:
    """The finished PDF."""
    contest = load_whole(contest_id, "results.book")
    return send_stored(service.get_book(contest, job_id, actor=current_actor()))


@blueprint.route(f"{BASE}/book.xlsx", methods=["GET", "POST"])
@act("results.book")
def book_xlsx(contest_id: uuid.UUID) -> Answer:
    """The same as a workbook, with who made it and when."""
    contest, actor, at = load_whole(contest_id, "results.book"), current_actor(), now()
    chapters = book.whole_book(contest_id)
    rows = sum(len(chapter.rows) for chapter in chapters)

    def make(purpose: str) -> tuple[bytes, str]:
        taken = take(book.BOOK, purpose=purpose, rows=rows, subject=("contest", contest.id), actor=actor, at=at, zone=contest.zone,
                     chain=contest.id)
        return book.workbook(contest, chapters, taken), _("成绩册-%(code)s.xlsx", code=contest.code)

    return hand_out(book.BOOK, rows=rows, back=url_for("results.book_page", contest_id=contest.id), make=make, contest=contest)
