"""Random criteria, groups and panels, wide over every kind that ``docs/rulebook.md`` knows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

Json = dict[str, Any]
Whole = int  # in a class that has a method of that name
MODES = ("half_up", "half_even", "half_down", "floor", "ceiling")
OUTCOMES = ("ABSENT", "WITHDRAWN", "DISQUALIFIED", "RESULT_CANCELLED", "ZERO")


def text(value: Fraction | int) -> str:
    """A number as the document writes it."""
    exact = Fraction(value)
    if exact.denominator == 1:
        return str(exact.numerator)
    thousandths = exact * 1000
    assert thousandths.denominator == 1, exact
    sign, whole = ("-", -thousandths.numerator) if thousandths < 0 else ("", thousandths.numerator)
    return f"{sign}{whole // 1000}.{whole % 1000:03}".rstrip("0")


@dataclass
class Criteria:
    """Draws the criteria of events. ``entered``: for each event and criterion how a mark is drawn."""

    draw: Callable[[Any], Any]
    entered: dict[tuple[str, str], Callable[[], str]] = field(default_factory=dict)
    keys: Whole = 0

    # ---- little things -------------------------------------------------------------------------

    def int(self, low: Whole, high: Whole) -> Whole:
        return Whole(self.draw(st.integers(low, high)))

    def of(self, *choices: Any) -> Any:
        return self.draw(st.sampled_from(choices))

    def maybe(self, **more: Callable[[], Any]) -> Json:
        return {key: make() for key, make in more.items() if self.of(True, False)}

    def key(self, start: str) -> str:
        self.keys += 1
        return f"{start}{self.keys}"

    def stage(self) -> Json:
        return {"places": self.int(0, 3), "mode": self.of(*MODES)}

    # ---- criteria ------------------------------------------------------------------------------

    def criterion(self, event: str) -> Json:
        made, entered = self.of(self.points, self.points, self.deduct, self.counts, self.measured, self.bands, self.judgement,
                                self.pass_fail, self.faults, self.grades, self.scale, self.timed, self.veto)()
        key = self.key("c")
        self.entered[event, key] = entered
        one: Json = {"key": key, "name": f"项{key}", **made}
        if one["kind"] == "veto":
            return one
        one |= self.maybe(weight=lambda: self.of("2", "0.5", "1.25"))
        if self.int(0, 5) == 0:
            one["bonus"] = True
        if self.int(0, 5) == 0:
            one |= {"attempts": 2, "take": self.of("last", "best", "sum")}
        return one

    def points(self) -> tuple[Json, Callable[[], str]]:
        step, most = self.of((Fraction(1, 2), 20), (Fraction(1), 7), (Fraction(1, 100), 300))
        made = {"kind": "points", "max": text(step * most), "step": text(step)}
        return made, lambda: text(step * (most - self.of(0, 0, 1, 2, most // 2, most)))

    def deduct(self) -> tuple[Json, Callable[[], str]]:
        made = {"kind": "deduct", "max": "10", "per": self.of("1", "2.5", "3"),
                **self.maybe(cap=lambda: self.of("5", "8"), zero_from=lambda: self.int(2, 4)), **self.each()}
        return made, lambda: str(self.int(0, 6))

    def each(self) -> Json:
        """Now and then every two or three faults cost, not each."""
        found: Json = self.of({}, {}, {"each": self.int(2, 3)}, {"each": self.int(2, 3), "count": self.of("full", "started")})
        return found

    def counts(self) -> tuple[Json, Callable[[], str]]:
        return {"kind": "counts", "max": "10", "per": self.of("1", "0.75")}, lambda: str(self.int(0, 15))

    def measured(self) -> tuple[Json, Callable[[], str]]:
        made = {"kind": "measured", "max": "10", "places": 3, "tolerance": "5", "per_over": self.of("1", "4"),
                **self.maybe(zero_from=lambda: 3, zero_beyond=lambda: "8")}
        return made, lambda: ",".join(self.of("4", "5", "5.1", "6", "8", "8.5") for _ in range(3))

    def bands(self) -> tuple[Json, Callable[[], str]]:
        bands = [{"upto": "2", "points": "6"}, {"upto": "4.5", "points": "3.5"}]
        made = {"kind": "bands", "max": "6", "bands": bands, **self.maybe(otherwise=lambda: "1")}
        return made, lambda: self.of("0", "2", "2.1", "4.5", "4.6")

    def judgement(self) -> tuple[Json, Callable[[], str]]:
        levels = [f"第{n}级" for n in range(self.int(2, 4))]
        return {"kind": "judgement", "max": self.of("1", "2"), "levels": levels}, lambda: str(self.int(0, len(levels) - 1))

    def pass_fail(self) -> tuple[Json, Callable[[], str]]:
        return {"kind": "pass_fail", "max": "5"}, lambda: self.of("0", "1")

    def faults(self) -> tuple[Json, Callable[[], str]]:
        faults = [{"name": "漏装", "per": "2"}, {"name": "划伤", "per": "0.5", **self.maybe(zero_from=lambda: 3), **self.each()},
                  {"name": "断线", "per": "4", **self.of({}, {"zero": True}, {"outcome": {"from": 2, "code": self.of(*OUTCOMES[2:])}})}]
        return ({"kind": "faults", "max": "10", "faults": faults, **self.maybe(cap=lambda: "6")},
                lambda: ",".join(str(self.of(0, 0, 1, 2, 3)) for _ in faults))

    def grades(self) -> tuple[Json, Callable[[], str]]:
        grades = [{"name": name, "points": worth} for name, worth in (("优", "10"), ("良", "7.5"), ("差", "2"))]
        return {"kind": "grades", "max": "10", "grades": grades}, lambda: str(self.int(1, 3))

    def scale(self) -> tuple[Json, Callable[[], str]]:
        at = [{"value": "2", "points": "0"}, {"value": "5", "points": "10"}, {"value": "12", "points": "3"}]
        return ({"kind": "scale", "max": "10", "at": at, **self.maybe(target=lambda: "4")},
                lambda: self.of("0", "2", "3.33", "5", "7", "12", "20"))

    def rate(self) -> Json:
        return {"unit_s": self.of(30, 60), "count": self.of("started", "full"), "points": self.of("0.5", "2"),
                **self.maybe(cap=lambda: "3")}

    def timed(self) -> tuple[Json, Callable[[], str]]:
        made = {"kind": "timed", "max": "10", "limit_s": 60, "over": self.rate(), **self.maybe(base=lambda: "8", early=self.rate)}
        return made, lambda: str(self.of(0, 31, 59, 60, 61, 90, 91, 400))

    def veto(self) -> tuple[Json, Callable[[], str]]:
        made: Json = {"kind": "veto", **self.maybe(then=lambda: self.of("zero", *OUTCOMES[2:]))} | self.of({}, {"from": 1}, {"from": 2})
        return made, lambda: self.of("0", "0", "0", "1")

    def group(self, event: str, depth: Whole) -> Json:
        """A group with leaves and groups in it; a panel or a cap allows no panels inside."""
        key = self.key("g")
        inside = [self.group(event, depth + 1) if depth < 3 and self.int(0, 3) == 0 else self.criterion(event)
                  for _ in range(self.int(1, 3))]
        inside.append(self.plain(event))
        made: Json = {"kind": "group", "key": key, "name": f"组{key}", "criteria": inside}
        made |= self.of({}, {"weight": "2"}, {"worth": "30"})
        made |= self.maybe(cap=lambda: self.of("5", "12"))
        if self.int(0, 6) == 0:
            made["bonus"] = True
        return made

    def plain(self, event: str) -> Json:
        """A leaf with full marks."""
        key = self.key("c")
        made, self.entered[event, key] = self.points()
        return {"key": key, "name": f"项{key}", **made}

    def tree(self, event: str) -> list[Json]:
        """The criteria of an event: at least one of them has full marks."""
        found = [self.group(event, 1) if self.int(0, 3) == 0 else self.criterion(event) for _ in range(self.int(0, 3))]
        found.append(self.plain(event))
        self.panels_in(found, allowed=True)
        return found

    def panels_in(self, nodes: list[Json], *, allowed: bool) -> None:
        """Panels and spreads of their own here and there, where they may be."""
        for node in nodes:
            inside = node.get("criteria", [])
            own = allowed and node["kind"] != "veto" and self.int(0, 4) == 0 and (not inside or not has_panel(inside))
            if own:
                node["panel"] = {**self.panel(), "by": "group" if inside else "criterion"}
            self.panels_in(inside, allowed=allowed and not own and "cap" not in node)

    def panel(self) -> Json:
        method = self.of("mean", "trimmed_mean", "trimmed_mean", "median", "sum")
        if method == "sum":
            method = "mean"  # a sum has other full marks; drawn apart
        low = self.int(0, 2)
        trimmed = {"drop_low": low, "drop_high": self.int(0 if low else 1, 2)}
        if method != "trimmed_mean":
            return {"method": method}
        return {"method": method, **trimmed, "from": trimmed["drop_low"] + trimmed["drop_high"] + self.int(1, 2)}


def marked(nodes: Sequence[Json]) -> list[str]:
    """The keys of leaves and groups, without vetoes."""
    return [key for node in nodes if node["kind"] != "veto" for key in [node["key"], *marked(node.get("criteria", ()))]]


def has_panel(nodes: Sequence[Json]) -> bool:
    return any("panel" in node or has_panel(node.get("criteria", ())) for node in nodes)
