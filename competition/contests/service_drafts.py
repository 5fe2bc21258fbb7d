"""The draft of a rulebook: small changes, the last ones of which can be taken back; nothing of it counts before it is a version."""

import json
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select

from competition.contests.models import Contest, RulebookDraft, RulebookEdit, RulebookTrial, RulebookVersion
from competition.contests.queries import find_rulebook, rulebook_versions
from competition.contests.rules_acts import empty, event
from competition.contests.rules_outline import Document
from competition.contests.rules_outline import find as find_element
from competition.contests.service_contests import check_alive
from competition.core import audit
from competition.core.actors import Actor
from competition.core.database import atomic, db, find, get
from competition.core.errors import RuleBroken, Stale

KEPT_EDITS = 20
MOST_TEXT = 400_000


def find_draft(contest_id: uuid.UUID) -> RulebookDraft | None:
    """The draft that is being written, if there is one that is not in force by now."""
    draft, current = find(RulebookDraft, contest_id=contest_id), find_rulebook(contest_id)
    if draft is not None and current is not None and current.number != draft.based_on and _same(draft.document, current.document):
        return None
    return draft


def _same(one: Document, two: Document) -> bool:
    return {**one, "version": 0} == {**two, "version": 0}


def seen_of(draft: RulebookDraft | None, current: RulebookVersion | None) -> str:
    """What a page was made from: it comes back with every change."""
    if draft is not None:
        return f"{draft.id}:{draft.edits}"
    return f"v{current.number if current else 0}"


def last_edit(draft: RulebookDraft) -> RulebookEdit | None:
    """The change that can be taken back."""
    query = select(RulebookEdit).where(RulebookEdit.draft_id == draft.id).order_by(RulebookEdit.number.desc()).limit(1)
    return db.session.scalars(query).one_or_none()


def document_seen(draft: RulebookDraft, seen: str) -> Document | None:
    """The draft as it was when a page was made; None when that is too long ago."""
    made, _colon, count = seen.partition(":")
    if seen == f"v{draft.based_on}":
        after = 0
    elif made == str(draft.id) and count.isascii() and count.isdigit() and len(count) < 10:
        after = int(count)
    else:
        return None
    query = select(RulebookEdit).where(RulebookEdit.draft_id == draft.id, RulebookEdit.number > after).order_by(RulebookEdit.number)
    first = db.session.scalars(query.limit(1)).one_or_none()
    if first is not None and first.number == after + 1:
        return first.before
    return draft.document if after == draft.edits else None


def begin_empty(contest_id: uuid.UUID, *, actor: Actor, at: datetime) -> RulebookDraft:
    """A draft that holds nothing but the contest's events."""
    with atomic() as session:
        contest = get(Contest, contest_id, lock=True)
        check_alive(contest)
        if find_rulebook(contest_id) is not None or find(RulebookDraft, contest_id=contest_id) is not None:
            raise RuleBroken(_("已经有评分规则或草稿，请在它上面修改。"), code="draft_exists")
        events = [event(one.key, one.name_zh, "theory" if one.kind == "theory" else "points") for one in contest.events]
        draft = _begin(contest_id, empty(f"{contest.name_zh}评分规则", events), actor, at)
        session.flush()
        _record("begin", "", draft, actor, at)
        return draft


def _begin(contest_id: uuid.UUID, document: Document, actor: Actor, at: datetime) -> RulebookDraft:
    draft = RulebookDraft(contest_id=contest_id, document=document, based_on=0, edits=0, changed_by=actor.id, changed_at=at)
    db.session.add(draft)
    return draft


def no_rulebook() -> RuleBroken:
    """The refusal where there is neither a draft nor a version."""
    return RuleBroken(_("这项赛事还没有评分规则，请先选择一套现成的规则，或从空白开始。"), code="no_rulebook")


def put_in_draft(contest_id: uuid.UUID, document: Document, *, act: str, about: str, seen: str, actor: Actor,
                 at: datetime) -> RulebookDraft | None:
    """A whole rulebook becomes the draft, in one change that can be taken back; None when it was that already."""
    with atomic() as session:
        check_alive(get(Contest, contest_id, lock=True))
        if find_rulebook(contest_id) is not None or find(RulebookDraft, contest_id=contest_id) is not None:
            return change_draft(contest_id, lambda _old: document, act=act, about=about, seen=seen, actor=actor, at=at)
        check_length(document)
        draft = _begin(contest_id, document, actor, at)
        session.flush()
        _record(act, about, draft, actor, at)
        return draft


def check_length(document: Document) -> None:
    """Raise when a document is longer than any rulebook."""
    if len(json.dumps(document, ensure_ascii=False)) > MOST_TEXT:
        raise RuleBroken(_("评分规则太长了，请缩短说明文字。"), code="rulebook_too_long", status=422)


