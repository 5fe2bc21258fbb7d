"""Staff pages: teams with their people, delegations, and what is asked of those who enter."""

import uuid

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from competition.contests.models import Contest
from competition.core.access import act, current_actor
from competition.core.clock import now
from competition.core.errors import Forbidden, NotFound
from competition.core.forms import choices as options
from competition.core.forms import done_or_told, tried, try_verb
from competition.registration import choices, forms, queries, queries_lists, queries_teams, rules, service
from competition.registration.models import Team
from competition.registration.pages import (
    Answer,
    blueprint,
    load_contest,
    load_entry,
    load_office,
    load_reach,
    load_team,
    page,
    uuid_arg,
)

# ---- teams -----------------------------------------------------------------------------------


@blueprint.get("/manage/contests/<uuid:contest_id>/registration/teams")
@act("registration.teams")
def teams(contest_id: uuid.UUID) -> str:
    """The teams that the reader sees."""
    contest, actor = load_contest(contest_id), current_actor()
    found = queries_teams.team_page(contest, actor, request.args.get("q", "").strip(), uuid_arg("delegation"),
                                    request.args.get("page", 1, type=int), leaderless=request.args.get("leader") == "none")
    reach = queries_lists.reach(contest, actor)
    return page("teams", contest=contest, found=found, delegations=queries_teams.delegations(contest.id),
                may_create=reach.anyone or bool(reach.unions), team_events=any(e.entrant_kind == "team" for e in contest.events))


@blueprint.route("/manage/contests/<uuid:contest_id>/registration/teams/new", methods=["GET", "POST"])
@act("registration.edit_team")
def new_team(contest_id: uuid.UUID) -> Answer:
    """A new team."""
    return _team_form(load_contest(contest_id), None)


@blueprint.route("/manage/contests/<uuid:contest_id>/registration/teams/<uuid:team_id>/edit", methods=["GET", "POST"])
@act("registration.edit_team")
def edit_team(contest_id: uuid.UUID, team_id: uuid.UUID) -> Answer:
    """Another name, leader, coach, union, other team events."""
    contest, team = load_team(contest_id, team_id)
    return _team_form(contest, team)


def _team_form(contest: Contest, team: Team | None) -> Answer:
    reach = load_reach(contest, current_actor())
    if not reach.anyone and (not reach.unions or (team is not None and team.union_id not in reach.unions)):
        raise Forbidden(_("代表队由派出工会或组委会办公室组建和修改；领队可以编入、移出队员。"))
    form = forms.TeamForm(data=_team_values(team)) if team and request.method == "GET" else forms.TeamForm()
    events = queries.events_of(contest.id)
    choices.set_team_choices(form, contest, events, reach)
    if form.validate_on_submit():
        data, actor, at = form.to_data(), current_actor(), now()
        done = try_verb(form, lambda: service.change_team(team.id, data, actor=actor, at=at) if team
                        else service.create_team(contest.id, data, actor=actor, at=at))
        if done:
            flash(_("已保存“%(name)s”。", name=done.name), "success")
            return redirect(url_for(".team", contest_id=contest.id, team_id=done.id), 303)
    answer = page("team_form", contest=contest, team=team, form=form, events=[e for e in events if e.entrant_kind == "team"])
    return (answer, form.status) if form.errors else answer


def _team_values(team: Team) -> dict[str, object]:
    return {
        "name": team.name, "union_id": str(team.union_id), "leader_id": str(team.leader_id or ""), "leader_name": team.leader_name,
        "coach_name": team.coach_name, "events": [str(e.id) for e in queries_teams.team_events(team.id)],
    }


@blueprint.get("/manage/contests/<uuid:contest_id>/registration/teams/<uuid:team_id>")
@act("registration.teams")
def team(contest_id: uuid.UUID, team_id: uuid.UUID) -> Answer:
    """A team with its people."""
    contest, found = load_team(contest_id, team_id)
    return _team_page(contest, found, forms.MemberForm(), forms.WithdrawForm(None))


