"""The verbs of contests, by subject in ``service_*``; this is the door for other rooms."""

from competition.contests.service_cancel import ask_cancel, cancel
from competition.contests.service_changes import (
    PREVIEW,
    ask_rulebook_change,
    confirm_rulebook_change,
    is_confirmed,
    make_preview,
    preview_rulebook_change,
    renew_preview,
)
from competition.contests.service_contests import change_contest, create_contest, create_series, set_bodies
from competition.contests.service_course import announce, finish, missing_of, postpone, resume, start, stop
from competition.contests.service_drafts import find_draft
from competition.contests.service_events import add_event, change_event, remove_event
from competition.contests.service_fit import adopt_rulebook, check_fit, fit_of
from competition.contests.service_rulebooks import (
    check_document,
    freeze_rulebook,
    ready_rulebooks,
    set_rulebook,
)

__all__ = [
    "PREVIEW", "add_event", "adopt_rulebook", "announce", "ask_cancel", "ask_rulebook_change", "cancel", "change_contest",
    "change_event", "check_document", "check_fit", "confirm_rulebook_change", "create_contest", "create_series", "find_draft",
    "finish", "fit_of", "freeze_rulebook", "is_confirmed", "make_preview", "missing_of", "postpone", "preview_rulebook_change",
    "ready_rulebooks", "remove_event", "renew_preview", "resume", "set_bodies", "set_rulebook", "start", "stop",
]
