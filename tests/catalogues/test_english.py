"""The English catalogue: the same values in every sentence, in English writing."""

import re
from collections.abc import Iterator

import pytest

from competition.core.config import ROOT
from tests.catalogues import catalogue
from tests.catalogues.extraction import Sentence, extracted
from tests.catalogues.unmarked import HAN

VALUES = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")
PLAIN_PERCENT = re.compile(r"(?<!%)(?:%%)*%(?![(%])")


def pairs() -> list[tuple[Sentence, str]]:
    """Every sentence with each form of its English."""
    known = catalogue.read()
    found = []
    for (words, context), sentence in extracted().items():
        message = known.get(words, context)
        texts = () if message is None else (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        found += [(sentence, text) for text in texts if text]
    return found


@pytest.fixture(scope="module")
def english() -> list[tuple[Sentence, str]]:
    return pairs()


def said(sentence: Sentence, text: str) -> str:
    return f"{sentence.where}: {sentence.words!r} = {text!r}"


def test_every_value_stands_in_both(english: list[tuple[Sentence, str]]) -> None:
    odd = [said(s, text) for s, text in english if set(VALUES.findall(s.words)) != set(VALUES.findall(text))]
    assert odd == []


def test_percent_signs_are_doubled_where_values_are_filled_in(english: list[tuple[Sentence, str]]) -> None:
    """In templates every sentence is filled in, also one without values."""
    pages = ROOT / "templates"
    filled = [(s, text) for s, text in english if "%(" in s.words or any(pages in p.parents for p, _line in s.places)]
    assert [said(s, text) for s, text in filled if PLAIN_PERCENT.search(f"{s.words} {text}")] == []


def test_english_holds_no_chinese(english: list[tuple[Sentence, str]]) -> None:
    assert [said(s, text) for s, text in english if HAN.search(text)] == []


# "1 of 5 results" and the like are right for one and for many.
MANY_THINGS = re.compile(r"(?<!of )%\((?:n|count)\)[sd] (?:(?!without)[a-z]+ )?(?!counts|afterwards)(?:[a-z]{3,}s|people|criteria)\b")


def test_one_thing_is_said_as_one() -> None:
    """A sentence that counts things has a form for a single one."""
    known = catalogue.read()
    alike = []
    for (words, context), sentence in extracted().items():
        message = known.get(words, context)
        forms = message.string if message is not None and isinstance(message.string, tuple) else ()
        if len(set(forms)) == 1 and MANY_THINGS.search(forms[0]):
            alike.append(said(sentence, forms[0]))
    assert alike == []


# Numbers by other names (``n`` and ``count`` have forms of their own on the server, none on a tablet).
OTHER_THINGS = re.compile(r"(?:%\((?!(?:n|count|max|most|columns|days|seat|kind)\))\w+\)[sd]|\{\w+\}) "
                          r"(?:(?:penalty|percentage|lowest|valid|score) )?"
                          r"(?:points|seconds|marks|works|entries|teams|seats|sheets|rows|lines|batches|files|certificates|people|persons|"
                          r"members|places|faults|judges|answers|numbers|readings|changes|characters|digits|hours|chains)\b")
# Ranges: what stands before the noun is the larger of two.
RANGES = ("%(low)s to %(high)s points",)


def test_every_other_number_has_its_one_and_many(english: list[tuple[Sentence, str]]) -> None:
    """``[point|points]`` behind it (``core/counted.py``)."""
    assert [said(s, text) for s, text in english if text not in RANGES and OTHER_THINGS.search(text)] == []


def test_one_and_many_stand_behind_a_number(english: list[tuple[Sentence, str]]) -> None:
    """The sign is whole: two words in square brackets, and a value before them."""
    sign = re.compile(r"(?:%\(\w+\)[sd]|\{\w+\})[^%{]*\[[^\[\]|]+\|[^\[\]|]+\]")
    half = re.compile(r"\[[^\[\]]*\||\|[^\[\]]*\]")
    assert [said(s, text) for s, text in english if half.search(text) and not sign.search(text)] == []


def faults(chinese: str, text: str) -> Iterator[str]:
    """What is wrong with the writing of an English sentence."""
    joints = " \u3000，：；。、（）【】\n"
    blank_first, blank_last = text != text.lstrip(" "), text != text.rstrip(" ")
    if (blank_first and chinese[0] not in joints) or (blank_last and {chinese[0], chinese[-1]}.isdisjoint(joints)):
        yield "a blank at an end"
    if re.search(r"\S  \S| [,.;:!?](?:\s|$)|\( | \)", text):
        yield "a blank too many"
    if re.search(r"[,;:](?=[A-Za-z%])(?!\d)", re.sub(r"[a-z]+:[A-Za-z/]+", "", text)):
        yield "a blank too few"
    if chinese.endswith("。") != text.rstrip().endswith("."):
        yield "a full stop in one of them"
    if '"' in text and '"' not in chinese:
        yield "a straight quotation mark"


def test_english_is_written_as_english(english: list[tuple[Sentence, str]]) -> None:
    assert [f"{fault}: {said(s, text)}" for s, text in english for fault in faults(s.words, text)] == []
