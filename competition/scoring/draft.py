"""A figure on its way to a ranking, and small helpers that write its derivation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from competition.scoring import exact
from competition.scoring.derivation import Fact, Step
from competition.scoring.problems import Problem
from competition.scoring.rounding import Rounding, published

# Statuses beside the outcomes of the rulebook.
OK = "OK"
INCOMPLETE = "INCOMPLETE"
# The outcome that is ranked behind everybody else.
ZEROED = "ZERO"


@dataclass(slots=True)
class Draft:
    """One entrant's figure in one event, total or team, before ranks and awards.

    ``partial`` names figures that lack a part, such as a time over events of which one was
    missed; they lose against complete ones in a tie. ``problems`` are about this entrant here.
    """

    entry: str
    status: str
    value: Decimal | None = None
    figures: Mapping[str, Fraction] = field(default_factory=dict)
    derivation: Step | None = None
    partial: frozenset[str] = frozenset()
    team: str | None = None
    problems: Sequence[Problem] = ()


class Writer:
    """Writes derivation steps, or nothing at all when no explanation is wanted."""

    def __init__(self, *, explained: bool) -> None:
        self.explained = explained

    def step(
        self,
        code: str,
        label: str,
        value: Fraction | Decimal | str,
        steps: Sequence[Step | None] = (),
        facts: Mapping[str, Fact] | None = None,
    ) -> Step | None:
        """A step, or None."""
        if not self.explained:
            return None
        written = value if isinstance(value, str) else exact.text(value)
        return Step(code, label, written, facts or {}, tuple(step for step in steps if step is not None))

    def rounded(
        self, label: str, value: Fraction, rule: Rounding | None, made: Step | None
    ) -> tuple[Fraction, Step | None]:
        """``value`` rounded at a stage (unchanged without a rule) with its step."""
        if rule is None:
            return value, made
        result, _printed, made = self.published(label, value, rule, made)
        return result, made

    def published(self, label: str, value: Fraction, rule: Rounding, made: Step | None) -> tuple[Fraction, Decimal, Step | None]:
        """``value`` rounded, as an exact figure and as it is printed, with its step."""
        result, printed = published(value.numerator, value.denominator, rule)
        if not self.explained:
            return result, printed, None
        facts: dict[str, Fact] = {"before": exact.text(value), "mode": rule.mode, "places": rule.places}
        return result, printed, self.step("round", label, printed, (made,), facts)
