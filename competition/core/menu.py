"""The side menu and the bottom bar: each feature names its pages, the reader's rights choose among them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from flask import Flask, current_app, request, url_for
from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext

from competition.core.access import NO_SCOPE, Scope, current_actor, may, may_open, table


@dataclass(frozen=True)
class MenuItem:
    """A page in the menu. ``group``: contest (its endpoint takes ``contest_id``), office, system.

    ``act`` decides who sees it; items stand in the order of ``order``. ``anywhere``: a page that shows
    each reader the own part (a clerk the own union's people), so a role held in any scope opens it. ``whole``: a
    page about all of a contest, which a role for one of its events does not open. ``scope``: of an office page that
    is about one thing, which a role held elsewhere does not open. ``pages``: endpoints that
    belong to it, though their addresses lie elsewhere.
    """

    group: str
    label: Any
    endpoint: str
    act: str
    order: int
    values: dict[str, Any] = field(default_factory=dict)
    anywhere: bool = False
    whole: bool = False
    scope: Callable[[], Scope] | None = None
    pages: tuple[str, ...] = ()


TITLES = {"contest": _("本项赛事"), "office": _("日常办理"), "system": _("系统")}
TABS = (
    (lazy_pgettext("plural", "赛事"), "contests.index"), (_("我的报名"), "home.my_entries"), (_("我的成绩"), "home.my_results"),
    (_("我的证书"), "home.my_certificates"),
)


def init_menu(app: Flask, items: list[MenuItem]) -> None:
    """Join the features' items and let templates ask for them."""
    app.extensions["menu"] = sorted(items, key=lambda i: i.order)
    app.jinja_env.globals.update(side_menu=side_menu, bottom_bar=bottom_bar, may=may, may_open=may_open)


def side_menu(
    contest_id: UUID | None = None, scope: Scope = NO_SCOPE, events: Scope = NO_SCOPE, *, only: str | None = None
) -> list[dict[str, Any]]:
    """Groups of links that the reader may follow: title, items (label, href, active: page, true, or nothing).

    ``events``: those of the contest; ``only``: one group.
    """
    actor = current_actor()
    groups: dict[str, list[dict[str, Any]]] = {}
    for item in (item for item in current_app.extensions["menu"] if only in (None, item.group)):
        if item.group == "contest":
            within = scope if item.whole else scope | events
            if contest_id is None or not (may(actor, item.act, within) or (item.anywhere and _holds(item.act))):
                continue
            values = {"contest_id": contest_id, **item.values}
        else:
            if not (may(actor, item.act, item.scope()) if item.scope else _holds(item.act)):
                continue
            values = item.values
        link = {"label": item.label, "href": url_for(item.endpoint, **values), "active": "true" if request.endpoint in item.pages else ""}
        groups.setdefault(item.group, []).append(link)
    _mark([link for links in groups.values() for link in links])
    return [{"title": TITLES[g], "items": groups[g]} for g in ("contest", "office", "system") if g in groups]


def _mark(links: list[dict[str, Any]]) -> None:
    """The item of this page is the ``page``; below it, the item whose address leads here is still where one is."""
    if any(link["active"] for link in links):
        return
    below = [link for link in links if f"{request.path}/".startswith(f"{link['href'].partition('?')[0].rstrip('/')}/")]
    if below:
        best = max(below, key=lambda link: len(link["href"]))
        best["active"] = "page" if request.path == best["href"].partition("?")[0] else "true"


def _holds(act: str) -> bool:
    wanted = table(current_app)[act]
    return wanted.who != "roles" or current_actor().holds(*wanted.roles)


def bottom_bar() -> list[dict[str, Any]]:
    """The four places of a contestant."""
    return [
        {"label": label, "href": url_for(endpoint), "active": request.endpoint == endpoint}
        for label, endpoint in TABS if endpoint in current_app.view_functions
    ]
