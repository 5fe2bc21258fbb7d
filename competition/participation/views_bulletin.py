"""The bulletin of a period: to look at, and as PDF; from today's figures or from a snapshot."""

import uuid
from datetime import datetime
from typing import Any

from flask import current_app, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from competition.core.access import act, current_actor
from competition.core.clock import now
from competition.core.errors import NotFound
from competition.core.exports import hand_out
from competition.core.formats import show_date
from competition.core.paper import paper_html, print_pdf
from competition.core.taken import take
from competition.counting.rules_periods import month_number
from competition.counting.rules_scopes import WHOLE
from competition.organisations.queries import root_name
from competition.participation import queries_bulletin as reads
from competition.participation.export import BULLETIN
from competition.participation.models_snapshots import FigureSnapshot
from competition.participation.rules_bulletin import bulletin, title_of
from competition.participation.rules_drawing import line_chart
from competition.participation.rules_questions import Question, asked
from competition.participation.rules_words import VALUES
from competition.participation.views import blueprint, today

Answer = str | BaseResponse | tuple[str, int]


def period_asked() -> Question:
    """The period of the address; without one the month before this one."""
    if not request.args.get("year"):
        month = month_number(today()) - 1
        return Question(WHOLE, str(month // 12), month)
    found = asked(request.args.to_dict(), WHOLE, today().year, (), VALUES).question
    return Question(WHOLE, found.year, None if found.is_statistical else found.month)


def get_snapshot(snapshot_id: uuid.UUID) -> FigureSnapshot:
    """One snapshot; 404 when there is none."""
    found = reads.find_snapshot(snapshot_id)
    if found is None:
        raise NotFound(_("没有这份固定的数字。"))
    return found


def paper(payload: dict[str, Any], made_at: datetime, snapshot: FigureSnapshot | None, **values: Any) -> str:
    """The bulletin as HTML."""
    made = bulletin(payload)
    months = payload["months"]
    drawing = line_chart([f"{month[0] % 12 + 1}月" for month in months],
                         [("人数", [month[1] for month in months], False), ("人次", [month[2] for month in months], True)])
    counted = datetime.fromisoformat(payload["counted_at"]) if payload["counted_at"] else None
    return paper_html("participation/bulletin.html", bulletin=made, drawing=drawing, issuer=root_name(), counted_at=counted,
                      made_at=made_at, snapshot=snapshot, zone=current_app.extensions["settings"].zone, **values)


@blueprint.get("/bulletin")
@act("participation.view")
def show_bulletin() -> Answer:
    """Today's figures of a period, as the bulletin says them."""
    question = period_asked()
    arguments = question.arguments()
    return paper(reads.payload(question), now(), None, back_href=url_for("participation.bulletins"),
                 pdf_href=url_for("participation.bulletin_pdf", year=arguments["year"], month=arguments.get("month")))


@blueprint.route("/bulletin.pdf", methods=["GET", "POST"])
@act("participation.view")
def bulletin_pdf() -> Answer:
    """The same as PDF."""
    question = period_asked()
    arguments = question.arguments()
    return _pdf(reads.payload(question), None, url_for("participation.show_bulletin", year=arguments["year"], month=arguments.get("month")))


@blueprint.get("/snapshots/<uuid:snapshot_id>/bulletin")
@act("participation.view")
def snapshot_bulletin(snapshot_id: uuid.UUID) -> Answer:
    """The bulletin of frozen figures: the same whenever it is asked for."""
    found = get_snapshot(snapshot_id)
    return paper(found.payload, found.made_at, found, back_href=url_for("participation.snapshot", snapshot_id=found.id),
                 pdf_href=url_for("participation.snapshot_pdf", snapshot_id=found.id))


@blueprint.route("/snapshots/<uuid:snapshot_id>/bulletin.pdf", methods=["GET", "POST"])
@act("participation.view")
def snapshot_pdf(snapshot_id: uuid.UUID) -> Answer:
    """The same as PDF."""
    found = get_snapshot(snapshot_id)
    return _pdf(found.payload, found, url_for("participation.snapshot", snapshot_id=found.id))


def _pdf(payload: dict[str, Any], snapshot: FigureSnapshot | None, back: str) -> Answer:
    at, title = now(), title_of(payload["period"])
    made_at = snapshot.made_at if snapshot else at

    def make(purpose: str) -> tuple[bytes, str]:
        subject = ("snapshot", snapshot.id) if snapshot else ("period", payload["period"])
        taken = take(BULLETIN, purpose=purpose, rows=len(payload["places"]), subject=subject, actor=current_actor(), at=at,
                     zone=current_app.extensions["settings"].zone)
        html = paper(payload, made_at, snapshot, paper_css="asset:paper.css")
        version = f"-第{snapshot.version}版" if snapshot else ""
        return print_pdf(html, title=f"{title}职工参赛情况通报", taken=taken), f"参赛情况通报-{title}{version}-{show_date(at)}.pdf"

    return hand_out(BULLETIN, rows=len(payload["places"]), back=back, make=make)
