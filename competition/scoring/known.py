"""What is known of events and totals while a rulebook is read: what others may refer to."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from competition.scoring.model import AwardRule, Event, Part
from competition.scoring.reader import Node
from competition.scoring.wording import N_


@dataclass(frozen=True, slots=True)
class Known:
    """An event or total: its named figures, full marks (None for a time or a scale) and awards."""

    figures: set[str]
    full: Fraction | None
    timed: bool = False
    awards: tuple[AwardRule, ...] = ()

    @property
    def tiers(self) -> set[str]:
        """The keys of its awards."""
        return {tier.key for rule in self.awards for tier in rule.tiers}


def known_event(event: Event) -> Known:
    """What an event is known by."""
    timed = event.result == "time"
    return Known(figure_names(event), None if timed else Fraction(event.full), timed, event.awards)


def figure_names(event: Event) -> set[str]:
    """The named figures of an event, as tie chains may use them."""
    names = {"score"}
    if event.kind == "practical":
        names |= {"deducted", *(item.key for item in event.deductions), *(item.key for item in event.groups)}
        names |= {item.key for item in event.criteria if item.kind != "veto"}
        names |= {"judges"} if event.criteria else set()
        names |= {"time", "time_points"} if event.time is not None else set()
    if event.paper is not None:
        names |= {item.key for item in event.paper.sections}
    return names


def figures_below(parts: Sequence[Part], known: Mapping[str, Known], *, times: bool) -> set[str]:
    """The named figures of something made of ``parts``: each part, and the parts' own figures under their paths."""
    names = {"score"}
    for part in parts:
        below = known[part.of].figures
        names |= {part.of, *(f"{part.of}.{name}" for name in below if name != "score")}
        names |= {"time"} & below if times else set()
    return names


def check_known(node: Node, place: str, key: str, known: Collection[str]) -> None:
    """A reference must lead to an event or total."""
    if node.clean(place) and key not in known:
        node.fault(place, N_("没有标识为“%(key)s”的项目或总成绩。"), key=key)
