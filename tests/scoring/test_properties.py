"""Properties that must hold for any marks, not only for the worked cases."""

import copy
import json
from fractions import Fraction
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from competition.scoring import rulebook
from competition.scoring.engine import Scores, score
from competition.scoring.inputs import Entry, Figure, Mark
from competition.scoring.rounding import MODES, whole
from tests.drawing import examples
from tests.scoring.documents import TRIMMED, book, clock, faults, lamian, overall, paper, points, practical, sheets, theory

QUICK = settings(max_examples=examples(60), suppress_health_check=[HealthCheck.too_slow])
METHODS: list[dict[str, Any]] = [
    {"method": "mean"},
    TRIMMED,
    {"method": "trimmed_mean", "drop_low": 2, "drop_high": 1, "from": 4},
    {"method": "median"},
    {"method": "sum"},
    {"method": "trimmed_mean", "by": "criterion", "drop_low": 1, "drop_high": 1, "from": 3},
]
halves = st.integers(0, 200).map(lambda half: str(Fraction(half, 2)) if half % 2 == 0 else f"{half // 2}.5")
panels = st.lists(halves, min_size=1, max_size=7)


def contest() -> rulebook.Rulebook:
    """Theory, one judged event with time, and a total with a tie chain."""
    chain = {"ties": [{"figure": "basic", "order": "desc"}, {"figure": "time", "order": "asc"}]}
    criteria = [points("a", "60", "0.5"), points("b", "40", "0.5")]
    time = {"limit_s": 600, "over": {"unit_s": 30, "count": "started", "points": "1"}}
    event = practical(criteria=criteria, panel=TRIMMED, time=time)
    return book(theory(), event, totals=[overall(ranking=chain)])


RULES = contest()


@st.composite
def inputs(draw: st.DrawFn) -> tuple[list[Entry], list[Mark], list[Figure]]:
    """A small contest in which ties are likely."""
    count = draw(st.integers(1, 6))
    seats = draw(st.integers(1, 6))
    outcome = st.sampled_from([{}, {}, {}, {}, {"basic": "ABSENT"}, {"*": "ZERO"}, {"theory": "DISQUALIFIED"}])
    entries = [Entry(f"E{index}", f"T{index % 2}", draw(outcome)) for index in range(count)]
    mark = st.sampled_from(["38", "39.5", "40"])
    marks = [Mark("basic", entry.id, str(seat), key, draw(mark)) for entry in entries for seat in range(seats) for key in ("a", "b")]
    times = st.sampled_from([500, 600, 631])
    figures = [paper(entry.id, draw(st.sampled_from(["70", "80"]))) for entry in entries]
    return entries, marks, figures + [clock(entry.id, draw(times)) for entry in entries]


@QUICK
@given(inputs(), st.randoms(use_true_random=False))
def test_the_order_of_everything_does_not_matter(given_: tuple[list[Entry], list[Mark], list[Figure]], chance: Any) -> None:
    entries, marks, figures = given_
    first = score(RULES, entries, marks, figures)
    for items in given_:
        chance.shuffle(items)
    assert score(RULES, entries, marks, figures) == first


@QUICK
@given(inputs())
def test_ranks_follow_the_published_figures(given_: tuple[list[Entry], list[Mark], list[Figure]]) -> None:
    scores = score(RULES, *given_)
    assert scores.complete
    for rows in (*scores.events.values(), *scores.totals.values()):
        ranked = [row for row in rows if row.rank is not None]
        for place, row in enumerate(ranked, start=1):
            assert row.value is not None
            assert row.rank is not None
            assert row.rank <= place
            if row.rank < place:
                assert ranked[place - 2].rank == row.rank
                assert ranked[place - 2].value == row.value
            if place > 1:
                earlier = ranked[place - 2].value
                assert earlier is not None
                assert earlier >= row.value
        assert all((row.rank is None) == (row.value is None) for row in rows)


@QUICK
@given(inputs())
def test_json_loses_nothing(given_: tuple[list[Entry], list[Mark], list[Figure]]) -> None:
    scores = score(RULES, *given_)
    assert Scores.from_json(json.loads(json.dumps(scores.to_json()))) == scores


@QUICK
@given(st.sampled_from(METHODS), panels, st.data())
def test_raising_a_mark_never_lowers_the_figure(method: dict[str, Any], marks: list[str], data: st.DataObject) -> None:
    rules = book(practical(full="100", criteria=[points(step="0.5")], panel=method))
    seat = data.draw(st.integers(0, len(marks) - 1))
    raised = [*marks]
    raised[seat] = data.draw(halves.filter(lambda text: Fraction(text) >= Fraction(marks[seat])))
    before, after = (score(rules, [Entry("A")], sheets("A", *each), []) for each in (marks, raised))
    low, high = before.events["basic"][0].value, after.events["basic"][0].value
    assert low is not None
    assert high is not None
    assert low <= high


@QUICK
@given(panels)
def test_a_trimmed_mean_equals_the_plain_formula(marks: list[str]) -> None:
    rules = book(practical(criteria=[points(step="0.5")], panel=TRIMMED))
    (row,) = score(rules, [Entry("A")], sheets("A", *marks), []).events["basic"]
    doubled = sorted(int(Fraction(mark) * 2) for mark in marks)
    kept = doubled[1:-1] if len(doubled) >= 5 else doubled
    hundredths = (100 * sum(kept) * 2 + 2 * len(kept)) // (4 * len(kept))  # half-up in whole numbers
    assert row.value is not None
    assert int(row.value * 100) == hundredths


@QUICK
@given(st.fractions(), st.sampled_from(sorted(MODES)))
def test_rounding_moves_by_less_than_one(value: Fraction, mode: str) -> None:
    result = whole(value, mode)
    assert abs(result - value) < 1
    if mode.startswith("half"):
        assert abs(result - value) <= Fraction(1, 2)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(["1", "-1", "0", "ABSENT"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a document."""
    here = [path] if path else []
    if isinstance(value, dict):
        return here + [found for key, item in value.items() for found in places(item, (*path, key))]
    if isinstance(value, list):
        return here + [found for index, item in enumerate(value) for found in places(item, (*path, index))]
    return here


LAMIAN = lamian()
PLACES = places(LAMIAN)


@settings(max_examples=examples(150), suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(PLACES), anything), min_size=1, max_size=3))
def test_spoilt_rulebooks_are_refused_or_read_but_never_crash(changes: list[tuple[tuple[Any, ...], Any]]) -> None:
    spoilt = copy.deepcopy(LAMIAN)
    for path, value in changes:
        target: Any = spoilt
        try:
            for key in path[:-1]:
                target = target[key]
            target[path[-1]] = value
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took this place away
    found = faults(spoilt)
    if found:
        assert all(path.startswith("/") and sentence for path, sentence in found.items())
    else:
        assert not score(rulebook.load(spoilt), [Entry("A")], [], []).complete


@QUICK
@given(st.lists(st.tuples(st.sampled_from(["a", "b", "x"]), st.text(max_size=6) | halves), max_size=8))
def test_no_mark_brings_a_figure_out_of_range(marks: list[tuple[str, str]]) -> None:
    scores = score(
        RULES,
        [Entry("A")],
        [Mark("basic", "A", "1", key, value) for key, value in marks],
        [paper("A", "80"), clock("A", 600)],
    )
    for row in scores.events["basic"]:
        assert row.value is None or 0 <= row.value <= 100
