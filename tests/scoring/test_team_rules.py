"""Team rules as they are read: what is refused, and where it says so."""

from typing import Any

import pytest

from tests.scoring.documents import book, document, faults, overall, practical, theory
from tests.scoring.team_fields import AWARDS, PARTS, PLACES, team

RACE = {"key": "race", "kind": "practical", "name": "竞速", "result": "time", "time": {"limit_s": 60}}
SCALE = {"key": "scale", "name": "标准分", "method": "scale", "of": "basic"}


@pytest.mark.parametrize(
    ("rule", "path"),
    [
        (team(method="product"), "method"),
        (team(best=4, size=3), "best"),
        (team(best=0), "best"),
        (team(missing="half"), "missing"),
        (team(places=PLACES), "places"),
        (team(of="race"), "of"),
        (team(by="ghost"), "by"),
        (team(by="Ghost"), "by"),
        (team(parts=PARTS, of="basic"), "of"),
        (team(parts=PARTS, best=2), "by"),
        (team(parts=PARTS[:1]), "parts"),
        (team(parts=[{"of": "basic", "weight": "50"}] * 2), "parts/1/of"),
        (team(parts=[{"of": "basic", "weight": "50"}, {"of": "race", "weight": "50"}]), "parts/1/of"),
        (team(parts=[{"of": "basic", "weight": "50"}, {"of": "scale", "weight": "50"}]), "parts/1/of"),
        (team(parts=[{"of": "basic", "weight": "50"}, {"of": "ghost", "weight": "50"}]), "parts/1/of"),
        (team(full="50"), "full"),
        (team(method="places"), "places"),
        (team(method="places", places=[]), "places"),
        (team(method="places", parts=PARTS), "parts"),
        (team(method="places", places=[{"from": 2, "to": 1, "points": "1"}]), "places/0/to"),
        (team(method="places", places=[{"from": 1, "points": "1"}, {"from": 2, "points": "1"}]), "places/0/to"),
        (team(method="places", places=[{"from": 1, "to": 3, "points": "1"}, {"from": 3, "points": "1"}]), "places/1/from"),
        (team(method="places", places=[{"from": 1, "points": "-1"}]), "places/0/points"),
        (team(method="places", places=PLACES, otherwise="1"), "otherwise"),
        (team(method="prizes", prizes=[{"tier": "ghost", "points": "1"}]), "prizes/0/tier"),
        (team(method="prizes", prizes=[{"tier": "gold", "points": "1"}] * 2), "prizes/1/tier"),
        (team(method="prizes", prizes=[{"tier": "gold"}]), "prizes/0/points"),
        (team(ranking={"ties": [{"figure": "places", "order": "desc"}]}), "ranking/ties/0/order"),
        (team(ranking={"ties": [{"figure": "place_0"}]}), "ranking/ties/0/figure"),
        (team(parts=PARTS, ranking={"ties": [{"figure": "places", "order": "asc"}]}), "ranking/ties/0/figure"),
        (team(awards=[{"by": "best_of", "of": "team", "tiers": [{"key": "top", "name": "最佳"}]}]), "awards/0/of"),
    ],
)
def test_faults_of_a_team_rule(rule: dict[str, Any], path: str) -> None:
    found = faults(document(theory(), practical(awards=AWARDS), RACE, totals=[SCALE], teams=[rule]))
    assert f"/teams/0/{path}" in found, found


def test_a_team_rule_over_totals_in_a_circle_says_no_more_than_the_circle() -> None:
    ring = [overall(key=key, parts=[{"of": of, "weight": "100"}]) for key, of in (("a", "b"), ("b", "a"))]
    found = faults(document(theory(), totals=ring, teams=[team(of="a", ranking={"ties": [{"figure": "x", "order": "asc"}]})]))
    assert set(found) == {"/totals"}


def test_right_rules_are_read() -> None:
    ties = [{"figure": "places", "order": "asc"}, {"figure": "place_1", "order": "desc"}]
    rule = team(parts=PARTS, best=2, by="overall", full="200", ranking={"ties": ties})
    read = book(theory(), practical(), totals=[overall()], teams=[rule]).teams[0]
    assert (read.below, read.combined, str(read.full)) == (("theory", "basic", "overall"), ("theory", "basic"), "200")
    assert faults(document(practical(), totals=[SCALE], teams=[team(of="scale", method="mean")])) == {}
