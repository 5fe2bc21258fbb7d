"""Logs: one line per happening, in UTC, with plain traces. Values of variables never enter a log: they can be personal."""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog


def init_logs(*, as_json: bool) -> None:
    """Readable lines on a terminal, JSON lines for machines. Control characters in values are escaped by both."""
    last: list[structlog.types.Processor] = (
        [structlog.processors.JSONRenderer(ensure_ascii=False)]
        if as_json
        else [structlog.dev.ConsoleRenderer(colors=False)]
    )
    # At its finest level the picture library writes down what cameras and people put into pictures.
    logging.getLogger("PIL").setLevel(logging.INFO)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _without_values,
            *last,
        ],
    )


def frames(error: BaseException) -> str:
    """Where an error arose, and where those that led to it: files, lines, functions and kinds of errors.

    Never its message: it can quote what somebody typed ("invalid literal", "Key (phone)=…").
    """
    parts, seen = [], set[int]()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(current.__traceback__)]
        parts.append(" > ".join([*places, type(current).__name__]))
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return " <- ".join(parts)


def _without_values(_logger: Any, _name: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    wanted = line.pop("exc_info", None)
    error = wanted if isinstance(wanted, BaseException) else sys.exc_info()[1] if wanted else None
    if error is not None:
        line["trace"] = frames(error)
    return line
