"""Logs: one line per happening, in UTC, with plain traces. Values of variables never enter a log: they can be personal."""

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog


def init_logs(*, as_json: bool) -> None:
    """Readable lines on a terminal, JSON lines for machines. Nothing in a value can begin a line or steer a terminal."""
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
            _without_controls,
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


# All that ends a line, steers a terminal or turns the direction of letters; the renderers escape some of it only.
_STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def _escaped(value: Any) -> Any:
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", value) if isinstance(value, str) else value


def _without_controls(_logger: Any, _name: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name, value in line.items():
        line[name] = _escaped(value)
    return line


def _without_values(_logger: Any, _name: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    wanted = line.pop("exc_info", None)
    error = wanted if isinstance(wanted, BaseException) else sys.exc_info()[1] if wanted else None
    if error is not None:
        line["trace"] = frames(error)
    return line
