"""Derivations: sentences from which a person can recompute a figure."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from competition.scoring.derivation import Step, outline, sentences
from competition.scoring.engine import Scores, score
from competition.scoring.inputs import Entry, Figure, Mark
from competition.scoring.words_time import clock as clock_words
from tests.scoring.documents import TRIMMED, book, clock, overall, paper, practical, sheets, theory

OVER = {"limit_s": 2400, "over": {"unit_s": 60, "count": "started", "points": "1"}}
CONDUCT = [{"key": "conduct", "name": "违反纪律", "per": "5", "cap": "5"}]


def told(scores: Scores, key: str = "basic", entry: str = "A") -> list[str]:
    """The whole derivation in sentences."""
    step = scores.explain(key, entry)
    assert step is not None
    return sentences(step)


def test_a_whole_calculation_in_words() -> None:
    rules = book(theory(), practical(panel=TRIMMED, time=OVER, deductions=CONDUCT), totals=[overall()])
    figures = [paper("A", "88"), clock("A", 2461), Figure("basic", "A", "conduct", "2")]
    scores = score(rules, [Entry("A")], sheets("A", "92", "90", "86", "85", "89"), figures)
    assert told(scores, "overall") == [
        "理论theory：录入成绩 88",
        "理论theory：四舍五入，保留 2 位小数，88 → 88.00",
        "座位 1 评分表：评分项work 92，合计 92",
        "座位 2 评分表：评分项work 90，合计 90",
        "座位 3 评分表：评分项work 86，合计 86",
        "座位 4 评分表：评分项work 85，合计 85",
        "座位 5 评分表：评分项work 89，合计 89",
        "裁判组得分：5 份有效评分，去掉最低分 85（座位 4）、最高分 92（座位 1），取平均：(90 + 86 + 89) ÷ 3 = 88.333333…",
        "裁判组得分：四舍五入，保留 2 位小数，88.333333… → 88.33",
        "项目basic用时 41:01，规定 40:00，超时 61 秒，每 60 秒 1 分，不足 60 秒的按 60 秒计，合 2 个 60 秒，扣 2 分",
        "违反纪律：2 次 × 5 分 = 10 分，超过上限 5 分，扣 5 分",
        "项目basic：88.33 - 2 - 5 = 81.33",
        "项目basic：四舍五入，保留 2 位小数，81.33 → 81.33",
        "总成绩：理论theory 88.00 × 30% + 项目basic 81.33 × 70% = 26.4 + 56.931 = 83.331",
        "总成绩：四舍五入，保留 2 位小数，83.331 → 83.33",
    ]


def test_other_ways_of_combining_in_words() -> None:
    def last(method: dict[str, Any], *marks: str) -> str:
        rules = book(practical(panel=method), rounding=EXACT)
        return told(score(rules, [Entry("A")], sheets("A", *marks), []))[len(marks)]

    assert last(TRIMMED, "8", "9") == "裁判组得分：2 份有效评分，不足 5 份，不去最高分和最低分，取平均：(8 + 9) ÷ 2 = 8.5"
    assert last({"method": "sum"}, "8", "9") == "裁判组得分：2 份有效评分，相加：8 + 9 = 17"
    assert last({"method": "median"}, "8", "7", "9") == (
        "裁判组得分：3 份有效评分，按高低排列取正中的分数，取 8"
    )


EXACT = {"event": {"places": 2}, "total": {"places": 2}, "team": {"places": 2}}


def test_aspects_weights_and_bonuses_in_words() -> None:
    levels = ["不足", "达到", "超过", "远超"]
    alone = {"by": "criterion", "method": "mean"}
    criteria = [
        {"key": "a", "name": "外观", "kind": "judgement", "max": "30", "levels": levels, "weight": "2"},
        {"key": "b", "name": "错漏", "kind": "deduct", "max": "40", "per": "5", "panel": alone},
    ]
    event = practical(criteria=criteria, panel={"by": "criterion", "method": "mean"})
    marks = [Mark("basic", "A", "1", "a", "2"), Mark("basic", "A", "2", "b", "3")]
    assert told(score(book(event, rounding=EXACT), [Entry("A")], marks, []))[:6] == [
        "座位 1 评“外观”：2 级，满分 30，折合 20",
        "外观：1 份有效评分，取 20",
        "外观：20 × 系数 2 = 40",
        "座位 2 评“错漏”：记录 3，满分 40，得 25",
        "错漏：1 份有效评分，取 25",
        "裁判评分合计：40 + 25 = 65",
    ]


def test_outcomes_in_words() -> None:
    rules = book(theory(), practical(time={**OVER, "beyond": {"after_s": 60, "then": "zero"}}), totals=[overall()])
    entries = [Entry("A"), Entry("B", outcomes={"*": "ABSENT"}), Entry("C", outcomes={"theory": "ABSENT"})]
    figures = [paper("A", "80"), clock("A", 2461), clock("C", 2400)]
    scores = score(rules, entries, sheets("A", "90") + sheets("C", "70"), figures)
    assert told(scores)[-2:] == [
        "项目basic用时 41:01，规定 40:00，超时 61 秒，超过 60 秒，成绩计零分",
        "项目basic：超时，成绩计零分，记 0.00",
    ]
    assert told(scores, entry="B") == ["项目basic：缺考，没有成绩"]
    assert told(scores, "overall", "C")[-2] == ("总成绩：理论theory 0（缺考） × 30% + 项目basic 70.00 × 70% = 0 + 49 = 49")
    standing = scores.row("overall", "B").standing
    assert standing is not None
    assert standing.say() == "总成绩：缺考，不参加排名"


def test_teams_and_shared_ranks_in_words() -> None:
    rules = book(practical(), teams=[{"key": "team", "name": "团体总分", "of": "basic"}])
    entries = [Entry("A", "T"), Entry("B", "T"), Entry("C", "T", {"*": "ABSENT"})]
    scores = score(rules, entries, sheets("A", "90") + sheets("B", "90"), [])
    assert told(scores, "team", "T")[-2:] == [
        "团体总分：90.00 + 90.00 + 0（缺考，计零分） = 180",
        "团体总分：四舍五入，保留 2 位小数，180 → 180.00",
    ]
    standing = scores.row("basic", "A").standing
    assert standing is not None
    assert standing.say() == "项目basic：成绩 90.00，第 1 名，与另外 1 个参赛者并列"


def test_without_explanation_the_figures_are_the_same() -> None:
    rules = book(practical(panel=TRIMMED))
    marks = sheets("A", "92", "90", "86", "85", "89")
    plain = score(rules, [Entry("A")], marks, [], explained=False)
    row, full = plain.events["basic"][0], score(rules, [Entry("A")], marks, []).events["basic"][0]
    assert (row.derivation, row.standing) == (None, None)
    assert (row.value, row.rank, row.figures) == (full.value, full.rank, full.figures)
    assert plain.explain("basic", "A") is None


def test_steps_survive_json_and_keep_their_depth() -> None:
    scores = score(book(practical()), [Entry("A")], sheets("A", "90", "91"), [])
    step = scores.events["basic"][0].derivation
    assert step is not None
    assert Step.from_json(step.to_json()) == step
    assert [depth for depth, _ in outline(step)] == [3, 3, 2, 1, 0]


def test_figures_are_decimals_where_they_can_be() -> None:
    scores = score(book(practical(), rounding=EXACT), [Entry("A")], sheets("A", "90", "91", "91"), [])
    figures = scores.events["basic"][0].figures
    assert figures["judges"] == Fraction(272, 3)
    assert figures["score"] == Decimal("90.67")
    assert isinstance(figures["score"], Decimal)


def test_clock() -> None:
    assert [clock_words(text) for text in ("0", "61", "2400", "5530", "59.25")] == [
        "0:00",
        "1:01",
        "40:00",
        "1:32:10",
        "0:59.25",
    ]


def time_words(rule: dict[str, Any], seconds: int, **more: Any) -> str:
    """The sentence about the time used."""
    step = score(book(practical(time=rule, **more)), [Entry("A")], sheets("A", "90"), [clock("A", seconds)])
    (found,) = [text for text in told(step) if "用时" in text]
    return found.removeprefix("项目basic用时 ")


def test_time_rules_in_words() -> None:
    unit = {"unit_s": 30, "count": "full", "points": "1"}
    grace = {"limit_s": 600, "grace_s": 30, "over": unit, "beyond": {"after_s": 120, "then": "stop"}}
    assert time_words(grace, 800) == (
        "13:20，规定 10:00，超时 200 秒，宽限 30 秒，超过 120 秒叫停，只评已完成部分，"
        "每满 30 秒 1 分，合 3 个 30 秒，扣 3 分"
    )
    assert time_words({"limit_s": 600, "early": unit}, 535) == (
        "8:55，规定 10:00，提前 65 秒，每满 30 秒 1 分，合 2 个 30 秒，得 2 分"
    )
    assert time_words({"limit_s": 600}, 600) == "10:00，规定 10:00，不加减分"
    assert time_words({"limit_s": 600, "beyond": {"after_s": 0, "then": "out"}}, 601) == ("10:01，规定 10:00，超时 1 秒，超过 0 秒，淘汰")
    bands = [{"after_s": 10, "points": "5"}, {"after_s": 20, "points": "8"}]
    assert time_words({"limit_s": 600, "bands": bands}, 621) == "10:21，规定 10:00，超时 21 秒，扣 8 分"


def test_work_rate_in_words() -> None:
    late = {"unit_s": 600, "count": "started", "points": "0.5"}
    placing = {"limit_s": 3600, "placing": {"in_time": "5", "per_place": "0.1", "late": late}}
    rules = book(practical(full="105", time=placing))
    figures = [clock("A", 3000), clock("B", 3600), clock("C", 3601)]
    entries = [Entry("A"), Entry("B"), Entry("C")]
    scores = score(rules, entries, [mark for key in "ABC" for mark in sheets(key, "90")], figures)
    assert [(row.entry, str(row.value)) for row in scores.events["basic"]] == [
        ("A", "95.10"),
        ("B", "95.00"),
        ("C", "94.50"),
    ]
    assert told(scores)[-3].endswith("提前 600 秒，领先按时完成的最后一名 1 个名次，得 5.1 分")


def test_penalty_seconds_and_sums_in_words() -> None:
    race: dict[str, Any] = {"key": "basic", "kind": "practical", "name": "叉车", "result": "time", "time": {"limit_s": 600}}
    race["deductions"] = [{"key": "touch", "name": "触地", "per": "15"}]
    figures = [clock("A", 300), Figure("basic", "A", "touch", "2")]
    assert told(score(book(race), [Entry("A"), Entry("B")], [], figures))[1:3] == [
        "触地：2 次 × 15 秒 = 30 秒，罚 30 秒",
        "叉车：用时加罚秒 300 + 30 = 330 秒",
    ]
    total = overall(method="sum", full="200", parts=[{"of": "theory"}, {"of": "basic"}])
    weighted = [{"key": "work", "name": "刀工", "max": "50", "step": "0.5", "weight": "2"}]
    rules = book(theory(), practical(criteria=weighted, ceiling="100"), totals=[total])
    scores = score(rules, [Entry("A")], sheets("A", "44.5"), [paper("A", "80")])
    assert told(scores)[0] == "座位 1 评分表：刀工 44.5 × 2，合计 89"
    assert told(scores, "overall")[-2] == "总成绩：理论theory 80.00 + 项目basic 89.00 = 169"


def test_deductions_of_which_not_each_counts_in_words() -> None:
    """Every three of seven cost 5; every two of three, begun ones too, cost 2, at most 3 in all."""
    deductions = [
        {"key": "full", "name": "漏缝", "per": "5", "each": 3},
        {"key": "begun", "name": "污迹", "per": "2", "each": 2, "count": "started", "cap": "3"},
    ]
    figures = [Figure("basic", "A", "full", "7"), Figure("basic", "A", "begun", "3")]
    scores = score(book(practical(deductions=deductions)), [Entry("A")], sheets("A", "90"), figures)
    assert str(scores.row("basic", "A").value) == "77.00"
    assert told(scores)[-4:-2] == [
        "漏缝（记录 7 次，每满 3 次计一次）：2 次 × 5 分 = 10 分，扣 10 分",
        "污迹（记录 3 次，每 2 次计一次，不足的也计一次）：2 次 × 2 分 = 4 分，超过上限 3 分，扣 3 分",
    ]


def test_figures_above_the_ceiling_in_words() -> None:
    early = {"limit_s": 600, "early": {"unit_s": 30, "count": "full", "points": "1"}}
    scores = score(book(practical(time=early, ceiling="100")), [Entry("A")], sheets("A", "99"), [clock("A", 500)])
    assert told(scores)[-2] == "项目basic：99 + 3 = 102，超过上限按上限计，得 100"


def test_a_ceiling_that_nobody_reaches_is_not_told() -> None:
    plain, below = (told(score(book(practical(**more)), [Entry("A")], sheets("A", "99"), [])) for more in ({}, {"ceiling": "100"}))
    assert below == plain


def test_ranks_in_words() -> None:
    ranking = {"ties": [{"figure": "judges", "order": "desc"}, {"figure": "work", "order": "asc"}], "shared": "forbidden"}
    entries = [Entry("A"), Entry("B"), Entry("C", outcomes={"*": "ZERO"})]
    rules = book(practical(ranking=ranking))
    scores = score(rules, entries, sheets("A", "90") + sheets("B", "90"), [])
    standing = scores.row("basic", "A").standing
    last = scores.row("basic", "C").standing
    assert standing is not None
    assert last is not None
    assert sentences(standing) == [
        "与另外 1 个参赛者成绩相同，比较裁判评分，高者在前：90，仍相同",
        "与另外 1 个参赛者成绩相同，比较评分项work，低者在前：90，仍相同",
        "项目basic：成绩 90.00，与另外 1 个参赛者相同，规则不允许并列，待裁判长决定",
    ]
    assert last.say() == "项目basic：成绩计零分，排在最后，第 3 名"
