"""One event: every entry's figure, before ranks."""

from collections.abc import Mapping
from fractions import Fraction

from competition.scoring import exact
from competition.scoring.derivation import Fact, Step
from competition.scoring.draft import INCOMPLETE, OK, Draft, Writer
from competition.scoring.each import ONE_BY_ONE
from competition.scoring.event_input import EventInput
from competition.scoring.figures import Figures
from competition.scoring.judged import Judged, Verdict
from competition.scoring.model import Deduction, Rulebook, TimeRule
from competition.scoring.paper import ANSWERS, mark
from competition.scoring.problems import Problem
from competition.scoring.rounding import round_to
from competition.scoring.times import TimeEffect, effect


class Desk:
    """Scores the works of one event. ``accepted``: entries whose wide spread the chief judge has accepted."""

    def __init__(self, rulebook: Rulebook, here: EventInput, write: Writer, accepted: set[str]) -> None:
        self.event = here.event
        self.here = here
        self.write = write
        self.rounding = rulebook.stage("event", here.event)
        self.problems: list[Problem] = []  # of the work at hand
        self.judged = Judged(rulebook, here, write, accepted)
        self.make = self.judged.make
        timed = here.entries if here.event.time is not None else ()
        self.times = {entry: seconds for entry in timed if here.outcome(entry) is None and (seconds := self._time(entry)) is not None}
        # Places are counted among the works that no repeated violation took out.
        self.finishers = [seconds for entry, seconds in self.times.items() if self._deducted_out(entry) is None]
        self.nothing_off = self._taken_off({})

    def draft(self, entry: str) -> Draft:
        """One entry's figure, or the reason why it has none."""
        outcome = self.here.outcome(entry) or (self._deducted_out(entry) if entry in self.here.figures else None)
        if outcome is not None:
            made = self._standing(entry, outcome)
        elif self.event.kind == "theory":
            made = self._theory(entry)
        elif self.event.result == "time":
            made = self._timed(entry)
        else:
            made = self._practical(entry)
        made.team = self.here.entries[entry].team
        if self.problems:
            made.problems, self.problems = self.problems, []
        return made

    def _standing(self, entry: str, status: str, steps: tuple[Step | None, ...] = (), *, late: bool = False, agreed: bool = False) -> Draft:
        """A figure fixed by an outcome: none, or zero."""
        value = round_to(exact.ZERO, self.rounding) if status == "ZERO" else None
        figures = {} if value is None else {"score": exact.ZERO}
        if entry in self.times and value is not None:
            figures["time"] = self.times[entry]
        facts: dict[str, Fact] = {"status": status, "late": late}
        if agreed:
            facts["agreed"] = True
        step = self.write.step("outcome", self.event.name.zh, "" if value is None else value, steps, facts)
        return Draft(entry, status, value, figures, step)

    def _report(self, code: str, entry: str) -> None:
        self.problems.append(self.here.problem(code, entry))

    def _incomplete(self, entry: str) -> Draft:
        return self._standing(entry, INCOMPLETE)

    def _theory(self, entry: str) -> Draft:
        known = self.here.figures.get(entry, {})
        written = known.get("theory")
        if len(known) > (written is not None):
            return self._paper(entry, known)
        if written is None:
            self._report("theory.missing", entry)
            return self._incomplete(entry)
        score = exact.fraction(written)
        made = self.write.step("imported", self.event.name.zh, score)
        return self._done(entry, score, {}, made)

    def _paper(self, entry: str, known: Mapping[str, str]) -> Draft:
        """The figure that answers come to, section by section."""
        if "theory" in known:
            self._report("theory.twice", entry)
            return self._incomplete(entry)
        sections = () if self.event.paper is None else self.event.paper.sections
        missing = [item.name.zh for item in sections if ANSWERS + item.key not in known]
        if missing:
            self.problems.append(self.here.problem("answers.missing", entry, criteria=missing))
        if missing or any(item.key not in self.here.keys for item in sections):
            return self._incomplete(entry)
        marked = {item.key: mark(item, self.here.keys[item.key], known[ANSWERS + item.key]) for item in sections}
        steps = [self.write.step("paper.section", item.name.zh, marked[item.key].points, (), marked[item.key].facts(item))
                 for item in sections]
        figures = {key: one.points for key, one in marked.items()}
        total = exact.add(figures.values())
        parts = tuple((item.name.zh, exact.text(figures[item.key])) for item in sections)
        facts: dict[str, Fact] = {"parts": parts, "sum": exact.text(total)}
        made = self.write.step("paper", self.event.name.zh, max(exact.ZERO, total), steps, facts)
        return self._done(entry, max(exact.ZERO, total), figures, made)

    def _practical(self, entry: str) -> Draft:
        judged = self.judged.work(entry, self.problems)
        clock = self.event.time
        if clock is not None and entry not in self.times:
            self._report("time.missing", entry)
            return self._incomplete(entry)
        if judged is None:
            return self._incomplete(entry)
        if judged.outcome:
            return self._standing(entry, judged.outcome, (judged.made,), agreed=True)
        if clock is None and entry not in self.here.figures and self.event.ceiling is None:
            # Nothing changes what the judges say, which is never below zero.
            return self._done(entry, judged.total, {"judges": judged.total, **self.nothing_off}, judged.made, judged)
        return self._changed(entry, judged, clock)

    def _changed(self, entry: str, judged: Verdict, clock: TimeRule | None) -> Draft:
        """The judges' figure, changed by the time and by deductions."""
        figures = {"judges": judged.total}
        change: list[tuple[Fraction, Step | None]] = [(judged.total, judged.made)]
        if clock is not None:
            seconds = self.times[entry]
            result = effect(clock, seconds, self.finishers)
            step = self._time_step(clock, seconds, result)
            figures |= {"time": seconds, "time_points": result.points}
            if result.verdict in {"zero", "out"}:
                status = "ZERO" if result.verdict == "zero" else "OUT"
                return self._standing(entry, status, (judged.made, step), late=True)
            change.append((result.points, step))
        taken = self._deductions(entry)
        figures |= self._taken_off(taken)
        for amount, step in taken.values():
            change.append((-amount, step))
        score, made = self._balance(change)
        return self._done(entry, score, figures, made, judged)

    def _balance(self, change: list[tuple[Fraction, Step | None]]) -> tuple[Fraction, Step | None]:
        """Everything added up, not below zero and not above the ceiling."""
        total = exact.add(amount for amount, _ in change)
        score = max(exact.ZERO, self._capped(total))
        if len(change) == 1 and score == total:
            return score, change[0][1]
        facts: dict[str, Fact] = {
            "parts": tuple(exact.text(amount) for amount, _ in change),
            "sum": exact.text(total),
        }
        return score, self.write.step("balance", self.event.name.zh, score, [step for _, step in change], facts)

    def _capped(self, total: Fraction) -> Fraction:
        return total if self.event.ceiling is None else min(total, self.event.ceiling)

    def _done(
        self, entry: str, exactly: Fraction, figures: dict[str, Fraction], made: Step | None, judged: Verdict | None = None
    ) -> Draft:
        """The published figure; ``judged`` knows those that are not in ``figures``."""
        figures["score"], printed, made = self.write.published(self.event.name.zh, exactly, self.rounding, made)
        if judged is None:
            return Draft(entry, OK, printed, Figures(figures), made)
        return Draft(entry, OK, printed, Figures(figures, self.judged.plan.names, self.make, judged.of), made)

    def _timed(self, entry: str) -> Draft:
        """The time itself with its penalty seconds; less is better."""
        if entry not in self.times or self.event.time is None:
            self._report("time.missing", entry)
            return self._incomplete(entry)
        seconds = self.times[entry]
        result = effect(self.event.time, seconds)
        step = self._time_step(self.event.time, seconds, result)
        if result.verdict:
            return self._standing(entry, "OUT", (step,), late=True)
        taken = self._deductions(entry)
        figures = {"time": seconds, "time_points": result.points, **self._taken_off(taken)}
        change = [(seconds, step), *taken.values()]
        total = exact.add(amount for amount, _ in change)
        facts: dict[str, Fact] = {"parts": tuple(exact.text(amount) for amount, _ in change)}
        made = self.write.step("seconds", self.event.name.zh, total, [step for _, step in change], facts)
        return self._done(entry, total, figures, made)

    def _time(self, entry: str) -> Fraction | None:
        """Seconds used, less the seconds given back; None when not recorded."""
        known = self.here.figures.get(entry, {})
        if self.event.time is None or "time_s" not in known:
            return None
        back = exact.fraction(known.get("time_back_s", "0"))
        return max(exact.ZERO, exact.fraction(known["time_s"]) - back)

    def _time_step(self, rule: TimeRule, seconds: Fraction, result: TimeEffect) -> Step | None:
        facts: dict[str, Fact] = {
            "seconds": exact.text(seconds),
            "limit": str(rule.limit),
            "grace": str(rule.grace),
            "over": exact.text(result.over),
            "early": exact.text(result.early),
            "units": str(result.units),
            "verdict": result.verdict,
            "ahead_of": str(result.ahead_of),
            "stop_after": "" if rule.beyond is None else str(rule.beyond),
            **_unit_facts(rule, result),
        }
        return self.write.step("time", self.event.name.zh, result.points, (), facts)

    def _deductions(self, entry: str) -> dict[str, tuple[Fraction, Step | None]]:
        """What each recorded deduction takes off, after its own cap."""
        known = self.here.figures.get(entry, {})
        return {item.key: self._deduction(item, exact.fraction(known[item.key])) for item in self.event.deductions if item.key in known}

    def _taken_off(self, taken: Mapping[str, tuple[Fraction, Step | None]]) -> dict[str, Fraction]:
        """The figures of all deductions: nothing where nothing was reported."""
        figures = {item.key: taken[item.key][0] if item.key in taken else exact.ZERO for item in self.event.deductions}
        return {**figures, "deducted": exact.add(figures.values())}

    def _deduction(self, item: Deduction, reported: Fraction) -> tuple[Fraction, Step | None]:
        times = item.each.times(reported) if item.input == "count" else reported
        full = times * item.per
        amount = full if item.cap is None else min(full, item.cap)
        facts: dict[str, Fact] = {
            "input": item.input,
            "reported": exact.text(reported),
            **_each_facts(item, times),
            "per": exact.text(item.per),
            "full": exact.text(full),
            "cap": "" if item.cap is None else exact.text(item.cap),
            "seconds": self.event.result == "time",
        }
        return amount, self.write.step("deduction", item.name.zh, amount, (), facts)

    def _deducted_out(self, entry: str) -> str | None:
        """The outcome that a repeated violation brings by itself."""
        known = self.here.figures[entry]
        for item in self.event.deductions:
            reached = item.outcome_from is not None and item.key in known
            if reached and item.outcome_from is not None and exact.fraction(known[item.key]) >= item.outcome_from:
                return item.outcome
        return None


def _each_facts(item: Deduction, times: Fraction | int) -> dict[str, Fact]:
    """How many of them count as one, where not each does."""
    if item.each == ONE_BY_ONE:
        return {}
    return {"each": str(item.each.size), "started": item.each.started, "times": exact.text(Fraction(times))}


def _unit_facts(rule: TimeRule, result: TimeEffect) -> dict[str, Fact]:
    """The unit of time that was counted, if any."""
    unit = rule.early if result.early else rule.over
    if rule.placing is not None:
        unit = rule.placing.late
    if unit is None:
        return {}
    return {"unit_s": str(unit.unit), "unit_points": exact.text(unit.points), "started": unit.started}
