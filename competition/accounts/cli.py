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

user = AppGroup("user", help="Accounts, roles and one-time links.")
access = AppGroup("access", help="Who may do what.")


@user.command("first-admin-link")
def first_admin_link() -> None:
    """Print the path of a one-time link for the first administrator; nothing when there is one."""
    token = service_staff.first_link(now())
    if token:
        click.echo(f"/setup/{token}")


@user.command("create")
@click.argument("login")
@click.argument("name")
def create(login: str, name: str) -> None:
    """Make a staff account and print its one-time link."""
    try:
        _account, token = service_staff.invite(login=staff_login(login), display_name=name, actor=SYSTEM, at=now())
    except (IdentityFault, RuleBroken) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"/invited/{token}")


@user.command("link")
@click.argument("login")
def link(login: str) -> None:
    """Print a one-time link by which the owner sets a new password."""
    click.echo(f"/invited/{service_staff.renew_link(_account(login).id, actor=SYSTEM, at=now())}")


@user.command("grant")
@click.argument("login")
@click.argument("role", type=click.Choice(list(ROLES)))
@click.option("--scope", default="system:", help="system: or union:ID, contest:ID, event:ID")
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
    click.echo("ok")


def _account(login: str) -> Account:
    account = find(Account, login=login_of(login))
    if account is None:
        raise click.ClickException("没有这个账号。")
    return account


@access.command("table")
def access_table() -> None:
    """Print every act and who may do it."""
    for name, found in sorted(table(current_app).acts.items()):
        who = "、".join(ROLES[r] for r in ROLES if r in found.roles) if found.who == "roles" else WHO[found.who]
        click.echo(f"{name:<36} {found.title}\t{who}")


WHO = {"anyone": "任何人", "signed_in": "已登录者", "device": "评分平板"}


def init_cli(app: Flask) -> None:
    """Hang the commands on the application."""
    app.cli.add_command(user)
    app.cli.add_command(access)
