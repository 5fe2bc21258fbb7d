"""The bare endpoint: Flask, the driver, and the captured statements of one accepted mark; gunicorn runs it as ``tests.bench.raw:app``."""

import itertools
import os
import pickle
import threading
import time
import uuid
from typing import Any

import psycopg
from flask import Flask, Response, jsonify, request

from competition.core.database import SQLITE, _on_connect
from tests.bench.captured import Step

app = Flask(__name__)
URL = os.environ.get("COMP_DATABASE_URL", "")
IS_SQLITE = URL.startswith("sqlite")
with open(os.environ["BENCH_CAPTURED"], "rb") as stream:
    CAPTURED: list[list[Step]] = pickle.load(stream)  # noqa: S301 - made by this run
# Numbers that no other process and no mark of the application uses.
numbers = itertools.count(10_000_000 + int(time.time() * 1000) % 1_000_000 * 1000 + os.getpid() % 997 * 100_000_000 % 1_000_000_000)
held = threading.local()


def connection() -> Any:
    """One for each thread, opened as the application opens its own."""
    if not hasattr(held, "connection"):
        if IS_SQLITE:
            held.connection = SQLITE.connect(URL.removeprefix("sqlite:///"))
            _on_connect(held.connection, None)
        else:
            held.connection = psycopg.connect(URL)
    return held.connection


def send(steps: list[Step]) -> int:
    """One accepted mark."""
    link = connection()
    cursor, number = link.cursor(), next(numbers)
    for statement, values, keys, places in steps:
        if statement == "COMMIT":
            link.commit()
        elif statement == "ROLLBACK":
            link.rollback()
        else:
            if keys or places:
                values = dict(values) if isinstance(values, dict) else list(values)
                for key in keys:
                    values[key] = uuid.uuid4().hex if IS_SQLITE else uuid.uuid4()
                for place in places:
                    values[place] = number
            cursor.execute(statement, values)
            if cursor.description:
                cursor.fetchall()
    return number


@app.get("/healthz")
def healthz() -> str:
    return "ok"


@app.post("/mark/<int:which>")
def mark(which: int) -> Response:
    """The body is read as the application reads it, and something of its size is answered."""
    sent = request.get_json()
    event = sent["events"][0]
    number = send(CAPTURED[which])
    return jsonify(answers=[{"uuid": event["uuid"], "result": "accepted", "version": number, "value": event["value"], "code": "",
                             "message": "", "details": {}}], last_seq=event["device_seq"], missing=[], is_live=True, why="", at="")

