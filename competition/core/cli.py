"""``flask --app wsgi jobs``: the two processes beside the web server; ``audit``: the proof of the chains."""

import ctypes
import signal
import sys
from types import FrameType

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from competition.core import audit
from competition.core.clock import now
from competition.core.clockwork import build_scheduler
from competition.core.jobs import SCHEDULE, fire, sweep

# A job that is stopped half-way starts again from the top, so waiting for it is a courtesy.
STOP_SECONDS = 12
# malloc.h of the GNU C library.
M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8
LARGE = 262144

jobs = AppGroup("jobs", help="后台任务：定时器和任务处理进程。")
chains = AppGroup("audit", help="审计链。")


@jobs.command("clock", help="定时器：按时提出例行任务。可以运行多个，每次只有一个生效。")
def clock() -> None:
    """Run APScheduler until a signal comes."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    scheduler = build_scheduler(app)

    def leave(_number: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    click.echo(f"定时器已启动，{len(scheduler.get_jobs())} 项。")
    try:
        scheduler.start()
    finally:
        if scheduler.running:
            scheduler.shutdown(wait=True)


@jobs.command("work", help="任务处理进程：排版证书、汇总数据等耗时工作。")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 16), help="同时处理几个任务（SQLite 用 1）。")
def work(workers: int) -> None:
    """Run Huey's consumer until a signal comes."""
    _give_memory_back()
    consumer = current_app.extensions["huey"].create_consumer(
        workers=workers,
        worker_type="thread",
        periodic=False,
        max_delay=1.0,
        graceful_signal="TERM",
        shutdown_timeout=STOP_SECONDS,
    )
    # What was lost while no worker ran is asked for again at once.
    sweep(now())
    click.echo("任务处理进程已启动。")
    consumer.run()


def _give_memory_back() -> None:
    """One heap for all threads, and what is large outside of it: the memory of a great job is not kept for the next. No other C library
    has such settings."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_ARENA_MAX, 1)
        mallopt(M_MMAP_THRESHOLD, LARGE)


@jobs.command("list", help="列出例行任务及其时间。")
def list_scheduled() -> None:
    """What the clock asks for, and when."""
    for planned in SCHEDULE:
        click.echo(f"{planned.name}  {planned.trigger}  {planned.title}")


@jobs.command("run", help="立即提出一项例行任务（名称见 jobs list）。")
@click.argument("name")
def run_now(name: str) -> None:
    """Ask for a scheduled job now."""
    if name not in {planned.name for planned in SCHEDULE}:
        raise click.ClickException(f"没有名为 {name} 的例行任务，请用 jobs list 查看。")
    fire(name, f"manual {now().isoformat()}", now())
    click.echo("已提出。")


@chains.command("verify", help="逐行验证全部审计链；有断裂时指出第一处并以状态 1 结束。")
def verify() -> None:
    """Prove that every chain is whole, or name the first broken row of each that is not."""
    proofs = list(audit.prove())
    broken = [proof.broken for proof in proofs if proof.broken]
    for each in broken:
        click.echo(f"断裂：链 {each.chain} 第 {each.seq} 行：{each.why}")
    if broken:
        sys.exit(1)
    click.echo(f"全部审计链完整：{len(proofs)} 条链、{sum(proof.rows for proof in proofs)} 行。")


def init_cli(app: Flask) -> None:
    """Hang the commands on the application."""
    app.cli.add_command(jobs)
    app.cli.add_command(chains)
