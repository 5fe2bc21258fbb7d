"""The list for reviewers says what the tests do."""

from tests.hostile.listing import DOCUMENT, listing


def test_the_list_is_the_one_that_is_tried() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == listing(), "run: python -m tests.hostile"
