"""One small contest under each ready rulebook; every expected figure was computed by hand, the sums stand beside it."""

from tests.scoring.ready import Small, ranks, value
from tests.scoring.ready_stories import STORIES


def test_lamian() -> None:
    scores = STORIES["lamian"]().scores()
    # A: 96, 97, 97.5, 98, 99, the middle three 97.5; a second late is a minute begun: −1. B: broth 100 − 5. C was stopped ten minutes late.
    assert (value(scores, "basic", "A"), value(scores, "broth", "B"), value(scores, "bowl", "C")) == ("96.50", "95.00", "90.00")
    # 96.5 × 40 % + 60; 40 + 95 × 20 % + 40; 60 + 90 × 25 % + 15
    assert [value(scores, "practical", entry) for entry in "ABC"] == ["98.60", "99.00", "97.50"]
    # 27 + 69.02; 24 + 69.3; 21 + 68.25; 18 + 70; 15.15 + 70; 100
    assert [value(scores, "overall", entry) for entry in "ABCDEF"] == ["96.02", "93.30", "89.25", "88.00", "85.15", "100.00"]
    assert [(row.entry, row.awards) for row in scores.rows("overall")] == [(entry, ("expert",)) for entry in "FABCDE"]
    # In basic skills B to F are equal in everything, all first; in the creative event F was a second quicker.
    assert [(row.rank, row.award) for row in scores.rows("basic")] == [(1, "gold")] * 5 + [(6, "bronze")]
    assert [(row.rank, row.award) for row in scores.rows("creative")] == [(1, "gold")] + [(2, "silver")] * 5


def test_pastry() -> None:
    scores = STORIES["pastry"]().scores()
    # A, own piece: 28 + 30 + 20 + 20 and 2 + 1 more = 101, then 100, 99, 98, 93; the middle three: 297 ÷ 3 = 99;
    # 2 whole minutes late: 99 − 2 × 0.5 = 98. Set piece: 16 + 30 + 30 + 20 = 96.
    assert (value(scores, "own", "A"), value(scores, "set", "A")) == ("98.00", "96.00")
    # 96 × 40 % + 98 × 60 % = 38.4 + 58.8; with theory 90 × 30 % + 97.2 × 70 % = 27 + 68.04
    assert (value(scores, "practical", "A"), value(scores, "overall", "A")) == ("97.20", "95.04")
    # B: three of five found half of them broken: form 0; plating 30 − 3 − 2 − 3 = 22; 20 + 0 + 22 + 20 = 62
    assert value(scores, "set", "B") == "62.00"
    # 62 × 40 % + 100 × 60 % = 84.8; 80 × 30 % + 84.8 × 70 % = 24 + 59.36
    assert value(scores, "overall", "B") == "83.36"
    # C: 40 + 97 × 60 % = 98.2; 21 + 98.2 × 70 % = 21 + 68.74. D was out of time by one second more than half an hour.
    assert (value(scores, "overall", "C"), scores.row("overall", "D").status) == ("89.74", "OUT")
    # E: 18 + 70, F: 15 + 70. Six took part: 0.6 → 1 first prize, 1.2 → 1 second, 1.8 → 2 third.
    assert [row.awards for row in scores.rows("overall")] == [
        ("first", "champion"), ("second", "model"), ("third", "expert"), ("third", "expert"), ("expert",), ()]
    assert ranks(scores, "overall") == [("A", 1), ("C", 2), ("E", 3), ("F", 4), ("B", 5), ("D", None)]
    # 95.04 + 83.36 + 89.74, and 0 + 88 + 85
    assert (value(scores, "team", "ABC"), value(scores, "team", "DEF")) == ("268.14", "173.00")


def test_cooking() -> None:
    scores = STORIES["cooking"]().scores()
    # A: product 96, 95, 94, 93, 92 of 100, worth 80: 76.8 … 73.6, the middle three make 75.2;
    # process 45 + 30 + 20 = 95, worth 20: 19. Creative dish: one whole minute late, 100 − 0.5.
    assert (value(scores, "hot", "A"), value(scores, "creative", "A")) == ("94.20", "99.50")
    # 94.2 × 30 % + 100 × 30 % + 99.5 × 40 % = 28.26 + 30 + 39.8; 88 × 30 % + 98.06 × 70 % = 26.4 + 68.642
    assert (value(scores, "practical", "A"), value(scores, "overall", "A")) == ("98.06", "95.04")
    # B: exactly 30 minutes late, 100 − 15 = 85: practical 94, overall 27 + 65.8. C: a second more, out.
    assert (value(scores, "overall", "B"), scores.row("overall", "C").status) == ("92.80", "OUT")
    # D: fish 100 − 12 = 88: practical 96.4, overall 27 + 67.48
    assert value(scores, "overall", "D") == "94.48"
    # E 24 + 70, F 21 + 70. Half of six is three: behind the first three there is no merit prize.
    assert [(row.entry, row.award) for row in scores.rows("overall")] == [
        ("A", "first"), ("D", "second"), ("E", "third"), ("B", "expert"), ("F", "expert"), ("C", None)]


