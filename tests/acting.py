"""Every address that changes something does so in some test: counted over the whole suite, and held at its end.

That an act leaves an audit row is asked of each (``tests/writes.py``); that a refusal leaves a security row, by the walk
of ``tests/access_matrix``. Both would be worth little for an address that no test ever gets to act.
"""

from typing import Any

import pytest

from tests.writes import ACTED, CHANGING

# Sent like an act, and does nothing.
NO_ACT = {"judging.find_paper": "leads from a number to its sheet; judging.key_paper acts",
          "registration.batch": "shows whom a batch would touch; registration.batch_decide acts",
          "returns.batch_returns": "shows what would be approved together; returns.approve_returns acts",
          "judging.read_key": "reads a workbook into the form; judging.set_key acts"}
_seen: dict[str, set[str]] = {"acted": set(), "changing": set()}


def _take(acted: Any, changing: Any) -> None:
    _seen["acted"].update(acted)
    _seen["changing"].update(changing)


def never_act() -> list[str]:
    """The changing addresses that acted in no test of this run."""
    return sorted(_seen["changing"] - _seen["acted"] - NO_ACT.keys())


def _is_whole(config: pytest.Config) -> bool:
    """Did the run mean every test?"""
    return config.args_source is pytest.Config.ArgsSource.TESTPATHS and not (config.option.keyword or config.option.markexpr)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """A process of the run has ended and hands over what it saw."""
    output = getattr(node, "workeroutput", {})
    _take(output.get("acted", ()), output.get("changing", ()))


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """In each process: hand over; at the end of the whole run: fail when an address never acted."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output.update(acted=sorted(ACTED), changing=sorted(CHANGING))
        return
    _take(ACTED, CHANGING)
    if _is_whole(session.config) and never_act():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Name them."""
    if _is_whole(config) and (left := never_act()):
        terminalreporter.section("addresses that change something and act in no test", red=True)
        terminalreporter.line(", ".join(left))
