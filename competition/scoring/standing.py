"""Drafts → rows: rank them, settle ties, give out prizes, and say why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from competition.scoring import awards, exact, ranking
from competition.scoring.derivation import Fact, Step
from competition.scoring.draft import INCOMPLETE, OK, Draft, Writer
from competition.scoring.inputs import Decision, Entry
from competition.scoring.model import Event, Rulebook, TeamRule, Total
from competition.scoring.problems import Problem
from competition.scoring.scores import Row
from competition.scoring.wording import FIGURES, PLACE, plain

Delegations = Mapping[str, str | None]


@dataclass(slots=True)
class Standing:
    """Ranks one event, total or team rule after another and keeps account of decisions."""

    rulebook: Rulebook
    decisions: Sequence[Decision]
    write: Writer
    problems: list[Problem]
    used: set[int]
    delegations: tuple[Delegations, Delegations] = ({}, {})  # of entries, of teams

    def rows(self, kind: str, scope: Event | Total | TeamRule, drafts: Sequence[Draft]) -> tuple[Row, ...]:
        """The rows of one ranking: ranked ones first, then those out of it."""
        here = f"{kind}:{scope.key}"
        ranked = [draft for draft in drafts if draft.value is not None]
        places = self._ranked(here, scope, ranked)
        given = self._awards(here, scope, drafts, places)
        by_entry = {draft.entry: draft for draft in drafts}
        order = [placing.entry for placing in places]
        others = sorted(
            (draft for draft in drafts if draft.value is None),
            key=lambda draft: (draft.status != INCOMPLETE, draft.status, draft.entry),
        )
        placing_of = {placing.entry: placing for placing in places}
        return tuple(
            self._row(scope, by_entry[entry], placing_of.get(entry), given.get(entry, ()))
            for entry in (*order, *(draft.entry for draft in others))
        )

    def _ranked(self, here: str, scope: Event | Total | TeamRule, drafts: Sequence[Draft]) -> tuple[ranking.Placing, ...]:
        mine = [index for index, item in enumerate(self.decisions) if item.scope == here]
        result = ranking.rank(
            [
                ranking.Candidate(
                    draft.entry,
                    Fraction(draft.value or 0),
                    draft.figures,
                    draft.partial,
                    last=draft.status == "ZERO",
                )
                for draft in drafts
            ],
            scope.ranking,
            [self.decisions[index] for index in mine],
            descending=not (isinstance(scope, Event) and scope.result == "time"),
        )
        self.used |= {mine[index] for index in result.used}
        values = {draft.entry: draft.value for draft in drafts}
        chain = tuple(self._figure_name(scope, step.figure) for step in scope.ranking.ties)
        for tied in result.undecided:
            value = values[tied[0]]
            detail = {"value": "" if value is None else exact.text(value)}
            self.problems.append(Problem("tie.forbidden", here, scope.name.zh, tied, criteria=chain, detail=detail))
        return result.placings

    def _awards(
        self,
        here: str,
        scope: Event | Total | TeamRule,
        drafts: Sequence[Draft],
        places: Sequence[ranking.Placing],
    ) -> Mapping[str, tuple[str, ...]]:
        if not scope.awards:
            return {}
        by_entry = {draft.entry: draft for draft in drafts}
        people = [
            self._candidate(scope, by_entry[placing.entry], placing.rank)
            for placing in places
            if placing.rank is not None and self._may_win(by_entry[placing.entry].status)
        ]
        prefix = f"award:{here}:"
        decided = {
            item.scope.removeprefix(prefix): (index, item.order)
            for index, item in enumerate(self.decisions)
            if item.scope.startswith(prefix)
        }
        result = awards.assign(scope.awards, people, self.base(drafts), {tier: order for tier, (_, order) in decided.items()})
        self.used |= {index for tier, (index, _) in decided.items() if tier in result.used}
        for conflict in result.conflicts:
            detail = {"tier": conflict.tier.name.zh, "tier_key": conflict.tier.key, "left": str(conflict.left)}
            self.problems.append(Problem("award.border", here, scope.name.zh, conflict.entries, detail=detail))
        return result.awards

    def _candidate(self, scope: Event | Total | TeamRule, draft: Draft, rank: int) -> awards.Ranked:
        delegation = self.delegations[isinstance(scope, TeamRule)].get(draft.entry)
        return awards.Ranked(draft.entry, rank, Fraction(draft.value or 0), draft.figures, draft.team, delegation)

    def base(self, drafts: Sequence[Draft]) -> int:
        """How many took part, for percentages."""
        effects = self.rulebook.outcomes
        return sum(draft.status in {OK, INCOMPLETE} or effects[draft.status].took_part for draft in drafts)

    def _may_win(self, status: str) -> bool:
        return status == OK or self.rulebook.outcomes[status].prizes

    def _row(
        self,
        scope: Event | Total | TeamRule,
        draft: Draft,
        placing: ranking.Placing | None,
        given: tuple[str, ...],
    ) -> Row:
        return Row(
            entry=draft.entry,
            value=draft.value,
            rank=None if placing is None else placing.rank,
            status=draft.status,
            award=given[0] if given else None,
            awards=given,
            figures=_shown_figures(scope, draft),
            derivation=draft.derivation,
            standing=self._why(scope, draft, placing),
            team=draft.team,
        )

    def _why(self, scope: Event | Total | TeamRule, draft: Draft, placing: ranking.Placing | None) -> Step | None:
        """Why this rank, or why none."""
        if not self.write.explained:
            return None
        if placing is None:
            facts: dict[str, Fact] = {"status": draft.status}
            return self.write.step("rank.none", scope.name.zh, "", (), facts)
        steps = [
            self.write.step(
                "rank.tie",
                self._figure_name(scope, item.figure),
                item.value,
                (),
                {
                    "figure": item.figure,
                    "order": "desc" if item.descending else "asc",
                    "with": item.others,
                    "count": item.count,
                    "separated": item.separated,
                },
            )
            for item in placing.compared
        ]
        facts = {
            "figure": "" if draft.value is None else exact.text(draft.value),
            "shared_with": placing.shared_with,
            "count": placing.shared,
            "decided": placing.decided.reason if placing.decided else "",
            "lot": placing.decided is not None and placing.decided.by == "lot",
            "zero": draft.status == "ZERO",
        }
        return self.write.step("rank", scope.name.zh, "" if placing.rank is None else str(placing.rank), steps, facts)

    def _figure_name(self, scope: Event | Total | TeamRule, path: str) -> str:
        """A named figure of a ranking in Chinese: ``practical.time`` → 实操综合成绩·用时."""
        places: dict[str, Event | Total | TeamRule] = {item.key: item for item in self.rulebook.events}
        places |= {item.key: item for item in self.rulebook.totals}
        here, names = scope, []
        if isinstance(scope, TeamRule) and path.startswith("place_"):
            return plain(PLACE, n=path.removeprefix("place_"))
        for key in path.split("."):
            if isinstance(here, Event):
                inside = {item.key: item.name.zh for item in here.criteria} | {item.key: item.name.zh for item in here.deductions}
                names.append(inside.get(key) or FIGURES.get(key, key))
            else:
                here = places.get(key, here)
                names.append(here.name.zh if key in places else FIGURES.get(key, key))
        return "·".join(names)


def _shown_figures(scope: Event | Total | TeamRule, draft: Draft) -> dict[str, exact.Number]:
    """An event's figures; of a total or team its parts, the time and what the chain asks for."""
    asked = {step.figure for step in scope.ranking.ties}
    return {
        name: exact.number(value) for name, value in draft.figures.items() if isinstance(scope, Event) or "." not in name or name in asked
    }


