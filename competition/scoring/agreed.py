"""What several judges call for together: an outcome, or a group that counts zero."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from competition.scoring.derivation import Fact
from competition.scoring.faults import ZEROED, Faults, Veto
from competition.scoring.plan import Caller, Plan
from competition.scoring.units import Entered, Row


class Call(NamedTuple):
    """Something that judges called for: the criterion, what (``zero`` or an outcome), for which group, and who."""

    name: str
    what: str
    group: str
    seats: tuple[str, ...]
    of: int
    needed: int

    @property
    def agreed(self) -> bool:
        """Whether enough of them did."""
        return len(self.seats) >= self.needed

    @property
    def facts(self) -> dict[str, Fact]:
        """What its sentence says."""
        return {"what": self.what, "seats": self.seats, "of": self.of, "needed": self.needed}

    @property
    def outcome(self) -> str:
        """The outcome that it brings; "" for a group that counts zero."""
        if self.what != ZEROED:
            return self.what
        return "" if self.group else "ZERO"


class Agreed(NamedTuple):
    """What the judges of one work agreed on; ``split``: called for by some of them only."""

    outcome: str = ""
    zeroed: frozenset[str] = frozenset()
    calls: tuple[Call, ...] = ()
    split: tuple[Call, ...] = ()


NOTHING = Agreed()


def agree(plan: Plan, rows: Mapping[str, Mapping[str, Row]]) -> Agreed:
    """What follows from the whole sheets of one work, by unit and seat. The first outcome of the document counts."""
    calls = [call for caller in plan.callers for call in _calls(caller, rows[caller.unit.key])]
    agreed = tuple(call for call in calls if call.agreed)
    return Agreed(
        outcome=next((call.outcome for call in agreed if call.outcome), ""),
        zeroed=frozenset(call.group for call in agreed if not call.outcome),
        calls=agreed,
        split=tuple(call for call in calls if not call.agreed),
    )


def _calls(caller: Caller, rows: Mapping[str, Row]) -> Iterator[Call]:
    item, marking = caller.criterion, caller.marking
    clean = caller.unit.tables[caller.position].clean
    said = {seat: _called(marking, clean[entered[item.key]]) for seat, entered in rows.items()}
    for what in marking.may_call:
        seats = tuple(sorted(seat for seat, called in said.items() if what in called))
        if seats:
            yield Call(item.name.zh, what, item.groups[-1] if item.groups else "", seats, len(rows), marking.needed(len(rows)))


def _called(marking: Veto | Faults, entered: Entered) -> set[str]:
    attempts = (entered,) if isinstance(entered, str) else entered
    return {what for attempt in attempts for what in marking.calls(attempt)}
