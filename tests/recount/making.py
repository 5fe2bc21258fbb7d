"""Random rulebooks and inputs for them, wide over everything that ``docs/rulebook.md`` knows. Every draw is hypothesis's."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from competition.recount.given import Given, leaves
from competition.recount.marking import inner_full
from competition.scoring.inputs import AnswerKey, Decision, Entry, Excusal, Figure, Mark, Panel
from tests.recount.making_criteria import MODES, OUTCOMES, Criteria, Json, marked, text
from tests.recount.making_papers import answers_of, key_of, papers


class Maker(Criteria):
    """Draws one contest."""

    # ---- events --------------------------------------------------------------------------------

    def theory(self) -> Json:
        key = self.key("t")
        made: Json = {"key": key, "kind": "theory", "name": f"理论{key}", "full": "100", "step": "0.5"}
        if self.of(True, False):
            paper = self.draw(papers(key))
            full = sum(one["count"] * Fraction(one["points"]) for one in paper["sections"])
            made |= {"paper": paper, "full": text(full), "step": text(full)}
        return {**made, "ranking": self.ranking(["score", *(one["key"] for one in made.get("paper", {}).get("sections", ()))])}

    def practical(self) -> Json:
        key = self.key("e")
        criteria = self.tree(key)
        event: Json = {"key": key, "kind": "practical", "name": f"项目{key}", "criteria": criteria,
                       "panel": {"by": self.of("sheet", "sheet", "group", "criterion"), **self.panel()}}
        event |= self.maybe(time=self.time, deductions=self.deductions)
        if self.of(True, False):
            fitting = {"criterion": ["criterion"], "group": ["group", "criterion"], "sheet": ["sheet", "group", "criterion"]}
            event["spread"] = {"of": self.of(*fitting[event["panel"]["by"]]), "percent": self.of("10", "60", "90"),
                               "then": self.of("flag", "flag", "block")}
        extra = Fraction(event.get("time", {}).get("placing", {}).get("in_time", 0))
        full = inner_full(event) + extra
        event["full"] = text(full)
        event |= self.maybe(ceiling=lambda: text(full + self.int(0, 3)))
        figures = ["score", "judges", *marked(criteria), *(one["key"] for one in event.get("deductions", ()))]
        event["ranking"] = self.ranking(figures + (["time", "time_points"] if "time" in event else []))
        event["awards"] = self.awards(figures)
        event |= self.maybe(rounding=self.stage)
        return event

    def timed_result(self) -> Json:
        key = self.key("f")
        time = {"limit_s": 600, **self.maybe(beyond=lambda: {"after_s": 60, "then": self.of("stop", "out")})}
        deductions = [{"key": "touch", "name": "触地", "per": "15"}]
        awards = [award for award in self.awards() if award["by"] != "medals"]
        return {"key": key, "kind": "practical", "name": f"计时{key}", "result": "time", "time": time, "deductions": deductions,
                "ranking": self.ranking(["touch", "time"]), "awards": awards}

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
            {"key": self.key("d"), "name": "违纪", "per": "2", **self.maybe(cap=lambda: "3"), **self.each()},
            {"key": self.key("d"), "name": "损坏", "input": "points", "step": "0.5", "cap": "5"},
            {"key": self.key("d"), "name": "作弊", "per": "1", **self.each(), "outcome": {"from": 3, "code": self.of(*OUTCOMES[2:])}},
        ][: self.int(1, 3)]

    # ---- standing ------------------------------------------------------------------------------

    def ranking(self, figures: list[str]) -> Json:
        links = self.draw(st.lists(st.sampled_from(figures), max_size=2, unique=True))
        return {"ties": [{"figure": one, "order": self.of("asc", "desc")} for one in links],
                "shared": self.of("competition", "competition", "dense", "forbidden")}

    def awards(self, figures: Sequence[str] = ("score",), *, people: bool = True) -> list[Json]:
        made: list[Json] = []
        border = {"border": self.of("follow_rank", "quota")}
        minimum = self.maybe(minimum=lambda: self.of("5", "20"), field_from=lambda: self.int(2, 4),
                             needs=lambda: [{"figure": self.of(*figures), self.of("least", "most"): self.of("3", "10")}])
        kind = self.int(0, 5)
        if kind == 0:
            made.append({"by": "lines", "tiers": [{"key": "good", "name": "优秀", "minimum": "15", **self.maybe(field_from=lambda: 3)},
                                                  {"key": "fair", "name": "合格", "minimum": "4"}]})
        if kind == 1:
            four = [{"key": "medallion", "name": "优胜奖章", "from": self.of("4", "12")}] if self.of(True, False) else []
            made.append({"by": "medals", **self.maybe(within=lambda: self.of("0", "1.5", "5")), "tiers": [
                {"key": "au", "name": "金牌", **minimum}, {"key": "ag", "name": "银牌"}, {"key": "cu", "name": "铜牌"}, *four]})
        if kind == 2:
            made.append({"by": "best_of", "of": self.of("team", "delegation") if people else "delegation",
                         "tiers": [{"key": "best", "name": "最佳选手", "kind": self.of("prize", "title")}]})
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
        made: Json = {"key": key, "name": f"总分{key}", "method": method, **self.maybe(rounding=self.stage)}
        if method == "sum":
            made |= {"parts": [{"of": one["key"]} for one in parts], "full": text(sum(Fraction(one["full"]) for one in parts))}
        else:
            weighted = [{"of": one["key"], "weight": share} for one, share in zip(parts, weights, strict=True)]
            made |= {"parts": weighted, "full": self.of("100", "150")}
        figures = [one["key"] for one in parts] + [f"{one['key']}.{name}" for one in parts for name in _figures(one)]
        if any("time" in _figures(one) for one in parts):
            figures.append("time")
        return {**made, "ranking": self.ranking(figures), "awards": self.awards(figures)}

    def best_total(self, parts: list[Json]) -> Json:
        """The best of parts that have the same full marks."""
        same = [one for one in parts if one["full"] == parts[0]["full"]]
        keys = [one["key"] for one in same]
        return {"key": self.key("total"), "name": "最好成绩", "method": "best", "full": same[0]["full"],
                "parts": [{"of": key} for key in keys], "ranking": self.ranking(keys), "awards": self.awards()}

    def scale_total(self, of: Json) -> Json:
        more = self.maybe(middle=lambda: "500", per=lambda: self.of("10", "33.3"), low=lambda: "400", high=lambda: "720")
        more |= self.maybe(rounding=self.stage)
        spread = self.of({}, {"spread": "deviation"}, {"spread": "mad"}, {"spread": "mad", "factor": "1.5"})
        return {"key": self.key("scale"), "name": "标准分", "method": "scale", "of": of["key"], **more, **spread,
                "ranking": self.ranking([of["key"]]), "awards": self.awards()}

    def team(self, results: list[Json]) -> Json:
        """A team rule of any method."""
        of, method = self.of(*results), self.of("sum", "sum", "mean", "places", "prizes", "parts")
        made: Json = {"key": self.key("team"), "name": "团体", **self.maybe(rounding=self.stage, missing=lambda: self.of("zero", "out"))}
        made |= self.maybe(size=lambda: 3, best=lambda: 2)
        figures = ["score", *_figures(of)]
        if method == "parts":
            parts = [one for one in results if "full" in one][:2]
            if len(parts) == 2:
                weighted = [{"of": one["key"], "weight": share} for one, share in zip(parts, ("40", "60"), strict=True)]
                made |= {"method": self.of("sum", "mean"), "parts": weighted, "by": of["key"], **self.maybe(full=lambda: "150")}
                figures = ["score", *(one["key"] for one in parts)]
            else:
                method = "sum"
        if method != "parts":
            made |= {"method": method, "of": of["key"]}
        if method == "places":
            made["places"] = [{"from": 1, "to": 1, "points": "5"}, {"from": 2, "to": 3, "points": "2.5"}, {"from": 4, "points": "1"}]
        if method == "prizes":
            tiers = [tier["key"] for award in of["awards"] for tier in award["tiers"]] if of.get("awards") else []
            if not tiers:
                made["method"] = "sum"
            else:
                made |= {"prizes": [{"tier": tier, "points": text(Fraction(9 - n, 2))} for n, tier in enumerate(tiers)],
                         **self.maybe(otherwise=lambda: "0.5")}
        ranking = self.ranking(figures)
        if self.of(True, False):
            ranking["ties"].append(self.of({"figure": "places", "order": "asc"}, {"figure": "place_1", "order": "desc"}))
        return {**made, "ranking": ranking, "awards": self.awards(people=False)}

    def rulebook(self) -> Json:
        events = [self.of(self.theory, self.practical, self.practical, self.practical)() for _ in range(self.int(1, 3))]
        results = [*events]
        totals: list[Json] = []
        for _ in range(self.int(0, 2)):
            chosen = self.draw(st.lists(st.sampled_from(results), min_size=1, max_size=3, unique_by=lambda one: one["key"]))
            totals.append(self.best_total(chosen) if self.int(0, 3) == 0 else self.total(chosen))
            results.append(totals[-1])
        scales = [self.scale_total(self.of(*results))] if self.int(0, 2) == 0 else []
        if self.int(0, 3) == 0:
            events.append(self.timed_result())
        teams = [self.team([*results, *scales]) for _ in range(self.int(0, 2))]
        rounding = {name: self.stage() for name in ("event", "total", "team")}
        rounding |= self.maybe(criterion=self.stage, sheet=self.stage, panel=self.stage)
        outcomes = {code: {"in_total": self.of("zero", "out"), "took_part": self.of(True, False), "prizes": self.of(True, False)}
                    for code in OUTCOMES if self.int(0, 5) == 0}
        return {"format": 1, "key": "made", "version": 1, "name": "随机", "rounding": rounding, "outcomes": outcomes, "events": events,
                "totals": [*totals, *scales], "teams": teams}

    # ---- inputs --------------------------------------------------------------------------------

    def given(self) -> Given:
        document = self.rulebook()
        keys = [event["key"] for event in document["events"]]
        entries = [Entry(f"p{n}", self.of(None, "t1", "t2"), self.outcomes(keys), self.events(keys), self.of(None, "d1", "d2"))
                   for n in range(self.int(1, 6))]
        seats = [str(n) for n in range(1, 1 + self.int(1, 6))]
        marks: list[Mark] = []
        figures: list[Figure] = []
        answer_keys: list[AnswerKey] = []
        for event in document["events"]:
            answer_keys += [AnswerKey(event["key"], one["key"], self.draw(key_of(one)))
                            for one in event.get("paper", {}).get("sections", ())]
            for entry in entries:
                if entry.events is not None and event["key"] not in entry.events:
                    continue
                if "paper" in event and self.int(0, 3):
                    figures += [Figure(event["key"], entry.id, f"answers.{one['key']}", self.draw(answers_of(one)))
                                for one in event["paper"]["sections"]]
                elif event["kind"] == "theory":
                    figure = event["full"] if "paper" in event else self.of("60", "77.5", "100")
                    figures.append(Figure(event["key"], entry.id, "theory", figure))
                for one in leaves(event.get("criteria", ())):
                    marks += [Mark(event["key"], entry.id, seat, one["key"], self.entered[event["key"], one["key"]](), n)
                              for seat in seats for n in range(1, 1 + one.get("attempts", 1))]
                if "time" in event:
                    figures.append(Figure(event["key"], entry.id, "time_s", str(self.of(300, 590, 600, 601, 630, 661, 719, 721, "610.5"))))
                figures += [Figure(event["key"], entry.id, rule["key"], str(self.int(1, 4))) for rule in event.get("deductions", ())
                            if self.int(0, 2) == 0]
        decisions = self.decisions(document, entries)
        return Given(document, entries, marks, figures, decisions, self.panels(document, seats), self.excusals(keys, entries, seats),
                     answer_keys)

    def outcomes(self, keys: list[str]) -> Mapping[str, str]:
        return {self.of("*", *keys): self.of(*OUTCOMES)} if self.int(0, 4) == 0 else {}

    def events(self, keys: list[str]) -> tuple[str, ...] | None:
        return tuple(self.draw(st.lists(st.sampled_from(keys), min_size=1, unique=True))) if self.int(0, 5) == 0 else None

    def panels(self, document: Json, seats: list[str]) -> list[Panel]:
        """Often one for the common sheet, and now and then others for what has a panel of its own."""
        found: list[Panel] = []
        for event in document["events"]:
            if self.of(True, False):
                found.append(Panel(event["key"], tuple(seats[: self.int(1, len(seats))])))
                alone = [node for node in alone_in(event.get("criteria", ())) if self.of(True, False)]
                found += [Panel(event["key"], tuple(seats[self.int(0, len(seats) - 1):]), None, tuple(one["key"] for one in leaves([node])))
                          for node in alone]
        return found

    def excusals(self, keys: list[str], entries: list[Entry], seats: list[str]) -> list[Excusal]:
        if self.int(0, 4):
            return []
        return [Excusal(self.of(*keys), self.of(*entries).id, self.of(*seats), "回避")]

    def decisions(self, document: Json, entries: list[Entry]) -> list[Decision]:
        return []


def alone_in(nodes: Sequence[Json]) -> list[Json]:
    """The leaves and groups with a panel of their own."""
    return [one for node in nodes for one in ([node] if "panel" in node else alone_in(node.get("criteria", ())))]


def _figures(part: Json) -> list[str]:
    """Named figures of an event or total that this maker uses in chains."""
    found = marked(part.get("criteria", ())) + [one["key"] for one in part.get("deductions", ())]
    found += [one["key"] for one in part.get("paper", {}).get("sections", ())]
    below = [part["of"]] if "of" in part else [one["of"] for one in part.get("parts", ())]
    return found + (["time"] if "time" in part else []) + below


@st.composite
def contests(draw: Any) -> Given:
    """A rulebook and everything that a contest under it gives."""
    return Maker(draw).given()
