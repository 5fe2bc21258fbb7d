"""The auditor's pages: what was done, by whom, to what; whether the chains are whole."""

import uuid
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from competition.auditing import queries, rules, service
from competition.auditing.exporting import MOST, ROWS, workbook
from competition.contests.models import Contest
from competition.contests.queries import find_rulebook, load_rules
from competition.core.access import act, current_actor, may, table
from competition.core.clock import now
from competition.core.errors import NotFound
from competition.core.exports import hand_out
from competition.core.paging import paginate
from competition.core.taken import take

blueprint = Blueprint("auditing", __name__, url_prefix="/system/audit")


def zone() -> str:
    """The zone in which days are meant."""
    found: str = current_app.extensions["settings"].zone
    return found


def titles() -> dict[str, str]:
    """What the access table calls its acts."""
    return {name: str(one.title) for name, one in table(current_app).acts.items()}


def filters() -> queries.Filters:
    """What the address asks for; what cannot be read is not asked."""
    args = request.args
    contest = args.get("contest", "")
    return queries.Filters(
        since=day_of(args.get("since", "")), until=day_of(args.get("until", "")), who=args.get("who", "").strip()[:50],
        act=args.get("act", "")[:80], kind=args.get("kind", "")[:40], contest=_uuid(contest), chain=contest if contest == "system" else "")


def day_of(text: str) -> date | None:
    """The day that an address names, or None."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


@blueprint.get("")
@act("auditing.chains")
def index() -> str:
    """Are the chains whole; and for the auditor, the rows with filters."""
    asked, reads = filters(), may(current_actor(), "auditing.look")
    found = queries.page_of(asked, zone(), request.args.get("page", 1, type=int)) if reads else None
    return render_template(
        "auditing/index.html", found=found, asked=asked, proof=queries.last_proof(), running=queries.running_proof(), zone=zone(),
        contests=queries.contest_choices() if reads else [], acts=queries.act_choices(),
        things=sorted(rules.THINGS.items(), key=lambda t: t[1]), words=rules, titles=titles())


@blueprint.post("/prove")
@act("auditing.chains")
def prove() -> Response:
    """Walk the chains now."""
    service.ask_proof(actor=current_actor(), at=now())
    flash(_("已开始验证全部审计链，完成后显示在本页。"), "success")
    return redirect(url_for("auditing.index"), 303)


@blueprint.route("/export", methods=["GET", "POST"])
@act("auditing.look")
def export() -> Response | tuple[str, int]:
    """The rows that the filters ask for, as a workbook."""
    asked, actor, at = filters(), current_actor(), now()
    total = min(paginate(queries.rows_of(asked, zone()), 1, 1).total, MOST)

    def make(purpose: str) -> tuple[bytes, str]:
        narrowed = {name: "…" if name == "who" else value for name, value in request.args.items() if value}
        rows = queries.lines_of(paginate(queries.rows_of(asked, zone()), 1, MOST).items)
        taken = take(ROWS, purpose=purpose, rows=total, subject=("audit", "rows"), actor=actor, at=at, zone=zone(),
                     details={"filters": narrowed})
        return workbook(rows, taken), f"audit-{at:%Y%m%d%H%M}.xlsx"

    return hand_out(ROWS, rows=total, back=f"{url_for('auditing.index')}?{urlencode(request.args.to_dict())}", make=make)


@blueprint.get("/<chain>/<int:seq>")
@act("auditing.look")
def row(chain: str, seq: int) -> str:
    """One row: everything its line says, and its place in the chain."""
    line = queries.get_row(chain, seq)
    return render_template("auditing/row.html", line=line, personal=queries.personal_of(line.row),
                           details=queries.details_of(line.row, titles(), zone()), words=rules, titles=titles(), zone=zone())


@blueprint.get("/things/<kind>/<uuid:key>")
@act("auditing.trail")
def trail(kind: str, key: uuid.UUID) -> str:
    """Who did what to one entry, certificate or work."""
    subject = queries.subject_of(kind, key)
    if not may(current_actor(), subject.act, subject.scope):
        raise NotFound(queries.NOT_FOUND)
    return render_template(
        "auditing/trail.html", contest=subject.contest, subject=subject,
        found=queries.trail(subject, request.args.get("page", 1, type=int)),
        marks=queries.marks_of(subject.work_id, criteria(subject.contest)) if subject.work_id else [], words=rules, titles=titles(),
        details_of=lambda row: queries.details_of(row, titles(), subject.contest.zone), back=_back(subject, key))


def criteria(contest: Contest) -> dict[str, str]:
    """The names of all criteria of a contest by their keys."""
    version = find_rulebook(contest.id)
    return {c.key: str(c.name) for event in load_rules(version).events for c in event.criteria} if version else {}


def _back(subject: queries.Subject, key: uuid.UUID) -> str | None:
    where: dict[str, tuple[str, dict[str, Any]]] = {
        "entry": ("registration.entry", {"entry_id": key}), "certificate": ("certificates.certificate", {"certificate_id": key})}
    found = where.get(subject.kind)
    return url_for(found[0], contest_id=subject.contest.id, **found[1]) if found else None


def trail_href(kind: str, key: uuid.UUID, scope: Any) -> str | None:
    """The address of a thing's trail, for who may open it: used by the pages of the things themselves."""
    return url_for("auditing.trail", kind=kind, key=key) if may(current_actor(), f"auditing.{kind}", scope) else None
