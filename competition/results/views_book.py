"""成绩册: on the screen, as PDF by a job, as a workbook."""

import io
import uuid

from flask import redirect, render_template, send_file, url_for
from flask_babel import gettext as _

from competition.core.access import act, current_actor
from competition.core.clock import now
from competition.core.files import XLSX, send_stored
from competition.results import book, service
from competition.results.pages import BASE, Answer, blueprint, common, load_whole
from competition.results.service_book import chapter_values, latest_book, state_of


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
    return render_template("results/book_chapter.html", **chapter_values(contest, book.one_chapter(contest_id, scope)))


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


@blueprint.get(f"{BASE}/book.xlsx")
@act("results.book")
def book_xlsx(contest_id: uuid.UUID) -> Answer:
    """The same as a workbook, with who made it and when."""
    contest = load_whole(contest_id, "results.book")
    data = book.workbook(contest, book.whole_book(contest_id), exporter=current_actor().name, at=now())
    return send_file(io.BytesIO(data), mimetype=XLSX, as_attachment=True, download_name=_("成绩册-%(code)s.xlsx", code=contest.code))
