"""Files whose few tests take minutes come first, so that no process of the run is left alone with one of them at its end."""

from pathlib import Path

import pytest

LONG = ("journeys", "screens", "access_matrix", "hostile", "operations", "demo", "bootstrap", "canaries", "judging")
_ROOT = Path(__file__).parent


def _weight(item: pytest.Item) -> int:
    room = item.path.relative_to(_ROOT).parts[0]
    return LONG.index(room) if room in LONG else len(LONG)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the order within each of them."""
    items.sort(key=_weight)
