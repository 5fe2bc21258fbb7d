"""What totals and team rules are made of: the events and totals below them."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from competition.scoring import exact
from competition.scoring.derivation import Fact, Step
from competition.scoring.draft import Draft, Writer
from competition.scoring.model import Event, Part, Rulebook, Total

Drafts = Mapping[str, Draft]  # by entry


@dataclass(frozen=True, slots=True)
class Inside:
    """One part: its name, full marks (None for a scale or a time), weight, and whether time is measured in it.

    ``factor`` is what a point of it is worth in the whole; None where it counts as it is.
    """

    key: str
    name: str
    full: Fraction | None
    weight: Fraction | None
    factor: Fraction | None
    timed: bool

    def share(self, value: Fraction) -> Fraction:
        """What ``value`` adds, exactly."""
        return value if self.factor is None else value * self.factor


def inside(rulebook: Rulebook, part: Part, full: Fraction) -> Inside:
    """A part of something with these full marks."""
    scope = scope_of(rulebook, part.of)
    own = None if scope.full is None else Fraction(scope.full)
    factor = None if part.weight is None or own is None else part.weight / 100 * full / own
    return Inside(part.of, scope.name.zh, own, part.weight, factor, has_time(rulebook, part.of))


def scope_of(rulebook: Rulebook, key: str) -> Event | Total:
    """The event or total ``key``; KeyError if there is none."""
    return next((event for event in rulebook.events if event.key == key), None) or rulebook.total(key)


def has_time(rulebook: Rulebook, key: str) -> bool:
    """Whether time is measured in the event, or in any event of the total."""
    scope = scope_of(rulebook, key)
    if isinstance(scope, Event):
        return scope.time is not None
    return scope.method != "best" and any(has_time(rulebook, part.of) for part in scope.parts)


def reference(key: str, name: str, draft: Draft, write: Writer) -> Step | None:
    """A pointer to the part's own derivation, which stands with the part."""
    facts: dict[str, Fact] = {"of": key, "entry": draft.entry, "status": draft.status}
    return write.step("part", name, "" if draft.value is None else draft.value, (), facts)


def written(draft: Draft | None) -> str:
    """The published figure as it stands on paper; 0 where there is none."""
    return "0" if draft is None or draft.value is None else exact.text(draft.value)


def published(draft: Draft | None) -> Fraction:
    """The published figure; 0 where there is none."""
    return exact.ZERO if draft is None or draft.value is None else draft.figures["score"]
