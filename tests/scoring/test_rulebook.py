"""Rulebooks: reading, hashing, and every fault listed at once."""

import copy
from typing import Any

import pytest

from competition.scoring import rulebook
from tests.scoring.documents import (
    MEAN,
    TRIMMED,
    book,
    document,
    faults,
    lamian,
    overall,
    points,
    practical,
    theory,
)


def test_the_lamian_rulebook() -> None:
    rules = rulebook.load(lamian())
    assert [event.key for event in rules.events] == ["theory", "basic", "broth", "bowl", "creative"]
    assert [event.kind for event in rules.events] == ["theory"] + ["practical"] * 4
    assert [event.time_limit_s for event in rules.events] == [None, 2400, 1800, 1200, 1800]
    assert [event.judged for event in rules.events] == [False, True, True, True, True]
    assert {str(event.max) for event in rules.events} == {"100"}
    assert [(part.of, str(part.weight)) for part in rules.total("practical").parts] == [
        ("basic", "40"),
        ("broth", "20"),
        ("bowl", "25"),
        ("creative", "15"),
    ]
    assert [(part.of, str(part.weight)) for part in rules.total("overall").parts] == [
        ("theory", "30"),
        ("practical", "70"),
    ]
    basic = rules.event("basic")
    assert (basic.panel.method, basic.panel.drop_low, basic.panel.drop_high, basic.panel.trim_from) == (
        "trimmed_mean",
        1,
        1,
        5,
    )
    assert len(basic.criteria) == 11
    assert {(str(item.max), str(item.step)) for item in basic.criteria if item.key in {"maoxi", "dakuan"}} == {("8", "0.5")}
    assert basic.criterion("maoxi").name.zh == "毛细"
    assert basic.criterion("maoxi").source == "default"
    with pytest.raises(KeyError):
        basic.criterion("nothing")
    with pytest.raises(KeyError):
        rules.event("nothing")


def test_the_hash_names_the_content_not_the_order_of_keys() -> None:
    one = lamian()
    turned = dict(reversed(one.items()))
    assert rulebook.digest(one) == rulebook.digest(turned) == rulebook.load(turned).digest
    assert len(rulebook.digest(one)) == 64
    changed = copy.deepcopy(one)
    changed["version"] = 2
    assert rulebook.digest(changed) != rulebook.digest(one)
    assert rulebook.canonical({"b": "拉面", "a": [1, "0.5"]}) == '{"a":[1,"0.5"],"b":"拉面"}'


def test_all_faults_come_at_once() -> None:
    broken = document(
        theory(full="0"),
        practical(full="90", criteria=[points(step="0.3"), {**points("b"), "max": "x", "full": 5}], panel={"method": "best"}),
        totals=[overall(parts=[{"of": "theory", "weight": "30"}, {"of": "nobody", "weight": "60"}])],
        version=0,
    )
    del broken["rounding"]["event"]
    assert set(faults(broken)) == {
        "/events/0/full",
        "/events/1/criteria/0/step",
        "/events/1/criteria/1/max",
        "/events/1/criteria/1/full",
        "/events/1/panel/method",
        "/rounding/event",
        "/totals/0/parts",
        "/totals/0/parts/1/of",
        "/version",
    }


BARE = {"key": "work", "name": "评分项", "max": "100"}
MEASURED = {**BARE, "kind": "measured", "places": 3, "tolerance": "5", "per_over": "1"}
BANDS = {**BARE, "kind": "bands"}
BAND = {"upto": "5", "points": "100"}
UNIT = {"unit_s": 60, "count": "started", "points": "1"}
TIER = {"key": "gold", "name": "金奖", "from": 1, "to": 2}


