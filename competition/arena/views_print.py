"""Papers: the order book, badges, labels of stations and works, sign-in sheets; as a page and as PDF."""

import uuid
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from competition.arena import prints, queries, queries_draw, service
from competition.arena.entrants import delegation_of, key_of, members_of, name_of, team_of
from competition.arena.pages import Answer, blueprint, load_contest, load_round, load_whole, may_on, round_scope
from competition.contests.models import Contest
from competition.contests.queries import contest_scope
from competition.contests.rules import BODY_ROLES
from competition.core.access import act, current_actor, may
from competition.core.clock import now
from competition.core.exports import hand_out
from competition.core.files import send_stored
from competition.core.kept import is_shown_only, say_restored
from competition.core.paper import paper_html, print_pdf
from competition.core.taken import Export, Taken, declare, take
from competition.registration.queries_teams import delegations

BASE = "/manage/contests/<uuid:contest_id>/arena/print"
ROUND = f"{BASE}/rounds/<uuid:round_id>"
# The order book is handed to everybody at the contest: no mark across its pages.
ORDER_BOOK = declare("arena.order_book", lazy_gettext("秩序册"), is_personal=False, purpose=lazy_gettext("赛事组织，现场发放"))
SIGN_IN = declare("arena.sign_in", lazy_gettext("签到表"), is_personal=True)
KINDS = {"arena.order_book": "order-book", "arena.sign_in": "sign-in"}
NAMING = {"key_of": key_of, "name_of": name_of, "team_of": team_of, "delegation_of": delegation_of, "members_of": members_of}


@blueprint.get(BASE)
@act("arena.print")
def papers(contest_id: uuid.UUID) -> Answer:
    """All papers of a contest."""
    contest = load_contest(contest_id, "arena.print")
    lines = [line for line in queries_draw.round_lines(contest.id)
             if may(current_actor(), "arena.print", round_scope(contest, line.round.event_id))]
    may_read = {line.round.id: may_on(contest, line.round.event_id, "arena.read_codes")["read_codes"] for line in lines}
    whole = may(current_actor(), "arena.print", contest_scope(contest))
    return render_template("arena/papers.html", contest=contest, lines=lines, may_read=may_read, whole=whole,
                           delegations=delegations(contest.id) if whole else [])


@blueprint.get(f"{BASE}/order-book", defaults={"suffix": ""})
@blueprint.route(f"{BASE}/order-book.<any(pdf):suffix>", methods=["GET", "POST"])
@act("arena.print")
def order_book(contest_id: uuid.UUID, suffix: str) -> Answer:
    """秩序册: who organizes, when what happens, who takes part, which batch; no stations, no codes."""
    contest = load_whole(contest_id, "arena.print")
    entries = prints.contestants(contest.id)
    return listing(
        ORDER_BOOK, contest, suffix, len(entries), ("contest", contest.id), entries=entries, bodies=contest.bodies, roles=BODY_ROLES,
        rounds=prints.batch_keys(contest.id), delegations=prints.by_delegation(entries))


@blueprint.get(f"{BASE}/badges")
@act("arena.print")
def badges(contest_id: uuid.UUID) -> Answer:
    """参赛证, eight on a sheet, as a page to print; of one delegation when asked, without names when asked."""
    contest = load_whole(contest_id, "arena.print")
    entries = prints.contestants(contest.id, request.args.get("delegation", type=uuid.UUID))
    photos = {name: prints.inline(data) for name, data in prints.photos(entries).items()}
    return paper("badges", contest, "", photos=photos, **prints.badge_values(entries, names=request.args.get("names") != "no"))


@blueprint.post(f"{BASE}/badges")
@act("arena.print")
def print_badges(contest_id: uuid.UUID) -> Answer:
    """The same as PDF: hundreds of photos take a while, so a job makes it."""
    contest = load_whole(contest_id, "arena.print")
    if is_shown_only():
        say_restored()
        return papers(contest_id)
    delegation_id, names = request.form.get("delegation", type=uuid.UUID), request.form.get("names", "yes")
    if "page" in request.form:
        return redirect(url_for("arena.badges", contest_id=contest.id, delegation=delegation_id, names=names), 303)
    job = service.print_badges(contest.id, delegation_id, names=names != "no", actor=current_actor(), at=now())
    return redirect(url_for("home.job", job_id=job.id), 303)


