"""What can be chosen in the forms: regions, unions, events, teams. Grouped, so that they work without scripts."""

import uuid
from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from wtforms import SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from competition.accounts.models import Account, Grant
from competition.contests.models import Contest, Event
from competition.core.clock import now
from competition.core.database import db
from competition.core.formats import joined
from competition.core.forms import choices
from competition.organisations.models import Region, Union
from competition.organisations.queries import list_regions, list_unions
from competition.registration import queries_lists, queries_teams
from competition.registration.forms import EventsForm, StaffEntryForm, TeamForm, WorkForm
from competition.registration.queries import is_place

Groups = dict[str, list[tuple[str, str]]]


def grouped(groups: Groups) -> list[SelectChoice]:
    """Choices under their groups; those of the group without a name stand alone."""
    return [one for group, pairs in groups.items() for one in choices(pairs, group=group or None)]


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
        return str(_("产业工会"))
    if union.level in ("national", "province"):
        return str(_("省级工会"))
    above = names.get(union.parent_id) if union.level == "county" and union.parent_id else None
    return (above or union).name


def set_work_choices(form: WorkForm) -> None:
    """Regions and unions for the work step."""
    form.region_code.choices = grouped(region_groups())
    form.union_id.choices = grouped(union_groups(_("按工作地区自动对应")))


def set_event_choices(
    form: EventsForm, contest: Contest, events: Iterable[Event], only: Iterable[uuid.UUID] | None = None
) -> None:
    """Events for persons that can be chosen, and teams that take members (``only`` these, for a leader)."""
    form.events.choices = choices((e.id, e.name) for e in events if e.entrant_kind == "person" and not e.is_compulsory)
    groups: Groups = {"": [("", _("不编入代表队"))]} if only is None else {}
    for team in queries_teams.open_teams(contest.id):
        if only is not None and team.id not in only:
            continue
        groups.setdefault(team.delegation.name if team.delegation else _("其他代表队"), []).append((str(team.id), team.name))
    form.team_id.choices = grouped(groups)


def set_staff_choices(form: StaffEntryForm, contest: Contest, events: Iterable[Event], reach: queries_lists.Reach) -> None:
    """The same for the clerk's page: only unions and teams within reach."""
    set_work_choices(form)
    leader_only = not reach.anyone and not reach.unions
    set_event_choices(form, contest, events, reach.teams if leader_only else None)
    if not reach.anyone and reach.unions:
        form.union_id.choices = grouped(union_groups(_("按工作地区自动对应"), reach.unions))


def set_team_choices(form: TeamForm, contest: Contest, events: Iterable[Event], reach: queries_lists.Reach) -> None:
    """Unions within reach, accounts that lead teams of this contest, events for teams."""
    form.union_id.choices = grouped(union_groups(_("请选择"), None if reach.anyone else reach.unions))
    leaders = select(Account.id, Account.display_name).join(Grant, Grant.account_id == Account.id).where(
        Grant.role == "team_leader", Grant.scope_kind == "contest", Grant.scope_id == contest.id, Grant.in_force(now()))
    form.leader_id.choices = choices(db.session.execute(leaders.distinct()), empty=_("没有账号，由工会代办"))
    form.events.choices = choices((e.id, e.name) for e in events if e.entrant_kind == "team")


def label_of(field: SelectField | SelectMultipleField) -> str:
    """The words of what is chosen, for a preview."""
    wanted = set(field.data if isinstance(field.data, list) else [field.data])
    known: Any = field.choices
    return joined(choice.label for choice in known if choice.value in wanted)
