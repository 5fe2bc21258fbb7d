"""``flask --app wsgi doctor``: what is right on this machine, what is not, and what to do about it."""

import re
import time
from collections.abc import Iterator
from io import BytesIO

import click
import pikepdf
from flask import Flask, current_app
from flask.cli import with_appcontext

from competition.bootstrap.system import RUN_NEEDS, admin_line, missing
from competition.core.config import ROOT, Settings
from competition.core.errors import RuleBroken
from competition.core.paper import Press
from competition.operations.checks import (
    Check,
    Finding,
    check_database,
    check_instance,
    check_migrations,
    check_public_url,
    check_queue,
)
from competition.operations.checks_backup import check_backup
from competition.operations.checks_key import check_certificate_key, check_signing_keys
from competition.operations.checks_press import check_press

MARKS = {"ok": "正常", "note": "提醒", "wrong": "问题"}
SAMPLES = {
    "Noto Serif CJK SC": "张三𬀩䶮",
    "Noto Sans CJK SC": "青海省总工会",
    "LXGW WenKai": "荣誉证书",
    "HanaMinB": "𠅤",
    "DDC Uchen": "བཀྲ་ཤིས་བདེ་ལེགས།",
}


def check_system(_settings: Settings) -> Iterator[Finding]:
    """Libraries and fonts, as the set-up looks for them."""
    lacking = missing(RUN_NEEDS)
    for need in lacking:
        yield Finding("wrong", "系统组件", f"缺少 {need.package}（{need.purpose}）", f"由管理员执行：{admin_line([need])}")
    if not lacking:
        yield Finding("ok", "系统组件", f"{len(RUN_NEEDS)} 项齐备")


def check_paper(_settings: Settings) -> Iterator[Finding]:
    """A small certificate in every script, really printed."""
    body = "".join(f'<p style="font-family:\'{font}\'">{sample}</p>' for font, sample in SAMPLES.items())
    started = time.monotonic()
    try:
        with Press() as press:
            pdf = press.print(f"<!doctype html><meta charset=utf-8>{body}")
    except RuleBroken as error:
        yield Finding("wrong", "PDF", error.message, f"检查字体和 pango：{admin_line(RUN_NEEDS)}")
        return
    # A family that is not there is replaced in silence: the names inside the file tell.
    used = fonts_inside(pdf)
    lost = [font for font in SAMPLES if not any(_plain(font) in name for name in used)]
    if lost:
        yield Finding("wrong", "PDF", f"排版没有用上这些字体：{'、'.join(lost)}", "执行 fc-cache -f 后再试；仍不行请重装字体包。")
    else:
        yield Finding("ok", "PDF", f"排版正常（{len(pdf) // 1024} KB，{time.monotonic() - started:.1f} 秒）")


def fonts_inside(pdf: bytes) -> set[str]:
    """The names of the fonts in a PDF, without blanks and signs."""
    with pikepdf.open(BytesIO(pdf)) as document:
        fonts = [font for page in document.pages for font in page.obj.Resources.Font.values()]
        return {_plain(str(font.BaseFont).split("+")[-1]) for font in fonts}


def _plain(name: str) -> str:
    return re.sub(r"\W|_", "", name).lower()


def check_pages(_settings: Settings) -> Iterator[Finding]:
    """The bundles for browsers."""
    if (ROOT / "static" / "build" / "manifest.json").is_file():
        yield Finding("ok", "页面文件", "已生成")
    else:
        yield Finding("wrong", "页面文件", "static/build 里没有页面脚本和样式", "执行：python3 wsgi.py --setup-only")


CHECKS: tuple[Check, ...] = (
    check_system, check_paper, check_pages, check_database, check_migrations, check_queue, check_instance,
    check_backup, check_public_url, check_certificate_key, check_signing_keys, check_press,
)


def examine(settings: Settings) -> list[Finding]:
    """Every finding, in the order in which things build on each other."""
    return [finding for check in CHECKS for finding in check(settings)]


@click.command("doctor", help="检查字体、组件、数据库、任务队列和目录权限，并说明如何处理。")
@with_appcontext
def doctor() -> None:
    """Print the findings; status 1 when something is wrong."""
    settings: Settings = current_app.extensions["settings"]
    findings = examine(settings)
    for finding in findings:
        click.echo(f"[{MARKS[finding.level]}] {finding.subject}：{finding.said}")
        if finding.todo:
            click.echo(f"       处理办法：{finding.todo}")
    wrong = sum(finding.level == "wrong" for finding in findings)
    click.echo(f"发现 {wrong} 个问题。" if wrong else "没有发现问题。")
    if wrong:
        raise click.exceptions.Exit(1)


def init_doctor(app: Flask) -> None:
    """Hang the command on the application."""
    app.cli.add_command(doctor)
