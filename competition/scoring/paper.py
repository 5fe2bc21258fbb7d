"""Theory papers: what a section holds, how its key and answers are written, and what answers are worth.

A key is a text: one answer for each question, separated by commas; ``|`` between several that are taken; ``*`` for a
question that was cancelled, whose points everybody gets. Answers are written the same way, one for each question; an
empty one was not answered. In sections of choices an answer is a set of letters, in sections to fill in it is a text.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from competition.scoring import exact
from competition.scoring.criteria import MarkRefused
from competition.scoring.derivation import Fact
from competition.scoring.texts import Words
from competition.scoring.wording import N_

ANSWERS = "answers."  # how the names of figures begin that are somebody's answers in a section
FILL, MULTIPLE = "fill", "multiple"
# What may be chosen; None: anything may be written.
LETTERS: dict[str, str | None] = {"single": "ABCDEFGH", MULTIPLE: "ABCDEFGH", "true_false": "TF", FILL: None}
CANCELLED = "*"
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Section:
    """Questions of one kind, each worth ``points``. ``incomplete``, ``per_right``: for some of several right letters."""

    key: str
    name: Words
    kind: str
    count: int
    points: Fraction
    incomplete: Fraction | None = None
    per_right: Fraction | None = None
    wrong: Fraction = exact.ZERO
    least: Fraction = exact.ZERO
    source: str = ""

    @property
    def full(self) -> Fraction:
        """Full marks."""
        return self.count * self.points

    def answers(self, text: str) -> str:
        """Somebody's answers in canonical form; raises MarkRefused."""
        return ",".join(self._answer(number, one) for number, one in self._questions(text))

    def accepted(self, text: str) -> str:
        """A key in canonical form; raises MarkRefused."""
        return ",".join(self._taken(number, one) for number, one in self._questions(text))

    def _questions(self, text: str) -> list[tuple[int, str]]:
        given = text.split(",")
        if len(given) != self.count:
            raise MarkRefused("answers.count", N_("应当是 %(n)s 题，写了 %(m)s 题。"), n=self.count, m=len(given))
        return list(enumerate((one.strip() for one in given), start=1))

    def _answer(self, number: int, text: str) -> str:
        letters = LETTERS[self.kind]
        if letters is not None:
            return self._chosen(number, text, letters)
        if len(text) > _LONGEST or "|" in text or not text.isprintable():
            raise MarkRefused("answers.text", N_("第 %(n)s 题的答案不能有“|”或换行，最多 %(most)s 字。"), n=number, most=_LONGEST)
        return text

    def _chosen(self, number: int, text: str, letters: str) -> str:
        found = text.upper()
        if not set(found) <= set(letters) or len(set(found)) != len(found):
            raise MarkRefused("answers.letters", N_("第 %(n)s 题只能写 %(letters)s 中的字母，每个最多一次。"), n=number, letters=letters)
        return "".join(sorted(found, key=letters.index))

    def _taken(self, number: int, text: str) -> str:
        if text == CANCELLED:
            return text
        taken = [self._answer(number, one.strip()) for one in text.split("|")]
        if not all(taken):
            raise MarkRefused("key.empty", N_("第 %(n)s 题没有标准答案。"), n=number)
        if self.kind not in (MULTIPLE, FILL) and any(len(one) != 1 for one in taken):
            raise MarkRefused("key.several", N_("第 %(n)s 题只能有一个正确选项；几个都算对时用“|”隔开。"), n=number)
        return "|".join(sorted(set(taken)))


@dataclass(frozen=True, slots=True)
class Paper:
    """The sections of a theory paper."""

    sections: tuple[Section, ...]
    source: str = ""

    def section(self, key: str) -> Section:
        """The section with this key; KeyError if there is none."""
        for item in self.sections:
            if item.key == key:
                return item
        raise KeyError(key)


@dataclass(frozen=True, slots=True)
class Marked:
    """One section of somebody's answers. ``lost``: question, answer and its points, where they are not full."""

    points: Fraction
    added: Fraction
    right: int
    partly: int
    wrong: int
    empty: int
    cancelled: int
    lost: tuple[tuple[int, str, Fraction], ...]

    def facts(self, section: Section) -> dict[str, Fact]:
        """What its step says."""
        lost = tuple((number, answer, exact.text(points)) for number, answer, points in self.lost)
        counts = {"right": self.right, "partly": self.partly, "wrong": self.wrong, "empty": self.empty, "cancelled": self.cancelled}
        return {"count": section.count, "sum": exact.text(self.added), **counts, "lost": lost}


def mark(section: Section, key: str, answers: str) -> Marked:
    """The points of canonical answers by a canonical key."""
    counts, lost, added = dict.fromkeys(("right", "partly", "wrong", "empty", "cancelled"), 0), [], exact.ZERO
    for number, (taken, answer) in enumerate(zip(key.split(","), answers.split(","), strict=True), start=1):
        how, points = worth(section, taken, answer)
        counts[how] += 1
        added += points
        if points < section.points:
            lost.append((number, answer, points))
    return Marked(max(added, section.least), added, lost=tuple(lost), **counts)


def worth(section: Section, taken: str, answer: str) -> tuple[str, Fraction]:
    """How one question was answered, and its points."""
    if taken == CANCELLED:
        return "cancelled", section.points
    if not answer:
        return "empty", exact.ZERO
    accepted = taken.split("|")
    if any(same(section, one, answer) for one in accepted):
        return "right", section.points
    some = _some(section, accepted, answer)
    return ("wrong", section.wrong) if some is None else ("partly", some)


def same(section: Section, one: str, other: str) -> bool:
    """Equal; of numbers that are to be filled in, as numbers."""
    if one == other or section.kind != FILL:
        return one == other
    try:
        return exact.fraction(one) == exact.fraction(other)
    except ValueError:
        return False


def _some(section: Section, accepted: Sequence[str], answer: str) -> Fraction | None:
    """The points of right letters that are not all of them; None where that gives nothing of its own."""
    if not any(set(answer) < set(one) for one in accepted) or section.kind != MULTIPLE:
        return None
    if section.per_right is not None:
        return min(section.points, section.per_right * len(answer))
    return section.incomplete
