"""``flask --app wsgi pack`` and ``unpack``: rounds for an arena machine of its own, and the way home."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask_babel import gettext as _

from competition.contests.queries import rounds_of
from competition.core.actors import SYSTEM
from competition.core.clock import now
from competition.core.errors import RuleBroken
from competition.judging import rules_trips, service_trips, service_trips_back, service_trips_return
from competition.judging.service_trips import Done

VARIABLE = "COMP_TRIP_PASSPHRASE"
# Never as a word of the command: the list of processes and the shell's history would show it.
PASSPHRASE = click.option("--passphrase-file", type=click.Path(path_type=Path, exists=True, dir_okay=False),
                          help=f"从文件第一行读取密码；也可用环境变量 {VARIABLE}。都没有时会询问。")


def read_passphrase(file: Path | None, *, twice: bool) -> str:
    """The passphrase from a file's first line, from the environment, or asked for without showing it."""
    if file is not None:
        return (file.read_text("utf-8").splitlines() or [""])[0].strip()
    known = os.environ.get(VARIABLE)
    return known if known is not None else click.prompt("密码（至少 12 个字符，另行告知对方）", hide_input=True, confirmation_prompt=twice)


T = TypeVar("T")


def said(verb: Callable[[], T]) -> T:
    """What a verb gives; a refusal is told in its sentence."""
    try:
        return verb()
    except RuleBroken as error:
        raise click.ClickException(error.message) from error


@click.command("pack", help="把一项赛事（代号）、其中一个项目（代号/项目标识）或一轮（代号/项目标识/第几轮）装进文件，交给赛场主机；"
               "在赛场主机上则装好带回，装好之后那里不再评分。")
@click.argument("target")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--machine", default="", help="赛场主机的名称；在赛场主机上不用写。")
@PASSPHRASE
@with_appcontext
def pack(target: str, file: Path, machine: str, passphrase_file: Path | None) -> None:
    """Lend rounds, or bring back those that were lent to this machine."""
    if file.exists():
        raise click.ClickException(f"{file} 已存在，没有覆盖。")
    contest, rounds = said(lambda: service_trips.find_target(target))
    passphrase = read_passphrase(passphrase_file, twice=True)
    # Before anything is marked as away.
    said(lambda: rules_trips.check_passphrase(passphrase))
    trip = said(lambda: service_trips_return.open_trip(rounds))
    content = said(lambda: service_trips_return.return_rounds(trip, actor=SYSTEM, at=now()) if trip is not None else
                   service_trips.lend_rounds(contest, rounds, machine=machine, actor=SYSTEM, at=now()))
    size = write_file(file, rules_trips.seal(content, passphrase))
    click.echo(f"已装好 {len(content['rounds'])} 轮：{file}（{size} 字节，加密）")
    for round_ in rounds_of(contest.id):
        if str(round_.id) in content["rounds"]:
            click.echo(f"  {round_.event.name_zh}（{contest.code}/{round_.event.key}）{round_.name}")
    show_sums(content["sums"])
    click.echo("本机从现在起不再评这些轮次。请带回办公室主机，执行 unpack。文件遗失的，在本机再执行一次 pack；"
               "要继续评分的，执行 resume-judging。"
               if trip is not None else
               f"这些轮次已交给“{content['machine']}”，取回之前本机不再评分。请在赛场主机上执行 unpack，然后制作座位卡。")


def write_file(file: Path, data: bytes) -> int:
    """Write a new file, whole or not at all; its size."""
    try:
        with file.open("xb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
    except OSError as error:
        raise click.ClickException(f"没有写成 {file}（{error.strerror}）。轮次已标记，请换一个位置再执行一次 pack。") from error
    return len(data)


@click.command("unpack", help="读取 pack 做的文件：在赛场主机上建立评分所需的内容，或在办公室主机上并回赛场的评分。重复执行没有影响。")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@PASSPHRASE
@with_appcontext
def unpack(file: Path, passphrase_file: Path | None) -> None:
    """Take in, or take home."""
    passphrase = read_passphrase(passphrase_file, twice=False)
    done = said(lambda: take(rules_trips.unseal(file.read_bytes(), passphrase)))
    click.echo("这份文件以前已经读取，没有变化。" if done.again else "已写入，并逐表核对，与另一台主机完全一致：")
    show_sums(done.sums)


@click.command("resume-judging", help="在赛场主机上：装好带回的文件遗失了，没有到办公室，恢复在本机评分。")
@click.argument("target")
@click.option("--reason", prompt="理由", help="为什么恢复；记入操作记录。")
@click.confirmation_option(prompt="办公室确实没有读取过装好的文件？那份文件若先到办公室，恢复之后的评分就不能并入")
@with_appcontext
def resume(target: str, reason: str) -> None:
    """Judge here again."""
    _found, rounds = said(lambda: service_trips.find_target(target))
    trip = said(lambda: service_trips_return.open_trip(rounds))
    if trip is None:
        raise click.ClickException("这项赛事不是别处交来的，不用恢复。")
    count = said(lambda: service_trips_return.resume_rounds(trip, reason=reason, actor=SYSTEM, at=now()))
    click.echo(f"已恢复 {count} 轮，平板上的内容会自动上传。请销毁以前装好的文件；评完之后再执行一次 pack。")


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
    app.cli.add_command(resume)
