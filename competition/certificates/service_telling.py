"""The verbs of telling holders by text message. A message is claimed before it is handed over and never handed over twice:
what broke off in between is for a person to look at."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from flask import current_app
from flask_babel import gettext as _

from competition.certificates import queries_telling, rules_telling
from competition.certificates.models import Batch
from competition.certificates.models_telling import Telling, Told
from competition.core import audit
from competition.core.actors import Actor
from competition.core.database import atomic, get
from competition.core.errors import RuleBroken
from competition.notices.channels import ChannelFailed, ChannelRefused, ChannelUnsure, to_phones

MINUTE = timedelta(minutes=1)
Clock = Callable[[], datetime]


def start_telling(batch_id: uuid.UUID, words: str, *, actor: Actor, at: datetime) -> Telling:
    """Tell everybody in a batch who has a valid, finished certificate and was not told yet."""
    text = _checked(words)
    with atomic() as session:
        batch = get(Batch, batch_id, lock=True)
        if queries_telling.telling_of(batch_id):
            raise RuleBroken(_("这批证书已经发过短信通知，不会重复发送。"), code="told")
        found = queries_telling.to_tell(batch)
        phones = queries_telling.phones_of([one.id for one in found])
        if not phones:
            raise RuleBroken(_("这批证书里没有可以发短信的人：证书还没有制作完成，或都没有登记手机号。"), code="nobody", status=422)
        telling = Telling(id=uuid.uuid4(), batch_id=batch_id, words=text, state="running", changed_by=actor.id, changed_at=at)
        session.add(telling)
        session.flush()
        session.add_all(Told(telling_id=telling.id, certificate_id=one.id, state="queued" if one.id in phones else "no_phone", next_at=at)
                        for one in found)
        session.flush()
        audit.record("certificates.tell", actor=actor, subject=("batch", batch_id), at=at, chain=batch.contest_id,
                     details={"count": len(phones), "left_out": len(found) - len(phones), "sentence": text})
    return telling


def _checked(words: str) -> str:
    try:
        return rules_telling.check_words(words)
    except ValueError as error:
        raise RuleBroken(str(error), code="bad_words", status=422, field="sms") from error


def set_telling(batch_id: uuid.UUID, state: str, *, actor: Actor, at: datetime) -> Telling:
    """Stop what is not sent yet (``stopped``), or go on with it (``running``)."""
    with atomic():
        batch, telling = get(Batch, batch_id, lock=True), queries_telling.telling_of(batch_id)
        if telling is None or telling.state == state:
            raise RuleBroken(_("短信发送的状态已经变了，请刷新页面再看。"), code="state_changed")
        telling.state, telling.changed_by, telling.changed_at = state, actor.id, at
        audit.record("certificates.tell_stop" if state == "stopped" else "certificates.tell_go_on", actor=actor, at=at,
                     subject=("batch", batch_id), chain=batch.contest_id)
    return telling


def send_again(told_id: uuid.UUID, *, actor: Actor, at: datetime) -> Told:
    """A person looked at one that did not go out, and wants it sent."""
    with atomic():
        told = get(Told, told_id, lock=True)
        if told.state not in ("given_up", "unsure", "no_phone"):
            raise RuleBroken(_("这条短信不需要重发：它已发出，或仍会自动重试。"), code="not_stuck")
        batch, before = get(Batch, get(Telling, told.telling_id).batch_id), told.state
        told.state, told.attempts, told.error, told.next_at = "queued", 0, None, at
        audit.record("certificates.tell_again", actor=actor, subject=("certificate", told.certificate_id), at=at, chain=batch.contest_id,
                     details={"before": before})
    return told


def send_due(*, clock: Clock) -> dict[str, int]:
    """The job of a minute: settle what broke off, send what is due, no more than the gateway takes in a minute."""
    counts: dict[str, int] = {}
    for told_id in queries_telling.broken(clock()):
        _end(told_id, "unsure", "broke_off", clock())
    at = clock()
    allowed = current_app.extensions["settings"].sms_per_minute - queries_telling.tried_since(at - MINUTE)
    for told_id in queries_telling.due(at, allowed):
        state = send_one(told_id, clock=clock)
        counts[state] = counts.get(state, 0) + 1
        if clock() - at > MINUTE:
            break
    return counts


def send_one(told_id: uuid.UUID, *, clock: Clock) -> str:
    """Hand one message over; returns its state. Nothing is locked while the channel has it."""
    claimed = _claim(told_id, clock())
    if claimed is None:
        return "left"
    number, words = claimed
    try:
        to_phones().text(number, words)
    except ChannelUnsure as error:
        return _end(told_id, "unsure", str(error), clock())
    except ChannelRefused as error:
        return _end(told_id, "given_up", str(error), clock())
    except (ChannelFailed, OSError) as error:
        return _failed(told_id, str(error) if isinstance(error, ChannelFailed) else "channel", clock())
    return _end(told_id, "sent", None, clock())


def _claim(told_id: uuid.UUID, at: datetime) -> tuple[str, str] | None:
    """Number and words of a message that nobody else sends; None when it is not to be sent now."""
    with atomic():
        told = get(Told, told_id, lock=True)
        telling = get(Telling, told.telling_id)
        if told.state not in ("queued", "failed") or telling.state != "running":
            return None
        certificate, phone = told.certificate, queries_telling.phones_of([told.certificate_id]).get(told.certificate_id)
        if certificate.state != "issued":
            told.state, told.error = "given_up", "ended"
            return None
        if phone is None:
            told.state = "no_phone"
            return None
        told.state, told.tried_at, told.attempts = "sending", at, told.attempts + 1
        return phone.number(), queries_telling.words_for(telling.words, certificate, certificate.batch.settings["base_url"])


def _end(told_id: uuid.UUID, state: str, error: str | None, at: datetime) -> str:
    with atomic():
        told = get(Told, told_id, lock=True)
        if told.state == "sending":
            told.state, told.error = state, error[:60] if error else None
        return told.state


def _failed(told_id: uuid.UUID, error: str, at: datetime) -> str:
    with atomic():
        told = get(Told, told_id, lock=True)
        again = rules_telling.next_try(told.attempts, at)
        told.state, told.error, told.next_at = ("failed" if again else "given_up"), error[:60], again or told.next_at
        return told.state
