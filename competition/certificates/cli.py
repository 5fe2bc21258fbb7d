"""``flask --app wsgi signing-key``: the keys that QR codes of certificates are signed with."""

import click
from flask import Flask
from flask.cli import AppGroup

from competition.certificates import signing
from competition.core.actors import SYSTEM
from competition.core.clock import now
from competition.core.errors import RuleBroken
from competition.core.formats import show_moment

group = AppGroup("signing-key", help="证书二维码的签名密钥：查看、更换。")


def init_app(app: Flask) -> None:
    """Hang the commands on the application."""
    app.cli.add_command(group)


@group.command("list", help="列出所有密钥；只显示公钥。")
def list_keys() -> None:
    """Oldest first."""
    found = signing.all_keys()
    for key in found:
        state = "失信" if key.distrusted_at else "停用" if key.retired_at else "使用"
        click.echo(f"{key.kid}  {state}  {key.public}  生成于 {show_moment(key.created_at)}")
    if not found:
        click.echo("还没有密钥：第一次签发证书时自动生成。")


@group.command("rotate", help="换一把新密钥，以后签发的证书用它签名；以前签的照样有效。")
@click.option("--distrust", is_flag=True, help="旧密钥可能已泄露：它签过的二维码一律不再可信，只能联网按登记查验。")
@click.confirmation_option(prompt="换掉正在使用的密钥？")
def rotate(distrust: bool) -> None:
    """The old one signs nothing more."""
    key = signing.rotate_keys(distrust=distrust, actor=SYSTEM, at=now())
    click.echo(f"以后用 {key.kid} 签名，公钥 {key.public}")


@group.command("distrust", help="宣布一把密钥失信，停用已久的也可以：它签过的二维码不再可信，其他密钥签的不受影响。")
@click.argument("kid")
@click.confirmation_option(prompt="宣布这把密钥失信？不能恢复。")
def distrust(kid: str) -> None:
    """One that is lost after it was changed."""
    try:
        key = signing.distrust_key(kid, actor=SYSTEM, at=now())
    except RuleBroken as error:
        raise click.ClickException(error.message) from error
    click.echo(f"{kid} 已失信；以后用 {key.kid} 签名，公钥 {key.public}")
