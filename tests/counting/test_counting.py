"""Histories become cells: against a count in the plainest way, and worked case 16."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from competition.counting.rules import places
from competition.counting.rules_changes import Change, changes
from competition.counting.rules_claims import Claim, elect
from competition.counting.rules_counting import CellKey, Figures, History, Known, figures, pack
from competition.counting.rules_periods import age_band, month_code, month_number, stat_year_of
from competition.counting.rules_scopes import scopes_of

REGIONS = ("630224", "630225", "630102", "440106")
# Two unions of one county, one of a county of another prefecture, one of another province; standings 4 and 5 share places.
KNOWN = Known(
    dict(enumerate([(0, 0), (1, 0), (2, 1), (3, 2), (0, 2), (1, 1)])),
    [(("sex", "F"), ("industry", "energy")), (("sex", "F"), ("industry", "it")), (("sex", "M"), ("industry", "it"))],
    [(("kind", "skills"), ("level", "county")), (("kind", "labour"), ("level", "county")), (("kind", "skills"), ("level", "province"))],
    {number: scopes_of(number, region, f"{number:032x} {'f' * 32}") for number, region in enumerate(REGIONS)},
)
MONTHS = [month_number(date(2020, 8 + n, 1)) if n < 5 else month_number(date(2021, n - 4, 1)) for n in range(16)]
presences = st.builds(pack, st.sampled_from(sorted(KNOWN.standings)), st.integers(0, 2), st.sampled_from(MONTHS))
histories = st.lists(presences, max_size=6).map(lambda found: tuple(sorted(found)))


def plainly(people: Iterable[History]) -> dict[CellKey, Figures]:
    """Every person by itself, with sets and without any of the ways by which the counting is quick."""
    seen: defaultdict[CellKey, set[int]] = defaultdict(set)
    rows: defaultdict[CellKey, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for number, history in enumerate(people):
        firsts: dict[tuple[str, str], int] = {}
        for presence in history:
            place, person = KNOWN.standings[presence >> 32]
            personal, trait, month = KNOWN.people[person], KNOWN.traits[presence >> 16 & 0xFFFF], presence & 0xFFFF
            code, year, stat = month_code(month), str(month // 12), f"S{stat_year_of(month)}"
            for scope in KNOWN.scopes[place]:
                for period in (code, year, stat):
                    for dimension, value in (("", ""), *((*personal, *trait) if period != code else ())):
                        seen[scope, period, dimension, value].add(number)
                        rows[scope, period, dimension, value][1] += 1
                for period in (year, stat):
                    firsts[scope, period] = min(month, firsts.get((scope, period), month))
        for (scope, period), month in firsts.items():
            for reached in (month_code(month), period):
                rows[scope, reached, "", ""][3 if period.startswith("S") else 2] += 1
    for key, who in seen.items():
        rows[key][0] = len(who)
    return {key: (row[0], row[1], row[2], row[3]) for key, row in rows.items()}


def added(*parts: Mapping[CellKey, Figures]) -> dict[CellKey, Figures]:
    """Cells and differences of cells, added up; empty ones are gone."""
    found: defaultdict[CellKey, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for part in parts:
        for key, row in part.items():
            found[key] = [was + more for was, more in zip(found[key], row, strict=True)]
    return {key: (row[0], row[1], row[2], row[3]) for key, row in found.items() if any(row)}


@given(st.lists(histories, max_size=12))
def test_a_full_count_is_a_count_in_the_plainest_way(people: list[History]) -> None:
    assert figures(Counter(people), KNOWN) == plainly(people)


@given(st.lists(st.lists(histories, min_size=3, max_size=3), max_size=6))
def test_any_changes_of_the_people_touched_end_at_the_full_count(steps: list[list[History]]) -> None:
    """Three people; each step gives them new histories, counted by what changes alone. A repeated step changes nothing."""
    now: list[History] = [(), (), ()]
    cells: dict[CellKey, Figures] = {}
    for step in steps:
        for _twice in range(2):
            change = Counter(step)
            change.subtract(now)
            cells, now = added(cells, figures(change, KNOWN)), step
    assert cells == plainly(now)


@given(st.lists(st.tuples(histories, histories, histories), max_size=4))
def test_a_change_beside_what_stays_is_the_difference_of_two_counts(people: list[tuple[History, History, History]]) -> None:
    """What stays of each person, what goes, what is new."""
    before = Counter(tuple(sorted(kept + gone)) for kept, gone, _new in people)
    after = Counter(tuple(sorted(kept + new)) for kept, _gone, new in people)
    after.subtract(before)
    assert changes((Change(*each) for each in people), KNOWN) == figures(after, KNOWN)


@given(st.lists(histories, max_size=12))
def test_persons_of_the_whole_are_at_most_the_sum_of_the_parts(people: list[History]) -> None:
    cells = figures(Counter(people), KNOWN)
    for (scope, period, dimension, value), row in cells.items():
        if scope == "all":
            parts = [other for (place, *rest), other in cells.items()
                     if place in {"630000", "440000"} and rest == [period, dimension, value]]
            assert row[1] == sum(part[1] for part in parts)
            assert max(part[0] for part in parts) <= row[0] <= sum(part[0] for part in parts)
        # The running sum of the new ones is the persons of the year.
        if len(period) == 4 and not dimension:
            of_months = [part[2] for (place, month, *_), part in cells.items() if place == scope and month[:5] == f"{period}-"]
            assert row[0] == row[2] == sum(of_months)


CASE_16 = (
    ("p1", "C1", "630224", "2020-11-05", True), ("p1", "C2", "630224", "2021-06-01", True), ("p2", "C1", "630224", "2020-11-05", True),
    ("p3", "C1", "630225", "2020-11-05", False), ("p3", "C3", "630225", "2021-09-30", True), ("p4", "C3", "630102", "2021-10-01", True),
    ("p5", "C3", "630102", "2021-09-30", True), ("p5", "C3", "630102", "2021-09-30", True), ("p6", "C2", "632801", "2021-06-01", False),
    ("p2", "C4", "630106", "2021-12-20", True),
)


def case_16() -> tuple[Counter[History], Known]:
    regions = sorted({row[2] for row in CASE_16})
    known = Known({n: (n, 0) for n in range(len(regions))}, [()], [()], {n: scopes_of(n, region, "") for n, region in enumerate(regions)})
    claims: defaultdict[str, list[Claim]] = defaultdict(list)
    for person, contest, region, day, present in CASE_16:
        number = regions.index(region)
        claims[person].append(Claim(0, int(contest[1]), date.fromisoformat(day), True, number, (region, ()), present))
    people: Counter[History] = Counter()
    for said in claims.values():
        people[tuple(sorted(pack(c.standing, 0, month_number(c.present_on)) for c in elect(said).values()))] += 1
    return people, known


def test_case_16() -> None:
    cells = figures(*case_16())
    assert cells["all", "2021", "", ""][:2] == (5, 5)
    assert cells["all", "S2021", "", ""][:2] == (4, 5)
    # The whole list: persons never add up, person-times do.
    years = [key for key in cells if key[0] == "630000" and key[1] in ("2020", "2021")]
    assert sum(cells[key][1] for key in years) == 7


def test_case_16_over_the_whole_list() -> None:
    """As if the list were one year: 7 person-times of 5 persons, who are 6 when prefectures are added up."""
    people, known = case_16()
    one_year = Counter({tuple(sorted(pack(p >> 32, 0, month_number(date(2021, 1, 1))) for p in history)): 0 for history in people})
    for history, count in people.items():
        one_year[tuple(sorted(pack(p >> 32, 0, month_number(date(2021, 1, 1))) for p in history))] += count
    cells = figures(one_year, known)
    assert {place: cells[place, "2021", "", ""][:2] for place in ("630100", "630200", "630000")} == {
        "630100": (3, 3), "630200": (3, 4), "630000": (5, 7)}


def test_a_month_belongs_to_the_statistical_year_in_which_it_ends() -> None:
    assert [stat_year_of(month_number(date(*day, 1))) for day in ((2020, 9), (2020, 10), (2021, 9), (2021, 10))] == [2020, 2021, 2021, 2022]


def test_bands_of_age() -> None:
    bands = [age_band(born, 2021) for born in (2000, 1996, 1987, 1986, 1966, None)]
    assert bands == ["under25", "25to34", "25to34", "35to44", "55over", "unknown"]


@given(st.permutations([
    Claim(1, 7, date(2021, 5, 2), True, 0, ("a", ()), True), Claim(2, 7, date(2021, 5, 1), False, 1, ("b", ()), True),
    Claim(3, 7, date(2021, 5, 1), False, 2, ("a", ()), True), Claim(4, 7, date(2021, 4, 1), False, 3, ("a", ()), False),
    Claim(5, 8, date(2021, 5, 1), False, 1, ("a", ()), True), Claim(6, 8, date(2021, 5, 1), True, 0, ("b", ()), True)]))
def test_which_claim_counts_does_not_depend_on_their_order(claims: list[Claim]) -> None:
    assert {activity: claim.fact for activity, claim in elect(claims).items()} == {7: 3, 8: 6}


def test_places_of_different_levels_are_scopes_once() -> None:
    assert scopes_of(1, "630200", "") == ("all", "630000", "630200", "p:1")
    assert len({places(region).region for region, _other in combinations(REGIONS, 2)}) == 3
