"""The page of who keeps the house running: what is right, what is not, what to do; the backups."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from competition.core import jobs
from competition.core.access import act, current_actor, may
from competition.core.clock import now
from competition.core.config import Settings
from competition.core.errors import RuleBroken
from competition.core.forms import try_verb
from competition.operations import catalogue, keeping, queries, service
from competition.operations.checks import (
    Check,
    Finding,
    check_clock,
    check_database,
    check_instance,
    check_migrations,
    check_public_url,
    check_queue,
)
from competition.operations.checks_backup import age_words, check_backup
from competition.operations.checks_key import check_certificate_key, check_signing_keys
from competition.operations.checks_press import check_press
from competition.operations.forms import KeptForm
from competition.operations.sealing import Keys, find_keys

blueprint = Blueprint("operations", __name__, url_prefix="/system/operations")
CHECKS: tuple[Check, ...] = (
    check_backup, check_clock, check_queue, check_database, check_migrations, check_instance, check_public_url,
    check_certificate_key, check_signing_keys, check_press,
)
ORDER = {"wrong": 0, "note": 1, "ok": 2}
SHOWN = 50


@blueprint.get("")
@act("operations.view")
def index() -> str:
    """Is everything right, and if not, what is to be done?"""
    return _page(KeptForm(formdata=None))


def _page(form: KeptForm) -> str:
    settings, at = service.settings_here(), now()
    found, keys = catalogue.receipts(settings), _keys(settings)
    newest = catalogue.newest_verified(found)
    asked = jobs.latest(service.BACK_UP, 1)
    return render_template(
        "operations/index.html", findings=findings(settings), newest=newest, age=age_words(newest.moment, at) if newest else None,
        backups=found[:SHOWN], folder=settings.backup_folder, zone=settings.zone, keys=keys, form=form,
        kept=keeping.who_keeps(settings, keys), routines=queries.routines(), may_back_up=may(current_actor(), "operations.back_up"),
        running=asked[0] if asked and not asked[0].is_over else None, key_in_environment=bool(settings.backup_key),
    )


def findings(settings: Settings) -> list[Finding]:
    """Every finding, what is wrong first."""
    return sorted((f for check in CHECKS for f in check(settings)), key=lambda f: ORDER[f.level])


def _keys(settings: Settings) -> Keys | None:
    try:
        return find_keys(settings)
    except RuleBroken:
        return None  # the line about backups says what is wrong with them


@blueprint.post("/backup")
@act("operations.back_up")
def back_up() -> Response:
    """Ask for a backup now, unless one is being made."""
    asked = jobs.latest(service.BACK_UP, 1)
    if asked and not asked[0].is_over:
        flash(_("已有一次备份正在排队或进行，请等它结束。"), "warning")
    else:
        service.ask(actor=current_actor(), at=now())
        flash(_("已开始备份。系统可以照常使用，完成后显示在本页。"), "success")
    return redirect(url_for("operations.index"), 303)


@blueprint.post("/key")
@act("operations.back_up")
def keep_key() -> Response | tuple[str, int]:
    """Somebody says where the keys are kept besides this machine."""
    form, settings = KeptForm(), service.settings_here()
    if form.validate_on_submit() and try_verb(form, lambda: service.keep_key(settings, form.where.data or "", current_actor(), now())):
        flash(_("已登记密钥的保管处。"), "success")
        return redirect(url_for("operations.index"), 303)
    return _page(form), form.status
