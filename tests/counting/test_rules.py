"""Where a place stands in the tree."""

import pytest

from competition.counting.rules import places


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("630224", ("630224", "630200", "630000")),
        ("630200", ("630200", "630200", "630000")),
        ("440000", ("440000", "440000", "440000")),
        ("440106", ("440106", "440000", "440000")),
        (None, ("630000", "630000", "630000")),
    ],
)
def test_places(code: str | None, expected: tuple[str, str, str]) -> None:
    found = places(code)
    assert (found.region, found.prefecture, found.province) == expected
