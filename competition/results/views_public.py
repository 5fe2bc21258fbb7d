"""What everybody may read, and each contestant's own line. Served from what was published, never from live tables."""

import uuid

from flask import render_template, url_for
from flask_babel import gettext as _

from competition.contests.queries import wording_of
from competition.core.access import act, current_actor
from competition.core.errors import NotFound
from competition.core.paper import paper_html
from competition.results import queries, rules
from competition.results.book import is_of_teams
from competition.results.explaining import explained
from competition.results.models import Publication, PublishedRow
from competition.results.pages import Answer, blueprint, common, load_public
from competition.results.rules_public import objection, public_changes, public_lines
from competition.results.service_book import sheet_values
from competition.scoring.wording import CHINESE


@blueprint.get("/contests/<uuid:contest_id>/results", defaults={"scope": None, "version": None})
@blueprint.get("/contests/<uuid:contest_id>/results/<scope>", defaults={"version": None})
@blueprint.get("/contests/<uuid:contest_id>/results/<scope>/<int:version>")
@act("results.read")
def public(contest_id: uuid.UUID, scope: str | None, version: int | None) -> Answer:
    """One published ranking: rank, name, team, delegation, region, award. Nothing else leaves the snapshot."""
    contest = load_public(contest_id)
    versions = queries.publications_of(contest_id)
    if not versions and scope is None:
        return render_template("results/public_none.html", **common(contest))
    current = _in_order(versions)
    found = queries.get_publication(contest_id, scope or current[0].scope, version)
    to = wording_of(found.rulebook_id)
    before = queries.get_publication(contest_id, found.scope, found.version - 1) if found.version > 1 else None
    return render_template(
        "results/public.html", **common(contest, to), publication=found, lines=public_lines(found.rows, to), current=current,
        of_teams=is_of_teams(found.rows), unranked=sum(row.rank is None for row in found.rows),
        versions=[p for p in versions if p.scope == found.scope],
        changes=public_changes(rules.changes(before.rows, found.rows), before.rows, found.rows) if before else [],
    )


def page_of(contest_id: uuid.UUID) -> tuple[str, str] | None:
    """The public ranking, for the contest's own page; None before anything is published."""
    if not queries.publications_of(contest_id):
        return None
    return _("查看成绩"), url_for("results.public", contest_id=contest_id)


def _in_order(versions: list[Publication]) -> list[Publication]:
    """The versions that hold, in the order in which readers find them."""
    newest: dict[str, Publication] = {}
    for publication in versions:
        newest.setdefault(publication.scope, publication)
    return sorted(newest.values(), key=lambda publication: publication.place)


@blueprint.get("/my/results/<uuid:row_id>")
@act("results.own")
def own(row_id: uuid.UUID) -> Answer:
    """The contestant's own line with the whole calculation; for everybody else it does not exist."""
    row = own_row(row_id)
    publication, to = row.publication, wording_of(row.publication.rulebook_id)
    newest = queries.newest_row(row)
    return render_template(
        "results/own.html", **common(publication.contest, to), row=row, publication=publication,
        newest=newest if newest and newest.id != row.id else None, line=explained(row, to),
        objection=objection(publication.contest.public_notice_days, publication.contest.host_union.name),
    )


@blueprint.get("/my/results/<uuid:row_id>/sheet")
@act("results.own")
def own_sheet(row_id: uuid.UUID) -> Answer:
    """The same as a paper."""
    row = own_row(row_id)
    return paper_html("results/result_sheet.html", **sheet_values(row.publication, [explained(row, CHINESE)]),
                      back_href=url_for("results.own", row_id=row_id))


def own_row(row_id: uuid.UUID) -> PublishedRow:
    """A line of the reader's own; raises NotFound for everybody else."""
    row = queries.published_row(row_id)
    if not queries.is_own(current_actor(), row):
        raise NotFound(_("没有找到这份成绩。"))
    return row
