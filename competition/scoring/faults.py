"""Faults that judges count, and conditions that they agree on: zero for a group, or an outcome."""

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from competition.scoring import exact
from competition.scoring.criteria import YesOrNo, bounded
from competition.scoring.each import ONE_BY_ONE, Each
from competition.scoring.readings import listed
from competition.scoring.texts import Words
from competition.scoring.wording import N_

ZEROED = "zero"  # what a veto calls for beside the codes of outcomes


@dataclass(frozen=True, slots=True)
class FaultKind:
    """One kind of fault: what each (or ``each`` so many) costs, and from how many on it is worse than a cost.

    ``zero_from``: the whole criterion is worth nothing; ``outcome_from``: the judge calls for ``outcome``.
    """

    name: Words
    per: Fraction
    most: int = 99
    zero_from: int | None = None
    outcome_from: int | None = None
    outcome: str = ""
    each: Each = ONE_BY_ONE


@dataclass(frozen=True, slots=True)
class Faults:
    """How often each kind of fault happened, separated by commas; starts at the maximum, at most ``cap`` off."""

    best: Fraction
    kinds: tuple[FaultKind, ...]
    cap: Fraction

    @property
    def input_max(self) -> None:
        return None

    @property
    def input_step(self) -> Fraction:
        return Fraction(1)

    @property
    def denominator(self) -> int:
        return exact.common(self.best, self.cap, *(kind.per for kind in self.kinds))

    def canonical(self, text: str) -> str:
        counts = listed(text, len(self.kinds))
        return ",".join(
            bounded(count, exact.ZERO, Fraction(kind.most), Fraction(1)) for kind, count in zip(self.kinds, counts, strict=True)
        )

    def points(self, canonical: str) -> Fraction:
        counts = self._counts(canonical)
        if any(kind.zero_from is not None and count >= kind.zero_from for kind, count in counts):
            return exact.ZERO
        off = exact.add(kind.per * kind.each.times(count) for kind, count in counts)
        return max(exact.ZERO, self.best - min(self.cap, off))

    def calls(self, canonical: str) -> tuple[str, ...]:
        """The outcomes that one judge's counts call for."""
        return tuple(
            dict.fromkeys(
                kind.outcome for kind, count in self._counts(canonical) if kind.outcome_from is not None and count >= kind.outcome_from
            )
        )

    @property
    def may_call(self) -> tuple[str, ...]:
        """Everything that counts can call for, in the order of the kinds."""
        return tuple(dict.fromkeys(kind.outcome for kind in self.kinds if kind.outcome))

    def needed(self, seats: int) -> int:
        """How many of so many judges must call for the same."""
        return seats // 2 + 1

    def _counts(self, canonical: str) -> list[tuple[FaultKind, int]]:
        return list(zip(self.kinds, map(int, canonical.split(",")), strict=True))


@dataclass(frozen=True, slots=True)
class Veto(YesOrNo):
    """1 when a judge finds the condition met, 0 when not; no points. Agreed, it brings ``then``."""

    refusal: ClassVar[tuple[str, str]] = ("mark.not_veto", N_("出现填 1，没有出现填 0，输入的是 %(given)s。"))

    then: str = ZEROED  # or the code of an outcome
    agree_from: int | None = None

    @property
    def best(self) -> Fraction:
        return exact.ZERO

    @property
    def denominator(self) -> int:
        return 1

    def points(self, canonical: str) -> Fraction:
        del canonical  # whatever was found, it is worth no points by itself
        return exact.ZERO

    def calls(self, canonical: str) -> tuple[str, ...]:
        """What one judge's answer calls for."""
        return self.may_call if canonical == "1" else ()

    @property
    def may_call(self) -> tuple[str, ...]:
        """Everything that it can call for."""
        return (self.then,)

    def needed(self, seats: int) -> int:
        """How many of so many judges must find it."""
        return seats // 2 + 1 if self.agree_from is None else self.agree_from
