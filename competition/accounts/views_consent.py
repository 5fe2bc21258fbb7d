"""Agreeing to the texts: at the sign-in after a new version or a withdrawal, and whenever somebody wants to enter."""

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from competition.accounts.forms import ConsentForm
from competition.accounts.service_consent import agree, missing_consents
from competition.accounts.terms import terms
from competition.accounts.views import Answer, after_sign_in, blueprint
from competition.core.access import act, current_actor
from competition.core.clock import now
from competition.core.paths import local_path


@blueprint.get("/account/consent")
@act("accounts.own")
def consent() -> Answer:
    """The texts that the account has not agreed to in their current version."""
    missing = missing_consents(current_user.id)
    if not missing:
        return redirect(local_path(request.args.get("next"), after_sign_in()), 303)
    return _page(ConsentForm(formdata=None, data={"next": request.args.get("next", "")}), missing)


def _page(form: ConsentForm, missing: list[str]) -> str:
    form.ask_only(missing)
    return render_template("accounts/consent.html", form=form, texts=[terms(purpose) for purpose in missing],
                           later=local_path(form.next.data, after_sign_in()))


@blueprint.post("/account/consent")
@act("accounts.own")
def give_consent() -> Answer:
    """Keep what was ticked, and go on."""
    form, missing = ConsentForm(), missing_consents(current_user.id)
    form.ask_only(missing)
    if form.validate_on_submit():
        agree(current_user.id, missing, actor=current_actor(), at=now())
        flash(_("已记录您的同意。可以随时在“我的信息”中查看或撤回。"), "success")
        return redirect(local_path(form.next.data, after_sign_in()), 303)
    return _page(form, missing), form.status
