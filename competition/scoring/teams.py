"""Teams: what the figures of their members come to."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from competition.scoring import exact
from competition.scoring.derivation import Fact, Step
from competition.scoring.draft import INCOMPLETE, OK, Draft, Writer
from competition.scoring.inputs import Entry
from competition.scoring.model import Event, Part, Rulebook, TeamRule
from competition.scoring.parts import Drafts, Inside, inside, published, reference, scope_of, written
from competition.scoring.problems import Problem
from competition.scoring.rounding import round_to
from competition.scoring.scores import Row
from competition.scoring.team_figures import Figures, Line
from competition.scoring.team_points import Points

_Member = tuple[Fact, ...]  # entry, what counts, its points (of sums the same), status without a result


class TeamDesk:
    """Computes one team rule, team by team."""

    def __init__(
        self,
        rulebook: Rulebook,
        team: TeamRule,
        below: Mapping[str, Drafts],
        rows: Mapping[str, Sequence[Row]],
        write: Writer,
        problems: list[Problem],
    ) -> None:
        """``below`` and ``rows``: drafts and rankings of events and totals, by key."""
        self.rulebook, self.team, self.write, self.problems = rulebook, team, write, problems
        self.below = {key: below[key] for key in team.below}
        self.parts = tuple(inside(rulebook, part, Fraction(team.full)) for part in team.parts or (Part(team.of, None),))
        self.rounding = rulebook.stage("team", team)
        self.standing = {row.entry: (place, row) for place, row in enumerate(rows[team.by])} if team.by else {}
        self.by_points = team.method in {"places", "prizes"}
        self.points = Points(rulebook, team, rows[team.of] if self.by_points else ())
        self.figures = Figures(team, self.parts, self.below, self.standing)

    def drafts(self, people: Sequence[Entry]) -> list[Draft]:
        """The drafts of all teams that have a member in this ranking, by key."""
        groups: dict[str, list[str]] = {}
        for entry in sorted({item.id: item for item in people}.values(), key=lambda item: item.id):
            if entry.team is not None and any(entry.id in self.below[key] for key in self.team.combined):
                groups.setdefault(entry.team, []).append(entry.id)
        lines = [self._line(team, members) for team, members in sorted(groups.items())]
        widest = max((line.places for line in lines), default=0)
        return [self._draft(line, widest) for line in lines]

    # ---- who counts --------------------------------------------------------------------------

    def _line(self, team: str, members: list[str]) -> Line:
        size, best = self.team.size, self.team.best
        if size is not None and len(members) > size:
            self._report("team.too_large", team, members, count=str(len(members)), size=str(size))
        if best is None:
            return Line(team, tuple(members), tuple(members), (), max(size or 0, len(members)))
        ranked = sorted((entry for entry in members if self._is_ranked(entry)), key=lambda entry: self.standing[entry][0])
        self._check_border(team, ranked, best)
        counted = tuple(sorted(ranked[:best]))
        idle = tuple(entry for entry in members if entry not in ranked)[: best - len(counted)]
        return Line(team, tuple(members), counted, idle, best)

    def _is_ranked(self, entry: str) -> bool:
        return entry in self.standing and self.standing[entry][1].value is not None

    def _check_border(self, team: str, ranked: Sequence[str], best: int) -> None:
        """Nobody is chosen silently among those of one rank, if it makes a difference who counts."""
        border = self.standing[ranked[best - 1]][1].rank if len(ranked) > best else None
        tied = [entry for entry in ranked if border is not None and self.standing[entry][1].rank == border]
        split = tied and tied[-1] in ranked[best:]
        if split and len({self._brings(entry) for entry in tied}) > 1:
            scope = scope_of(self.rulebook, self.team.by)
            ranking = f"{'event' if isinstance(scope, Event) else 'total'}:{scope.key}"
            self._report("team.tied", team, sorted(tied), count=str(best), what=scope.name.zh, ranking=ranking)

    def _brings(self, entry: str) -> tuple[Fraction | None, ...]:
        """All that a member can change of the team's figure and of what it is compared by."""
        values = [published(self.below[part.key].get(entry)) for part in self.parts]
        points = (self.points.of(entry),) if self.by_points else ()
        return (*values, *points, *(value for value, _whole in self.figures.own(entry)))

    def _report(self, code: str, team: str, entries: Sequence[str], **detail: str) -> None:
        scope, title = f"team:{self.team.key}", self.team.name.zh
        self.problems.append(Problem(code, scope, title, tuple(entries), detail={"team": team, **detail}))

    # ---- the figure --------------------------------------------------------------------------

    def _draft(self, line: Line, widest: int) -> Draft:
        status = self._status(line)
        if status != OK:
            facts: dict[str, Fact] = {"status": status, "late": False}
            steps = self._references(line, self.parts)
            return Draft(line.team, status, None, {}, self.write.step("outcome", self.team.name.zh, "", steps, facts))
        if self.team.parts:
            value, made = self._by_parts(line)
        elif self.by_points:
            value, made = self._by_points(line)
        else:
            value, made = self._combined(line, self.parts[0], self.team.name.zh)
        value, made = self.write.rounded(self.team.name.zh, value, self.rounding, made)
        figures, partial = self.figures.of(line, widest)
        return Draft(line.team, OK, round_to(value, self.rounding), {**figures, "score": value}, made, partial)

    def _status(self, line: Line) -> str:
        keys = self.team.below
        if any(self._status_in(key, entry) == INCOMPLETE for key in keys for entry in line.members):
            return INCOMPLETE
        if not any(self._has(part, entry) for part in self.parts for entry in line.counted):
            return self._fallen(line.members[0])
        if self.team.missing == "zero":
            return OK
        without = [entry for entry in line.counted if not all(self._has(part, entry) for part in self.parts)]
        lacking = sorted((*without, *line.idle))
        if lacking:
            return self._fallen(lacking[0])
        return OK if len(line.counted) == line.places else "ABSENT"

    def _status_in(self, key: str, entry: str) -> str:
        draft = self.below[key].get(entry)
        return OK if draft is None else draft.status

    def _has(self, part: Inside, entry: str) -> bool:
        draft = self.below[part.key].get(entry)
        return draft is not None and draft.value is not None

    def _fallen(self, entry: str) -> str:
        """Why a member has no figure: the first outcome; whoever did not enter was absent."""
        found = (self._status_in(key, entry) for key in self.team.below)
        return next((status for status in found if status != OK), "ABSENT")

    def _combined(self, line: Line, part: Inside, label: str) -> tuple[Fraction, Step | None]:
        """One part over the members: their sum or mean."""
        drafts = self.below[part.key]
        value = line.divided(exact.add(published(drafts.get(entry)) for entry in line.counted), self.team)
        if not self.write.explained:
            return value, None
        members = [self._member(entry, written(drafts.get(entry)), self._has(part, entry)) for entry in line.counted]
        members += [self._member(entry, "0", has=False) for entry in line.idle]
        code = "team.mean" if self.team.method == "mean" else "team"
        steps = self._references(line, (part,))
        return value, self.write.step(code, label, value, steps, {"members": tuple(members), **self._how_many(line)})

    def _member(self, entry: str, figure: str, has: bool) -> _Member:
        return entry, figure, "" if has else self._fallen(entry)

    def _how_many(self, line: Line) -> dict[str, Fact]:
        facts: dict[str, Fact] = {"places": line.places}
        return facts | ({"best": self.team.best} if self.team.best is not None else {})

    def _references(self, line: Line, parts: Iterable[Inside]) -> list[Step | None]:
        people = (*line.counted, *line.idle)
        found = [(part, self.below[part.key].get(entry)) for part in parts for entry in people]
        return [reference(part.key, part.name, draft, self.write) for part, draft in found if draft is not None]

    def _by_parts(self, line: Line) -> tuple[Fraction, Step | None]:
        """Every part over the members, then the parts by their weights."""
        combined = [(part, *self._combined(line, part, part.name)) for part in self.parts]
        shares = [part.share(value) for part, value, _step in combined]
        total = exact.add(shares)
        rows: Fact = tuple(
            (part.name, *map(exact.text, (value, part.weight or exact.ZERO, part.full or exact.ZERO, share)), "")
            for (part, value, _step), share in zip(combined, shares, strict=True)
        )
        facts: dict[str, Fact] = {"parts": rows, "full": exact.text(Fraction(self.team.full))}
        return total, self.write.step("team.weighted", self.team.name.zh, total, [step for *_rest, step in combined], facts)

    def _by_points(self, line: Line) -> tuple[Fraction, Step | None]:
        """Places or prizes of the members, in points."""
        value = exact.add(self.points.of(entry) for entry in line.counted)
        if not self.write.explained:
            return value, None
        part = self.parts[0]
        members = tuple(
            (entry, self.points.what(entry), exact.text(self.points.of(entry)), "" if self._has(part, entry) else self._fallen(entry))
            for entry in (*line.counted, *line.idle)
        )
        steps = self._references(line, self.parts)
        facts: dict[str, Fact] = {"members": members, **self._how_many(line)}
        return value, self.write.step(f"team.{self.team.method}", self.team.name.zh, value, steps, facts)
