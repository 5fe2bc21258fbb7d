"""A rulebook in words, and its figures in and out of a form."""

import copy
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from competition.contests import rules_editing, rules_words
from competition.contests.service import ready_rulebooks
from competition.scoring import rulebook as rulebooks


@pytest.fixture
def document() -> dict[str, Any]:
    return copy.deepcopy(ready_rulebooks()["lamian"])


def form_of(document: dict[str, Any]) -> tuple[list[rules_editing.Group], dict[str, str]]:
    groups = rules_editing.groups(document)
    return groups, rules_editing.texts(document, groups)


def test_lamian_is_said_in_plain_words(document: dict[str, Any]) -> None:
    book = rulebooks.load(document)
    lines = rules_words.summary(book)
    assert lines[0] == "实操综合成绩 = 手工拉面基本功 40% + 拉面调汤 20% + 拉面成品 25% + 创新拉面 15%"
    assert lines[1] == "总成绩 = 理论知识 30% + 实操综合成绩 70%"
    assert lines[3] == ("手工拉面基本功：满分 100 分，时限 40 分钟，11 个评分项。"
                        "去掉 1 个最高分和 1 个最低分后取平均（有效评分满 5 份时才去分）；至少 3 份有效评分。")
    event = book.event("basic")
    assert rules_words.time_words(event.time) == [  # type: ignore[arg-type]
        "时限 40 分钟。", "超时每 1 分钟（不足也算）扣 1 分。", "超时满 10 分钟叫停，只评已完成部分。"]
    assert rules_words.ties_words(event.ranking, book, event) == (
        "得分相同时依次比较：裁判评分高者在前，再比用时少者在前；仍相同的并列，后面的名次顺延（1、2、2、4）。")
    of_total = rules_words.ties_words(book.total("overall").ranking, book)
    assert of_total.startswith("得分相同时依次比较：实操综合成绩高者在前，再比实操综合成绩的用时少者在前")
    assert rules_words.award_words(event.awards[0])[:3] == ["金奖：第 1 名", "银奖：第 2 至 3 名", "铜奖：第 4 至 6 名"]
    assert rules_words.rounding_words(book)[0] == "裁判组得分：四舍五入，保留 2 位小数"


def test_every_shape_of_rule_has_words(document: dict[str, Any]) -> None:
    event = document["events"][1]
    event["criteria"] = [
        {"key": "a", "name": "甲", "kind": "deduct", "max": "20", "per": "2"},
        {"key": "b", "name": "乙", "kind": "judgement", "max": "30", "levels": ["差", "可", "良", "优"]},
        {"key": "c", "name": "丙", "kind": "pass_fail", "max": "50"},
    ]
    event["panel"] = {"method": "median", "minimum": 3}
    event["time"] = {"limit_s": 95, "grace_s": 30, "bands": [{"after_s": 60, "points": "2"}]}
    event["ranking"] = {"ties": [], "shared": "forbidden"}
    event["awards"] = [{"by": "percent", "border": "quota", "tiers": [{"key": "first", "name": "一等奖", "percent": "10"}]}]
    event["deductions"] = [{"key": "fall", "name": "器具落地", "input": "count", "per": "1", "cap": "3",
                            "outcome": {"from": "3", "code": "DISQUALIFIED"}}]
    book = rulebooks.load(document)
    found = book.event("basic")
    words = [rules_words.criterion_words(item) for item in found.criteria]
    assert words == ["每处错误扣 2 分", "按 0 至 3 级评判", "合格得满分，不合格不得分"]
    assert rules_words.panel_words(found.panel) == "取全部裁判的中位数；至少 3 份有效评分。"
    assert rules_words.time_words(found.time) == [  # type: ignore[arg-type]
        "时限 1 分 35 秒。", "超出 30 秒以内不扣分。", "超时 1 分钟以上扣 2 分。"]
    assert rules_words.award_words(found.awards[0]) == ["一等奖：参赛人数的 10%", "并列跨越名额界线时，由裁判长决定。"]
    assert rules_words.deduction_words(found.deductions[0]) == "器具落地：每次扣 1 分，最多 3 分。满 3 次取消资格。"
    by_points = replace(found.deductions[0], input="points", least=Fraction(1), outcome=None)
    assert rules_words.deduction_words(by_points) == "器具落地：由裁判长按情节扣分，至少扣 1 分，最多 3 分。"


def test_the_form_gives_back_the_same_document(document: dict[str, Any]) -> None:
    groups, texts = form_of(document)
    assert rules_editing.with_texts(document, groups, texts) == (document, [])


def test_a_changed_figure_is_no_longer_a_published_one(document: dict[str, Any]) -> None:
    groups, texts = form_of(document)
    changed, refused = rules_editing.with_texts(document, groups, texts | {
        "s_events_1_time_limit_s": "35:30", "s_totals_1_parts_0_weight": "４０", "s_totals_1_parts_1_weight": "60"})
    assert refused == []
    assert changed["events"][1]["time"]["limit_s"] == 2130
    assert (document["events"][1]["time"]["source"], changed["events"][1]["time"]["source"]) == ("published", "default")
    assert [part["weight"] for part in changed["totals"][1]["parts"]] == ["40", "60"]
    assert changed["totals"][1]["source"] == "default"
    assert document["totals"][1]["source"] == "published"
    assert rulebooks.load(changed).total("overall").parts[0].weight == 40


def test_a_plain_mean_keeps_no_trimming(document: dict[str, Any]) -> None:
    groups, texts = form_of(document)
    changed, refused = rules_editing.with_texts(document, groups, texts | {"s_events_1_panel_method": "mean"})
    assert refused == []
    assert rulebooks.load(changed).event("basic").panel.method == "mean"
    back, _refused = rules_editing.with_texts(changed, rules_editing.groups(changed), form_of(changed)[1] | {
        "s_events_1_panel_method": "trimmed_mean", "s_events_1_panel_drop_high": "1", "s_events_1_panel_drop_low": "1",
        "s_events_1_panel_from": "5"})
    assert rulebooks.load(back).event("basic").panel.trim_from == 5


REFUSED = [
    ("s_events_1_time_limit_s", "四十", "请填分钟数，例如 40；有秒时写成 40:30。"),
    ("s_events_1_time_limit_s", "40:75", "请填分钟数，例如 40；有秒时写成 40:30。"),
    ("s_events_1_panel_drop_high", "1.5", "请填整数。"),
]


@pytest.mark.parametrize(("name", "text", "sentence"), REFUSED)
def test_texts_that_do_not_fit(document: dict[str, Any], name: str, text: str, sentence: str) -> None:
    groups, texts = form_of(document)
    _changed, refused = rules_editing.with_texts(document, groups, texts | {name: text})
    assert [(each.name, each.sentence) for each in refused] == [(name, sentence)]


def test_faults_are_told_at_their_field_and_by_name(document: dict[str, Any]) -> None:
    groups, _texts = form_of(document)
    assert rules_editing.field_of(groups, "/events/1/full") == "s_events_1_full"
    assert rules_editing.field_of(groups, "/events/1/criteria/0/step") == "s_events_1_criteria_0_max"
    assert rules_editing.field_of(groups, "/totals/0/parts") is None
    assert rules_editing.place_words(document, "/events/1/criteria/3/max") == "手工拉面基本功 › 毛细 › 满分"
    assert rules_editing.place_words(document, "/events/99/full") == "第 100 项 › 满分"
