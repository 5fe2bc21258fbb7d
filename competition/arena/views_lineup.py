"""Who of a team goes in: changed by the office until the team is checked in."""

import uuid
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from competition.arena import queries_day, service
from competition.arena.entrants import name_of
from competition.arena.forms import LineupForm
from competition.arena.pages import Answer, blueprint, load_entrant
from competition.core.access import act, current_actor
from competition.core.clock import now
from competition.core.errors import NotFound
from competition.core.forms import choices, try_verb
from competition.registration.models import Entrant
from competition.registration.rules import TEAM_ROLES


@blueprint.route("/manage/contests/<uuid:contest_id>/arena/entrants/<uuid:entrant_id>/lineup", methods=["GET", "POST"])
@act("arena.set_lineup")
def lineup(contest_id: uuid.UUID, entrant_id: uuid.UUID) -> Answer:
    """A reserve for a member, or one fewer."""
    contest, found = load_entrant(contest_id, entrant_id, "arena.set_lineup")
    if found.team_id is None:
        raise NotFound(_("个人项目没有上场名单。"))
    entrant = queries_day.get_whole_entrant(found.id)
    form = _form(entrant)
    if form.validate_on_submit():
        done = try_verb(form, lambda: service.change_lineup(
            entrant.id, [uuid.UUID(text) for text in form.people.data or []], form.reason.data or "",
            actor=current_actor(), at=now()))
        if done:
            flash(_("“%(team)s”的上场名单已调整，并通知领队和有关队员。", team=name_of(entrant)), "success")
            return redirect(url_for("arena.entrant", contest_id=contest.id, entrant_id=entrant.id), 303)
    page = render_template("arena/lineup.html", contest=contest, **lineup_page(entrant), form=form)
    return (page, form.status) if form.is_submitted() else page


def _form(entrant: Entrant) -> LineupForm:
    """The team's approved people, members ticked."""
    people = sorted((e for e in (entrant.team.entries if entrant.team else []) if e.state == "approved"),
                    key=lambda e: (e.team_role != "member", e.number or ""))
    form = LineupForm(data={"people": [str(e.id) for e in people if e.team_role == "member"]})
    form.people.choices = choices((e.id, _("%(number)s %(name)s（%(role)s）", number=e.number or "", name=e.name,
                                           role=TEAM_ROLES[e.team_role]).strip()) for e in people)
    return form


def lineup_page(entrant: Entrant) -> dict[str, Any]:
    """Whose page it is, and why nothing can be changed."""
    refusal = service.lineup_refusal(entrant)
    return {"entrant": entrant, "name": name_of(entrant), "refusal": refusal.message if refusal else ""}
