"""Random rulebooks and inputs for them, wide over everything that ``docs/rulebook.md`` knows. Every draw is hypothesis's."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from competition.recount.given import Given
from competition.recount.marking import inner_full
from competition.scoring.inputs import Decision, Entry, Excusal, Figure, Mark, Panel

Json = dict[str, Any]
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
class Maker:
    """Draws one contest. ``entered``: for each event and criterion how a mark is drawn."""

    draw: Callable[[Any], Any]
    entered: dict[tuple[str, str], Callable[[], str]] = field(default_factory=dict)
    keys: int = 0

    # ---- little things -------------------------------------------------------------------------

    def int(self, low: int, high: int) -> int:
        return int(self.draw(st.integers(low, high)))

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
                                self.pass_fail)()
        key = self.key("c")
        self.entered[event, key] = entered
        one: Json = {"key": key, "name": f"项{key}", **made}
        one |= self.maybe(weight=lambda: self.of("2", "0.5", "1.25"))
        if self.int(0, 5) == 0:
            one["bonus"] = True
        if self.int(0, 5) == 0:
            one |= {"attempts": 2, "take": self.of("last", "best")}
        return one

    def points(self) -> tuple[Json, Callable[[], str]]:
        step, most = self.of((Fraction(1, 2), 20), (Fraction(1), 7), (Fraction(1, 100), 300))
        made = {"kind": "points", "max": text(step * most), "step": text(step)}
        return made, lambda: text(step * (most - self.of(0, 0, 1, 2, most // 2, most)))

    def deduct(self) -> tuple[Json, Callable[[], str]]:
        made = {"kind": "deduct", "max": "10", "per": self.of("1", "2.5", "3"),
                **self.maybe(cap=lambda: self.of("5", "8"), zero_from=lambda: self.int(2, 4))}
        return made, lambda: str(self.int(0, 6))

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

    def panel(self) -> Json:
        method = self.of("mean", "trimmed_mean", "trimmed_mean", "median", "sum")
        if method == "sum":
            method = "mean"  # a sum has other full marks; drawn apart
        low = self.int(0, 2)
        trimmed = {"drop_low": low, "drop_high": self.int(0 if low else 1, 2)}
        if method != "trimmed_mean":
            return {"method": method}
        return {"method": method, **trimmed, "from": trimmed["drop_low"] + trimmed["drop_high"] + self.int(1, 2)}

    # ---- events --------------------------------------------------------------------------------

    def theory(self) -> Json:
        key = self.key("t")
        return {"key": key, "kind": "theory", "name": f"理论{key}", "full": "100", "step": "0.5", "ranking": self.ranking(["score"])}

    def practical(self) -> Json:
        key = self.key("e")
        criteria = [self.criterion(key) for _ in range(self.int(1, 4))]
        if all(one.get("bonus") for one in criteria):
            criteria[0].pop("bonus")
        for one in criteria:
            if self.int(0, 4) == 0:
                one["panel"] = self.panel()
        event: Json = {"key": key, "kind": "practical", "name": f"项目{key}", "criteria": criteria,
                       "panel": {"by": self.of("sheet", "criterion"), **self.panel()}}
        event |= self.maybe(time=self.time, deductions=self.deductions)
        if self.of(True, False):
            event["spread"] = {"of": "criterion" if event["panel"]["by"] == "criterion" else self.of("sheet", "criterion"),
                               "percent": self.of("10", "60"), "then": self.of("flag", "block")}
        extra = Fraction(event.get("time", {}).get("placing", {}).get("in_time", 0))
        full = inner_full(event) + extra
        event["full"] = text(full)
        event |= self.maybe(ceiling=lambda: text(full + self.int(0, 3)))
        figures = ["score", "judges", *(one["key"] for one in criteria), *(one["key"] for one in event.get("deductions", ()))]
        event["ranking"] = self.ranking(figures + (["time", "time_points"] if "time" in event else []))
        event["awards"] = self.awards()
        return event

    def timed_result(self) -> Json:
        key = self.key("f")
        time = {"limit_s": 600, **self.maybe(beyond=lambda: {"after_s": 60, "then": self.of("stop", "out")})}
        deductions = [{"key": "touch", "name": "触地", "per": "15"}]
        return {"key": key, "kind": "practical", "name": f"计时{key}", "result": "time", "time": time, "deductions": deductions,
                "ranking": self.ranking(["touch", "time"]), "awards": self.awards()}

    def rate(self) -> Json:
        return {"unit_s": self.of(30, 60), "count": self.of("started", "full"), "points": self.of("0.5", "2"),
                **self.maybe(cap=lambda: "3")}

    def beyond(self) -> Json:
        return {"after_s": self.of(0, 60, 120), "then": self.of("stop", "zero", "out")}

    def time(self) -> Json:
        rule: Json = {"limit_s": 600, **self.maybe(grace_s=lambda: self.of(0, 30), beyond=self.beyond)}
        shape = self.of("over", "bands", "early", "both", "placing")
        if shape in ("over", "both"):
            rule["over"] = self.rate()
        if shape in ("early", "both"):
            rule["early"] = self.rate()
        if shape == "bands":
            rule["bands"] = [{"after_s": 0, "points": "1"}, {"after_s": 60, "points": "4"}]
        if shape == "placing":
            rule["placing"] = {"in_time": "5", "per_place": "0.1", "late": self.rate()}
        return rule

    def deductions(self) -> list[Json]:
        return [
            {"key": self.key("d"), "name": "违纪", "per": "2", **self.maybe(cap=lambda: "3")},
            {"key": self.key("d"), "name": "损坏", "input": "points", "step": "0.5", "cap": "5"},
            {"key": self.key("d"), "name": "作弊", "per": "1", "outcome": {"from": 3, "code": self.of(*OUTCOMES[2:])}},
        ][: self.int(1, 3)]

    # ---- standing ------------------------------------------------------------------------------

    def ranking(self, figures: list[str]) -> Json:
        links = self.draw(st.lists(st.sampled_from(figures), max_size=2, unique=True))
        return {"ties": [{"figure": one, "order": self.of("asc", "desc")} for one in links],
                "shared": self.of("competition", "competition", "dense", "forbidden")}

    def awards(self) -> list[Json]:
        made = []
        border = {"border": self.of("follow_rank", "quota")}
        minimum = self.maybe(minimum=lambda: self.of("5", "20"))
        if self.of(True, False):
            made.append({"by": "ranks", **border, "tiers": [
                {"key": "gold", "name": "金奖", "from": 1, "to": 1}, {"key": "silver", "name": "银奖", "from": 2, "to": 3, **minimum}]})
        if self.of(True, False):
            tiers = [{"key": "first", "name": "一等奖", "percent": "10", **minimum}, {"key": "second", "name": "二等奖", "percent": "25"}]
            made.append({"by": "percent", "rounding": self.of(*MODES), "count": self.of("each", "cumulative"), **border,
                         **self.maybe(at_least=lambda: 1), "tiers": tiers})
        if self.of(True, False):
            made.append({"by": "half", "after": 2, "tiers": [{"key": "merit", "name": "优胜奖"}]})
        if self.of(True, False):
            made.append({"by": "ranks", "tiers": [{"key": "expert", "kind": "title", "name": "能手", "from": 1, "to": 3}]})
        return made

    def total(self, parts: list[Json]) -> Json:
        key, method = self.key("total"), self.of("weighted", "sum")
        weights = ["100"] if len(parts) == 1 else ["30", "70"] if len(parts) == 2 else ["20", "33.5", "46.5"]
        made: Json = {"key": key, "name": f"总分{key}", "method": method}
        if method == "sum":
            made |= {"parts": [{"of": one["key"]} for one in parts], "full": text(sum(Fraction(one["full"]) for one in parts))}
        else:
            weighted = [{"of": one["key"], "weight": share} for one, share in zip(parts, weights, strict=True)]
            made |= {"parts": weighted, "full": self.of("100", "150")}
        figures = [one["key"] for one in parts] + [f"{one['key']}.{name}" for one in parts for name in _figures(one)]
        if any("time" in _figures(one) for one in parts):
            figures.append("time")
        return {**made, "ranking": self.ranking(figures), "awards": self.awards()}

    def team(self, of: Json) -> Json:
        return {"key": self.key("team"), "name": "团体", "of": of["key"], "size": 3, "ranking": self.ranking(["score", *_figures(of)]),
                "awards": self.awards()}

    def rulebook(self) -> Json:
        events = [self.of(self.theory, self.practical, self.practical, self.practical)() for _ in range(self.int(1, 3))]
        results = [*events]
        totals: list[Json] = []
        for _ in range(self.int(0, 2)):
            chosen = self.draw(st.lists(st.sampled_from(results), min_size=1, max_size=3, unique_by=lambda one: one["key"]))
            totals.append(self.total(chosen))
            results.append(totals[-1])
        if self.int(0, 3) == 0:
            events.append(self.timed_result())
        teams = [self.team(self.of(*results))] if self.of(True, False) else []
        rounding = {name: self.stage() for name in ("event", "total", "team")}
        rounding |= self.maybe(criterion=self.stage, sheet=self.stage, panel=self.stage)
        outcomes = {code: {"in_total": self.of("zero", "out"), "took_part": self.of(True, False), "prizes": self.of(True, False)}
                    for code in OUTCOMES if self.int(0, 5) == 0}
        return {"format": 1, "key": "made", "version": 1, "name": "随机", "rounding": rounding, "outcomes": outcomes, "events": events,
                "totals": totals, "teams": teams}

    # ---- inputs --------------------------------------------------------------------------------

    def given(self) -> Given:
        document = self.rulebook()
        keys = [event["key"] for event in document["events"]]
        entries = [Entry(f"p{n}", self.of(None, "t1", "t2"), self.outcomes(keys), self.events(keys)) for n in range(self.int(1, 6))]
        seats = [str(n) for n in range(1, 1 + self.int(1, 6))]
        marks: list[Mark] = []
        figures: list[Figure] = []
        for event in document["events"]:
            for entry in entries:
                if entry.events is not None and event["key"] not in entry.events:
                    continue
                if event["kind"] == "theory":
                    figures.append(Figure(event["key"], entry.id, "theory", self.of("60", "77.5", "100")))
                for one in event.get("criteria", ()):
                    marks += [Mark(event["key"], entry.id, seat, one["key"], self.entered[event["key"], one["key"]](), n)
                              for seat in seats for n in range(1, 1 + one.get("attempts", 1))]
                if "time" in event:
                    figures.append(Figure(event["key"], entry.id, "time_s", str(self.of(300, 590, 600, 601, 630, 661, 719, 721, "610.5"))))
                figures += [Figure(event["key"], entry.id, rule["key"], str(self.int(1, 4))) for rule in event.get("deductions", ())
                            if self.int(0, 2) == 0]
        decisions = self.decisions(document, entries)
        return Given(document, entries, marks, figures, decisions, self.panels(keys, seats), self.excusals(keys, entries, seats))

    def outcomes(self, keys: list[str]) -> Mapping[str, str]:
        return {self.of("*", *keys): self.of(*OUTCOMES)} if self.int(0, 4) == 0 else {}

    def events(self, keys: list[str]) -> tuple[str, ...] | None:
        return tuple(self.draw(st.lists(st.sampled_from(keys), min_size=1, unique=True))) if self.int(0, 5) == 0 else None

    def panels(self, keys: list[str], seats: list[str]) -> list[Panel]:
        return [Panel(key, tuple(seats)) for key in keys if self.of(True, False)]

    def excusals(self, keys: list[str], entries: list[Entry], seats: list[str]) -> list[Excusal]:
        if self.int(0, 4):
            return []
        return [Excusal(self.of(*keys), self.of(*entries).id, self.of(*seats), "回避")]

    def decisions(self, document: Json, entries: list[Entry]) -> list[Decision]:
        return []


def _figures(part: Json) -> list[str]:
    """Named figures of an event or total that this maker uses in chains."""
    found = [one["key"] for one in part.get("criteria", ())] + [one["key"] for one in part.get("deductions", ())]
    return found + (["time"] if "time" in part else []) + ([one["of"] for one in part.get("parts", ())])


@st.composite
def contests(draw: Any) -> Given:
    """A rulebook and everything that a contest under it gives."""
    return Maker(draw).given()
