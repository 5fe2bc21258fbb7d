"""Numbers as a page of ours writes them, and everything else that may come in their place."""

import pytest

from competition.core.characters import int_or, plain_count


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("12", 12), ("007", 7), ("999999999", 999_999_999)])
def test_a_plain_number_is_read(text: str, number: int) -> None:
    assert int_or(text, None) == number


@pytest.mark.parametrize("text", ["", " 1", "1 ", "1\n", "-1", "+1", "1.0", "²", "٣", "１２", "1_000", "9" * 10, "9" * 5000, "x"])
def test_anything_else_is_not(text: str) -> None:
    assert int_or(text, None) is None


@pytest.mark.parametrize(("text", "plain"), [
    ("1,200", "1200"), ("１，２００", "1200"), ("1 200", "1200"), ("１２３", "123"), (" 12,345,678 ", "12345678"), ("-1,200", "-1200"),
    ("1,20", "1,20"), ("12,00", "12,00"), ("1,200.5", "1,200.5"), ("1,,200", "1,,200"), ("1 2", "1 2"), ("", ""),
])
def test_what_stands_between_thousands_is_left_out_and_nothing_else(text: str, plain: str) -> None:
    assert plain_count(text) == plain
