"""``flask --app wsgi backup`` and ``flask --app wsgi restore``."""

from datetime import timedelta
from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup, with_appcontext

from competition.core.actors import SYSTEM
from competition.core.clock import now
from competition.core.errors import RuleBroken
from competition.core.formats import filesize, show_moment
from competition.operations import catalogue, erasures, keeping, lan, service, service_restore
from competition.operations.catalogue import Receipt
from competition.operations.sealing import find_keys, get_keys, key_path
from competition.operations.service import settings_here

KEEP = (
    "备份密钥在 {path}（只有本用户可读）。请把它和 secrets.json（或环境变量里的密钥）一起抄存到别处封存，与备份分开存放：\n"
    "没有 backup.key 打不开备份，没有 secrets.json 读不出证件号。存好后执行：flask --app wsgi backup key --kept 保管处"
)


class Spoken(AppGroup):
    """A broken rule is a sentence and status 1, not a trace."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except RuleBroken as error:
            raise click.ClickException(error.message) from error


@click.group("backup", cls=Spoken, invoke_without_command=True, help="备份：不带子命令即立即备份并检验。")
@click.pass_context
def backup(ctx: click.Context) -> None:
    """``flask backup`` alone makes one."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(make)


@backup.command("make", help="立即备份（系统可以照常运行），加密，并打开检验。")
def make() -> None:
    """Make a backup and prove it."""
    fresh = find_keys(settings_here()) is None
    made = service.back_up(why="manual", actor=SYSTEM, at=now())
    click.echo(f"已备份并检验：{settings_here().backup_folder / made.name}")
    click.echo(f"  时刻 {made.made_moment}，此前已确认的内容都在其中")
    click.echo(f"  {filesize(made.size)}，{made.rows} 行，{made.files} 个文件，{made.chains} 条审计链，用时 {made.seconds} 秒")
    click.echo(f"  sha256 {made.sha256}")
    if made.lost:
        click.echo(f"  注意：有 {made.lost} 个登记过的文件已经缺失或损坏，不在备份里。")
    if fresh:
        click.echo(KEEP.format(path=key_path(settings_here())))


@backup.command("list", help="列出现有的备份。")
def list_backups() -> None:
    """Newest first."""
    found = catalogue.receipts(settings_here())
    for each in found:
        click.echo(f"{each.name}  {show_moment(each.moment, settings_here().zone)}  {filesize(each.size)}  {_state(each)}")
    if not found:
        click.echo("还没有备份。")


def _state(receipt: Receipt) -> str:
    if receipt.verified_at is not None:
        return f"已检验 {show_moment(receipt.verified_at, settings_here().zone)}"
    return f"不可用：{receipt.fault or '检验没有做完'}"


@backup.command("verify", help="重新打开检验一份备份（缺省为最近一份）。")
@click.argument("name", required=False)
def verify(name: str | None) -> None:
    """Prove a backup again."""
    newest = next(iter(catalogue.receipts(settings_here())), None)
    chosen = name or (newest.name if newest else None)
    if chosen is None:
        raise click.ClickException("还没有备份。")
    receipt = service.prove(Path(chosen).name, actor=SYSTEM, at=now())
    click.echo(f"{receipt.name} 完好：已解密，数据库完整，{receipt.rows} 行相符，{receipt.chains} 条审计链逐行验证。")


@backup.command("erasures", help="恢复后：重新删除在备份之后已删除个人信息的人。")
@with_appcontext
def erase_again() -> None:
    """Follow the list once more."""
    click.echo(f"重新删除了 {erasures.apply(settings_here(), at=now())} 人的个人信息。")


@backup.command("key", help="备份密钥在哪里；--kept 登记它已抄存在别处。")
@click.option("--kept", metavar="保管处", help="写明保管处，例如“机要室保险柜”。")
def key(kept: str | None) -> None:
    """Tell where the key is, never the key itself."""
    settings = settings_here()
    keys = get_keys(settings)
    if kept:
        keeping.note_kept(settings, keys, where=kept, actor=SYSTEM, at=now())
    where = keeping.who_keeps(settings, keys)
    click.echo(f"公钥 {keys.public}")
    click.echo("密钥来自环境变量 COMP_BACKUP_KEY。" if settings.backup_key else KEEP.format(path=key_path(settings)))
    click.echo(f"已登记保管处：{where['where']}（{show_moment(where['at'], settings.zone)}）" if where else "还没有登记保管处。")


