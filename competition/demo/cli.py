"""``flask --app wsgi demo load``, and ``rehearse``: a whole event played on a database of its own."""

import json

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from competition.core.clock import now
from competition.demo.load import clear, is_loaded, load
from competition.demo.rehearsal import MOST_TABLETS, Plan, rehearse
from competition.demo.rehearsal_check import Outcome

group = AppGroup("demo", help="演示数据。")


@group.command("load", help="把演示数据载入空的演示数据库。")
@click.option("--contestants", default=320, show_default=True, type=click.IntRange(12, 20_000),
              help="已发布赛事的选手人数。")
@click.option("--persons", default=100_000, show_default=True, type=click.IntRange(0, 2_000_000), help="本年度参赛人数。")
@click.option("--seed", default=2025, show_default=True, help="种子相同，数据相同。")
def load_command(contestants: int, persons: int, seed: int) -> None:
    """Load the demonstration into an empty demonstration database."""
    if not current_app.extensions["settings"].demo:
        raise click.ClickException("这不是演示数据库。请设置 COMP_DEMO=1（python3 wsgi.py --demo 会自动设置）。")
    if is_loaded():
        click.echo("演示数据已经载入。")
        return
    clear()
    load(now(), contestants=contestants, persons=persons, seed=seed, say=click.echo)


MISHAPS = {
    "outage": "平板断网", "lost_request": "请求丢失", "lost_answer": "应答丢失", "double_send": "重复上传", "out_of_order": "乱序上传",
    "wrong_tap": "点错后改正", "takeover": "换平板接管", "sign_in_over": "登录失效后输入 PIN", "wrong_clock": "平板时钟差一天",
    "server_killed": "服务器断电重启",
}


@click.command("rehearse", help="演练：在临时数据库上用模拟裁判员走完一场比赛，人为制造断网、断电等故障，核对有没有丢分、重复或错分。")
@click.option("--tablets", default=60, show_default=True, type=click.IntRange(1, MOST_TABLETS), help="平板（裁判座位）台数。")
@click.option("--works", default=320, show_default=True, type=click.IntRange(1, 2_000), help="作品件数。")
@click.option("--minutes", default=3.0, show_default=True, type=click.FloatRange(0, 600), help="评分持续几分钟；0 表示不停顿。")
@click.option("--seed", default=1, show_default=True, help="种子相同，所给分数相同、故障大致相同。")
def rehearse_command(tablets: int, works: int, minutes: float, seed: int) -> None:
    """Play an event with simulated judges; status 1 when a mark was lost, doubled or wrong."""
    plan = Plan(tablets, works, minutes, seed)
    create_app = current_app.extensions["create_app"]
    outcome = rehearse(plan, lambda ground: create_app(ground.settings()), now(), click.echo)
    report(plan, outcome)
    if not outcome.is_good:
        raise SystemExit(1)


def report(plan: Plan, outcome: Outcome) -> None:
    """The readiness report; its last line is for programs."""
    click.echo(f"\n演练报告：{plan.tablets} 台平板，{plan.works} 件作品，用时 {outcome.seconds:.0f} 秒（种子 {plan.seed}）")
    for key, name in MISHAPS.items():
        click.echo(f"  {name}：{outcome.faults[key]} 次")
    click.echo(f"  核对分数 {outcome.marks} 项、成绩 {outcome.results} 行：丢失 {len(outcome.lost)}，重复 {len(outcome.doubled)}，"
               f"错误 {len(outcome.wrong)}")
    for sentence in (*outcome.lost, *outcome.doubled, *outcome.wrong)[:20]:
        click.echo(f"    {sentence}")
    click.echo("  演练数据只在临时文件夹中，已删除；正式数据库中没有演练数据。" if outcome.apart
               else "  注意：演练数据没有清除干净，请联系管理员。")
    click.echo("结论：可以使用。" if outcome.is_good else "结论：不能使用，请先查明上面各项。")
    click.echo(json.dumps({
        "marks": outcome.marks, "faults": sum(outcome.faults.values()), "lost": len(outcome.lost), "doubled": len(outcome.doubled),
        "wrong": len(outcome.wrong), "results": outcome.results, "by_kind": {key: outcome.faults[key] for key in MISHAPS},
        "seconds": round(outcome.seconds, 1), "apart": outcome.apart}))


def register(app: Flask) -> None:
    """Hang the commands on the application."""
    app.cli.add_command(group)
    app.cli.add_command(rehearse_command)
