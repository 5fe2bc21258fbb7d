"""One event: theory, judged work, or the time itself."""

from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction

from competition.recount import clock
from competition.recount.given import Entry, Given, Json, Line
from competition.recount.judges import Judged, Work
from competition.recount.marking import times
from competition.recount.numbers import ZERO, number, rounded
from competition.recount.papers import answered
from competition.recount.sheets import Missing, Sheets, sheets_of
from competition.recount.spread import keeps_back

Reported = Mapping[str, Mapping[str, str]]  # entry → figure → text

NO_RESULT = ("ABSENT", "WITHDRAWN", "DISQUALIFIED", "RESULT_CANCELLED", "OUT")


def event_lines(given: Given, event: Json) -> list[Line]:
    """A line for everybody who entered the event; who lacks something is INCOMPLETE."""
    entries = [one for one in given.entries if one.events is None or event["key"] in one.events]
    reported: dict[str, dict[str, str]] = defaultdict(dict)
    for figure in given.figures:
        if figure.event == event["key"]:
            reported[figure.entry][figure.key] = figure.value
    sheets = sheets_of(given, event, [one.id for one in entries])
    stages = {**given.document.get("rounding", {})}
    if "rounding" in event:
        stages["event"] = event["rounding"]
    accepted = {one.scope.split(":", 2)[2] for one in given.decisions if one.scope.startswith(f"spread:{event['key']}:")}
    desk = _Desk(event, stages, sheets, reported, accepted)
    desk.keys = {one.section: one.answers for one in given.keys if one.event == event["key"]}
    desk.in_time = [used for one in entries if (used := desk.time_of_ranked(one)) is not None]
    return [desk.line(one) for one in entries]


class _Desk:
    """What is known of one event while its works are counted."""

    def __init__(self, event: Json, stages: Json, sheets: Sheets, reported: Reported, accepted: set[str]) -> None:
        self.event, self.stages, self.sheets, self.reported, self.accepted = event, stages, sheets, reported, accepted
        self.in_time: list[Fraction] = []
        self.keys: dict[str, str] = {}

    def line(self, entry: Entry) -> Line:
        """The whole line, but for rank and awards."""
        line = Line(entry.id)
        code = entry.outcomes.get(self.event["key"]) or entry.outcomes.get("*")
        try:
            if code is None:
                code = self._count(line)
        except Missing:
            code = "INCOMPLETE"
        if code is not None:
            time = line.figures.get("time")
            line.status, line.figures, line.value = code, {}, None
            if code == "ZERO":
                line.value, line.figures = ZERO, {"score": ZERO}
                line.figures |= {} if time is None else {"time": time}
        return line

    def _count(self, line: Line) -> str | None:
        """Fill in value and figures; the outcome where one follows from what was reported."""
        if self.event["kind"] == "theory":
            total, line.figures = self._theory(line.entry)
            line.value = rounded(total, self.stages.get("event"))
            line.figures["score"] = line.value
            return None
        code, deducted = self._deductions(line)
        if code is not None:
            line.figures = {"time": self._used(line.entry)} if "time_s" in self.reported[line.entry] and "time" in self.event else {}
            return code
        timed = self.event.get("result") == "time"
        judged = Judged() if timed else self._judged(line.entry)
        code = judged.outcome
        line.figures.update(judged.figures)
        line.figures["deducted"] = deducted
        total = judged.total
        if not timed:
            line.figures["judges"] = judged.total
        if "time" in self.event:
            used = self._used(line.entry)
            said = clock.clock(self.event["time"], used, self.in_time)
            line.figures["time"] = used
            code = code or ("OUT" if timed and said.then else {"out": "OUT", "zero": "ZERO"}.get(said.then or ""))
            line.figures["time_points"] = ZERO if timed else said.points
            total = used + deducted if timed else total + said.points
        if not timed:
            total = max(ZERO, total - deducted)
            if "ceiling" in self.event:
                total = min(total, number(self.event["ceiling"]))
        line.value = rounded(total, self.stages.get("event"))
        line.figures["score"] = line.value
        return code

    def _theory(self, entry: str) -> tuple[Fraction, dict[str, Fraction]]:
        """The figure that was brought in, or what the answers are worth with the points of the sections; never both."""
        said = dict(self.reported[entry])
        if "theory" in said and len(said) > 1:
            raise Missing(entry)
        if "theory" in said or "paper" not in self.event:
            if "theory" not in said:
                raise Missing(entry)
            return number(said["theory"]), {}
        sections = answered(self.event["paper"], self.keys, said)
        if sections is None:
            raise Missing(entry)
        return max(ZERO, sum(sections.values(), ZERO)), sections

    def _judged(self, entry: str) -> Judged:
        work = Work(self.event, self.stages, self.sheets, entry)
        judged = work.judged()
        if not judged.outcome and entry not in self.accepted and keeps_back(work):
            raise Missing(entry)
        return judged

    def _deductions(self, line: Line) -> tuple[str | None, Fraction]:
        """The outcome that follows, and everything that is taken off."""
        total, code = ZERO, None
        for rule in self.event.get("deductions", ()):
            reported = number(self.reported[line.entry].get(rule["key"], 0))
            lost = reported if rule.get("input") == "points" else times(rule, reported) * number(rule["per"])
            lost = min(lost, number(rule["cap"])) if "cap" in rule else lost
            follows = rule.get("outcome")
            if follows and reported >= follows["from"]:
                code = code or follows["code"]
            line.figures[rule["key"]] = lost
            total += lost
        return code, total

    def _used(self, entry: str) -> Fraction:
        said = self.reported[entry]
        if "time_s" not in said:
            raise Missing(entry)
        return max(ZERO, number(said["time_s"]) - number(said.get("time_back_s", 0)))

    def time_of_ranked(self, entry: Entry) -> Fraction | None:
        """The time of a work that was in time, where places count; None if an outcome or a deduction has taken it out."""
        if "placing" not in self.event.get("time", {}) or "time_s" not in self.reported[entry.id]:
            return None
        if entry.outcomes.get(self.event["key"]) or entry.outcomes.get("*") or self._deductions(Line(entry.id))[0]:
            return None
        used = self._used(entry.id)
        return used if clock.is_in_time(self.event["time"], used) else None
