"""What stands round every page: the brand, the reader's account, languages, tabs, the side menu."""

from typing import Any
from uuid import UUID

from flask import Flask, current_app, request, url_for
from flask_babel import gettext as _

from competition.accounts.access import ROLES
from competition.contests.models import Contest
from competition.contests.queries import contest_scope
from competition.core.access import Scope, current_actor, may
from competition.core.actors import Actor
from competition.core.clock import now
from competition.core.config import Settings
from competition.core.database import db
from competition.core.formats import joined
from competition.core.languages import offered, speaking
from competition.core.menu import bottom_bar, side_menu
from competition.core.templating import page_lang
from competition.home.access import STAFF
from competition.home.decisions import waiting_for
from competition.home.guides import guide_href
from competition.notices.queries import count_unread
from competition.organisations.queries import root_name


def init_frame(app: Flask) -> None:
    """Let every page ask for its frame."""
    app.context_processor(page_frame)


def page_frame() -> dict[str, Any]:
    """The variables that the layouts read."""
    actor = current_actor()
    return {
        "site_name": _("劳动和技能竞赛"),
        "site_home": "/",
        "site_owner": site_owner(),
        "demo_home": demo_home(),
        "account": account_of(actor),
        "languages": language_switch(),
        "tabs": bottom_bar(),
        "staff_frame": staff_frame,
        "contest_home": contest_home,
        "is_staff": actor.holds(*STAFF),
        "guide_href": guide_href(held.role for held in actor.held),
        "endpoints": current_app.view_functions,
    }


def site_owner() -> str:
    """The union at the root of the tree; asked once per process."""
    if not current_app.extensions.get("site_owner"):
        current_app.extensions["site_owner"] = root_name()
    owner: str | None = current_app.extensions["site_owner"]
    return owner or ""


def demo_home() -> str | None:
    """Where a visitor of the demonstration chooses another role."""
    settings: Settings = current_app.extensions["settings"]
    found = [e for e in ("demo.index", "demo.start", "demo.home") if e in current_app.view_functions]
    return url_for(found[0]) if settings.demo and found else None


def account_of(actor: Actor) -> dict[str, Any]:
    """Name, role and links of whoever is signed in; else where to sign in."""
    if actor.kind != "account" or actor.id is None:
        return {"sign_in_href": url_for("accounts.sign_in", next=here())}
    unread = count_unread(actor.id)
    links = [{"label": _("工作台"), "href": url_for("home.desk")}] if actor.holds(*STAFF) else []
    label = _("消息（%(n)s 条未读）", n=unread) if unread else _("消息")
    links.append({"label": label, "href": url_for("notices.messages")})
    roles = list(dict.fromkeys(str(ROLES.get(h.role, h.role)) for h in actor.held))
    return {"name": actor.name, "role": joined(roles), "href": url_for("accounts.own"), "links": links,
            "sign_out_href": url_for("accounts.sign_out"), "unread": unread}


def here() -> str | None:
    """This page's address, to come back to; None where there is nothing to come back to."""
    coming_back = request.method == "GET" and request.endpoint not in (None, "accounts.sign_in", "home.start")
    return request.full_path.rstrip("?") if coming_back else None


def language_switch() -> dict[str, Any] | None:
    """The other languages, and where to come back to; on a page that answers a form, whose content a switch would lose, that
    there is none here: under each language's own name, said in that language to whoever opens it."""
    others = [each for each in offered() if each.lang != page_lang()]
    if not others:
        return None
    if request.method != "GET":
        return {"paused": [(each.lang, each.label, _paused_words(each.code)) for each in others]}
    return {"action": url_for("accounts.language"), "back": request.full_path.rstrip("?"), "others": others,
            "signed_in": current_actor().kind == "account"}


def _paused_words(code: str) -> str:
    with speaking(code):
        return str(_("这一页是对表单的答复，不能换语言：请先提交或返回上一页。"))


def staff_frame(contest: Contest | None = None) -> dict[str, Any]:
    """The side menu, the contest it belongs to (the page's own, else the one in the address), and what waits for the reader."""
    found, waiting = contest or _contest_of_address(), len(waiting_for(current_actor(), now()))
    nav = side_menu() if found is None else own_menu(found)
    inbox = url_for("home.approval_list")
    for item in (item for group in nav for item in group["items"] if item["href"] == inbox):
        item["count"] = waiting
    place = {"label": found.name, "href": contest_home(found)} if found else None
    return {"nav": nav, "nav_contest": place, "waiting": {"count": waiting, "href": inbox}}


def _contest_of_address() -> Contest | None:
    contest_id = (request.view_args or {}).get("contest_id")
    return db.session.get(Contest, contest_id) if isinstance(contest_id, UUID) else None


def own_menu(contest: Contest) -> list[dict[str, Any]]:
    """The pages of a contest that the reader may open: for all of it, or for the events the reader has a role for."""
    return side_menu(contest.id, contest_scope(contest), events_of(contest))


def events_of(contest: Contest) -> Scope:
    """The contest's events as scopes."""
    return frozenset(("event", event.id) for event in contest.events)


def contest_home(contest: Contest, scope: Scope | None = None) -> str:
    """Where the reader works on a contest: its home, else the first of the own pages, else what is public. ``scope``: the
    contest's, if it has been read."""
    scope = scope or contest_scope(contest)
    if may(current_actor(), "contests.look", scope | events_of(contest)):
        return url_for("home.contest", contest_id=contest.id)
    own = side_menu(contest.id, scope, events_of(contest), only="contest")
    return str(own[0]["items"][0]["href"]) if own else url_for("contests.show", contest_id=contest.id)