@blueprint.get(f"{BASE}/badges/<uuid:job_id>.pdf")
@act("arena.print")
def badges_file(contest_id: uuid.UUID, job_id: uuid.UUID) -> Answer:
    """The finished badges."""
    contest = load_whole(contest_id, "arena.print")
    return send_stored(service.get_badges(contest, job_id, actor=current_actor()), download=False)


@blueprint.get(f"{ROUND}/stations", defaults={"suffix": ""})
@blueprint.get(f"{ROUND}/stations.<any(pdf):suffix>")
@act("arena.print")
def station_labels(contest_id: uuid.UUID, round_id: uuid.UUID, suffix: str) -> Answer:
    """Labels of stations: the number, seen from afar."""
    contest, round_ = load_round(contest_id, round_id, "arena.print")
    used = max((place.station for place in queries.placed(round_.id)), default=round_.stations)
    return paper("stations", contest, suffix, round=round_, sheets=prints.sheets(range(1, used + 1), 2))


@blueprint.get(f"{ROUND}/sign-in", defaults={"suffix": ""})
@blueprint.route(f"{ROUND}/sign-in.<any(pdf):suffix>", methods=["GET", "POST"])
@act("arena.print")
def sign_in_sheets(contest_id: uuid.UUID, round_id: uuid.UUID, suffix: str) -> Answer:
    """Sign-in sheets, a page for each batch."""
    contest, round_ = load_round(contest_id, round_id, "arena.print")
    queries.get_draw(contest.id, round_.id)
    batches = prints.batches_of(round_, members=True)
    rows = sum(len(places) for places in batches.values())
    return listing(SIGN_IN, contest, suffix, rows, ("round", round_.id), round=round_, batches=batches)


@blueprint.get(f"{ROUND}/codes", defaults={"suffix": ""})
@blueprint.get(f"{ROUND}/codes.<any(pdf):suffix>")
@act("arena.read_codes")
def code_labels(contest_id: uuid.UUID, round_id: uuid.UUID, suffix: str) -> Answer:
    """Labels with work codes for the coding judge; that they were printed is recorded."""
    contest, round_ = load_round(contest_id, round_id, "arena.read_codes")
    queries.get_draw(contest.id, round_.id)
    rows = service.read_codes(round_.id, purpose="labels", actor=current_actor(), at=now())
    copies = min(max(request.args.get("copies", 1, type=int), 1), 6)
    labels = [row for row in rows for _copy in range(copies)]
    return paper("codes", contest, suffix, round=round_, sheets=prints.sheets(labels, 24), qr=prints.qr)


def listing(export: Export, contest: Contest, suffix: str, rows: int, subject: tuple[str, Any], **values: Any) -> Answer:
    """A list of people as a page to look at; as PDF for a stated purpose, which is printed on it and on record."""
    kind, actor, at = KINDS[export.name], current_actor(), now()
    if not suffix:
        return paper(kind, contest, suffix, **values)

    def make(purpose: str) -> tuple[bytes, str]:
        taken = take(export, purpose=purpose, rows=rows, subject=subject, actor=actor, at=at, zone=contest.zone, chain=contest.id)
        return pdf_of(kind, contest, values, taken), f"{contest.code}-{kind}.pdf"

    return hand_out(export, rows=rows, back=url_for("arena.papers", contest_id=contest.id), make=make, contest=contest)


def paper(kind: str, contest: Contest, suffix: str, **values: Any) -> Response:
    """One paper as a page to look at, or as PDF."""
    if not suffix:
        return make_response(paper_html(f"arena/print/{kind}.html", contest=contest, **NAMING, **values))
    return make_response(pdf_of(kind, contest, values), 200, {"Content-Type": "application/pdf",
                                                              "Content-Disposition": f"inline; filename={contest.code}-{kind}.pdf"})


def pdf_of(kind: str, contest: Contest, values: dict[str, Any], taken: Taken | None = None) -> bytes:
    """A paper as PDF."""
    html = paper_html(f"arena/print/{kind}.html", contest=contest, paper_css="asset:paper.css", more_css="asset:arena-paper.css",
                      **NAMING, **values)
    return print_pdf(html, assets=prints.assets(), title="打印件", taken=taken)
