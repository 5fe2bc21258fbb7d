"""A whole rulebook in the place of another: what is different is told, order too, and is no longer marked as published."""

import copy
from typing import Any

from competition.contests.rules_origin import with_own_marks
from competition.contests.shown import said_differences
from tests.scoring import corpus


def changed() -> dict[str, Any]:
    """A ready rulebook, to be changed."""
    return copy.deepcopy(corpus.READY["lamian"])


def test_a_changed_order_is_a_difference(app: Any) -> None:
    document = changed()
    document["events"][1]["ranking"]["ties"].reverse()
    document["events"][1]["criteria"].insert(0, document["events"][1]["criteria"].pop(2))
    told = said_differences(corpus.READY["lamian"], document)
    assert "手工拉面基本功 › 排名 › 得分相同时依次比较 › 顺序：judges、time → time、judges" in told
    assert any(line.startswith("手工拉面基本功 › 顺序：卫生与准备、") for line in told)
    assert len(told) == 2


def test_figures_inside_something_published_are_our_own_afterwards(app: Any) -> None:
    document = changed()
    document["events"].reverse()
    document["events"][3]["time"]["limit_s"] = 60
    document["events"][3]["awards"][0]["tiers"].pop(0)
    marked = with_own_marks(corpus.READY["lamian"], document)
    event = marked["events"][3]
    assert (event["key"], event["time"]["source"], event["awards"][0]["source"]) == ("basic", "default", "default")
    assert marked["events"][2]["awards"][0]["source"] == "published"
    assert document["events"][3]["time"]["source"] == "published"


def test_words_are_no_figures_and_a_mark_that_was_set_stays(app: Any) -> None:
    document = changed()
    document["events"][1]["time"]["note"] = "另一句"
    assert with_own_marks(corpus.READY["lamian"], document) == document
    document["events"][1]["time"] |= {"limit_s": 60}
    before = changed()
    before["events"][1]["time"]["source"] = "default"
    assert with_own_marks(before, document)["events"][1]["time"]["source"] == "published"


def test_whatever_a_draft_holds_is_compared(app: Any) -> None:
    odd = {"events": [{"key": "a", "x/y": 1, "source": "published"}, {"key": "a"}], "0": {"1": [2]}}
    other = {"events": [{"key": "a", "x/y": 2, "source": "published"}], "0": [3]}
    assert with_own_marks(odd, other)["events"][0]["key"] == "a"
    assert with_own_marks(other, odd) is not odd
