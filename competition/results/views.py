"""Pages of staff: how far everything is, the rankings, each line explained."""

import uuid

from flask import render_template
from flask_babel import gettext as _

from competition.contests import rules_explain
from competition.contests.queries import find_rulebook
from competition.core.access import act
from competition.core.approvals import open_request
from competition.core.errors import NotFound
from competition.results import progress, queries, rules, service
from competition.results.pages import BASE, Answer, blueprint, common, is_whole, load_contest, load_ranking, may_on, shown_figures
from competition.results.service_publish import CORRECT, PUBLISH
from competition.results.standing import Computed


@blueprint.get(BASE)
@act("results.look")
def overview(contest_id: uuid.UUID) -> Answer:
    """The steps, what is missing, the rankings, what is published."""
    contest = load_contest(contest_id, "results.look")
    if find_rulebook(contest_id) is None:
        return render_template("results/without_rules.html", contest=contest)
    computed = shown_figures(contest)
    sums, published = service.sum_states(computed), queries.current_publications(contest_id)
    waiting = (open_request(PUBLISH, contest_id) or open_request(CORRECT, contest_id)) if is_whole(contest) else None
    return render_template(
        "results/overview.html", **common(contest, computed.wording), computed=computed, published=published,
        steps=progress.steps(computed, sums, published), sums=[s for s in sums if s.needs_check], sum_words=progress.sum_words,
        questions=service.questions(computed), waiting=waiting, allowed=may_on(contest, "results.ask", "results.book"),
    )


@blueprint.get(f"{BASE}/scopes/<scope>")
@act("results.look")
def ranking(contest_id: uuid.UUID, scope: str) -> Answer:
    """One ranking as it stands: by code before decoding, by name afterwards."""
    contest = load_ranking(contest_id, scope, "results.look")
    computed = shown_figures(contest)
    known = check_scope(computed, scope)
    to = computed.wording
    problems = [(computed.say(p), p.blocking) for p in computed.problems([scope])] if computed.is_shown(scope) else []
    return render_template(
        "results/ranking.html", **common(contest, to), computed=computed, scope=known, rows=computed.rows(scope),
        columns=rules.columns(computed.scopes, scope, to), problems=problems, people=computed.people, award_words=rules.award_words,
        is_blind=not all(side is not None and side.is_open for side in computed.sides_of(scope)),
    )


def check_scope(computed: Computed, scope: str) -> rules.Scope:
    """The scope of that name; raises NotFound."""
    if scope not in computed.scopes:
        raise NotFound(_("评分规则中没有这一项成绩。"))
    return computed.scopes[scope]


@blueprint.get(f"{BASE}/scopes/<scope>/<who>")
@act("results.look")
def explain(contest_id: uuid.UUID, scope: str, who: str) -> Answer:
    """How one line came about, so that it can be recomputed by hand."""
    contest = load_ranking(contest_id, scope, "results.look")
    computed = shown_figures(contest, explained=True)
    known = check_scope(computed, scope)
    lines = {name: found for name in computed.scopes for found in computed.rows(name) if found.entry == who}
    if scope not in lines:
        raise NotFound(_("这项成绩中没有这个编号。"))
    row = lines[scope]
    below = {name.partition(":")[2]: found.derivation for name, found in lines.items()}
    to = computed.wording
    return render_template(
        "results/explain.html", **common(contest, to), scope=known, row=row, label=computed.label(who), who=computed.people.get(who),
        award=rules.award_words(known.rule, row.awards, to),
        sections=rules_explain.sections(known.key, row.derivation, below, to, _names(computed) if known.kind == "team" else None),
        standing=rules_explain.standing_lines(row.standing, to), version=computed.version,
    )


def _names(computed: Computed) -> dict[str, str]:
    return {key: who.name for key, who in computed.people.items() if who.name}
