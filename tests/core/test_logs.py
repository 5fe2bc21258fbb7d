"""Logs: one happening is one line, whatever somebody typed; nothing steers the terminal of who reads it."""

from collections.abc import Iterator

import pytest
import structlog

from competition.core.logs import init_logs

HOSTILE = "a\r\n2026-06-01 [error] forged\x1b[31m\x9b31m\x00\x7f\u2028\u202e结束"


@pytest.fixture(params=[True, False], ids=["json", "text"])
def logs(request: pytest.FixtureRequest) -> Iterator[None]:
    """Each of both forms; afterwards what the application under test had."""
    before = structlog.get_config()
    init_logs(as_json=request.param)
    yield
    structlog.configure(**before)


@pytest.mark.parametrize("value", [HOSTILE, HOSTILE.replace(" ", ""), "\x1b[2J", "\u2028"])
def test_no_value_begins_a_line_or_steers_a_terminal(logs: None, capsys: pytest.CaptureFixture[str], value: str) -> None:
    structlog.get_logger().warning(value, endpoint=value)
    said = capsys.readouterr().out
    assert len(said.splitlines()) == 1
    assert all(character.isprintable() for character in said.rstrip("\n"))
    assert "结束" in said or "结束" not in value
