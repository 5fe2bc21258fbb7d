"""What the application needs to know of this feature: its acts, its pages, its jobs and commands."""

import uuid

from flask import Flask, url_for
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from competition.accounts import scopes
from competition.contests.models import Contest, Event
from competition.contests.queries import contest_scope
from competition.core.database import db, get
from competition.core.menu import MenuItem
from competition.home import telling as telling
from competition.home import views, views_approvals, views_contest, views_guides, views_jobs, views_rights
from competition.home.access import ACTS as ACTS
from competition.home.frame import init_frame
from competition.home.own import standing_of
from competition.home.service_rights import erase_again
from competition.notices import topics
from competition.operations import erasures
from competition.registration import hooks

MENU: list[MenuItem] = [
    MenuItem("office", _("工作台"), "home.desk", "home.desk", 10),
    MenuItem("contest", _("赛事首页"), "home.contest", "contests.look", 5),
    MenuItem("office", _("两人办理"), "home.approval_list", "home.approvals", 20),
    MenuItem("office", _("后台任务"), "home.job_list", "home.jobs", 90),
]


def init_app(app: Flask) -> None:
    """Hang the feature's pages and commands on the application."""
    app.register_blueprint(views.blueprint)
    init_frame(app)
    scopes.register(scopes.ScopeKind("contest", _("竞赛"), _contests, _contest_name))
    scopes.register(scopes.ScopeKind("event", _("项目"), _events, _event_name))
    topics.register("contest", _contest_topic)
    hooks.add(hooks.outlooks, standing_of)
    erasures.do_again(erase_again)


def _contest_topic(contest_id: uuid.UUID) -> topics.Topic:
    contest = get(Contest, contest_id)
    href = url_for("contests.show", contest_id=contest.id)
    return topics.Topic("contest", contest.id, contest.name_zh, contest_scope(contest), href, contest)


def _contests() -> list[tuple[uuid.UUID, str]]:
    return list(db.session.execute(select(Contest.id, Contest.name_zh).order_by(Contest.starts_on.desc())).all())


def _contest_name(contest_id: uuid.UUID) -> str | None:
    return db.session.scalar(select(Contest.name_zh).where(Contest.id == contest_id))


def _events() -> list[tuple[uuid.UUID, str]]:
    query = select(Event).join(Event.contest).options(joinedload(Event.contest)).order_by(Contest.starts_on.desc(), Event.position)
    return [(event.id, f"{event.contest.name_zh} · {event.name_zh}") for event in db.session.scalars(query)]


def _event_name(event_id: uuid.UUID) -> str | None:
    event = db.session.get(Event, event_id)
    return f"{event.contest.name_zh} · {event.name_zh}" if event else None


PAGES = (views, views_approvals, views_contest, views_guides, views_jobs, views_rights)