def _team_page(contest: Contest, found: Team, form: forms.MemberForm, leaving: forms.WithdrawForm) -> Answer:
    actor = current_actor()
    reach = queries_lists.reach(contest, actor)
    planning = rules.is_planning(contest.phase, contest.condition)
    candidates = queries_teams.without_team(contest, actor)
    form.entry_id.choices = options(((e.id, f"{e.name} · {e.employer}") for e in candidates), empty=_("请选择"))
    answer = page(
        "team", contest=contest, team=found, form=form, leaving=leaving, events=queries_teams.team_events(found.id),
        may_edit=planning and (reach.anyone or found.union_id in reach.unions),
        may_fill=planning and reach.covers(found.union_id, found.id), planning=planning, size=_size(contest),
        members=queries_teams.members(found), candidates=candidates,
    )
    status = max(form.status if form.errors else 200, leaving.status if leaving.errors else 200)
    return (answer, status)


def _size(contest: Contest) -> str:
    limits = queries.condition_of(contest.id)
    return rules.size_words(limits.team_least, limits.team_most) if limits else ""


@blueprint.post("/manage/contests/<uuid:contest_id>/registration/teams/<uuid:team_id>/members")
@act("registration.edit_team")
def add_member(contest_id: uuid.UUID, team_id: uuid.UUID) -> Answer:
    """Somebody who is entered joins the team."""
    contest, found = _fillable(contest_id, team_id)
    form = forms.MemberForm()
    candidates = queries_teams.without_team(contest, current_actor())
    form.entry_id.choices = options((e.id, e.name) for e in candidates)
    if form.validate():
        done = try_verb(form, lambda: service.put_in_team(
            uuid.UUID(form.entry_id.data), found.id, form.role.data, actor=current_actor(), at=now()))
        if done:
            flash(_("%(name)s 已编入“%(team)s”。", name=done.name, team=found.name), "success")
            return redirect(url_for(".team", contest_id=contest.id, team_id=found.id), 303)
    return _team_page(contest, queries_teams.get_team(contest, team_id, current_actor()), form, forms.WithdrawForm(None))


def _fillable(contest_id: uuid.UUID, team_id: uuid.UUID) -> tuple[Contest, Team]:
    contest, found = load_team(contest_id, team_id)
    if not queries_lists.reach(contest, current_actor()).covers(found.union_id, found.id):
        raise Forbidden(_("您不能调整这支代表队的队员。"))
    return contest, found


@blueprint.post("/manage/contests/<uuid:contest_id>/registration/teams/<uuid:team_id>/members/<uuid:entry_id>")
@act("registration.edit_team")
def change_member(contest_id: uuid.UUID, team_id: uuid.UUID, entry_id: uuid.UUID) -> Response:
    """Member to reserve and back, or out of the team."""
    _contest, found = _fillable(contest_id, team_id)
    entry = load_entry(contest_id, entry_id)
    if entry.team_id != found.id:
        raise NotFound(queries.NOT_FOUND)
    role = request.form.get("role", "")
    if done_or_told(lambda: service.put_in_team(
            entry.id, None if role == "out" else found.id, role, actor=current_actor(), at=now())):
        flash(_("已调整 %(name)s。", name=entry.name), "success")
    return redirect(url_for(".team", contest_id=contest_id, team_id=team_id), 303)


@blueprint.post("/manage/contests/<uuid:contest_id>/registration/teams/<uuid:team_id>/withdraw")
@act("registration.edit_team")
def withdraw_team(contest_id: uuid.UUID, team_id: uuid.UUID) -> Answer:
    """A team leaves the contest."""
    contest, found = load_team(contest_id, team_id)
    reach = queries_lists.reach(contest, current_actor())
    if not reach.anyone and found.union_id not in reach.unions:
        raise Forbidden(_("代表队由派出工会或组委会办公室办理退出。"))
    form = forms.WithdrawForm()
    if form.validate() and tried(form, lambda: service.withdraw_team(
            found.id, form.reason.data or "", actor=current_actor(), at=now())):
        flash(_("“%(name)s”已退出。", name=found.name), "success")
        return redirect(url_for(".teams", contest_id=contest.id), 303)
    return _team_page(contest, queries_teams.get_team(contest, team_id, current_actor()), forms.MemberForm(None), form)


# ---- delegations -----------------------------------------------------------------------------


@blueprint.get("/manage/contests/<uuid:contest_id>/registration/delegations")
@act("registration.delegations")
def delegations(contest_id: uuid.UUID) -> Answer:
    """The delegations, and how many each sends."""
    return _delegations_page(load_office(contest_id, "registration.delegations"), forms.DelegationForm())