@pytest.mark.parametrize(
    ("event", "path"),
    [
        (practical(criteria=[points(full="50"), points("other", "40")]), "/events/0/full"),
        (practical(criteria=[points(step="0.3")]), "/events/0/criteria/0/step"),
        (practical(criteria=[points(min="100")]), "/events/0/criteria/0/min"),
        (practical(criteria=[points(), points()]), "/events/0/criteria/1/key"),
        (practical(criteria=[points("score")]), "/events/0/criteria/0/key"),
        (practical(criteria=[points(key="Ärger")]), "/events/0/criteria/0/key"),
        (practical(criteria=[{**points(), "name": {"zh": " "}}]), "/events/0/criteria/0/name/zh"),
        (practical(criteria=[{**points(), "name": {"en": "only"}}]), "/events/0/criteria/0/name/zh"),
        (practical(criteria=[{**points(), "stepp": "1"}]), "/events/0/criteria/0/stepp"),
        (practical(criteria=[{**points(), "max": 100.0}]), "/events/0/criteria/0/max"),
        (practical(criteria=[{**points(), "max": "1e2"}]), "/events/0/criteria/0/max"),
        (practical(criteria=[{**points(), "max": True}]), "/events/0/criteria/0/max"),
        (practical(criteria=[{**points(), "bonus": "yes"}]), "/events/0/criteria/0/bonus"),
        (practical(criteria=[{**points(), "kind": "deduct", "per": "1", "cap": "101"}]), "/events/0/criteria/0/cap"),
        (
            practical(criteria=[{**MEASURED, "zero_beyond": "1"}]),
            "/events/0/criteria/0/zero_beyond",
        ),
        (practical(criteria=[{**BANDS, "bands": [BAND, BAND]}]), "/events/0/criteria/0/bands"),
        (practical(criteria=[{**BANDS, "max": "99", "bands": [BAND]}]), "/events/0/criteria/0/max"),
        (practical(criteria=[]), "/events/0/criteria"),
        (practical(criteria={}), "/events/0/criteria"),
        (practical(criteria=[{**points(), "panel": {**MEAN, "by": "sheet"}}]), "/events/0/criteria/0/panel/by"),
        (practical(panel=None), "/events/0/panel"),
        (practical(panel={**TRIMMED, "from": 2}), "/events/0/panel/from"),
        (practical(panel={**TRIMMED, "drop_low": 0, "drop_high": 0}), "/events/0/panel/drop_low"),
        (practical(panel={**MEAN, "drop_low": 1}), "/events/0/panel/drop_low"),
        (practical(spread={"of": "sheet"}), "/events/0/spread"),
        (practical(spread={"percent": "10", "absolute": "5"}), "/events/0/spread"),
        (practical(spread={"percent": "101"}), "/events/0/spread/percent"),
        (practical(spread={"levels": "1"}), "/events/0/spread/levels"),
        (practical(spread={"of": "criterion", "levels": "1"}), "/events/0/spread/levels"),
        (practical(spread={"percent": "5"}, panel={**MEAN, "by": "criterion"}), "/events/0/spread/of"),
        (practical(time={"limit_s": 0}), "/events/0/time/limit_s"),
        (practical(time={"limit_s": "60"}), "/events/0/time/limit_s"),
        (practical(time={"limit_s": 60, "over": UNIT, "bands": [{"after_s": 1, "points": "1"}]}), "/events/0/time/bands"),
        (practical(time={"limit_s": 60, "bands": [{"after_s": 9, "points": "1"}] * 2}), "/events/0/time/bands"),
        (
            practical(time={"limit_s": 60, "over": UNIT, "placing": {"in_time": "5", "per_place": "1", "late": UNIT}}),
            "/events/0/time/placing",
        ),
        (practical(result="time"), "/events/0/time"),
        (practical(result="time", time={"limit_s": 9, "over": UNIT}), "/events/0/time/over"),
        (practical(result="time", time={"limit_s": 9, "beyond": {"after_s": 1, "then": "zero"}}), "/events/0/time/beyond/then"),
        (practical(result="time", time={"limit_s": 9}, ceiling="100"), "/events/0/ceiling"),
        (practical(ceiling="99"), "/events/0/ceiling"),
        (practical(deductions=[{"key": "work", "name": "重名", "per": "1"}]), "/events/0/deductions/0/key"),
        (practical(deductions=[{"key": "a", "name": "甲", "input": "points", "least": "6", "cap": "5"}]), "/events/0/deductions/0/least"),
        (practical(deductions=[{"key": "a", "name": "甲", "per": "1", "least": "1"}]), "/events/0/deductions/0/least"),
        (
            practical(deductions=[{"key": "a", "name": "甲", "per": "1", "outcome": {"from": 2, "code": "OUT"}}]),
            "/events/0/deductions/0/outcome/code",
        ),
        (practical(ranking={"ties": [{"figure": "beauty"}]}), "/events/0/ranking/ties/0/figure"),
        (practical(ranking={"ties": [{"order": "asc"}]}), "/events/0/ranking/ties/0/figure"),
        (practical(ranking={"ties": [{"figure": "work"}, {"figure": "work"}]}), "/events/0/ranking/ties/1/figure"),
        (practical(ranking={"ties": [{"figure": "time"}]}), "/events/0/ranking/ties/0/figure"),
        (practical(awards=[{"by": "ranks", "tiers": []}]), "/events/0/awards/0/tiers"),
        (practical(awards=[{"by": "ranks", "tiers": [TIER, {**TIER, "key": "b", "from": 2}]}]), "/events/0/awards/0/tiers/1/from"),
        (practical(awards=[{"by": "ranks", "tiers": [{"key": "a", "name": "甲", "from": 1}, TIER]}]), "/events/0/awards/0/tiers/0/to"),
        (practical(awards=[{"by": "ranks", "tiers": [{**TIER, "from": 3}]}]), "/events/0/awards/0/tiers/0/to"),
        (
            practical(
                awards=[
                    {"by": "percent", "tiers": [{"key": "a", "name": "甲", "percent": "60"}, {"key": "b", "name": "乙", "percent": "50"}]}
                ]
            ),
            "/events/0/awards/0/tiers",
        ),
        (practical(awards=[{"by": "half", "tiers": [{"key": "a", "name": "甲"}, {"key": "b", "name": "乙"}]}]), "/events/0/awards/0/tiers"),
        (practical(awards=[{"by": "ranks", "tiers": [TIER]}, {"by": "ranks", "tiers": [{**TIER, "name": "银奖"}]}]), "/events/0/awards"),
        (theory(step="0.3"), "/events/0/step"),
        (theory(kind="oral"), "/events/0/kind"),
        (theory(criteria=[]), "/events/0/criteria"),
        (theory(source="heard"), "/events/0/source"),
        (theory(note=5), "/events/0/note"),
        (theory(name="\ud800"), "/events/0/name/zh"),
        ("theory", "/events/0"),
    ],
)
def test_faults_of_an_event(event: Any, path: str) -> None:
    found = faults(document(event))
    assert path in found
    assert found[path].endswith("。")


