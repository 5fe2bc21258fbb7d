"""The second check agrees with the engine under every ready rulebook: none of them would keep a publication back."""

import pytest

from competition.results import rules_check
from tests.results.test_rules_check import lines
from tests.scoring.ready import KEYS, Small


@pytest.mark.parametrize("key", KEYS)
def test_everything_adds_up(key: str) -> None:
    scores = Small(key, 5).scores()
    checked = [rules_check.check_line(row["value"], row["derivation"], figures) for _key, row, figures in lines(scores)]
    assert checked
    assert [difference.say() for found in checked for difference in found] == []
