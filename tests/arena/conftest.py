"""What the room above says of rounds, said by the test: that it is asked is what is tested here."""

import uuid

import pytest

from competition.arena import gates


class Rounds:
    """Which rounds have begun and which are locked."""

    def __init__(self) -> None:
        self.begun_ids: set[uuid.UUID] = set()
        self.locked_ids: set[uuid.UUID] = set()
        self.touched: list[uuid.UUID] = []
        self.gate = gates.RoundGate(
            lambda ids: set(ids) & self.begun_ids, lambda ids: set(ids) & self.locked_ids, self.touched.extend)


@pytest.fixture
def rounds(monkeypatch: pytest.MonkeyPatch) -> Rounds:
    """No round has begun until the test says so."""
    made = Rounds()
    monkeypatch.setattr(gates, "_gates", [made.gate])
    return made
