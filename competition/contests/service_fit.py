"""A contest and its rulebook brought together: a ready one adopted with its events, and refused where both do not fit."""

import uuid
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from competition.contests.models import Contest, RulebookVersion
from competition.contests.queries import event_names, find_rulebook, load_rules
from competition.contests.rules_fit import Fit, fit
from competition.contests.service_events import add_event
from competition.contests.service_rulebooks import set_rulebook
from competition.core.actors import Actor
from competition.core.database import atomic, get
from competition.core.errors import RuleBroken
from competition.core.formats import together


def adopt_rulebook(
    contest_id: uuid.UUID, document: Mapping[str, Any], *, add: Collection[str] = (), reason: str, actor: Actor, at: datetime,
) -> RulebookVersion:
    """A new version in force, and the events ``add`` of it made for the contest, each with one round of 8 stations."""
    with atomic():
        get(Contest, contest_id, lock=True)
        for event in document["events"]:
            if event["key"] in add:
                name = event["name"] if isinstance(event["name"], Mapping) else {"zh": event["name"]}
                add_event(contest_id, key=event["key"], kind=event["kind"], name_zh=name["zh"], name_en=name.get("en"),
                          name_bo=name.get("bo"), time_limit_s=(event.get("time") or {}).get("limit_s"), actor=actor, at=at)
        return set_rulebook(contest_id, document, reason=reason, actor=actor, at=at)


def fit_of(contest_id: uuid.UUID) -> Fit:
    """How the rulebook in force and the contest's events fit; whole while there is no rulebook."""
    version = find_rulebook(contest_id)
    return fit(load_rules(version), event_names(contest_id)) if version else Fit()


def check_fit(contest_id: uuid.UUID) -> None:
    """Raise when rulebook and contest have different events: totals would never be computed, or marks never counted."""
    sentences = fit_of(contest_id).sentences
    if sentences:
        words = (_("评分规则和本赛事的项目不一致。"), *sentences, _("请在“评分规则”中调整，或在“项目”中添加、移除。"))
        raise RuleBroken(together(*words), code="rulebook_unfit")
