"""What can be chosen in the forms: regions, unions, events, teams. Grouped, so that they work without scripts."""

import uuid
from collections.abc import Iterable

from flask_babel import gettext as _
from sqlalchemy import select

from competition.accounts.models import Account, Grant
from competition.contests.models import Contest, Event
from competition.core.database import db
from competition.organisations.models import Region, Union
from competition.organisations.queries import list_regions, list_unions
from competition.registration import queries_lists
from competition.registration.forms import EventsForm, PersonForm, StaffEntryForm, TeamForm, WorkForm
from competition.registration.queries import is_place

Groups = dict[str, list[tuple[str, str]]]


def region_groups() -> Groups:
    """Prefectures with their counties, then the places outside the province."""
    regions = {r.code: r for r in list_regions()}
    groups: Groups = {"": [("", _("请选择"))]}
    elsewhere: list[tuple[str, str]] = []
    for region in regions.values():
        if not is_place(region, regions):
            continue
        if region.level == "province":
            elsewhere.append((region.code, region.name))
        elif region.level == "prefecture":
            groups.setdefault(region.name, []).insert(0, (region.code, _("%(name)s（本级或不清楚县区）", name=region.name)))
        else:
            above: Region | None = regions.get(region.parent_code or "")
            groups.setdefault(above.name if above else "", []).append((region.code, region.name))
    return {**groups, _("省外"): elsewhere} if elsewhere else groups


def union_groups(first: str, only: Iterable[uuid.UUID] | None = None) -> Groups:
    """Unions by the prefecture above them; ``first`` is the words for none chosen."""
    allowed = None if only is None else set(only)
    unions = [u for u in list_unions() if u.level != "grassroots" and (allowed is None or u.id in allowed)]
    names = {u.id: u for u in unions}
    groups: Groups = {"": [("", first)]}
    for union in unions:
        groups.setdefault(_group(union, names), []).append((str(union.id), union.name))
    return groups


def _group(union: Union, names: dict[uuid.UUID, Union]) -> str:
    if union.branch != "region":
        return _("产业工会")
    if union.level in ("national", "province"):
        return _("省级工会")
    above = names.get(union.parent_id) if union.level == "county" and union.parent_id else None
    return (above or union).name


def set_work_choices(form: WorkForm) -> None:
    """Regions and unions for the work step."""
    form.region_code.choices = region_groups()
    form.union_id.choices = union_groups(_("按工作地区自动对应"))


def set_event_choices(form: EventsForm, contest: Contest, events: Iterable[Event]) -> None:
    """Events for persons that can be chosen, and teams that take members."""
    form.events.choices = [(str(e.id), e.name) for e in events if e.entrant_kind == "person" and not e.is_compulsory]
    groups: Groups = {"": [("", _("不编入代表队"))]}
    for team in queries_lists.open_teams(contest.id):
        groups.setdefault(team.delegation.name if team.delegation else _("其他代表队"), []).append((str(team.id), team.name))
    form.team_id.choices = groups


def set_person_known(form: PersonForm, known: bool) -> None:
    """A correction: the number is on record and may stay empty."""
    form.known = known


def set_staff_choices(form: StaffEntryForm, contest: Contest, events: Iterable[Event], reach: queries_lists.Reach) -> None:
    """The same for the clerk's page: only unions and teams within reach."""
    set_work_choices(form)
    set_event_choices(form, contest, events)
    if not reach.anyone:
        form.union_id.choices = union_groups(_("按工作地区自动对应"), reach.unions)
        if not reach.unions:
            own = {str(t) for t in reach.teams}
            form.team_id.choices = {g: [c for c in cs if c[0] in own] for g, cs in form.team_id.choices.items()
                                    if any(c[0] in own for c in cs)}


def set_team_choices(form: TeamForm, contest: Contest, events: Iterable[Event], reach: queries_lists.Reach) -> None:
    """Unions within reach, accounts that lead teams of this contest, events for teams."""
    form.union_id.choices = union_groups(_("请选择"), None if reach.anyone else reach.unions)
    leaders = select(Account.id, Account.display_name).join(Grant, Grant.account_id == Account.id).where(
        Grant.role == "team_leader", Grant.scope_kind == "contest", Grant.scope_id == contest.id, Grant.valid_to.is_(None))
    form.leader_id.choices = [("", _("没有账号，由工会代办")), *((str(i), name) for i, name in db.session.execute(leaders.distinct()))]
    form.events.choices = [(str(e.id), e.name) for e in events if e.entrant_kind == "team"]
