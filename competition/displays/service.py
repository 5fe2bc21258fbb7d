"""Screens for spectators: registered by a number that they show, switched from the desk; their files follow every public act."""

import secrets
import uuid
from datetime import datetime, timedelta
from typing import Any

import structlog
from flask_babel import gettext as _
from sqlalchemy import delete

from competition.contests.models import Contest
from competition.core import audit
from competition.core.actors import Actor
from competition.core.clock import now
from competition.core.crypto import new_token, token_hash
from competition.core.database import after_commit, atomic, db, get
from competition.core.errors import RuleBroken
from competition.core.formats import show_time
from competition.core.languages import speaking
from competition.core.logs import frames
from competition.core.templating import page_lang
from competition.displays import queries, rules, service_files
from competition.displays.models import Display, DisplayCall, DisplayCode, DisplaySeq
from competition.displays.queries_shown import Shown, banner_of, slides_of

CODE_LIFETIME = timedelta(minutes=15)
log = structlog.get_logger()


def ask_code(*, at: datetime) -> tuple[str, str]:
    """A number for a new screen to show, and the secret of its address. Old numbers are forgotten."""
    token = new_token()
    with atomic() as session:
        session.execute(delete(DisplayCode).where(DisplayCode.expires_at <= at))
        while queries.find_code(code := f"{secrets.randbelow(1_000_000):06d}", at) is not None:
            pass
        session.add(DisplayCode(code=code, token_hash=token_hash(token), expires_at=at + CODE_LIFETIME))
    return code, token


def pair(contest_id: uuid.UUID, *, code: str, name: str, language: str, actor: Actor, at: datetime) -> Display:
    """Register the screen that shows this number. It stays black until a page is chosen. Raises RuleBroken: code_unknown."""
    with atomic() as session:
        waiting = queries.find_code("".join(code.split()), at)
        if waiting is None:
            raise RuleBroken(_("没有显示这个配对码的大屏。请核对大屏上的 6 位数字；过了 15 分钟，请刷新大屏取新的。"),
                             code="code_unknown", status=422, field="code")
        display = Display(contest_id=contest_id, name=name.strip(), language=language, token_hash=waiting.token_hash, page=rules.BLACK,
                          sentence="", assigned=1, paired_at=at)
        session.delete(waiting)
        session.add(display)
        session.flush()
        _record("displays.pair", display, actor, at)
    return display


def assign(display_id: uuid.UUID, *, page: str, sentence: str, actor: Actor, at: datetime) -> Display:
    """Give a screen another page. Raises RuleBroken: display_withdrawn, sentence_required."""
    if page == rules.SENTENCE and not sentence.strip():
        raise RuleBroken(_("请填写要显示的一句话。"), code="sentence_required", status=422, field="sentence")
    with atomic():
        display = _in_use(display_id)
        display.page, display.sentence = page, sentence.strip() if page == rules.SENTENCE else ""
        display.assigned += 1
        _record("displays.assign", display, actor, at)
    return display


def withdraw(display_id: uuid.UUID, *, actor: Actor, at: datetime) -> Display:
    """The screen shows nothing any more, and its address is worth nothing. Raises RuleBroken: display_withdrawn."""
    with atomic():
        display = _in_use(display_id)
        display.withdrawn_at, display.page, display.sentence = at, rules.BLACK, ""
        display.assigned += 1
        _record("displays.withdraw", display, actor, at)
    return display


def _in_use(display_id: uuid.UUID) -> Display:
    display = get(Display, display_id, lock=True)
    if display.withdrawn_at is not None:
        raise RuleBroken(_("这块大屏已经停用。需要时请重新配对。"), code="display_withdrawn")
    return display


def _record(act: str, display: Display, actor: Actor, at: datetime) -> None:
    audit.record(act, actor=actor, subject=("display", display.id), at=at, chain=display.contest_id,
                 details={"name": display.name, "page": display.page, "sentence": display.sentence, "language": display.language})
    write_after(display.contest_id)


