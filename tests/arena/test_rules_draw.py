"""The draw: a permutation that anybody can repeat, with delegations spread; codes that say nothing."""

import random
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from competition.arena import rules_codes, rules_draw
from competition.arena.rules_draw import Lot, Place
from tests.drawing import examples

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "draw.md").read_text(encoding="utf-8")
SEED = "00" * 31 + "07"
EXAMPLE = [Lot("0001", "西宁"), Lot("0002", "西宁"), Lot("0003", "西宁"), Lot("0004", "海东"), Lot("0005", "海东"),
           Lot("0006", "玉树"), Lot("0007", "果洛")]
seeds = st.binary(min_size=32, max_size=32).map(bytes.hex)
fields = st.integers(0, 90).flatmap(lambda n: st.lists(st.integers(0, 9), min_size=n, max_size=n)).map(
    lambda groups: [Lot(f"{n:04d}", f"代表团{g}") for n, g in enumerate(groups)])


def published_script() -> Callable[[list[tuple[str, str]], int, str], tuple[str, str]]:
    """The ten lines of docs/draw.md, run as they stand there."""
    found = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert found
    names: dict[str, Callable[[list[tuple[str, str]], int, str], tuple[str, str]]] = {}
    exec(found[1], names)  # type: ignore[arg-type]  # noqa: S102
    return names["repeat"]


@settings(deadline=None)
@given(fields, seeds, st.integers(1, 12))
def test_everybody_gets_one_place_of_their_own(lots: list[Lot], seed: str, capacity: int) -> None:
    places = rules_draw.draw(lots, seed, capacity)
    assert sorted(p.key for p in places) == sorted(lot.key for lot in lots)
    assert [p.position for p in places] == list(range(1, len(lots) + 1))
    sizes = Counter(p.batch for p in places)
    assert sorted(sizes.values(), reverse=True) == rules_draw.batch_sizes(len(lots), capacity)
    for batch, size in sizes.items():
        assert sorted(p.station for p in places if p.batch == batch) == list(range(1, size + 1))
        assert size <= capacity


@settings(deadline=None)
@given(fields, seeds, st.integers(1, 12))
def test_delegations_are_spread(lots: list[Lot], seed: str, capacity: int) -> None:
    batch_of = {p.key: p.batch for p in rules_draw.draw(lots, seed, capacity)}
    batches = range(1, rules_draw.batch_count(len(lots), capacity) + 1)
    for group in {lot.group for lot in lots}:
        held = Counter(batch_of[lot.key] for lot in lots if lot.group == group)
        counts = [held[batch] for batch in batches]
        assert max(counts) - min(counts) <= 1


@settings(deadline=None)
@given(fields, seeds, st.integers(1, 12), st.randoms())
def test_order_of_registration_is_nothing(lots: list[Lot], seed: str, capacity: int, chance: random.Random) -> None:
    shuffled = list(lots)
    chance.shuffle(shuffled)
    assert rules_draw.draw(shuffled, seed, capacity) == rules_draw.draw(lots, seed, capacity)
    assert rules_draw.input_text(shuffled) == rules_draw.input_text(lots)


@settings(max_examples=examples(40))
@given(fields, seeds, st.integers(1, 12))
def test_the_published_script_comes_to_the_same(lots: list[Lot], seed: str, capacity: int) -> None:
    places = rules_draw.draw(lots, seed, capacity)
    text, digest = published_script()([(lot.key, lot.group) for lot in lots], capacity, seed)
    assert text == rules_draw.result_text(places)
    assert digest == rules_draw.result_digest(places, seed)


def test_the_worked_example_is_right() -> None:
    places = rules_draw.draw(EXAMPLE, SEED, 3)
    shown = re.search(r"station lot:\n\n```text\n(.*?)```", PAGE, re.DOTALL)
    assert shown
    assert shown[1].replace("  ", "\t") == rules_draw.result_text(places)
    for value in (rules_draw.digest(rules_draw.input_text(EXAMPLE)), rules_draw.result_digest(places, SEED),
                  rules_draw.digest(SEED)):
        assert f"`{value}`" in PAGE


def test_everybody_has_the_same_chance_of_every_batch() -> None:
    """Batch of one entrant over 3,000 seeds: each of 4 batches about as often (chi square, 3 degrees of freedom)."""
    lots = [Lot(f"{n:02d}", f"团{n % 3}") for n in range(12)]
    source = random.Random(20260601)
    hits = Counter(next(p.batch for p in rules_draw.draw(lots, source.randbytes(32).hex(), 3) if p.key == "00")
                   for _ in range(3000))
    expected = 3000 / 4
    assert sum((hits[b] - expected) ** 2 / expected for b in range(1, 5)) < 16.3


@pytest.mark.parametrize("lots", [
    [Lot("1", "甲"), Lot("1", "乙")], [Lot("", "甲")], [Lot("1", "")], [Lot("a\tb", "甲")], [Lot("1", "甲\n乙")],
])
def test_lists_that_cannot_be_written_are_refused(lots: list[Lot]) -> None:
    with pytest.raises(ValueError, match=r"keys stand twice|name"):
        rules_draw.draw(lots, SEED, 3)


def test_nobody_is_drawn_to_nowhere() -> None:
    assert rules_draw.draw([], SEED, 8) == []
    assert rules_draw.batch_sizes(0, 8) == []
    assert rules_draw.draw([Lot("1", "甲")], SEED, 8) == [Place("1", 1, 1, 1)]


def test_alphabet_has_no_look_alikes() -> None:
    assert len(rules_codes.ALPHABET) == len(set(rules_codes.ALPHABET)) == 28
    assert not set("01OILZSB") & set(rules_codes.ALPHABET)
    assert rules_codes.read_code(" z5-sb k ") == "2558K"


bodies = st.text(alphabet=rules_codes.ALPHABET, min_size=5, max_size=5)


@settings(deadline=None)
@given(bodies, st.integers(0, 5), st.sampled_from(rules_codes.ALPHABET))
def test_every_wrong_character_is_noticed(body: str, place: int, other: str) -> None:
    code = body + rules_codes.check_character(body)
    assert rules_codes.is_code(code)
    wrong = code[:place] + other + code[place + 1:]
    assert rules_codes.is_code(wrong) is (wrong == code)


@pytest.mark.parametrize("text", ["", "ABC", "2345678", "1O0ILZ", "acdefg", "２３４５６７"])
def test_other_text_is_no_code(text: str) -> None:
    assert not rules_codes.is_code(text)


def test_codes_are_unique_and_avoid_those_taken() -> None:
    chance = random.Random(7)
    first = rules_codes.new_codes(2000, (), chance.choice)
    # The same chance again: every code is taken now, and none comes twice.
    second = rules_codes.new_codes(2000, set(first), random.Random(7).choice)
    assert len(set(first) | set(second)) == 4000
    assert all(rules_codes.is_code(code) for code in first + second)


@pytest.mark.parametrize("seed", range(8))
def test_order_of_codes_says_nothing_about_the_order_of_entries(seed: int) -> None:
    """Spearman's rank correlation of 320 codes with the order of registration stays in chance's range."""
    codes = rules_codes.new_codes(320, (), random.Random(seed).choice)
    rank = {code: n for n, code in enumerate(sorted(codes))}
    n = len(codes)
    rho = 1 - 6 * sum((i - rank[code]) ** 2 for i, code in enumerate(codes)) / (n * (n * n - 1))
    assert abs(rho) < 0.2