def delegations(people: Sequence[Entry]) -> tuple[Delegations, Delegations]:
    """The delegations of entries, and of teams: the one that all members of a team share."""
    shared: dict[str, set[str | None]] = {}
    for entry in people:
        if entry.team is not None:
            shared.setdefault(entry.team, set()).add(entry.delegation)
    teams = {team: found.pop() if len(found) == 1 else None for team, found in shared.items()}
    return {entry.id: entry.delegation for entry in people}, teams


def unused(rulebook: Rulebook, decisions: Sequence[Decision], used: set[int], scopes: set[str]) -> list[Problem]:
    """Decisions that fit nothing as things stand: told, but no obstacle by themselves."""
    problems = []
    for index, item in enumerate(decisions):
        if index in used:
            continue
        known = item.scope in scopes or item.scope.startswith(("award:", "spread:"))
        code = "decision.unused" if known else "decision.unknown"
        detail = {"scope": _scope_name(rulebook, item.scope)}
        problems.append(Problem(code, item.scope, rulebook.name.zh, detail=detail, blocking=not known))
    return problems


def _scope_name(rulebook: Rulebook, scope: str) -> str:
    """What a decision is about, in names: ``award:event:basic:gold`` → 基本功·金奖; the scope itself where there are none."""
    scopes: tuple[Event | Total | TeamRule, ...] = (*rulebook.events, *rulebook.totals, *rulebook.teams)
    names = {item.key: item.name.zh for item in scopes} | {key: name.zh for key, name in rulebook.award_names.items()}
    return "·".join(names[key] for key in scope.split(":") if key in names) or scope