def test_masonry() -> None:
    scores = STORIES["masonry"]().scores()
    # Size 5 − 2; craft 10 − 2; bond 10 − 5 − 2 (seven places: twice three); axis 0 (one beyond 20);
    # verticality 10 − 2 × 2; flatness 0 (three); straightness 10 − 1; courses 10 − 1 (639 is 9 off);
    # mortar 10 − 2; look 10 − 2 (7 faults: twice three); safety 4.5:
    # 3 + 8 + 3 + 0 + 6 + 0 + 9 + 9 + 8 + 8 + 4.5 = 58.5. In time, one place ahead of the last: 5 + 0.1.
    assert value(scores, "wall", "A") == "63.60"
    # 90 × 30 % + 63.6 × 70 % = 27 + 44.52
    assert value(scores, "overall", "A") == "71.52"
    # B two places ahead; C and F last in time; D 1 second late: −0.5; E 1250 seconds: three times ten minutes begun, −1.5
    assert [value(scores, "wall", entry) for entry in "BCDEF"] == ["100.20", "100.00", "99.50", "98.50", "100.00"]
    # C and F are equal in time, wall and theory: they share rank 2, and the second prize. Third prize up to place 4.
    assert ranks(scores, "overall") == [("B", 1), ("C", 2), ("F", 2), ("D", 4), ("E", 5), ("A", 6)]
    assert [row.award for row in scores.rows("overall")] == ["first", "second", "second", "third", "expert", "expert"]


def test_welding() -> None:
    scores = STORIES["welding"]().scores()
    # Plate: seam 8, 9, 7; undercut 12 mm, twice 5: 10 − 4; penetration 9 mm, once 5: 10 − 4; surface 20 − 5 − 5; cracks 30; safety 20 − 5:
    # 75, 76, 74, mean 75. Pipe: of 16, 12, 12 the one in the middle; 12 + 14 + 10 + 14 = 50, back 30 + 2 = 32.
    assert [value(scores, key, "A") for key in ("plate", "pipe", "xray")] == ["75.00", "82.00", "80.00"]
    # 75 × 50 % + 82 × 12.5 % + 80 × 37.5 % = 37.5 + 10.25 + 30; 85 × 20 % + 77.75 × 80 % = 17 + 62.2
    assert (value(scores, "practical", "A"), value(scores, "overall", "A")) == ("77.75", "79.20")
    # B: two of three found the cap not filled: the face (60) counts 0. C: a crack, the whole look is 0.
    assert (value(scores, "pipe", "B"), value(scores, "pipe", "C"), scores.row("pipe", "C").status) == ("40.00", "0.00", "ZERO")
    # C: 50 + 0 + 37.5 = 87.5; 20 + 70. D: plate 100 − 30 − 10 = 60: 30 + 12.5 + 37.5 = 80; 20 + 64.
    assert (value(scores, "overall", "C"), value(scores, "overall", "D")) == ("90.00", "84.00")
    # E and F 100 each, B 20 + (50 + 5 + 37.5) × 80 % = 94
    assert ranks(scores, "overall") == [("E", 1), ("F", 1), ("B", 3), ("C", 4), ("D", 5), ("A", 6)]
    # 79.2 + 94 + 90, and 84 + 100 + 100
    assert (value(scores, "team", "ABC"), value(scores, "team", "DEF")) == ("263.20", "284.00")


def test_electrician() -> None:
    scores = STORIES["electrician"]().scores()
    # Wiring (20 − 5) + 10 + (10 − 5) = 30, safety 10 − 2 − 2 = 6, running 30. Repair 45 + 15 + 8 + 3 + 2, violations used up.
    # Meter (10 − 5) + 10 + 18 + 30 + 25 + 5.
    assert [value(scores, key, "A") for key in ("wiring", "repair", "meter")] == ["66.00", "73.00", "93.00"]
    # 66 × 40 % + 73 × 40 % + 93 × 20 % = 26.4 + 29.2 + 18.6; 80 × 30 % + 74.2 × 70 % = 24 + 51.94
    assert (value(scores, "practical", "A"), value(scores, "overall", "A")) == ("74.20", "75.94")
    # B damaged something while wiring, C twice while repairing: out, without a total.
    assert [scores.row("overall", entry).status for entry in "BC"] == ["DISQUALIFIED", "DISQUALIFIED"]
    # D 100, E 27 + 70, F 15 + 70: 10 + 9 + 8 points; A is fourth: 7 + 0 + 0.
    assert ranks(scores, "overall")[:4] == [("D", 1), ("E", 2), ("F", 3), ("A", 4)]
    assert (value(scores, "team", "DEF"), value(scores, "team", "ABC")) == ("27.00", "7.00")


