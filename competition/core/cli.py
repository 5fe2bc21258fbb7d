"""``flask --app wsgi jobs``: the two processes beside the web server."""

import signal
from types import FrameType

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from competition.core.clockwork import build_scheduler

# A job that is stopped half-way starts again from the top, so waiting for it is a courtesy.
STOP_SECONDS = 12

jobs = AppGroup("jobs", help="后台任务：定时器和任务处理进程。")


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
    consumer = current_app.extensions["huey"].create_consumer(
        workers=workers,
        worker_type="thread",
        periodic=False,
        max_delay=1.0,
        graceful_signal="TERM",
        shutdown_timeout=STOP_SECONDS,
    )
    click.echo("任务处理进程已启动。")
    consumer.run()


def init_cli(app: Flask) -> None:
    """Hang the commands on the application."""
    app.cli.add_command(jobs)
