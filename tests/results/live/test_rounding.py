"""Guarded rounding: LibreOffice rounds as the engine does, at exact halves above all."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from competition.core.live_sheets import HEAD, Column, Formula, Page, write_pages
from competition.results.live.numbers import is_provable, rounded
from competition.scoring.rounding import MODES, Rounding, round_to
from tests.drawing import examples
from tests.results.live.office import recalculated

Drawn = tuple[list[int], int, int, str]  # parts, in how many a point is divided, places, mode
DRAWN: list[Drawn] = []
CASES = st.tuples(st.lists(st.integers(0, 200_000), min_size=1, max_size=7), st.sampled_from([1, 2, 4, 10, 20, 100, 200, 1000, 2000]),
                  st.integers(0, 3), st.sampled_from(list(MODES)))


@settings(max_examples=examples(1500))
@given(CASES)
def _draw(case: Drawn) -> None:
    DRAWN.append(case)


@pytest.mark.slow
def test_means_and_halves_are_rounded_as_the_engine_does() -> None:
    """Means of doubles that have no exact binary form, and figures that lie exactly on a half."""
    DRAWN.clear()
    _draw()
    halves: list[Drawn] = [([2 * n + 1], 2 * 10**p, p, mode) for mode in MODES for p in range(4) for n in range(0, 997, 31)]
    cases = [*halves, *DRAWN]
    page = Page("取舍", [Column("x", "x"), Column("y", "y")])
    for number, (parts, unit, places, mode) in enumerate(cases):
        rule = Rounding(places, mode)
        assert is_provable(unit * len(parts), rule)
        marks = "+".join(str(Decimal(part) / unit) for part in parts)
        page.rows.append({"x": Formula(f"({marks})/{len(parts)}"), "y": Formula(rounded(page.at("x", number), rule))})
    found = recalculated({"halves": write_pages([page], taken=None)})["halves"]["取舍"]
    for number, (parts, unit, places, mode) in enumerate(cases):
        wanted = round_to(Fraction(sum(parts), unit * len(parts)), Rounding(places, mode))
        assert round(float(str(found[number + HEAD][1])), 6) == float(wanted), cases[number]


def test_what_cannot_be_shown_is_not_claimed() -> None:
    assert not is_provable(10**9 + 7, Rounding(2))
    assert is_provable(300, Rounding(2))
