"""A new password for a working account: what it means, and asking for it."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from competition.accounts import service_reset
from competition.accounts.forms import ResetForm
from competition.accounts.models import Account
from competition.accounts.views import Answer, blueprint
from competition.core.access import act, current_actor
from competition.core.clock import now
from competition.core.database import get
from competition.core.forms import try_verb


@blueprint.get("/manage/accounts/<uuid:account_id>/reset")
@act("accounts.ask_reset")
def confirm_reset(account_id: UUID) -> Answer:
    """What a reset does, who decides."""
    return render_template("accounts/reset.html", person=get(Account, account_id), form=ResetForm(formdata=None))


@blueprint.post("/manage/accounts/<uuid:account_id>/reset")
@act("accounts.ask_reset")
def ask_reset(account_id: UUID) -> Answer:
    """Ask; a second person decides."""
    account, form = get(Account, account_id), ResetForm()
    if form.validate_on_submit():
        asked = try_verb(form, lambda: service_reset.ask_reset(
            account_id, form.reason.data or "", factor=bool(form.factor.data), actor=current_actor(), at=now()))
        if asked:
            flash(_("申请已提出，等待另一位管理员批准；批准前原密码照常可用。"), "success")
            return redirect(url_for("accounts.show", account_id=account_id), 303)
    return render_template("accounts/reset.html", person=account, form=form), form.status
