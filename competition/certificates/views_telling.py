"""Telling the holders of a batch by text message: what is said to whom, how far it is, what did not go out."""

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from competition.accounts.outgoing import phone_channel
from competition.certificates import queries_telling, rules_telling
from competition.certificates import service_telling as service
from competition.certificates.forms_telling import TellingForm
from competition.certificates.models import Batch
from competition.certificates.pages import STAFF, Answer, blueprint, load_batch
from competition.contests.queries import names_of
from competition.core.access import act, current_actor
from competition.core.clock import now
from competition.core.forms import done_or_told, try_verb
from competition.core.paging import paginate

TELLING = f"{STAFF}/<uuid:batch_id>/telling"
PREVIEWS = 3
# Why a message did not go out, by the code that was kept.
WHY = {
    "smtp_connect": lazy_gettext("连不上短信网关"), "smtp_sign_in": lazy_gettext("短信网关不接受登录"),
    "smtp_recipient": lazy_gettext("网关不接受这个号码"), "smtp_refused": lazy_gettext("网关拒收"),
    "smtp_broke_off": lazy_gettext("交给网关时连接中断，可能已经发出"), "broke_off": lazy_gettext("发送途中程序中断，可能已经发出"),
    "channel": lazy_gettext("短信通道写不进去"), "ended": lazy_gettext("证书已撤销或替换，没有发送"),
}


@blueprint.get(TELLING)
@act("certificates.tell")
def telling(contest_id: uuid.UUID, batch_id: uuid.UUID) -> str:
    """What would be sent, or how far it is."""
    found = load_batch(contest_id, batch_id, "certificates.tell")
    return _page(found, TellingForm(formdata=None))


@blueprint.post(TELLING)
@act("certificates.tell")
def start_telling(contest_id: uuid.UUID, batch_id: uuid.UUID) -> Answer:
    """See the text filled in; with ``go`` begin to send."""
    found, form = load_batch(contest_id, batch_id, "certificates.tell"), TellingForm()
    if form.validate_on_submit() and request.form.get("go") and try_verb(
            form, lambda: service.start_telling(found.id, form.sms.data or "", actor=current_actor(), at=now())):
        flash(_("已开始发送，一分钟内发出第一批。"), "success")
        return _back(found)
    return _page(found, form), form.status if form.errors else 200


@blueprint.post(f"{TELLING}/stop")
@act("certificates.tell")
def stop_telling(contest_id: uuid.UUID, batch_id: uuid.UUID) -> Response:
    """Send nothing more for now."""
    return _set(load_batch(contest_id, batch_id, "certificates.tell"), "stopped")


@blueprint.post(f"{TELLING}/go-on")
@act("certificates.tell")
def go_on_telling(contest_id: uuid.UUID, batch_id: uuid.UUID) -> Response:
    """Go on with what is not sent."""
    return _set(load_batch(contest_id, batch_id, "certificates.tell"), "running")


def _set(found: Batch, state: str) -> Response:
    if done_or_told(lambda: service.set_telling(found.id, state, actor=current_actor(), at=now())):
        flash(_("已停止发送，没有发出的都留着。") if state == "stopped" else _("继续发送。"), "success")
    return _back(found)


@blueprint.post(f"{TELLING}/<uuid:told_id>/again")
@act("certificates.tell")
def tell_again(contest_id: uuid.UUID, batch_id: uuid.UUID, told_id: uuid.UUID) -> Response:
    """One that did not go out is sent after all."""
    found = load_batch(contest_id, batch_id, "certificates.tell")
    told = queries_telling.get_told(found.id, told_id)
    if done_or_told(lambda: service.send_again(told.id, actor=current_actor(), at=now())):
        flash(_("已排队重发。"), "success")
    return _back(found)


def _back(found: Batch) -> Response:
    return redirect(url_for("certificates.telling", contest_id=found.contest_id, batch_id=found.id), 303)


def _page(found: Batch, form: TellingForm) -> str:
    kept = queries_telling.telling_of(found.id)
    shown = _before(found, form) if kept is None else {
        "counts": queries_telling.counts_of(kept.id), "names": names_of([kept.changed_by]), "why": WHY,
        "page": paginate(queries_telling.not_sent(kept.id), request.args.get("page", 1, int))}
    return render_template("certificates/telling.html", contest=found.contest, batch=found, telling=kept, form=form, at=now(),
                           is_console=phone_channel() is None, fields=rules_telling.FIELDS, **shown)


def _before(found: Batch, form: TellingForm) -> dict[str, Any]:
    """To whom it would go, and three of the messages as they would be read."""
    chosen = queries_telling.to_tell(found)
    phones = queries_telling.phones_of([one.id for one in chosen])
    reached = [one for one in chosen if one.id in phones]
    words = "" if form.sms.errors else form.sms.data or ""
    texts = [queries_telling.words_for(words, one, found.settings.get("base_url", "")) for one in reached] if words else []
    return {"reached": len(reached), "left_out": [one.name for one in chosen if one.id not in phones],
            "samples": [(one.name, phones[one.id].masked, text) for one, text in zip(reached, texts, strict=False)][:PREVIEWS],
            "parts": sum(map(rules_telling.parts, texts))}
