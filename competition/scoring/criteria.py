"""The ways to mark a criterion: what a judge may enter and how many points it is worth.

Every way checks one entry (``canonical``), turns it into points (``points``) and knows the
most it can give (``best``). Entries are canonical text: no leading or trailing zeros.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar, Protocol

from competition.scoring import exact
from competition.scoring.each import ONE_BY_ONE, Each
from competition.scoring.texts import Words
from competition.scoring.wording import N_, Say, plain


class MarkRefused(ValueError):
    """An entry that its criterion does not allow: a message for who entered it, and what it is said of."""

    def __init__(self, code: str, message: str, **values: str | int) -> None:
        super().__init__(plain(message, **values))
        self.code = code
        self.message = message
        self.values = values

    def say(self, _: Say = plain) -> str:
        """The sentence."""
        return _(self.message, **self.values)


class Marking(Protocol):
    """One way to mark; equal ones are the same way."""

    def __hash__(self) -> int: ...

    @property
    def best(self) -> Fraction:
        """The most points it can give."""

    @property
    def input_max(self) -> Fraction | None:
        """The largest entry, where there is one."""

    @property
    def input_step(self) -> Fraction | None:
        """The step between two entries, where there is one."""

    @property
    def denominator(self) -> int:
        """A whole number that makes the points of every entry whole."""

    def canonical(self, text: str) -> str:
        """``text`` in canonical form; raises MarkRefused."""

    def points(self, canonical: str) -> Fraction:
        """The points of an entry that :meth:`canonical` returned."""


def tidy(text: str) -> str:
    """An unsigned decimal without needless zeros; raises MarkRefused unless ASCII digits."""
    if not exact.is_plain(text):
        raise MarkRefused("mark.not_a_number", N_("请输入数字，只能用半角数字和小数点（例如 8.5），不能留空。"))
    return exact.text(exact.fraction(text))


def bounded(text: str, low: Fraction, high: Fraction | None, step: Fraction | None) -> str:
    """A decimal within bounds and on the step counted from ``low``."""
    clean = tidy(text)
    value = exact.fraction(clean)
    if value < low:
        raise MarkRefused("mark.below_minimum", N_("不能低于 %(low)s，输入的是 %(given)s。"), low=exact.text(low), given=clean)
    if high is not None and value > high:
        raise MarkRefused("mark.above_maximum", N_("不能超过 %(high)s，输入的是 %(given)s。"), high=exact.text(high), given=clean)
    if step is not None and (value - low) % step != 0:
        if step == 1:
            raise MarkRefused("mark.not_whole", N_("只能填整数，输入的是 %(given)s。"), given=clean)
        raise MarkRefused("mark.off_step", N_("每档是 %(step)s，不能填 %(given)s。"), step=exact.text(step), given=clean)
    return clean


@dataclass(frozen=True, slots=True)
class Points:
    """Points given directly, in steps."""

    best: Fraction
    input_step: Fraction
    low: Fraction = exact.ZERO

    @property
    def input_max(self) -> Fraction:
        return self.best

    @property
    def denominator(self) -> int:
        return exact.common(self.low, self.input_step)

    def canonical(self, text: str) -> str:
        return bounded(text, self.low, self.best, self.input_step)

    def points(self, canonical: str) -> Fraction:
        return exact.fraction(canonical)


@dataclass(frozen=True, slots=True)
class Counted:
    """A number of faults or pieces is entered."""

    best: Fraction
    per: Fraction
    input_max: Fraction

    @property
    def input_step(self) -> Fraction:
        return Fraction(1)

    def canonical(self, text: str) -> str:
        return bounded(text, exact.ZERO, self.input_max, self.input_step)


@dataclass(frozen=True, slots=True)
class Deduct(Counted):
    """Starts at the maximum; each fault (or ``each`` so many) costs ``per``, at most ``cap`` in all.

    From ``zero_from`` faults on the criterion is worth nothing.
    """

    cap: Fraction
    zero_from: int | None = None
    each: Each = ONE_BY_ONE

    @property
    def denominator(self) -> int:
        return exact.common(self.best, self.per, self.cap)

    def points(self, canonical: str) -> Fraction:
        faults = exact.fraction(canonical)
        if self.zero_from is not None and faults >= self.zero_from:
            return exact.ZERO
        return max(exact.ZERO, self.best - min(self.cap, self.per * self.each.times(faults)))


@dataclass(frozen=True, slots=True)
class Counts(Counted):
    """Each piece earns ``per``, up to the maximum."""

    @property
    def denominator(self) -> int:
        return exact.common(self.best, self.per)

    def points(self, canonical: str) -> Fraction:
        return min(self.best, self.per * exact.fraction(canonical))


@dataclass(frozen=True, slots=True)
class Judgement:
    """A level from 0 on against described levels; the share of the top level in points."""

    best: Fraction
    names: tuple[Words, ...]

    @property
    def top(self) -> int:
        """The highest level."""
        return len(self.names) - 1

    @property
    def input_max(self) -> Fraction:
        return Fraction(self.top)

    @property
    def input_step(self) -> Fraction:
        return Fraction(1)

    @property
    def denominator(self) -> int:
        return exact.common(self.best / self.top)

    def canonical(self, text: str) -> str:
        return bounded(text, exact.ZERO, self.input_max, self.input_step)

    def points(self, canonical: str) -> Fraction:
        return self.best * exact.fraction(canonical) / self.top


@dataclass(frozen=True, slots=True)
class Grades:
    """A grade from 1 on, in the order in which they are written; each is worth points of its own."""

    grades: tuple[Fraction, ...]
    names: tuple[Words, ...]
    texts: tuple[Words, ...]

    @property
    def best(self) -> Fraction:
        return max(self.grades)

    @property
    def input_max(self) -> Fraction:
        return Fraction(len(self.grades))

    @property
    def input_step(self) -> Fraction:
        return Fraction(1)

    @property
    def denominator(self) -> int:
        return exact.common(*self.grades)

    def canonical(self, text: str) -> str:
        return bounded(text, Fraction(1), self.input_max, self.input_step)

    def points(self, canonical: str) -> Fraction:
        return self.grades[int(canonical) - 1]


class YesOrNo:
    """What is answered by 1 or 0: its bounds, and an answer that is neither refused by ``refusal`` (code, sentence)."""

    __slots__ = ()
    refusal: ClassVar[tuple[str, str]]

    @property
    def input_max(self) -> Fraction:
        return Fraction(1)

    @property
    def input_step(self) -> Fraction:
        return Fraction(1)

    def canonical(self, text: str) -> str:
        clean = tidy(text)
        if clean not in {"0", "1"}:
            raise MarkRefused(*self.refusal, given=clean)
        return clean


@dataclass(frozen=True, slots=True)
class PassFail(YesOrNo):
    """1 when the requirement is met, 0 when not; all or nothing."""

    refusal: ClassVar[tuple[str, str]] = ("mark.not_pass_fail", N_("合格填 1，不合格填 0，输入的是 %(given)s。"))
    best: Fraction

    @property
    def denominator(self) -> int:
        return self.best.denominator

    def points(self, canonical: str) -> Fraction:
        return self.best if canonical == "1" else exact.ZERO
