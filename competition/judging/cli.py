"""``flask --app wsgi pack`` and ``unpack``: rounds for an arena machine of its own, and the way home."""

from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask_babel import gettext as _

from competition.core.actors import SYSTEM
from competition.core.clock import now
from competition.core.errors import RuleBroken
from competition.judging import rules_trips, service_trips, service_trips_back
from competition.judging.service_trips import Done

PASSPHRASE = click.option("--passphrase", envvar="COMP_TRIP_PASSPHRASE", prompt="密码（至少 12 个字符，另行告知对方）", hide_input=True,
                          help="加密文件的密码；也可用环境变量 COMP_TRIP_PASSPHRASE。")


@click.command("pack", help="把一项赛事（代号）或其中一个项目（代号/项目标识）装进文件，交给赛场主机；在赛场主机上则装好带回。")
@click.argument("target")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--machine", default="", help="赛场主机的名称；在赛场主机上不用写。")
@PASSPHRASE
@with_appcontext
def pack(target: str, file: Path, machine: str, passphrase: str) -> None:
    """Lend rounds, or bring back those that were lent to this machine."""
    try:
        contest, rounds = service_trips.find_target(target)
        trip = service_trips_back.open_trip(contest)
        content = service_trips_back.return_rounds(trip) if trip is not None else service_trips.lend_rounds(
            contest, rounds, machine=machine, actor=SYSTEM, at=now())
        sealed = rules_trips.seal(content, passphrase)
    except RuleBroken as error:
        raise click.ClickException(error.message) from error
    try:
        with file.open("xb") as out:
            out.write(sealed)
    except FileExistsError as error:
        raise click.ClickException(f"{file} 已存在，没有覆盖。") from error
    click.echo(f"已装好 {len(content['rounds'])} 轮：{file}（{len(sealed)} 字节，加密）")
    show_sums(content["sums"])
    click.echo("请带回办公室主机，执行 unpack。" if trip is not None else
               f"这些轮次已交给“{content['machine']}”，取回之前本机不再评分。请在赛场主机上执行 unpack，然后制作座位卡。")


@click.command("unpack", help="读取 pack 做的文件：在赛场主机上建立评分所需的内容，或在办公室主机上并回赛场的评分。重复执行没有影响。")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@PASSPHRASE
@with_appcontext
def unpack(file: Path, passphrase: str) -> None:
    """Take in, or take home."""
    try:
        content = rules_trips.unseal(file.read_bytes(), passphrase)
        done = take(content)
    except RuleBroken as error:
        raise click.ClickException(error.message) from error
    click.echo("这份文件以前已经读取，没有变化。" if done.again else "已写入，并逐表核对，与另一台主机完全一致：")
    show_sums(done.sums)


def take(content: dict[str, Any]) -> Done:
    """Which way the file goes stands in it; one that makes accounts and contests is read by an arena machine alone."""
    if content["kind"] == rules_trips.OUT and current_app.extensions["settings"].server != "arena":
        raise RuleBroken(_("这份文件要在赛场主机上读取：赛场主机要设 COMP_SERVER=arena。本机没有读取。"), code="trip_not_arena")
    verb = service_trips.take_in if content["kind"] == rules_trips.OUT else service_trips_back.take_home
    return verb(content, actor=SYSTEM, at=now())


def show_sums(sums: dict[str, Any]) -> None:
    """Rows and the beginning of the hash, table by table: to be read out from one machine to the other."""
    for name, (rows, digest) in sums.items():
        if rows:
            click.echo(f"  {name:<20} {rows:>7} 行  sha256 {digest[:16]}")


def init_cli(app: Flask) -> None:
    """Hang the commands on the application."""
    app.cli.add_command(pack)
    app.cli.add_command(unpack)