@click.command("restore", help="用一份备份恢复。先停止系统；现有数据移到一旁，不删除。")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="这里已有数据也恢复；现有数据移到一旁保存。")
@click.option("--without-keys", is_flag=True, help="字段密钥确已丢失：恢复后读不出证件号和手机号。")
@click.option("--broken-chains", is_flag=True, help="审计链断裂也恢复；断裂处留待查明。")
@with_appcontext
def restore(file: Path, *, replace: bool, without_keys: bool, broken_chains: bool) -> None:
    """Open, prove, change over; nothing is touched before the backup is known to be good."""
    known = settings_here().backup_folder / file
    allowed = service_restore.Allowed(replace, without_keys, broken_chains)
    begun = now()
    try:
        done = service_restore.restore(file if file.exists() else known, allowed=allowed, actor=SYSTEM, at=begun)
    except RuleBroken as error:
        raise click.ClickException(error.message) from error
    click.echo(f"已恢复到 {done.manifest.moment} 的状态：{done.manifest.rows} 行，{len(done.manifest.files)} 个文件，"
               f"用时 {(now() - begun) / timedelta(seconds=1):.1f} 秒。")
    for place in done.aside:
        click.echo(f"恢复前的数据保存在：{place}（确认无误后再删除）")
    if done.manifest.missing:
        click.echo(f"注意：制作备份时已有 {len(done.manifest.missing)} 个文件缺失。")
    if done.needs_upgrade:
        click.echo("备份的数据库结构较旧，请执行：flask --app wsgi db upgrade，然后执行：flask --app wsgi backup erasures")
    if done.erased:
        click.echo(f"其中 {done.erased} 人在备份之后已删除个人信息，已重新删除。")
    click.echo("现在可以启动系统。")


@click.group("arena", cls=Spoken, help="赛场里的主机。")
def arena() -> None:
    """What an arena machine needs (docs/arena.md)."""


@arena.command("https", help="为赛场内网做一个 https 网址：证书、caddy 和 nginx 的设置。")
@click.argument("name")
@click.argument("address")
@click.option("--folder", type=click.Path(path_type=Path), help="写到哪里；缺省为 instance/https。")
@click.option("--port", default=443, help="https 端口。")
@click.option("--plain-port", default=80, help="http 端口，只用来下载证书和跳转。")
@with_appcontext
def https(name: str, address: str, folder: Path | None, port: int, plain_port: int) -> None:
    """Write certificates and settings, and say what is left to do."""
    place = lan.Place(name.lower(), address, port, plain_port, int(settings_here().port))
    target = folder or settings_here().instance / "https"
    made = lan.write_place(place, target, now())
    plain = "" if plain_port == 80 else f":{plain_port}"
    click.echo(f"已写好：{target}")
    click.echo(f"  1. 路由器把 {name} 指到 {address}（或在各平板上直接用 https://{address}{place.port}/judge/）。")
    click.echo(f"  2. 启动代理：caddy run --config {target / 'Caddyfile'}（或把 nginx.conf 放进 sites-enabled）。")
    click.echo(f"  3. 启动系统：COMP_PUBLIC_URL={place.url} COMP_TRUSTED_HOSTS={name},{address} COMP_BEHIND_PROXY=1 python3 wsgi.py")
    click.echo(f"  4. 平板打开 http://{address}{plain}/{made.name} 安装并信任证书（只对这个名称和地址有效），再打开 {place.url}/judge/")
    click.echo(f"  安装前在平板上核对证书的 SHA-256 指纹：\n     {lan.fingerprint(target)}")
    click.echo(f"  {target / 'ca.key'} 是这张证书的私钥，只有本账号能读；不要复制、不要放进备份或优盘。")
    click.echo("  赛后删除这个文件夹，并从平板上移除证书。")


def init_cli(app: Flask) -> None:
    """Hang the commands on the application."""
    app.cli.add_command(arena)
    app.cli.add_command(backup)
    app.cli.add_command(restore)
