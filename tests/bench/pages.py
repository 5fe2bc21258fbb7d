"""What a page costs beside its own template filled with literal data, in the same run.

The demonstration is loaded into a temporary folder. Every page is asked for as the person who uses
it; then its template is rendered again with the very values it was given, without any database.
"""

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask, template_rendered
from flask.testing import FlaskClient
from jinja2 import Template
from sqlalchemy import Engine, event

from competition.contests.models import Contest
from competition.core.clock import now
from competition.core.database import db, find
from competition.demo.load import load
from competition.demo.staff import demo_accounts
from tests.bench.report import finish, median_ms, table
from tests.cast import sign_in
from tests.house import build

PAGES = (
    ("公开：赛事列表", None, "/contests"),
    ("公开：赛事", None, "/contests/{done}"),
    ("公开：成绩", None, "/contests/{done}/results"),
    ("工作台", "organizer", "/desk"),
    ("赛事管理列表", "organizer", "/manage/contests"),
    ("报名审核列表", "province_clerk", "/manage/contests/{open}/registration/entries"),
    ("检录", "organizer", "/manage/contests/{running}/arena/check-in"),
    ("评分看板", "chief_judge", "/manage/contests/{running}/judging/"),
    ("成绩管理", "organizer", "/manage/contests/{done}/results"),
    ("证书", "organizer", "/manage/contests/{done}/certificates"),
    ("参赛人数", "leader", "/participation/"),
    ("待我审批", "organizer", "/approvals"),
)


class Statements:
    """Counts what goes to the database."""

    def __init__(self, engine: Engine) -> None:
        self.count = 0
        event.listen(engine, "before_cursor_execute", self._note)

    def _note(self, *_: Any) -> None:
        self.count += 1


@contextmanager
def captured(app: Flask) -> Iterator[list[tuple[Template, dict[str, Any]]]]:
    """The templates that are rendered meanwhile, with their values."""
    found: list[tuple[Template, dict[str, Any]]] = []

    def note(_sender: Flask, template: Template, context: dict[str, Any], **_: Any) -> None:
        found.append((template, context))

    with template_rendered.connected_to(note, app):
        yield found


def codes() -> dict[str, str]:
    """The ids of the three contests by their part."""
    wanted = {"done": "YSLM2", "running": "YSLM3", "open": "YSLM4"}
    return {part: str(contest.id) for part, code in wanted.items() if (contest := find(Contest, code=code))}


def measure(app: Flask, client: FlaskClient, address: str, times: int, counter: Statements) -> tuple[float, float, int, int]:
    """Median ms of the page and of its template alone, statements, bytes."""
    with captured(app) as rendered:
        before = counter.count
        answer = client.get(address)
        statements = counter.count - before
        if answer.status_code != 200 or not rendered:
            raise SystemExit(f"{address}: {answer.status_code}")
        template, values = rendered[-1]
        with client:
            client.get(address)
            # Inside the request that was just made: links and texts know where they are, the rows are in memory.
            alone = median_ms(lambda: template.render(values), times)
    return median_ms(lambda: client.get(address), times), alone, statements, len(answer.data)


def main() -> None:
    """Load, measure, report."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--contestants", type=int, default=320)
    options.add_argument("--persons", type=int, default=20_000)
    options.add_argument("--times", type=int, default=15)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        app = build(Path(folder), COMP_DEMO="1")
        with app.app_context():
            load(now(), contestants=chosen.contestants, persons=chosen.persons, seed=2025, say=print)
            counter, ids, accounts = Statements(db.engine), codes(), demo_accounts()
            rows = []
            for name, who, address in PAGES:
                client = app.test_client()
                if who:
                    sign_in(client, accounts[who])
                rows.append((name, *measure(app, client, address.format(**ids), chosen.times, counter)))
            db.session.remove()
            db.engine.dispose()
    table(["page", "page ms", "template ms", "statements", "bytes", "ratio"], [(*r, r[1] / r[2]) for r in rows])
    finish("pages", {r[0]: {"page_ms": r[1], "template_ms": r[2], "statements": r[3], "bytes": r[4]} for r in rows},
           {"page_vs_template_median": sorted(r[1] / r[2] for r in rows)[len(rows) // 2],
            "page_vs_template_worst": max(r[1] / r[2] for r in rows)})


if __name__ == "__main__":
    main()
