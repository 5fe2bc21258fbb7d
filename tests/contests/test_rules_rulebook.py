"""A rulebook in words."""

import copy
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from competition.contests import rules_words
from competition.contests.rules_flaws import flaw_of, whole_title
from competition.contests.service import ready_rulebooks
from competition.scoring import rulebook as rulebooks
from competition.scoring.reader import MISSING, Fault


@pytest.fixture
def document() -> dict[str, Any]:
    return copy.deepcopy(ready_rulebooks()["lamian"])


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
    assert rules_words.award_words(event.awards[0], book)[:3] == ["金奖：第 1 名", "银奖：第 2 至 3 名", "铜奖：第 4 至 6 名"]
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
    assert rules_words.award_words(found.awards[0], book) == ["一等奖：参赛人数的 10%", "并列跨越名额界线时，由裁判长决定。"]
    assert rules_words.deduction_words(found.deductions[0]) == "器具落地：每次扣 1 分，最多 3 分。满 3 次取消资格。"
    by_points = replace(found.deductions[0], input="points", least=Fraction(1), outcome=None)
    assert rules_words.deduction_words(by_points) == "器具落地：由裁判长按情节扣分，至少扣 1 分，最多 3 分。"


def test_totals_teams_and_prizes_of_every_kind_have_words(document: dict[str, Any]) -> None:
    top = {"key": "top", "name": "最佳"}
    scale = {"key": "scale", "name": "标准分", "method": "scale", "of": "basic", "awards": [
        {"by": "medals", "tiers": [{"key": "g", "name": "金牌"}, {"key": "s", "name": "银牌"},
                                   {"key": "b", "name": "铜牌", "field_from": 6}, {"key": "m", "name": "优胜", "from": "700"}]},
        {"by": "best_of", "of": "delegation", "tiers": [top]}, {"by": "best_of", "of": "team", "tiers": [top]},
        {"by": "lines", "tiers": [{"key": "pass", "name": "合格", "minimum": "650", "needs": [
            {"figure": "basic", "least": "60"}, {"figure": "basic.time", "most": "900"},
            {"figure": "basic.technique", "least": "5", "most": "9"}]}]},
        {"by": "half", "tiers": [{"key": "merit", "name": "优胜奖"}]}]}
    mad = {"key": "mad", "name": "稳健分", "method": "scale", "of": "basic", "spread": "mad"}
    best = {"key": "best", "name": "最好分", "method": "best", "parts": [{"of": "scale"}, {"of": "mad"}]}
    parts = [{"of": "theory", "weight": "30"}, {"of": "basic", "weight": "70"}]
    chain = {"ties": [{"figure": "places", "order": "asc"}, {"figure": "place_1", "order": "desc"}]}
    teams = [
        {"key": "t1", "name": "甲", "of": "scale", "best": 2, "missing": "out", "ranking": chain, "rounding": {"places": 0}},
        {"key": "t2", "name": "乙", "of": "scale", "method": "mean"},
        {"key": "t3", "name": "丙", "parts": parts}, {"key": "t4", "name": "丁", "parts": parts, "method": "mean"},
        {"key": "t5", "name": "戊", "of": "basic", "method": "places", "places": [
            {"from": 1, "to": 1, "points": "10"}, {"from": 2, "to": 5, "points": "4"}, {"from": 6, "points": "1"}]},
        {"key": "t6", "name": "己", "of": "scale", "method": "prizes", "prizes": [{"tier": "g", "points": "8"}], "otherwise": "0.5"},
        {"key": "t7", "name": "庚", "of": "scale", "method": "prizes", "prizes": [{"tier": "g", "points": "8"}]},
    ]
    book = rulebooks.load({**document, "totals": [scale, mad, best], "teams": teams})
    assert [rules_words.total_words(total, book) for total in book.totals] == [
        "标准分：以“手工拉面基本功”的中位数为 700，每相差一个标准差加减 50（本系统自定的换算方法，不是任何官方公式）",
        "稳健分：以“手工拉面基本功”的中位数为 700，每相差一个绝对中位差（乘系数 1.4826）加减 50（本系统自定的换算方法，不是任何官方公式）",
        "最好分：标准分、稳健分中最好的一项",
    ]
    said = [rules_words.award_words(rule, book) for rule in book.total("scale").awards]
    assert said[0][0].startswith("奖牌按分差评定，相差不超过 2 分的同等")
    assert said[0][1:] == ["铜牌：参赛满 6 人才设", "优胜：没有奖牌、成绩不低于 700 的"]
    assert said[1:] == [
        ["最佳：每个代表团中名次最好的"], ["最佳：每个代表队中名次最好的"],
        ["合格：不低于 650 分、手工拉面基本功不低于 60、手工拉面基本功的用时不超过 900、手工拉面基本功的手法与流畅在 5 至 9 之间"],
        ["优胜奖：其余参赛者的前一半"],
    ]
    assert [rules_words.team_words(team, book) for team in book.teams] == [
        ["甲：队员“标准分”相加", "只计“标准分”中名次最好的 2 名队员。", "应计的队员没有成绩的，团体没有成绩。"],
        ["乙：队员“标准分”取平均"],
        ["丙：各部分先把队员相加，再合成：理论知识 30% + 手工拉面基本功 70%"],
        ["丁：各部分先取队员平均，再合成：理论知识 30% + 手工拉面基本功 70%"],
        ["戊：队员在“手工拉面基本功”中的名次折算成分后相加：第 1 名 10 分、第 2 至 5 名 4 分、第 6 名及以后 1 分"],
        ["己：队员在“标准分”中获的奖折算成分后相加：金牌 8 分、有成绩未获奖 0.5 分"],
        ["庚：队员在“标准分”中获的奖折算成分后相加：金牌 8 分"],
    ]
    assert rules_words.ties_words(book.teams[0].ranking, book).startswith("得分相同时依次比较：高名次多者在前，再比第 1 名人数高者在前；")
    assert rules_words.rounding_words(book)[-2:] == ["稳健分：四舍五入，取整数", "甲：四舍五入，取整数"]


