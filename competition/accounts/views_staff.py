"""Accounts seen by administrators: list, invite, roles by two people, close."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from competition.accounts import service, service_staff
from competition.accounts.access import DUTIES, ROLES
from competition.accounts.forms import GrantForm, ReasonForm, StaffForm
from competition.accounts.hashing import UNUSABLE
from competition.accounts.identity import clean_name
from competition.accounts.logins import staff_login
from competition.accounts.models import Account, Grant
from competition.accounts.queries import accounts_matching
from competition.accounts.rules import ROLE_SCOPES, SCOPE_WORDS, end_of, last_day, scopes_words
from competition.accounts.scopes import parse_scope, scope_choices, scope_name
from competition.accounts.service_reset import RESET
from competition.accounts.views import Answer, blueprint
from competition.accounts.views_own import invitation
from competition.core import approvals, audit
from competition.core.access import act, current_actor, may
from competition.core.clock import now
from competition.core.database import get
from competition.core.forms import choices, try_verb
from competition.core.paging import paginate

ACT_WORDS = {
    "account.create": lazy_gettext("建立账号"), "account.grant": lazy_gettext("授予角色"), "account.end_grant": lazy_gettext("收回角色"),
    "account.set_password": lazy_gettext("设置密码"), "account.sign_in": lazy_gettext("登录"),
    "account.sign_out": lazy_gettext("退出"), "account.end_sign_in": lazy_gettext("退出其他登录"),
    "account.close": lazy_gettext("停用账号"), "account.open": lazy_gettext("启用账号"), "account.locale": lazy_gettext("选择语言"),
    "account.sign_in_refused": lazy_gettext("登录未通过"), "account.locked": lazy_gettext("输错次数过多，暂时锁定"),
    "approval.ask": lazy_gettext("提出申请"),
    "approval.approve": lazy_gettext("批准申请"), "approval.refuse": lazy_gettext("不批准申请"),
    "approval.withdraw": lazy_gettext("撤回申请"), "approval.expire": lazy_gettext("申请过期"),
    "account.reset_password": lazy_gettext("重设密码"), "account.change_phone": lazy_gettext("更换手机号"),
    "account.factor_prepare": lazy_gettext("开始设置两步验证"), "account.factor_on": lazy_gettext("启用两步验证"),
    "account.factor_off": lazy_gettext("停用两步验证"), "account.recovery_codes": lazy_gettext("重新生成恢复码"),
    "account.recovery_code_used": lazy_gettext("用恢复码登录"),
}


@blueprint.get("/manage/accounts")
@act("accounts.list")
def index() -> Answer:
    """Accounts with their roles, by name, login or phone."""
    q, kind = request.args.get("q", "").strip(), request.args.get("kind", "staff")
    page = paginate(accounts_matching(q, kind), request.args.get("page", 1, int))
    return render_template("accounts/index.html", page=page, q=q, kind=kind, roles=ROLES, scopes=SCOPE_WORDS)


@blueprint.get("/manage/accounts/new")
@act("accounts.create")
def new() -> Answer:
    """The form of a staff account."""
    return render_template("accounts/new.html", form=StaffForm(formdata=None))


@blueprint.post("/manage/accounts/new")
@act("accounts.create")
def create() -> Answer:
    """Make the account; shows its one-time link once."""
    form = StaffForm()
    if form.validate_on_submit():
        made = try_verb(form, lambda: service_staff.invite(
            login=staff_login(form.login.data or ""), display_name=clean_name(form.display_name.data or ""),
            actor=current_actor(), at=now()))
        if made:
            return invitation(made[1], made[0].display_name)
    return render_template("accounts/new.html", form=form), form.status


@blueprint.get("/manage/accounts/<uuid:account_id>")
@act("accounts.list")
def show(account_id: UUID) -> Answer:
    """One account: roles, open request, what was done."""
    return render_template("accounts/show.html", **_account_page(get(Account, account_id), grant_form(None)))


def grant_form(formdata: object = ...) -> GrantForm:
    """The form with its choices; None makes an empty one."""
    form = GrantForm(formdata=None) if formdata is None else GrantForm()
    # Nothing is chosen for whoever asks: a slip would ask for an administrator.
    form.also.choices = choices((role, ROLES[role]) for role in ROLE_SCOPES)
    roles = ((role, _("%(role)s（范围：%(scopes)s）", role=ROLES[role], scopes=scopes_words(role))) for role in ROLE_SCOPES)
    form.role.choices = choices(roles, empty=_("请选择角色"))
    form.scope.choices = choices([], empty=_("请选择范围")) + [
        each for group, pairs in scope_choices().items() for each in choices(pairs, group=group)]
    return form


def _account_page(account: Account, form: GrantForm) -> dict[str, object]:
    grants = service.active_grants(account.id, now())
    rows = audit.history("account", account.id, 30)
    history = [{"at": r.at, "act": ACT_WORDS.get(r.act, r.act), "text": r.reason} for r in rows]
    actor = current_actor()
    return {
        "duties": [(ROLES[role], DUTIES[role], scopes_words(role)) for role in ROLE_SCOPES], "person": account, "roles": ROLES,
        "form": form, "history": history,
        "grants": [(g, ROLES.get(g.role, g.role), scope_name(g.scope_kind, g.scope_id)) for g in grants], "last_day": last_day,
        "waiting": approvals.open_request("accounts.grant", account.id), "is_own": account.id == actor.id,
        "may_grant": may(actor, "accounts.grant"), "may_create": may(actor, "accounts.create"),
        "reset_waiting": approvals.open_request(RESET, account.id),
        "may_link": account.id != actor.id and (account.password_hash == UNUSABLE or not grants),
        "may_reset": may(actor, "accounts.ask_reset") and account.id != actor.id and account.is_active,
    }


@blueprint.post("/manage/accounts/<uuid:account_id>/grants")
@act("accounts.grant")
def ask_grant(account_id: UUID) -> Answer:
    """Ask for a role; a second person decides."""
    account, form = get(Account, account_id), grant_form()
    if form.validate_on_submit():
        kind, scope_id = parse_scope(form.scope.data)
        asked = try_verb(form, lambda: service_staff.ask_grant(
            account.id, form.role.data, scope_kind=kind, scope_id=scope_id, reason=form.reason.data or "",
            until=end_of(form.until.data) if form.until.data else None, also=form.also.data or (), actor=current_actor(), at=now()))
        if asked:
            flash(_("申请已提出，等待另一位管理员批准；批准前不生效。"), "success")
            return redirect(url_for("accounts.show", account_id=account.id), 303)
    return render_template("accounts/show.html", **_account_page(account, form)), form.status


@blueprint.get("/manage/grants/<uuid:grant_id>/end")
@act("accounts.grant")
def confirm_end_grant(grant_id: UUID) -> Answer:
    """What taking the role back means."""
    return render_template("accounts/end_grant.html", form=ReasonForm(formdata=None), **_grant_page(get(Grant, grant_id)))


def _grant_page(grant: Grant) -> dict[str, object]:
    return {"grant": grant, "role": ROLES.get(grant.role, grant.role), "where": scope_name(grant.scope_kind, grant.scope_id)}


@blueprint.post("/manage/grants/<uuid:grant_id>/end")
@act("accounts.grant")
def end_grant(grant_id: UUID) -> Answer:
    """Take the role back, from now on."""
    grant, form = get(Grant, grant_id), ReasonForm()
    if form.validate_on_submit():
        service.end_grant(grant.id, actor=current_actor(), at=now(), reason=form.reason.data or "")
        flash(_("角色已收回，立即生效。"), "success")
        return redirect(url_for("accounts.show", account_id=grant.account_id), 303)
    return render_template("accounts/end_grant.html", form=form, **_grant_page(grant)), form.status


@blueprint.post("/manage/accounts/<uuid:account_id>/link")
@act("accounts.create")
def renew_link(account_id: UUID) -> Answer:
    """A new one-time link, shown once."""
    token = service_staff.renew_link(account_id, actor=current_actor(), at=now())
    return invitation(token, get(Account, account_id).display_name)


@blueprint.get("/manage/accounts/<uuid:account_id>/state")
@act("accounts.grant")
def confirm_state(account_id: UUID) -> Answer:
    """What closing or opening the account means."""
    return render_template("accounts/state.html", person=get(Account, account_id), form=ReasonForm(formdata=None))


@blueprint.post("/manage/accounts/<uuid:account_id>/state")
@act("accounts.grant")
def change_state(account_id: UUID) -> Answer:
    """Close the account, or open it again."""
    account, form = get(Account, account_id), ReasonForm()
    if form.validate_on_submit():
        found = service_staff.set_active(account.id, not account.is_active, form.reason.data or "", actor=current_actor(), at=now())
        flash(_("账号已启用。") if found.is_active else _("账号已停用，所有登录立即失效。"), "success")
        return redirect(url_for("accounts.show", account_id=account.id), 303)
    return render_template("accounts/state.html", person=account, form=form), form.status