def test_courier() -> None:
    scores = STORIES["courier"]().scores()
    # Accepting 5 + (10 − 2 − 3) + (10 − 2 × 2) + 5 + 5. Route: 4 % longer costs 2, 15 − 2; 10 − 2; 0;
    # 65 seconds early is one whole minute, 3 + 0.5. Locker: 12 + (10 − 4 − 3 − 1) + 5.
    assert [value(scores, key, "A") for key in ("accept", "route", "locker")] == ["26.00", "24.50", "19.00"]
    # 26 + 24.5 + 19; 92 × 30 % + 69.5 × 70 % = 27.6 + 48.65
    assert (value(scores, "practical", "A"), value(scores, "overall", "A")) == ("69.50", "76.25")
    # B took what is prohibited: 10 points gone; 24 + 90 × 70 %
    assert value(scores, "overall", "B") == "87.00"
    # C, D, E, F are equal in everything: all first; one first prize each, whoever shares its rank gets it too.
    assert [(row.rank, row.award) for row in scores.rows("overall")] == [(1, "first")] * 4 + [(5, "expert"), (6, "expert")]


def written(**times: int) -> str:
    """So many answers of each kind, one behind the other; ``none`` were not answered."""
    return ",".join("" if answer == "none" else answer for answer, count in times.items() for _ in range(count))


def test_the_couriers_paper() -> None:
    small = Small("courier", 3)
    small.key(single=written(A=40), multiple=written(ABC=20), judge=written(T=40))
    small.answers("A", single=written(A=30, B=8, none=2), multiple=written(ABC=10, AB=6, ABD=2, none=2), judge=written(T=33, F=7))
    small.answers("B", single=written(A=40), multiple=written(CBA=19, A=1), judge=written(T=40))
    small.answers("C", single=written(B=40), multiple=written(D=20), judge=written(F=40))
    small.theory(D="88.5")
    scores = small.scores()
    # A: 30 right of the single ones; 10 right and 6 incomplete of the multiple ones, 10 + 6 × 0.5 = 13; 33: together 76
    assert {key: str(points) for key, points in scores.row("theory", "A").figures.items() if key != "score"} == {
        "single": "30", "multiple": "13", "judge": "33"}
    # B: 40 + 19 + 0.5 + 40; the order of letters does not matter. C: nothing. D: the mark from outside stands.
    assert [value(scores, "theory", entry) for entry in "ABCD"] == ["76.00", "99.50", "0.00", "88.50"]
    # Practice is 100 of 100: 76 × 30 % + 70 = 22.8 + 70; 99.5 × 30 % = 29.85; 0; 88.5 × 30 % = 26.55
    assert [value(scores, "overall", entry) for entry in "ABCD"] == ["92.80", "99.85", "70.00", "96.55"]


def test_delivery_rider() -> None:
    scores = STORIES["delivery-rider"]().scores()
    # Preparation 3 + 5 = 8 and 4 + 5 = 9, mean 8.5; pick-up 8 + 5 + 4 = 17; riding 11 + 8 and 11 + 7, mean 18.5;
    # delivery 9 + 5 = 14; manners 12 × 2/3 + 8 = 16: together 74. 75 seconds late are two times 30: 74 − 2.
    assert value(scores, "delivery", "A") == "72.00"
    # 86 × 30 % + 72 × 70 % = 25.8 + 50.4. B rode through red lights twice: 0, only theory is left.
    assert (value(scores, "overall", "A"), value(scores, "overall", "B")) == ("76.20", "30.00")
    assert [(row.rank, row.award) for row in scores.rows("overall")] == [(1, "first")] * 4 + [(5, "third"), (6, "third")]


def test_forklift() -> None:
    scores = STORIES["forklift"]().scores()
    # Preparation 4; 18; lifting 25 − 3 − 5 = 17; stacking two beyond 20 mm, 25 − 10 = 15; parking 7.5; safety 10
    assert value(scores, "work", "A") == "71.50"
    # 80 × 30 % + 71.5 × 70 % = 24 + 50.05
    assert value(scores, "overall", "A") == "74.05"
    # Seconds: A 300 + 15 + 2 × 5 = 325, E 290 + 30 = 320 as F, who has no penalty and so stands before; D was stopped.
    assert [(row.entry, row.rank, None if row.value is None else int(row.value)) for row in scores.rows("drive")] == [
        ("B", 1, 310), ("F", 2, 320), ("E", 3, 320), ("A", 4, 325), ("C", 5, 600), ("D", None, None)]
    assert [row.award for row in scores.rows("drive")] == ["gold", "silver", "silver", "bronze", "bronze", None]
    # Overall B to F are equal, first, 10 points each; A is sixth, 5.
    assert (value(scores, "team", "ABC"), value(scores, "team", "DEF")) == ("25.00", "30.00")