def change_draft(
    contest_id: uuid.UUID, change: Callable[[Document], Document], *, act: str, about: str, seen: str, address: str | None = None,
    actor: Actor, at: datetime,
) -> RulebookDraft | None:
    """One change. ``seen``: what the page was made from; where somebody changed the draft since, it is refused, unless the thing at
    ``address`` is still as it was. None when nothing is different."""
    with atomic() as session:
        check_alive(get(Contest, contest_id, lock=True))
        draft = _draft(contest_id, actor, at)
        _check_seen(draft, seen, address)
        document = change(draft.document)
        if document == draft.document:
            return None
        check_length(document)
        if draft not in session:
            _forget(contest_id)
            session.add(draft)
            session.flush()
        session.add(RulebookEdit(draft_id=draft.id, number=draft.edits + 1, act=act, about=about[:200], before=draft.document,
                                 by_id=actor.id, at=at))
        _set(draft, document, actor, at)
        session.execute(delete(RulebookEdit).where(RulebookEdit.draft_id == draft.id, RulebookEdit.number <= draft.edits - KEPT_EDITS))
        _record(act, about, draft, actor, at)
        return draft


def _draft(contest_id: uuid.UUID, actor: Actor, at: datetime) -> RulebookDraft:
    """The draft, or a new one of the version in force; one that came into force is begun anew."""
    current, draft = find_rulebook(contest_id), find_draft(contest_id)
    if draft is not None:
        return draft
    if current is None:
        raise no_rulebook()
    return RulebookDraft(contest_id=contest_id, document=current.document, based_on=current.number, edits=0,
                         changed_by=actor.id, changed_at=at)


def _check_seen(draft: RulebookDraft, seen: str, address: str | None) -> None:
    if draft not in db.session:
        if seen != f"v{draft.based_on}":
            raise Stale(_("草稿已被保存或放弃，请核对现在的规则后再修改。"), code="draft_moved")
        return
    if seen == f"{draft.id}:{draft.edits}":
        return
    before = document_seen(draft, seen)
    if address is None or before is None or _thing(before, address) != _thing(draft.document, address):
        raise Stale(_("您打开页面以后，别人改过这份草稿。请核对后再办理。"), code="draft_moved")


def _thing(document: Document, address: str) -> Any:
    element = find_element(document, address)
    if element is None:
        return None
    item: Any = document
    for step in element.steps:
        item = item[step]
    return {spec.key: item.get(spec.key) for spec in element.fields} | {"kind": element.kind, "variant": element.variant}


def _set(draft: RulebookDraft, document: Document, actor: Actor, at: datetime) -> None:
    draft.document, draft.edits, draft.changed_by, draft.changed_at = document, draft.edits + 1, actor.id, at


def undo_edit(contest_id: uuid.UUID, *, seen: str, actor: Actor, at: datetime) -> str:
    """Take the last change back; what it was about."""
    with atomic() as session:
        get(Contest, contest_id, lock=True)
        draft = find_draft(contest_id)
        last = last_edit(draft) if draft else None
        if draft is None or last is None:
            raise RuleBroken(_("没有可以撤销的修改。"), code="nothing_to_undo")
        _check_seen(draft, seen, None)
        about = last.about
        _set(draft, last.before, actor, at)
        session.delete(last)
        _record("undo", about, draft, actor, at)
        return about


def discard_draft(contest_id: uuid.UUID, *, seen: str, actor: Actor, at: datetime) -> None:
    """Throw the draft away; the version in force is as it was."""
    with atomic():
        get(Contest, contest_id, lock=True)
        draft = find_draft(contest_id)
        if draft is None:
            raise RuleBroken(_("没有草稿。"), code="no_draft")
        _check_seen(draft, seen, None)
        _record("discard", "", draft, actor, at)
        _forget(contest_id)


def end_draft(contest_id: uuid.UUID, *, actor: Actor, at: datetime) -> None:
    """The draft became a version."""
    with atomic():
        draft = find(RulebookDraft, contest_id=contest_id)
        if draft is not None:
            _record("saved", "", draft, actor, at)
            _forget(contest_id)


def _forget(contest_id: uuid.UUID) -> None:
    drafts = select(RulebookDraft.id).where(RulebookDraft.contest_id == contest_id)
    db.session.execute(delete(RulebookEdit).where(RulebookEdit.draft_id.in_(drafts)))
    db.session.execute(delete(RulebookDraft).where(RulebookDraft.contest_id == contest_id))


def _record(act: str, about: str, draft: RulebookDraft, actor: Actor, at: datetime) -> None:
    audit.record("contests.draft_rulebook", actor=actor, subject=("contest", draft.contest_id), at=at, chain=draft.contest_id,
                 details={"act": act, "about": about, "based_on": draft.based_on, "edits": draft.edits})


def keys_used(contest_id: uuid.UUID, document: Document) -> set[str]:
    """Every key that the draft or any version has: marks refer to keys, so none is ever given again."""
    found: set[str] = set()
    for one in (document, *(version.document for version in rulebook_versions(contest_id))):
        _collect(one, found)
    return found


def _collect(value: Any, found: set[str]) -> None:
    if isinstance(value, dict):
        found |= {value["key"]} if isinstance(value.get("key"), str) else set()
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _collect(one, found)


def keep_trial(contest_id: uuid.UUID, account_id: uuid.UUID, event_key: str, typed: dict[str, str]) -> None:
    """Keep what somebody tries with, until something else is typed."""
    with atomic() as session:
        trial = find(RulebookTrial, contest_id=contest_id, account_id=account_id)
        if trial is None:
            trial = RulebookTrial(contest_id=contest_id, account_id=account_id, typed={})
            session.add(trial)
        trial.typed = {**trial.typed, event_key: typed}
