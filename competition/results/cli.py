"""``flask --app wsgi contest score CASE.json``: any case through the engine, and counted a second time."""

import json
from typing import IO

import click
from flask import Flask
from flask.cli import AppGroup

from competition.contests.service import ready_rulebooks
from competition.contests.trying import try_case
from competition.scoring.case import CaseFaults, read
from competition.scoring.rulebook import RulebookFaults

WRONG_FILE, OTHER_RESULT = 1, 2

contest = AppGroup("contest", help="比赛：用一份数据文件试算成绩。")


def init_app(app: Flask) -> None:
    """Hang the commands on the application."""
    app.cli.add_command(contest)


@contest.command("score", help="按评分规则计算一份试算文件（- 为标准输入），结果以 JSON 输出。格式见 docs/scoring-cases.md。")
@click.argument("file", type=click.File("r", encoding="utf-8"))
@click.pass_context
def score(ctx: click.Context, file: IO[str]) -> None:
    """Compute a case. Status 1: the file is wrong; 2: both calculations differ, or something else was expected."""
    try:
        tried = try_case(read(json.load(file), ready_rulebooks().get))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        click.echo(f"/: 不是 JSON 文件：{error}", err=True)
        ctx.exit(WRONG_FILE)
    except CaseFaults as error:
        _tell(ctx, [(fault.path, fault.say()) for fault in error.faults])
    except RulebookFaults as error:
        _tell(ctx, [(f"/rulebook{fault.path}", fault.say()) for fault in error.faults])
    click.echo(json.dumps(tried.to_json(), ensure_ascii=False, indent=1))
    for sentence in (*tried.differences, *tried.unexpected):
        click.echo(sentence, err=True)
    if tried.differences or tried.unexpected:
        ctx.exit(OTHER_RESULT)


def _tell(ctx: click.Context, faults: list[tuple[str, str]]) -> None:
    for path, sentence in faults:
        click.echo(f"{path}: {sentence}", err=True)
    ctx.exit(WRONG_FILE)
