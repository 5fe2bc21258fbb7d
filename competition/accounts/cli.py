"""``flask user`` and ``flask access``: what is done on the server itself."""

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from competition.accounts import service, service_staff
from competition.accounts.access import ROLES
from competition.accounts.identity import IdentityFault
from competition.accounts.logins import login_of, staff_login
from competition.accounts.models import Account
from competition.accounts.rules import scope_fault
from competition.accounts.scopes import parse_scope
from competition.core.access import table
from competition.core.actors import SYSTEM
from competition.core.clock import now
from competition.core.database import find
from competition.core.errors import RuleBroken

user = AppGroup("user", help="账号、角色和一次性链接。")
access = AppGroup("access", help="谁可以办什么事。")


@user.command("first-admin-link", help="显示设置第一个管理员的一次性链接；已有管理员时什么也不显示。")
def first_admin_link() -> None:
    """Print the path of a one-time link for the first administrator; nothing when there is one."""
    token = service_staff.first_link(now())
    if token:
        click.echo(f"/setup/{token}")


@user.command("create", help="建立工作账号，显示设置密码的一次性链接。")
@click.argument("login")
@click.argument("name")
def create(login: str, name: str) -> None:
    """Make a staff account and print its one-time link."""
    try:
        _account, token = service_staff.invite(login=staff_login(login), display_name=name, actor=SYSTEM, at=now())
    except (IdentityFault, RuleBroken) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"/invited/{token}")


@user.command("link", help="显示重设密码的一次性链接，由本人打开。")
@click.argument("login")
def link(login: str) -> None:
    """Print a one-time link by which the owner sets a new password."""
    click.echo(f"/invited/{service_staff.renew_link(_account(login).id, actor=SYSTEM, at=now())}")


@user.command("grant", help="授予角色。能在服务器上执行命令的人不受两人办理的限制，记入审计。")
@click.argument("login")
@click.argument("role", type=click.Choice(list(ROLES)))
@click.option("--scope", default="system:", show_default=True, help="范围：system:、union:编号、contest:编号 或 event:编号。")
def grant(login: str, role: str, scope: str) -> None:
    """Give a role. Whoever can run commands on the server stands above the two people."""
    try:
        kind, scope_id = parse_scope(scope)
        fault = scope_fault(role, kind)
        if fault:
            raise click.ClickException(fault)
        service.grant_role(_account(login).id, role, scope_kind=kind, scope_id=scope_id, actor=SYSTEM, at=now())
    except ValueError as error:
        raise click.ClickException(f"不认识的范围：{scope}") from error
    except RuleBroken as error:
        raise click.ClickException(error.message) from error
    click.echo(f"已授予：{ROLES[role]}。")


def _account(login: str) -> Account:
    account = find(Account, login=login_of(login))
    if account is None:
        raise click.ClickException("没有这个账号。")
    return account


@access.command("table", help="列出每项操作和可以办理的角色。")
def access_table() -> None:
    """Print every act and who may do it."""
    for name, found in sorted(table(current_app).acts.items()):
        who = "、".join(str(ROLES[r]) for r in ROLES if r in found.roles) if found.who == "roles" else WHO[found.who]
        click.echo(f"{name:<36} {found.title}\t{who}")


WHO = {"anyone": "任何人", "signed_in": "已登录者", "device": "评分平板"}


def init_cli(app: Flask) -> None:
    """Hang the commands on the application."""
    app.cli.add_command(user)
    app.cli.add_command(access)