PRIZE = {"by": "ranks", "tiers": [TIER]}
RENAMED = {"by": "ranks", "tiers": [{**TIER, "name": "头奖"}]}
RACE = {"key": "race", "kind": "practical", "name": "竞速", "result": "time", "time": {"limit_s": 60}}


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"format": 2}, "/format"),
        ({"events": []}, "/events"),
        ({"events": None}, "/events"),
        ({"key": "测试"}, "/key"),
        ({"rounding": {}}, "/rounding/event"),
        ({"rounding": {"event": {"places": 9}, "total": {"places": 2}, "team": {"places": 2}}}, "/rounding/event/places"),
        ({"rounding": {"event": {"places": 2, "mode": "bankers"}}}, "/rounding/event/mode"),
        ({"rounding": {"medal": {"places": 2}}}, "/rounding/medal"),
        ({"outcomes": {"LATE": {}}}, "/outcomes/LATE"),
        ({"outcomes": {"ABSENT": None}, "version": 0}, "/version"),
        ({"totals": [overall(), overall(key="other", awards=[PRIZE]), overall(key="third", awards=[RENAMED])]}, "/totals/2/awards"),
        ({"teams": [{"key": "team", "name": "团体", "of": "race"}]}, "/teams/0/of"),
        ({"outcomes": {"ABSENT": {"in_total": "half"}}}, "/outcomes/ABSENT/in_total"),
        ({"totals": [overall(parts=[])]}, "/totals/0/parts"),
        ({"totals": [overall(parts=[{"of": "theory", "weight": "90"}])]}, "/totals/0/parts"),
        ({"totals": [overall(parts=[{"of": "ghost", "weight": "100"}])]}, "/totals/0/parts/0/of"),
        ({"totals": [overall(parts=[{"of": "theory", "weight": "50"}] * 2)]}, "/totals/0/parts/1/of"),
        ({"totals": [overall(key="theory")]}, "/totals/0/key"),
        ({"totals": [overall(method="sum", full="100", parts=[{"of": "theory"}, {"of": "basic"}])]}, "/totals/0/full"),
        ({"totals": [overall(ranking={"ties": [{"figure": "overall.time"}]})]}, "/totals/0/ranking/ties/0/figure"),
        ({"teams": [{"key": "team", "name": "团体", "of": "ghost"}]}, "/teams/0/of"),
        (
            {"teams": [{"key": "team", "name": "团体", "of": "basic", "ranking": {"ties": [{"figure": "x"}]}}]},
            "/teams/0/ranking/ties/0/figure",
        ),
    ],
)
def test_faults_of_the_whole(more: dict[str, Any], path: str) -> None:
    found = faults(document(theory(), practical(), RACE, **{"totals": [], **more}))
    assert path in found


def test_totals_in_a_circle() -> None:
    def ring(key: str, of: str) -> dict[str, Any]:
        return overall(key=key, parts=[{"of": of, "weight": "100"}])

    found = faults(document(theory(), totals=[ring("a", "b"), ring("b", "c"), ring("c", "a"), ring("d", "theory")]))
    assert found == {"/totals": "总成绩互相引用成了循环：a、b、c。"}


def test_totals_are_put_in_the_order_of_computation() -> None:
    first = overall(key="all", parts=[{"of": "half", "weight": "100"}])
    second = overall(key="half", parts=[{"of": "theory", "weight": "100"}])
    assert [total.key for total in book(theory(), totals=[first, second]).totals] == ["half", "all"]


def test_time_results_cannot_be_weighted() -> None:
    timed = {"key": "basic", "kind": "practical", "name": "竞速", "result": "time", "time": {"limit_s": 60}}
    assert "/totals/0/parts/1/of" in faults(document(theory(), timed, totals=[overall()]))


@pytest.mark.parametrize("something", [[], "rules", None, 5])
def test_what_is_no_object_at_all(something: Any) -> None:
    assert faults(something) == {"/": "这里应为一个对象（键和值）。"}


def test_the_error_shows_every_fault_in_words() -> None:
    with pytest.raises(rulebook.RulebookFaults) as caught:
        rulebook.load(document(theory(full="-1"), key="X"))
    assert str(caught.value).splitlines() == [f"{fault.path}: {fault.say()}" for fault in caught.value.faults]
    assert len(caught.value.faults) == 2
