"""Answers to a theory paper and its key, as people write them. Pure."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from fractions import Fraction

from competition.scoring.exact import ZERO
from competition.scoring.paper import ANSWERS, FILL, LETTERS, MULTIPLE, Paper, Section, mark

Key = Mapping[str, str]  # section → its key in canonical form

# How people write that a question was not answered, and what is true.
NOTHING = frozenset(("-", "—", "未答", "空"))
_TRUTH = {"对": "T", "√": "T", "✓": "T", "正确": "T", "错": "F", "×": "F", "✗": "F", "错误": "F", "X": "F"}
_SIGN = re.compile("[,，、;；]")
_BETWEEN = re.compile(r"\s*[,，、;；]\s*|\s+")
IN_A_ROW = 10  # so many questions stand on a line, as on an answer sheet
_ROW_FROM = 5  # lines this long may be rows of questions rather than answers


def heads(section: Section) -> list[str]:
    """The heads of its columns in a workbook: 单选题1, 单选题2 …"""
    return [f"{section.name.zh}{number}" for number in range(1, section.count + 1)]


def typed(section: Section, text: str) -> str:
    """What was typed for a section as one item for each question, separated by commas.

    Texts to fill in stand on lines of their own. Letters are separated by commas or blanks; where every question has
    one, they may stand close together, also in rows.
    """
    if section.kind == FILL:
        lines = text.split("\n")
        lines = lines[:-1] if len(lines) == section.count + 1 and not lines[-1].strip() else lines
        return ",".join(item(section, one) for one in lines)
    plain = text.strip()
    if section.count == 1:
        return item(section, plain)
    found = _BETWEEN.split(plain)
    if section.kind != MULTIPLE and not _SIGN.search(plain) and (len(found) == 1 or _are_rows(found)):
        found = list("".join(found))
    return ",".join(item(section, one) for one in found)


def _are_rows(lines: list[str]) -> bool:
    """Letters that stand close together in rows of equal length, the last one as long as it is."""
    length = len(lines[0])
    return length >= _ROW_FROM and all(len(line) == length for line in lines[:-1]) and len(lines[-1]) <= length


def item(section: Section, text: str) -> str:
    """One answer as the engine reads it; ``|`` between several in a key stays."""
    plain = text.strip()
    if plain in NOTHING:
        return ""
    if LETTERS[section.kind] is None:
        return plain.replace(",", "，")
    folded = unicodedata.normalize("NFKC", plain).upper()
    return "|".join(_TRUTH.get(one.strip(), one.strip()) for one in folded.split("|")) if section.kind == "true_false" else folded


def lines_of(section: Section, value: str) -> str:
    """Canonical answers or a key, as they are typed: choices in rows of ten, "-" where nothing was answered."""
    found = value.split(",")
    if section.kind == FILL:
        return "\n".join(found)
    rows = [found[start:start + IN_A_ROW] for start in range(0, len(found), IN_A_ROW)]
    return "\n".join(",".join(one or "-" for one in row) for row in rows)


def answered(value: str) -> tuple[int, int]:
    """How many of how many questions were answered."""
    given = value.split(",")
    return sum(bool(one) for one in given), len(given)


def worth(paper: Paper, key: Key, answers: Mapping[str, str]) -> Fraction | None:
    """The points of somebody's answers, by figure; None while something is missing."""
    if any(section.key not in key or ANSWERS + section.key not in answers for section in paper.sections):
        return None
    return max(ZERO, sum((mark(one, key[one.key], answers[ANSWERS + one.key]).points for one in paper.sections), ZERO))


def changed(paper: Paper, before: Key, after: Key) -> Iterator[tuple[Section, int, str, str]]:
    """Every question whose key is another: section, question, key before and after."""
    for section in paper.sections:
        old, new = before.get(section.key, "").split(","), after[section.key].split(",")
        for number, now in enumerate(new, start=1):
            was = old[number - 1] if number <= len(old) else ""
            if was != now:
                yield section, number, was, now
