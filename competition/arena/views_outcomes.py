"""Rulings and their history. No batch, no station, no code: the chief judge works here."""

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from competition.arena import queries, queries_day, rules, service
from competition.arena.entrants import called, delegation_of, members_of, name_of, team_of
from competition.arena.forms import OutcomeForm
from competition.arena.pages import Answer, blueprint, load_contest, load_entrant, may_on, round_scope
from competition.core.access import act, current_actor, may
from competition.core.clock import now
from competition.core.formats import joined
from competition.core.forms import try_verb
from competition.core.paging import paginate
from competition.registration.models import Entrant

BASE = "/manage/contests/<uuid:contest_id>/arena"
NAMING = {"called": called, "name_of": name_of, "team_of": team_of, "delegation_of": delegation_of}


@blueprint.get(f"{BASE}/outcomes")
@act("arena.see_outcomes")
def outcomes(contest_id: uuid.UUID) -> Answer:
    """Entrants with what holds about them."""
    contest, args = load_contest(contest_id, "arena.see_outcomes"), request.args
    events = [e for e in contest.events if may(current_actor(), "arena.see_outcomes", round_scope(contest, e.id))]
    chosen = [e.id for e in events if args.get("event") in (None, "", e.key)]
    query = queries_day.outcome_list(contest, chosen, state=args.get("state", ""), text=args.get("q", ""))
    page = paginate(query, args.get("page", 1, type=int))
    return render_template("arena/outcomes.html", contest=contest, event_choices=[(e.key, e.name) for e in events], page=page,
                           held=queries_day.held_of(page.items), **NAMING)


@blueprint.get(f"{BASE}/entrants/<uuid:entrant_id>")
@act("arena.see_outcomes")
def entrant(contest_id: uuid.UUID, entrant_id: uuid.UUID) -> Answer:
    """One entrant: everything recorded, and what may be recorded next."""
    _contest, found = load_entrant(contest_id, entrant_id, "arena.see_outcomes")
    return render_template("arena/entrant.html", **entrant_page(found, offer(found, OutcomeForm(formdata=None))))


@blueprint.post(f"{BASE}/entrants/<uuid:entrant_id>")
@act("arena.record_outcome")
def rule(contest_id: uuid.UUID, entrant_id: uuid.UUID) -> Answer:
    """Record a ruling or lift one."""
    contest, found = load_entrant(contest_id, entrant_id, "arena.record_outcome")
    form = offer(found, OutcomeForm())
    done = form.validate_on_submit() and try_verb(form, lambda: service.record_outcome(
        found.id, form.kind.data, form.reason.data or "", actor=current_actor(), at=now()))
    if not done:
        return render_template("arena/entrant.html", **entrant_page(found, form)), form.status
    flash(_("已记为“%(word)s”，并通知本人和领队。", word=rules.WORDS[done.kind]), "success")
    return redirect(url_for("arena.entrant", contest_id=contest.id, entrant_id=found.id), 303)


def offer(entrant: Entrant, form: OutcomeForm) -> OutcomeForm:
    """The choices that may follow: rulings, and what a ruling is lifted to."""
    facts = queries.facts_of(entrant.id)
    state = rules.state_of(facts)
    kinds = sorted(rules.may_follow(state) & rules.RULINGS)
    form.kind.choices = [(kind, rules.WORDS[kind]) for kind in kinds]
    if state in rules.RULINGS:
        back = rules.lifted_to(facts)
        form.kind.choices.append((back, _("撤销“%(now)s”，恢复为“%(then)s”", now=rules.WORDS[state], then=rules.WORDS[back])))
    return form


def entrant_page(found: Entrant, form: OutcomeForm) -> dict[str, Any]:
    """What the page of one entrant shows."""
    whole = queries_day.get_whole_entrant(found.id)
    facts = queries.facts_of(found.id)
    return {
        "contest": whole.event.contest, "entrant": whole, "facts_newest": list(reversed(facts)), "state": rules.state_of(facts),
        "form": form, "words": rules.WORDS, "present": rules.was_present(facts),
        "lineup": joined(f"{e.number or ''} {e.name}".strip() for e in members_of(whole)),
        "may": may_on(whole.event.contest, whole.event_id, "arena.record_outcome", "arena.set_lineup"), **NAMING,
    }
