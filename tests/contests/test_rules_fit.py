"""A rulebook and the events of a contest: what does not fit, and a rulebook cut down to some of its events."""

from itertools import combinations
from typing import Any

import pytest

from competition.contests.forms_rulebook import plain_weight
from competition.contests.rules_fit import Cut, fit, keep_events, weight_faults, with_weights
from competition.contests.service import ready_rulebooks
from competition.scoring import rulebook
from tests.builders import LAMIAN_EVENTS

SUBSETS = [keys for count in range(1, 6) for keys in combinations(LAMIAN_EVENTS, count)]


def lamian() -> dict[str, Any]:
    return ready_rulebooks()["lamian"]


def weights(cut: Cut) -> dict[str, str]:
    """Ten for each but the first of a total."""
    scopes = [share.scope for share in cut.shares]
    return {share.field: "10" if scopes.index(share.scope) != number else str(110 - 10 * scopes.count(share.scope))
            for number, share in enumerate(cut.shares)}


@pytest.mark.parametrize("keys", SUBSETS, ids="-".join)
def test_every_choice_of_events_makes_a_sound_rulebook(keys: tuple[str, ...]) -> None:
    cut = keep_events(lamian(), keys)
    given = weights(cut)
    assert weight_faults(cut, given) == []
    book = rulebook.load(with_weights(cut, given))
    assert {event.key for event in book.events} == set(keys)
    assert fit(book, dict.fromkeys(keys, "")).sentences == []


def test_what_changes_is_said_and_weights_stay_until_somebody_gives_new_ones() -> None:
    cut = keep_events(lamian(), ("theory", "basic", "broth"))
    assert cut.lines == ("“实操综合成绩”不再包括：拉面成品、创新拉面。",)
    assert [(share.title, share.name, share.before) for share in cut.shares] == [
        ("实操综合成绩", "手工拉面基本功", "40"), ("实操综合成绩", "拉面调汤", "20")]
    practical = cut.document["totals"][0]
    assert practical["parts"] == [{"of": "basic", "weight": "40"}, {"of": "broth", "weight": "20"}]
    changed = with_weights(cut, {"w_practical_basic": "65.5", "w_practical_broth": "34.5"})
    assert [part["weight"] for part in changed["totals"][0]["parts"]] == ["65.5", "34.5"]
    assert (changed["totals"][0]["source"], changed["totals"][1]) == ("default", lamian()["totals"][1])


def test_a_total_of_which_nothing_is_left_goes_with_what_refers_to_it() -> None:
    cut = keep_events(lamian(), ("theory",))
    assert [total["key"] for total in cut.document["totals"]] == ["overall"]
    assert cut.lines == ("去掉“实操综合成绩”，它的组成项目都不在了。", "“总成绩”不再包括：实操综合成绩。",
                         "“总成绩”同分时不再比较“practical.time”。", "“总成绩”同分时不再比较“practical”。")


def test_nothing_changes_where_all_is_kept() -> None:
    cut = keep_events(lamian(), LAMIAN_EVENTS)
    assert (cut.document, cut.lines, cut.shares) == (lamian(), (), ())


@pytest.mark.parametrize(("basic", "broth", "sentence"), [
    ("60", "30", "权重合计应为 100，现在是 90。"), ("100", "0", "请填大于 0、不超过 100 的数。"), ("", "100", "请填大于 0"),
    ("一百", "1", "请填大于 0"),
])
def test_weights_that_are_none(basic: str, broth: str, sentence: str) -> None:
    cut = keep_events(lamian(), ("theory", "basic", "broth"))
    faults = weight_faults(cut, {"w_practical_basic": basic, "w_practical_broth": broth})
    assert len(faults) == 1
    assert sentence in faults[0][1]


def test_sums_and_teams_follow() -> None:
    """A sum has the full marks of its parts; a team result over what went goes too."""
    document = lamian()
    document["totals"] = [
        {"key": "both", "name": {"zh": "两项之和"}, "method": "sum", "full": "300",
         "parts": [{"of": "theory"}, {"of": "basic"}, {"of": "broth"}]}]
    document["teams"] = [{"key": "team", "name": {"zh": "团体"}, "of": "broth"}, {"key": "all", "name": {"zh": "团体总分"}, "of": "both"}]
    rulebook.load(document)
    cut = keep_events(document, ("theory", "basic"))
    assert cut.document["totals"][0]["full"] == "200"
    assert [team["key"] for team in cut.document["teams"]] == ["all"]
    assert "“两项之和”的满分由 300 改为 200。" in cut.lines
    assert "去掉“团体”，它的组成项目都不在了。" in cut.lines
    rulebook.load(cut.document)


def test_what_does_not_fit_is_named() -> None:
    found = fit(rulebook.load(lamian()), {"theory": "理论", "basic": "基本功", "bowl": "成品", "extra": "另一项"})
    assert found.absent == ("拉面调汤", "创新拉面")
    assert (found.uncounted, found.unruled) == (("实操综合成绩", "总成绩"), ("另一项",))


@pytest.mark.parametrize("typed", ["20", "20%", "２０％", " 20 % "])
def test_a_weight_is_read_as_people_write_it(typed: str) -> None:
    assert plain_weight(typed) == "20"