def test_faults_are_told_by_name(app: Any, document: dict[str, Any]) -> None:
    def told(path: str) -> tuple[str, str]:
        flaw = flaw_of(document, Fault(path, MISSING, (("key", "max"),)))
        return whole_title(document, flaw.element), flaw.label

    assert told("/events/1/criteria/3/max") == ("手工拉面基本功 › 毛细", "满分")
    assert told("/events/99/max") == ("名称和说明", "项目 › 第 100 行")
    assert flaw_of(document, Fault("/events", "x")).label == "项目"


def test_the_sections_of_a_paper_are_said_in_words() -> None:
    kinds = [{"kind": "single"}, {"kind": "multiple"}, {"kind": "multiple", "incomplete": "0.5"},
             {"kind": "multiple", "per_right": "0.25", "wrong": "-1", "least": "-3"}, {"kind": "true_false", "wrong": "-0.5"},
             {"kind": "fill"}]
    sections = [{"key": f"s{n}", "name": f"部分{n}", "count": 5, "points": "2", **kind} for n, kind in enumerate(kinds)]
    theory = {"key": "theory", "kind": "theory", "name": "理论", "full": "60", "paper": {"sections": sections}}
    book = rulebooks.load({"format": 1, "key": "p", "version": 1, "name": "试卷", "events": [theory],
                           "rounding": {stage: {"places": 2} for stage in ("event", "total", "team")}})
    paper = book.event("theory").paper
    assert paper is not None
    words = [rules_words.section_words(section).partition("满分 10 分。") for section in paper.sections]
    assert [head for head, _, _ in words] == [
        f"部分{n}：{kind}，共 5 题，每题 2 分，" for n, kind in enumerate(("单选题", "多选题", "多选题", "多选题", "判断题", "填空题"))]
    assert [rest for _, _, rest in words] == [
        "答错、未答不得分。",
        "少选按答错计。答错、未答不得分。",
        "少选而没有错选的，得 0.5 分。答错、未答不得分。",
        "少选而没有错选的，每选对一个得 0.25 分，最多得这一题的满分。答错一题倒扣 1 分，未答不得分。这一部分最低 -3 分。",
        "答错一题倒扣 0.5 分，未答不得分。这一部分最低 0 分。",
        "填的是数时按数值比较，其余须与标准答案一字不差。答错、未答不得分。"]