def _delegations_page(contest: Contest, form: forms.DelegationForm) -> Answer:
    form.union_id.choices = choices.grouped(choices.union_groups(_("请选择")))
    answer = page("delegations", contest=contest, form=form, rows=queries_teams.delegations(contest.id),
                  counts=queries_teams.delegation_counts(contest.id))
    return (answer, form.status) if form.errors else answer


@blueprint.post("/manage/contests/<uuid:contest_id>/registration/delegations")
@act("registration.delegations")
def add_delegation(contest_id: uuid.UUID) -> Answer:
    """One more delegation, or one for each union of a level."""
    contest = load_office(contest_id, "registration.delegations")
    here = url_for(".delegations", contest_id=contest.id)
    if request.form.get("level") in ("province", "prefecture", "county"):
        added = service.add_delegations(contest.id, request.form["level"], actor=current_actor(), at=now())
        flash(_("已新增 %(n)s 个代表团。", n=len(added)) if added else _("这一级的工会都已有代表团。"), "success" if added else "info")
        return redirect(here, 303)
    form = forms.DelegationForm()
    form.union_id.choices = choices.grouped(choices.union_groups(_("请选择")))
    if form.validate():
        done = try_verb(form, lambda: service.add_delegation(
            contest.id, uuid.UUID(form.union_id.data), form.name.data or "", actor=current_actor(), at=now()))
        if done:
            flash(_("已新增“%(name)s”。", name=done.name), "success")
            return redirect(here, 303)
    return _delegations_page(contest, form)


@blueprint.route("/manage/contests/<uuid:contest_id>/registration/delegations/<uuid:delegation_id>", methods=["GET", "POST"])
@act("registration.delegations")
def edit_delegation(contest_id: uuid.UUID, delegation_id: uuid.UUID) -> Answer:
    """Change or remove a delegation."""
    contest = load_office(contest_id, "registration.delegations")
    found = queries_teams.get_delegation(contest.id, delegation_id)
    form = forms.DelegationChangeForm(data={"name": found.name, "position": found.position})
    if form.validate_on_submit():
        done = try_verb(form, lambda: service.change_delegation(
            found.id, name=form.name.data or "", position=form.position.data or 1, contest_id=contest.id,
            actor=current_actor(), at=now()))
        if done:
            flash(_("已保存“%(name)s”。", name=done.name), "success")
            return redirect(url_for(".delegations", contest_id=contest.id), 303)
    answer = page("delegation", contest=contest, delegation=found, form=form,
                  counts=queries_teams.delegation_counts(contest.id).get(found.id, (0, 0, 0)))
    return (answer, form.status) if form.errors else answer


@blueprint.post("/manage/contests/<uuid:contest_id>/registration/delegations/<uuid:delegation_id>/remove")
@act("registration.delegations")
def remove_delegation(contest_id: uuid.UUID, delegation_id: uuid.UUID) -> Response:
    """Take away a delegation to which nobody belongs."""
    contest = load_office(contest_id, "registration.delegations")
    found = queries_teams.get_delegation(contest.id, delegation_id)
    if not done_or_told(lambda: service.remove_delegation(found.id, contest_id=contest.id, actor=current_actor(), at=now())):
        return redirect(url_for(".edit_delegation", contest_id=contest.id, delegation_id=delegation_id), 303)
    flash(_("代表团已移除。"), "success")
    return redirect(url_for(".delegations", contest_id=contest.id), 303)


# ---- conditions ------------------------------------------------------------------------------


@blueprint.route("/manage/contests/<uuid:contest_id>/registration/conditions", methods=["GET", "POST"])
@act("registration.conditions")
def conditions(contest_id: uuid.UUID) -> Answer:
    """What is asked of those who enter."""
    contest = load_office(contest_id, "registration.conditions")
    known = queries.condition_of(contest.id)
    form = forms.ConditionForm(obj=known)
    if form.validate_on_submit():
        done = try_verb(form, lambda: service.set_conditions(contest.id, form.to_values(), actor=current_actor(), at=now()))
        if done:
            flash(_("报名条件已保存，对此后提交的报名生效。"), "success")
            return redirect(url_for(".conditions", contest_id=contest.id), 303)
    elif known is not None and request.method == "GET":
        form.skill_at_least.data = "" if known.skill_at_least is None else str(known.skill_at_least)
    answer = page("conditions", contest=contest, form=form)
    return (answer, form.status) if form.errors else answer
