"""What is different in another rulebook is told by the words of the editor's forms, not by keys."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from competition.contests.rules_told import told_differences
from competition.contests.service_rulebooks import ready_rulebooks

Document = dict[str, Any]


def basic(document: Document) -> Document:
    return next(event for event in document["events"] if event["key"] == "basic")


def method(document: Document) -> None:
    basic(document)["panel"]["method"] = "median"


def limit(document: Document) -> None:
    basic(document)["time"]["limit_s"] = 2730


def ties(document: Document) -> None:
    basic(document)["ranking"]["ties"] = [{"figure": "judges", "order": "desc"}, {"figure": "maoxi", "order": "desc"}]


def weight(document: Document) -> None:
    document["totals"][1]["parts"][0]["weight"] = "40"


def tier(document: Document) -> None:
    basic(document)["awards"][0]["tiers"][0]["to"] = 2


def rounding(document: Document) -> None:
    basic(document)["rounding"] = {"places": 0, "mode": "half_up"}


def without(document: Document) -> None:
    del basic(document)["criteria"][3]


def added(document: Document) -> None:
    basic(document)["criteria"].append({"key": "x", "kind": "deduct", "name": {"zh": "断条"}, "max": "8", "per": "1"})


def other_kind(document: Document) -> None:
    basic(document)["criteria"][0] |= {"kind": "judgement", "levels": ["差", "好"], "bonus": True}


def absent(document: Document) -> None:
    document["outcomes"] = {"ABSENT": {"in_total": "out"}}


EVENT = "手工拉面基本功"


@pytest.mark.parametrize(("change", "told"), [
    (method, [[f"{EVENT} › 裁判评分怎样合成 › 几位裁判的分怎样合成", "去掉最高分和最低分后取平均", "取全部裁判的中位数"]]),
    (limit, [[f"{EVENT} › 规定时间 › 时限", "40 分钟", "45 分 30 秒"]]),
    (ties, [[f"{EVENT} › 排名 › 得分相同时依次比较 › 第 2 项", "比较什么：用时；谁在前：低的、少的在前", "—"],
            [f"{EVENT} › 排名 › 得分相同时依次比较 › 第 2 项", "—", "比较什么：毛细；谁在前：高的在前"]]),
    (weight, [["总成绩 › 由哪些成绩组成 › 理论知识 › 权重", "30%", "40%"]]),
    (tier, [[f"{EVENT} › 奖项 › 金奖 › 到第", "1", "2"]]),
    (rounding, [[f"{EVENT} › 单独的小数位和取舍", "—", "保留几位小数：0；怎样取舍：四舍五入"]]),
    (without, [[f"{EVENT} › 毛细", "8 分", "—"]]),
    (added, [[f"{EVENT} › 断条", "—", "8 分"]]),
    (other_kind, [[f"{EVENT} › 卫生与准备 › 评分方式", "按档打分", "按等级评判"], [f"{EVENT} › 卫生与准备 › 各级的描述", "—", "差 / 好"],
                  [f"{EVENT} › 卫生与准备 › 加分项，不计入满分", "—", "是"]]),
    (absent, [["缺考、弃权等情况 › 改变通常做法", "—", "缺考：在总成绩中：没有总成绩"]]),
])
def test_a_difference_is_told_in_words(app: Flask, change: Callable[[Document], None], told: list[list[str]]) -> None:
    old = ready_rulebooks()["lamian"]
    new = copy.deepcopy(old)
    change(new)
    with app.test_request_context():
        assert told_differences(old, new) == told


def test_every_key_that_a_ready_rulebook_writes_has_a_word(app: Flask) -> None:
    """From nothing to each ready rulebook and back: no key stands in what is told."""
    with app.test_request_context():
        books = [{**document, "format": 1} for document in ready_rulebooks().values()]
        for old, new in zip(books, books[1:] + books[:1], strict=True):
            told = told_differences(old, new)
            assert told
            for place, _before, _after in told:
                assert not [word for word in place.split(" › ") if word.isascii() and word.islower()], place
