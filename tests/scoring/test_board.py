"""A board that is kept computed says the same as everything computed anew."""

import gc
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from competition.scoring import rulebook
from competition.scoring.engine import Board, Scores, Told, score
from competition.scoring.inputs import Decision, Entry, Excusal, Mark, Panel, Sheet
from tests.drawing import examples
from tests.scoring.documents import TRIMMED, book, clock, overall, paper, points, practical, theory
from tests.scoring.test_groups import group

VETO = {"key": "v", "name": "违章", "kind": "veto"}
SEATS = ("1", "2", "3", "4", "5", "6")


def contest() -> rulebook.Rulebook:
    """A common sheet with a group and a veto, a criterion of its own, time; a total, its scale, a team."""
    criteria = [
        group("g", points("a", "40", "0.5"), VETO, weight="1.25"),
        points("b", "40", "1", spread={"absolute": "5"}),
        points("own", "10", "1", panel={"method": "mean"}),
    ]
    time = {"limit_s": 600, "over": {"unit_s": 30, "count": "started", "points": "1"}}
    judged = practical(criteria=criteria, panel=TRIMMED, time=time, ranking={"ties": [{"figure": "a", "order": "desc"}]})
    scale = {"key": "scale", "name": "标准分", "method": "scale", "of": "overall"}
    team = {"key": "team", "name": "团体", "of": "overall", "ranking": {"ties": [{"figure": "basic", "order": "desc"}]}}
    return book(theory(), judged, totals=[overall(), scale], teams=[team])


RULES = contest()
marks = st.sampled_from(["38", "39.5", "40", "40", "x", "41"])
sheet_values = st.fixed_dictionaries({"a": marks, "v": st.sampled_from(["0", "0", "1"]), "b": st.sampled_from(["30", "36", "40"])}) | (
    st.dictionaries(st.sampled_from(["a", "b", "v", "own", "z"]), marks, max_size=4)
)
sheets = st.builds(
    Sheet, st.sampled_from(["basic", "basic", "basic", "none"]), st.sampled_from(["A", "B", "C", "Z"]), st.sampled_from(SEATS), sheet_values
)


@st.composite
def situations(draw: st.DrawFn) -> dict[str, Any]:
    """People, some of whom are out, panels or none, someone recused, a decision."""
    outcome = st.sampled_from([{}, {}, {}, {"basic": "ABSENT"}, {"*": "ZERO"}])
    return {
        "entries": [Entry(entry, team, draw(outcome)) for entry, team in (("A", "T"), ("B", "T"), ("C", "U"))],
        "panels": draw(st.sampled_from([[], [Panel("basic", ("1", "2", "3"))], [Panel("basic", ("1", "2"), entries=("A",))]])),
        "excusals": draw(st.sampled_from([[], [Excusal("basic", "A", "2", "r")]])),
        "decisions": draw(st.sampled_from([[], [Decision("event:basic", ("B", "A"), "r")], [Decision("spread:basic:A", (), "r")]])),
    }


FIGURES = [paper("A", "80"), paper("B", "80"), paper("C", "70"), clock("A", 500), clock("B", 631), clock("C", 600)]


def anew(known: dict[tuple[str, str, str], Sheet], situation: dict[str, Any], *, explained: bool) -> Scores:
    """Everything from the beginning."""
    return score(RULES, situation["entries"], [], FIGURES, situation["decisions"], explained, sheets=known.values(),
                 panels=situation["panels"], excusals=situation["excusals"])


@settings(max_examples=examples(80), suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(situations(), st.lists(sheets, max_size=14), st.lists(sheets, min_size=1, max_size=6), st.booleans())
def test_one_sheet_after_another_is_everything_anew(
    situation: dict[str, Any], first: list[Sheet], later: list[Sheet], explained: bool
) -> None:
    known = {(sheet.event, sheet.entry, sheet.seat): sheet for sheet in first}
    told = Told(sheets=list(known.values()), figures=FIGURES, panels=situation["panels"], excusals=situation["excusals"])
    board = Board(RULES, situation["entries"], told, situation["decisions"], explained=explained)
    said: list[tuple[Scores, dict[str, Any]]] = []
    for sheet in [None, *later]:
        if sheet is not None:
            known[sheet.event, sheet.entry, sheet.seat] = sheet
            board.put(sheet)
        found = board.scores()
        assert found == anew(known, situation, explained=explained)
        said.append((found, found.to_json() if explained else {}))
    for scores, written in said:
        assert not written or scores.to_json() == written  # what was said stays as it was said


@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.too_slow])
@given(situations(), st.lists(sheets, max_size=14), st.randoms(use_true_random=False))
def test_sheets_are_marks_in_any_order(situation: dict[str, Any], told: list[Sheet], chance: Any) -> None:
    known = {(one.event, one.entry, one.seat): one for one in told if one.values and (one.event, one.entry) != ("basic", "Z")}
    single = [Mark(one.event, one.entry, one.seat, key, value) for one in known.values() for key, value in one.values.items()]
    first = anew(known, situation, explained=True)
    chance.shuffle(single)
    more = {"panels": situation["panels"], "excusals": situation["excusals"]}
    assert score(RULES, situation["entries"], single, FIGURES, situation["decisions"], **more) == first
    mixed, rest = single[::2], [Sheet(one.event, one.entry, one.seat, {one.criterion: one.value}) for one in single[1::2]]
    chance.shuffle(rest)
    assert score(RULES, situation["entries"], mixed, FIGURES, situation["decisions"], sheets=rest, **more) == first


def test_the_order_of_the_criteria_on_a_sheet_does_not_matter() -> None:
    rules = book(practical(criteria=[points("a", "60", "0.5"), points("b", "40", "1")]))
    told = [{"a": "38", "b": "30"}, {"b": "30", "a": "38"}]
    one, other = (score(rules, [Entry("A")], [], [], sheets=[Sheet("basic", "A", "1", values)]) for values in told)
    assert one == other
    refused = score(rules, [Entry("A")], [], [], sheets=[Sheet("basic", "A", "1", {"b": "41", "a": "38"})])
    assert [problem.code for problem in refused.problems] == ["mark.refused", "marks.missing"]


def test_a_board_is_gone_when_nobody_holds_it() -> None:
    """Nothing in it holds itself, so that no memory waits for Python's collector."""
    situation: dict[str, Any] = {"entries": [Entry("A", "T"), Entry("B", "T")], "panels": [], "excusals": [], "decisions": []}
    told = {("basic", "A", "1"): Sheet("basic", "A", "1", {"a": "38", "b": "30", "own": "5"})}
    anew(told, situation, explained=True)
    while gc.collect():  # what other tests left may need more than one turn
        pass
    gc.disable()
    try:
        anew(told, situation, explained=True)
        assert gc.collect() == 0
    finally:
        gc.enable()
