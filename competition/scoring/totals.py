"""Named totals: what is made of the published figures of events and other totals."""

from collections.abc import Mapping
from fractions import Fraction

from competition.scoring import exact
from competition.scoring.derivation import Fact, Step
from competition.scoring.draft import INCOMPLETE, OK, Draft, Writer
from competition.scoring.figures import Nested
from competition.scoring.model import Rulebook, Total
from competition.scoring.parts import Drafts, inside, published, reference, written
from competition.scoring.rounding import round_to
from competition.scoring.scale import Scale

_COUNTING = (OK, "ZERO")
_ONE = Fraction(1)
_WHOLE: frozenset[str] = frozenset()  # nothing lacks a part


class TotalDesk:
    """Computes one total, entrant by entrant."""

    def __init__(self, rulebook: Rulebook, total: Total, write: Writer) -> None:
        self.total = total
        self.write = write
        self.name = total.name.zh
        self.outcomes = rulebook.outcomes
        self.order = {code: place for place, code in enumerate(rulebook.outcomes)}
        self.rounding = rulebook.stage("total", total)
        self.parts = tuple(inside(rulebook, part, Fraction(total.full or 0)) for part in total.parts)
        self.factors = {part.key: _ONE if part.factor is None else part.factor for part in self.parts}
        self.timed = [f"{part.key}.time" for part in self.parts if part.timed and total.method != "best"]

    def entrants(self, below: Mapping[str, Drafts]) -> set[str]:
        """Who is in it: whoever entered all parts, of ``best`` at least one."""
        entered = [set(drafts) for drafts in below.values()]
        return set.union(*entered) if self.total.method == "best" else set.intersection(*entered)

    def draft(self, entry: str, below: Mapping[str, Drafts], outcome: str | None, scale: Scale | None = None) -> Draft:
        """One entrant's total. ``outcome``: what is recorded for everything; ``scale``: where the total is one."""
        parts = {key: drafts[entry] for key, drafts in below.items() if entry in drafts}
        steps = self._references(parts) if self.write.explained else []
        status = outcome or self._status([part.status for part in parts.values()])
        if status == "ZERO":
            return self._standing(entry, parts, status, steps, (scale and scale.low) or exact.ZERO)
        if status not in _COUNTING:
            return self._standing(entry, parts, status, steps, None)
        own = {key: published(draft) for key, draft in parts.items()}
        value, made = self._value(parts, own, steps) if scale is None else self._scaled(own, scale, steps)
        own["score"], printed, made = self.write.published(self.name, value, self.rounding, made)
        figures, partial = self._figures(parts, own)
        return Draft(entry, OK, printed, figures, made, partial, _team(parts))

    def _references(self, parts: Drafts) -> list[Step | None]:
        return [reference(part.key, part.name, parts[part.key], self.write) for part in self.parts if part.key in parts]

    def _status(self, statuses: list[str]) -> str:
        """What the outcomes in the parts mean for the total."""
        if statuses.count(OK) == len(statuses):
            return OK
        if INCOMPLETE in statuses:
            return INCOMPLETE
        if self.total.scale is not None:
            return statuses[0]
        fallen = [status for status in statuses if status != OK]
        for status in sorted(fallen, key=self.order.__getitem__):
            if self.outcomes[status].in_total == "out":
                return status
        if len(fallen) < len(statuses):
            return OK
        # Whoever was set to zero in one part and has nothing in the others stands behind, as in the part itself.
        return "ZERO" if "ZERO" in fallen else min(fallen, key=self.order.__getitem__)

    def _standing(self, entry: str, parts: Drafts, status: str, steps: list[Step | None], value: Fraction | None) -> Draft:
        """No result, or a zero that stands last (of a scale: its lowest value)."""
        shown = None if value is None else round_to(value, self.rounding)
        facts: dict[str, Fact] = {"status": status, "late": False}
        made = self.write.step("outcome", self.name, "" if shown is None else shown, steps, facts)
        figures = {} if shown is None else {"score": Fraction(shown)}
        return Draft(entry, status, shown, figures, made, team=_team(parts))

    def _value(self, parts: Drafts, own: Mapping[str, Fraction], steps: list[Step | None]) -> tuple[Fraction, Step | None]:
        """The exact value: weighted, added up, or the best."""
        if not self.write.explained and self.total.method != "best":
            return exact.dot([(own[key], factor) for key, factor in self.factors.items()]), None
        entered = [part for part in self.parts if part.key in parts]
        shares = [part.share(own[part.key]) for part in entered]
        best = self.total.method == "best"
        value = max(shares) if best else exact.add(shares)
        if not self.write.explained:
            return value, None
        rows: Fact = tuple(
            (
                part.name,
                written(parts[part.key]),
                "" if part.weight is None else exact.text(part.weight),
                "" if part.full is None else exact.text(part.full),
                exact.text(share),
                "" if parts[part.key].value is not None else parts[part.key].status,
            )
            for part, share in zip(entered, shares, strict=True)
        )
        code = {"weighted": "weighted", "sum": "total", "best": "best"}[self.total.method]
        full = "" if self.total.full is None else exact.text(Fraction(self.total.full))
        return value, self.write.step(code, self.name, value, steps, {"parts": rows, "full": full})

    def _scaled(self, own: Mapping[str, Fraction], scale: Scale, steps: list[Step | None]) -> tuple[Fraction, Step | None]:
        value = next(iter(own.values()))
        return scale.value(value), self.write.step("scale", self.name, scale.value(value), steps, scale.facts(value))

    def _figures(self, parts: Drafts, own: dict[str, Fraction]) -> tuple[Nested[Fraction], frozenset[str]]:
        """``own``, the figures of the parts under their paths, and the time over all of them; which of these are partial."""
        figures = Nested(own, {key: draft.figures for key, draft in parts.items()})
        partial = {f"{key}.{name}" for key, draft in parts.items() for name in draft.partial}
        times = [figures[name] for name in self.timed if name in figures] if self.timed else ()
        if times:
            own["time"] = exact.add(times)
            if len(times) < len(self.timed) or partial.intersection(self.timed):
                partial.add("time")
        return figures, frozenset(partial) if partial else _WHOLE


def _team(parts: Drafts) -> str | None:
    return next(iter(parts.values())).team
