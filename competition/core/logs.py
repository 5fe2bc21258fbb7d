"""Logs: one line per happening, in UTC, with plain traces. Values of variables never enter a log: they can be personal."""

import structlog


def init_logs(*, as_json: bool) -> None:
    """Readable lines on a terminal, JSON lines for machines. Control characters in values are escaped by both."""
    last: list[structlog.types.Processor] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
        if as_json
        else [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)]
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *last,
        ],
    )
