"""Everything is said by messages: in another language no Chinese is left but names that have no other form."""

import re
from typing import Any

import pytest

from competition.scoring import problems, rulebook, words
from competition.scoring.criteria import MarkRefused
from competition.scoring.derivation import outline, sentences
from competition.scoring.engine import Scores, score
from competition.scoring.inputs import AnswerKey, Decision, Entry, Excusal, Figure, Mark, Panel
from competition.scoring.problems import Problem
from competition.scoring.texts import Words, by_chinese
from competition.scoring.wording import CHINESE, Wording
from tests.scoring.documents import TRIMMED, book, clock, document, overall, paper, points, practical, sheets, theory
from tests.scoring.test_groups import group

HAN = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")


def foreign(message: str, **values: object) -> str:
    """A language in which every Chinese character of a message is an x."""
    translated = HAN.sub("x", message)
    return translated % values if values else translated


def english(value: Any) -> Any:
    """A rulebook document whose names have an English form."""
    if isinstance(value, list):
        return [english(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {key: _named(item, f"E-{value.get('key')}") if key in ("name", "text") else english(item) for key, item in value.items()}


def _named(name: Any, said: str) -> dict[str, str]:
    return {**({"zh": name} if isinstance(name, str) else name), "en": said}


def load(raw: dict[str, Any]) -> tuple[rulebook.Rulebook, Wording]:
    rules = rulebook.load(english(raw))
    return rules, Wording(foreign, rules.texts("en"), ", ".join)


LATE = {"unit_s": 60, "count": "started", "points": "1"}
CONDUCT = [
    {"key": "conduct", "name": "违反纪律", "per": "5", "cap": "5"},
    {"key": "noise", "name": "喧哗", "input": "points", "cap": "3"},
]
LEVELS = [{"zh": "不足", "en": "poor"}, {"zh": "达到", "en": "fair"}, {"zh": "超过", "en": "good"}]
TIES_OF_WORK = {"ties": [{"figure": "work", "order": "desc"}]}
TIES = {"ties": [{"figure": "work", "order": "desc"}, {"figure": "time", "order": "asc"}]}


def _whole_contest() -> tuple[Scores, Wording]:
    """A theory paper, five judges, lateness up to zero, deductions, a total, a team, outcomes."""
    time = {"limit_s": 2400, "grace_s": 10, "over": LATE, "beyond": {"after_s": 600, "then": "zero"}}
    basic = practical(panel=TRIMMED, time=time, deductions=CONDUCT)
    teams = [{"key": "team", "name": "团体总分", "of": "overall"}]
    rules, to = load(document(theory(), basic, totals=[overall()], teams=teams))
    entries = [Entry("A", "T"), Entry("B", "T"), Entry("C", "T", {"*": "ABSENT"}), Entry("D", outcomes={"theory": "ABSENT"})]
    figures = [paper("A", "88"), paper("B", "80"), clock("A", 2461), clock("B", 9000), clock("D", 2400)]
    figures += [Figure("basic", "A", "conduct", "2"), Figure("basic", "A", "noise", "9")]
    marks = [mark for entry in "ABD" for mark in sheets(entry, "92", "90", "86", "85", "89")]
    return score(rules, entries, marks, figures), to


def _aspects() -> tuple[Scores, Wording]:
    """Levels with a weight, faults with too few judges to drop any."""
    alone = {"by": "criterion", "method": "trimmed_mean", "drop_low": 1, "drop_high": 1, "from": 3}
    few = {"key": "few", "name": "手艺", "max": "40", "kind": "deduct", "per": "5", "panel": alone}
    levels = {"key": "look", "name": "外观", "kind": "judgement", "max": "30", "levels": LEVELS, "weight": "2"}
    rules, to = load(document(practical(criteria=[levels, few], panel={"by": "criterion", "method": "sum"}, full="100")))
    return score(rules, [Entry("A")], [Mark("basic", "A", seat, key, "2") for seat in "12" for key in ("look", "few")], []), to


def _places() -> tuple[Scores, Wording]:
    """Points for the place, the middle mark, a tie that the chain and one that only a decision parts."""
    placing = {"limit_s": 3600, "placing": {"in_time": "5", "per_place": "0.1", "late": LATE}}
    rules, to = load(document(practical(full="105", time=placing, panel={"method": "median"}, ceiling="105", ranking=TIES)))
    times = {"A": 3000, "B": 3600, "C": 3601, "D": 3601, "E": 3602}
    marks = [mark for entry in times for mark in sheets(entry, "90", "91")]
    figures = [clock(entry, seconds) for entry, seconds in times.items()]
    return score(rules, [Entry(entry) for entry in times], marks, figures, [Decision("event:basic", ("D", "C"), "drawn lots")]), to


def _race() -> tuple[Scores, Wording]:
    """The time itself, with seconds added."""
    race = practical(result="time", time={"limit_s": 600, "beyond": {"after_s": 9, "then": "out"}})
    race["deductions"] = [{"key": "touch", "name": "触地", "per": "15", "cap": "20"}]
    rules, to = load(document({key: item for key, item in race.items() if key not in ("criteria", "full", "panel")}))
    figures = [clock("A", 300), clock("B", 700), Figure("basic", "A", "touch", "2")]
    return score(rules, [Entry("A"), Entry("B")], [], figures), to


def _early() -> tuple[Scores, Wording]:
    """Points for being early, above the ceiling; a sum of two events."""
    early = {"limit_s": 600, "early": {"unit_s": 30, "count": "full", "points": "1"}}
    both = overall(method="sum", full="200", parts=[{"of": "theory"}, {"of": "basic"}])
    rules, to = load(document(theory(), practical(time=early, ceiling="100"), totals=[both]))
    figures = [clock("A", 500), clock("B", 600), paper("A", "1")]
    return score(rules, [Entry("A"), Entry("B")], sheets("A", "99") + sheets("B", "1"), figures), to


def _scaled() -> tuple[Scores, Wording]:
    """Scales with and without a spread and a clamp, the best of them, a lot."""
    scales = [{"key": key, "name": f"标准分{key}", "method": "scale", "of": "basic", "spread": spread, "high": "740"}
              for key, spread in (("one", "deviation"), ("two", "mad"))]
    best = {"key": "best", "name": "最好", "method": "best", "parts": [{"of": "one"}, {"of": "two"}]}
    rules, to = load(document(practical(), totals=[*scales, best]))
    marks = sheets("A", "90") + sheets("B", "80") + sheets("C", "70") + sheets("D", "70")
    entries = [Entry("E", outcomes={"*": "ABSENT"}), *(Entry(entry) for entry in "ABCD")]
    return score(rules, entries, marks, [], [Decision("event:basic", ("D", "C"), "r", by="lot")]), to


def _equals() -> tuple[Scores, Wording]:
    """A scale over equal figures."""
    rules, to = load(document(practical(), totals=[{"key": "one", "name": "标准分", "method": "scale", "of": "basic"}]))
    return score(rules, [Entry("A")], sheets("A", "90"), []), to


def _teams() -> tuple[Scores, Wording]:
    """Every kind of team rule over the same members, equal where only a place or nothing parts them."""
    gold = {"key": "gold", "name": "金奖", "from": 1, "to": 1}
    of = {"of": "basic"}
    ties = {"ties": [{"figure": "place_9", "order": "desc"}, {"figure": "places", "order": "asc"}]}
    teams: list[dict[str, Any]] = [
        {**of, "key": "mean", "method": "mean", "best": 1},
        {"key": "parts", "parts": [{"of": "basic", "weight": "100"}]},
        {**of, "key": "ranks", "method": "places", "places": [{"from": 1, "points": "0"}], "ranking": ties},
        {**of, "key": "prizes", "method": "prizes", "prizes": [{"tier": "gold", "points": "1"}]},
        {**of, "key": "out", "missing": "out"},
    ]
    teams = [{**team, "name": f"团体{number}"} for number, team in enumerate(teams)]
    rules, to = load(document(practical(awards=[{"by": "ranks", "tiers": [gold]}]), teams=teams))
    entries = [Entry("A", "S"), Entry("B", "S", {"*": "ZERO"}), Entry("C", "T"), Entry("D", "T", {"*": "ABSENT"})]
    return score(rules, entries, sheets("A", "90") + sheets("C", "80"), []), to


def _papers(*told: tuple[str, str, str], **answers: str) -> tuple[Scores, Wording]:
    """Answers in two sections, of which something is not right, below zero, cancelled or not there."""
    sections = [{"key": key, "name": f"部分{key}", "kind": kind, "count": 2, "points": "1", "wrong": "-1", "least": least}
                for key, kind, least in (("m", "multiple", "-2"), ("t", "true_false", "0"))]
    rules, to = load(document(theory(full="4", step="1", paper={"sections": sections})))
    figures = [Figure("theory", "A", name.replace("_", "."), value) for name, value in answers.items()]
    return score(rules, [Entry("A")], [], figures, keys=[AnswerKey(*one) for one in told]), to


def _modules(by: str, *voices: str) -> tuple[Scores, Wording]:
    """Groups with caps and weights, a question that judges agree on and one that they do not, one outcome."""
    vetoes = {key: {"key": key, "name": f"违章{key}", "kind": "veto"} for key in ("v", "w", "out")}
    inner = group("inner", points("y", "40", "1"), vetoes["w"], cap="30", weight="2")
    alone = points("o", "10", "1", panel={"method": "mean", "by": "criterion"})
    items = [group("g", points("x", "30", "1"), alone, vetoes["v"]), inner, {**vetoes["out"], "then": "DISQUALIFIED"}]
    rules, to = load(document(practical(criteria=items, panel={"method": "mean", "by": by})))
    keys = dict(zip(vetoes, zip(*voices, strict=True), strict=True))
    seats = [str(seat) for seat in range(len(voices))]
    marks = [Mark("basic", "A", seat, key, said[int(seat)]) for seat in seats for key, said in keys.items()]
    marks += [Mark("basic", "A", seat, key, value) for seat in seats for key, value in (("x", "20"), ("y", "35"), ("o", "5"))]
    return score(rules, [Entry("A")], marks, []), to


def test_every_kind_of_step_is_said_without_chinese() -> None:
    codes = set()
    modules = [_modules(by, *[voices] * 2) for by in ("sheet", "group", "criterion") for voices in ("000", "100", "010")]
    for scores, to in (_whole_contest(), _aspects(), _places(), _race(), _early(), _scaled(), _equals(), _teams(), *modules,
                       _papers(("theory", "m", "AB,C"), ("theory", "t", "T,*"), answers_m="C,A", answers_t="F,"),
                       _modules("sheet", "001", "001")):
        for table in (scores.events, scores.totals, scores.teams):
            for row in (row for rows in table.values() for row in rows):
                for step in (row.derivation, row.standing):
                    assert step is not None
                    assert not [text for text in sentences(step, to) if HAN.search(text)]
                    assert all(HAN.search(text) for text in sentences(step))
                    codes |= {each.code for _depth, each in outline(step)}
    assert codes == set(words._SENTENCES)


def _troubled() -> tuple[Scores, Wording]:
    """Everything wrong at once."""
    gold = {"key": "gold", "name": "金奖", "percent": "1"}
    basic = practical(
        criteria=[points("a", "60", step="1"), points("b", "40")], panel={**TRIMMED, "minimum": 3}, deductions=CONDUCT,
        spread={"of": "sheet", "absolute": "1", "then": "block"}, time={"limit_s": 60},
        ranking={"ties": [{"figure": "a", "order": "desc"}], "shared": "forbidden"},
        awards=[{"by": "percent", "border": "quota", "at_least": 1, "tiers": [gold]}],
    )
    teams = [{"key": "team", "name": "团体", "of": "theory", "size": 1}]
    rules, to = load(document(theory(), basic, teams=teams))
    entries = [Entry("A", "T"), Entry("B", "T"), Entry("A"), Entry("C", outcomes={"nowhere": "ABSENT"}, events=("basic", "x"))]
    marks = [Mark("basic", who, seat, key, value) for who in "AB" for seat in "123" for key, value in (("a", "50"), ("b", "30"))]
    marks += [Mark("basic", "A", "1", "a", "9"), Mark("basic", "A", "1", "b", "99"), Mark("basic", "A", "1", "a", "50", 2)]
    marks += [Mark("basic", "Z", "1", "a", "1"), Mark("basic", "A", "1", "z", "1"), Mark("x", "A", "1", "a", "1")]
    marks += [Mark("basic", "A", "9", "a", "50")]
    figures = [Figure("x", "A", "theory", "1"), Figure("basic", "Z", "time_s", "1"), Figure("basic", "A", "z", "1")]
    figures += [Figure("basic", "A", "time_s", "x"), Figure("basic", "A", "conduct", "1"), Figure("basic", "A", "conduct", "2")]
    decisions = [Decision("award:event:basic:gold", ("Q",), "r"), Decision("team:none", ("Q",), "r")]
    panels, excusals = [Panel("basic", ("1", "2", "3"))], [Excusal("basic", "B", "3", "r")]
    return score(rules, entries, marks, [*figures, clock("B", 50)], decisions, panels=panels, excusals=excusals), to


def _tied() -> tuple[Scores, Wording]:
    """A team with more members than it may have, and the last one who counts is equal to the next."""
    chain = {"ties": [{"figure": "work", "order": "desc"}]}
    criteria = [points("work", "60"), points("rest", "40")]
    team = {"key": "team", "name": "团体", "of": "basic", "size": 1, "best": 1, "ranking": chain}
    rules, to = load(document(practical(criteria=criteria), teams=[team]))
    marks = [Mark("basic", entry, "1", key, value) for entry, work, rest in (("A", "50", "20"), ("B", "40", "30"))
             for key, value in (("work", work), ("rest", rest))]
    return score(rules, [Entry("A", "T"), Entry("B", "T")], marks, []), to


def _equal(ties: list[dict[str, str]]) -> tuple[Scores, Wording]:
    """Two that nothing parts, at the border of a prize."""
    gold = {"key": "gold", "name": "金奖", "from": 1, "to": 1}
    awards = [{"by": "ranks", "border": "quota", "tiers": [gold]}] if ties else []
    rules, to = load(document(practical(ranking={"ties": ties, "shared": "competition" if awards else "forbidden"}, awards=awards)))
    return score(rules, [Entry("A"), Entry("B")], sheets("A", "9") + sheets("B", "9"), []), to


def _apart() -> tuple[Scores, Wording]:
    """Judges too far apart, a mark missing, a name of the contest that nothing explains."""
    rules, to = load(document(practical(spread={"of": "sheet", "absolute": "1"}, ranking={**TIES_OF_WORK, "shared": "forbidden"})))
    marks = sheets("A", "9", "99") + sheets("B", "9", "99") + sheets("C", "9")
    return score(rules, [Entry("A"), Entry("B"), Entry("C")], marks, []), to


def test_every_problem_is_said_without_chinese() -> None:
    codes = set()
    for scores, to in (_troubled(), _equal([]), _equal([{"figure": "work", "order": "desc"}]), _apart(), _tied(),
                       _modules("sheet", "100", "000"), _papers(theory="1", answers_m="A,A"), _papers(answers_m="A,A"),
                       _papers(("x", "m", "A"), ("theory", "x", "A"), ("theory", "t", "T,T"), ("theory", "t", "T,F"),
                               ("theory", "m", "A"))):
        for problem in scores.problems:
            assert not HAN.search(problem.say(str, to)), problem
            assert HAN.search(problem.say())
            assert Problem.from_json(problem.to_json()) == problem
            codes.add(problem.code)
    assert codes == set(problems._MESSAGES)


@pytest.mark.parametrize(("criterion", "text"), [
    (points("a"), ""), (points("a", min="5"), "1"), (points("a"), "101"), (points("a", step="1"), "1.5"), (points("a", step="0.5"), "1.2"),
    ({"key": "a", "name": "甲", "kind": "measured", "max": "100", "places": 2, "tolerance": "1", "per_over": "1"}, "1"),
    ({"key": "a", "name": "甲", "kind": "pass_fail", "max": "100"}, "2"),
])
def test_refused_marks_are_said_without_chinese(criterion: dict[str, Any], text: str) -> None:
    marking = book(practical(criteria=[criterion])).event("basic").criterion("a").marking
    with pytest.raises(MarkRefused) as caught:
        marking.canonical(text)
    assert not HAN.search(caught.value.say(foreign))
    assert caught.value.say() == str(caught.value)


def test_faults_of_a_rulebook_are_said_without_chinese() -> None:
    broken = document(practical(full="7", key="X", more=1, ranking={"ties": [{"figure": "x", "order": "up"}]}), version=0, format=2)
    with pytest.raises(rulebook.RulebookFaults) as caught:
        rulebook.load(broken)
    assert len(caught.value.faults) > 4
    assert not [fault for fault in caught.value.faults if HAN.search(fault.say(Wording(foreign, joined=", ".join)))]


def test_texts_of_the_rulebook_are_read_in_another_language() -> None:
    rules, to = load(document(practical()))
    assert (to.name("项目basic"), CHINESE.name("项目basic")) == ("E-basic", "项目basic")
    assert to.name("项目basic·用时") == "E-basic·xx"
    assert to.name("无名") == "无名"
    assert rules.texts("bo") == {}
    assert by_chinese([Words("甲", "a"), Words("乙", "b"), Words("乙", "c"), Words("丙")], "en") == {"甲": "a"}
