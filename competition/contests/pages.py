"""What the views of this room share: the blueprint, the guards, the choices of forms."""

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext
from werkzeug.wrappers import Response

from competition.contests import hooks, queries
from competition.contests.forms import ContestForm
from competition.contests.models import Contest
from competition.contests.queries import find_rulebook
from competition.contests.service import missing_of
from competition.core.access import check, current_actor, may
from competition.core.errors import NotFound, RuleBroken
from competition.organisations.queries import list_regions
from competition.organisations.rules import HOME_PROVINCE

blueprint = Blueprint("contests", __name__)
Answer = Response | str | tuple[str, int]

# The way of a new contest, page by page; each page keeps what it has, so one may go on another day.
STEPS = (
    ("contests.edit", _("基本信息")), ("contests.bodies", _("组织单位")), ("contests.rulebook", _("评分规则")),
    ("contests.events", lazy_pgettext("plural", "项目")), ("contests.notices", _("通知")), ("contests.overview", _("核对公布")),
)


# What is not changed here in a contest that a room above declares and conducts.
CHANGING = ("contests.edit", "contests.rulebook", "contests.notice")


@blueprint.app_template_global()
def draft_done(contest: Contest | None) -> list[int]:
    """The steps (their places in STEPS) of a contest in preparation that hold what they should."""
    if contest is None:
        return []
    lacking = {lack.endpoint for lack in missing_of(contest)}
    with_rules = lacking if find_rulebook(contest.id) else lacking | {"contests.rulebook"}
    return [place for place, (endpoint, _label) in enumerate(STEPS[:-1]) if endpoint not in with_rules]


def load_contest(contest_id: uuid.UUID, act: str) -> Contest:
    """The contest, for who may look at it (else 404) and do ``act`` on it (else 403)."""
    contest = queries.get_contest(contest_id)
    scope = queries.contest_scope(contest)
    actor = current_actor()
    if not may(actor, "contests.look", scope | {("event", event.id) for event in contest.events}):
        raise NotFound(str(_("没有找到这项赛事，它可能已被移走，或您无权查看。")))
    if act != "contests.look":
        check(actor, act, scope)
    if act in CHANGING and hooks.is_kept_elsewhere(contest_id):
        raise RuleBroken(_("这是申报的竞赛活动，请在“竞赛活动”中修改。"), code="kept_elsewhere")
    return contest


def may_on(contest: Contest, *acts: str) -> dict[str, bool]:
    """Which acts the reader may do here: for the buttons of a page."""
    scope, elsewhere = queries.contest_scope(contest), hooks.is_kept_elsewhere(contest.id)
    return {act.partition(".")[2]: may(current_actor(), act, scope) and not (elsewhere and act in CHANGING) for act in acts}


def offer_choices(form: ContestForm) -> ContestForm:
    """Fill the choices of a contest's form."""
    form.offer(unions=union_choices(), regions=region_choices(),
               series=[(str(s.id), s.name) for s in queries.list_series(current_actor(), "contests.create")])
    return form


def union_choices() -> list[tuple[str, str]]:
    """The unions for which the reader may make contests."""
    return [(str(u.id), u.name) for u in queries.list_hosts(current_actor(), "contests.create")]


def region_choices() -> list[tuple[str, str]]:
    """Provinces, prefectures and counties, those of the home province first; a county with its prefecture before it."""
    regions = sorted(list_regions(), key=lambda region: not region.code.startswith(HOME_PROVINCE[:2]))
    names = {region.code: region.name for region in regions}
    return [
        (r.code, f"{names.get(r.parent_code or '', '')} {r.name}".strip() if r.level == "county" else r.name) for r in regions
    ]


def go_on(contest: Contest, here: str, message: Any) -> Response:
    """After saving: the next step when that was asked for, else the same page."""
    flash(message, "success")
    names = [endpoint for endpoint, _label in STEPS]
    target = names[names.index(here) + 1] if "next" in request.form else here
    return redirect(url_for(target, contest_id=contest.id), 303)
