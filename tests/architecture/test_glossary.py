"""The glossary says only what the program says: words that pages use, identifiers that exist."""

import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
HEAD = ("中文", "English", "identifier", "never", "meaning")


class Term(NamedTuple):
    """A row of the glossary."""

    chinese: list[str]
    english: list[str]
    identifiers: list[str]
    never: list[str]
    meaning: str


def glossary() -> list[Term]:
    """Every row of the tables of ``docs/glossary.md``; also read by the test of mixed terms."""
    lines = (ROOT / "docs/glossary.md").read_text(encoding="utf-8").splitlines()
    rows = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines if line.startswith("|")]
    return [Term(zh.split("、"), en.split(" / "), re.findall(r"`([^`]+)`", names), [n for n in never.split("、") if n], meaning)
            for zh, en, names, never, meaning in rows if (zh, en, names, never, meaning) != HEAD and not zh.startswith("-")]


def texts(*patterns: str) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for pattern in patterns for path in sorted(ROOT.glob(pattern)))


def test_every_identifier_exists() -> None:
    code = set(re.findall(r"\w+", texts("competition/**/*.py")))
    assert {name for term in glossary() for name in term.identifiers} - code == set()


def test_every_word_is_used() -> None:
    shown = texts("competition/**/*.py", "templates/**/*.html")
    assert [word for term in glossary() for word in term.chinese if word not in shown] == []


def test_one_row_for_a_word() -> None:
    counts = Counter(word for term in glossary() for word in term.chinese)
    assert [word for word, n in counts.items() if n > 1] == []


def test_no_word_is_used_and_forbidden() -> None:
    terms = glossary()
    assert {w for t in terms for w in t.never} & {w for t in terms for w in t.chinese} == set()


def test_states_have_a_translation_each() -> None:
    """Where a row lists several words, it lists as many translations or one for all."""
    assert [t.chinese for t in glossary() if len(t.english) not in (1, len(t.chinese))] == []