def call_batch(
    contest_id: uuid.UUID, *, round_id: uuid.UUID | None, batch: int, with_numbers: bool, actor: Actor, at: datetime
) -> DisplayCall:
    """Say which batch is at the stations, and whether numbers of entrants stand there; with another round they go off, and are
    switched on by a second call. Raises RuleBroken: batch_unknown."""
    with atomic() as session:
        get(Contest, contest_id, lock=True)
        call = session.get(DisplayCall, contest_id) or DisplayCall(contest_id=contest_id)
        if round_id is not None and batch not in queries.batches_of([round_id]).get(round_id, ()):
            raise RuleBroken(_("这一轮没有这个批次。"), code="batch_unknown", status=422, field="batch")
        # That the numbers of one round are shown says nothing of the next one's: there it is chosen anew.
        with_numbers = with_numbers and (round_id == call.round_id or not call.with_numbers)
        call.round_id, call.batch, call.called_at, call.with_numbers = round_id, batch, at, with_numbers
        session.add(call)
        audit.record("displays.call", actor=actor, subject=("contest", contest_id), at=at, chain=contest_id,
                     details={"round": str(round_id) if round_id else None, "batch": batch, "with_numbers": with_numbers})
        write_after(contest_id)
    return call


# ---- files -----------------------------------------------------------------------------------------------


def write_after(contest_id: uuid.UUID) -> None:
    """Once the act is committed, the screens follow. What goes wrong there does not undo the act."""
    after_commit(lambda: _write_quietly(contest_id))


def _write_quietly(contest_id: uuid.UUID) -> None:
    try:
        write_screens(contest_id, at=now())
    except Exception as error:
        db.session.rollback()
        # The words of an error may hold what the screens show: names.
        log.error("displays", contest=str(contest_id), error=type(error).__name__, trace=frames(error))


def write_screens(contest_id: uuid.UUID, *, at: datetime) -> int:
    """Write the files of all screens whose picture is another one now, under the next number; how many were written.

    Read and numbered in one transaction: what has a higher number is never older.
    """
    with atomic() as session:
        counter = session.get(DisplaySeq, contest_id, with_for_update=True, populate_existing=True) or DisplaySeq(
            contest_id=contest_id, seq=0)
        shown = Shown(get(Contest, contest_id), queries.call_of(contest_id))
        pictures = {display.token_hash: _picture(shown, display, at) for display in queries.displays_of(contest_id)}
        if all(_same(service_files.read(token), picture) for token, picture in pictures.items()):
            return 0
        counter.seq += 1
        session.add(counter)
        seq = counter.seq
    return sum(service_files.write(token, {"seq": seq, **picture}) for token, picture in pictures.items())


def _same(before: dict[str, Any], now_: dict[str, Any]) -> bool:
    return {key: value for key, value in before.items() if key not in ("seq", "as_of")} == {
        key: value for key, value in now_.items() if key != "as_of"}


def _picture(shown: Shown, display: Display, at: datetime) -> dict[str, Any]:
    """What one screen shows, in its own language."""
    is_over = display.withdrawn_at is not None
    with speaking(display.language):
        return {
            "assigned": display.assigned, "page": display.page, "is_withdrawn": is_over,
            "lang": page_lang(),
            "contest": "" if is_over else shown.contest.name,
            "banner": "" if is_over else banner_of(shown, display.page),
            "slides": [{"kind": "sentence", "title": str(_("本屏已停用"))}] if is_over else slides_of(shown, display),
            "as_of": str(_("更新于 %(at)s", at=show_time(at, shown.contest.zone))),
            "offline": str(_("连不上服务器，画面没有更新")),
        }


def follow(contest_id: uuid.UUID | None, act: str) -> None:
    """An act of another room after which the public may see something else: the screens of its contest follow it."""
    if contest_id is not None and rules.is_public(act):
        after_commit(lambda: _follow_quietly(contest_id))


def _follow_quietly(contest_id: uuid.UUID) -> None:
    if queries.has_displays(contest_id):
        _write_quietly(contest_id)
