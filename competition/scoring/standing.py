"""Drafts → rows: rank them, settle ties, give out prizes, and say why."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import compress, count, repeat
from operator import is_not

from competition.scoring import awards, exact
from competition.scoring.award_steps import award_step
from competition.scoring.derivation import Step
from competition.scoring.draft import INCOMPLETE, OK, Draft, Writer
from competition.scoring.figures import Shown
from competition.scoring.inputs import Decision, Entry
from competition.scoring.model import Event, Rulebook, TeamRule, Total
from competition.scoring.problems import Problem
from competition.scoring.ranking import Ladder, Placing
from competition.scoring.scores import Row
from competition.scoring.standing_steps import figure_name, why

Delegations = Mapping[str, str | None]
Scope = Event | Total | TeamRule
Reasons = tuple[Step | None, ...]  # why somebody has the awards
Given = tuple[Mapping[str, tuple[str, ...]], Mapping[str, Reasons]]  # awards, and why, by entry


@dataclass(slots=True)
class Kept:
    """One ranking as it was the last time, by place: the placing there (of those without rank the draft), candidate and row."""

    ladder: Ladder
    stood: Sequence[Placing | Draft] = ()
    given: Given = ({}, {})
    # Who may win; None for somebody who may not.
    candidates: dict[int, awards.Ranked | None] = field(default_factory=dict)
    rows: dict[int, Row] = field(default_factory=dict)


@dataclass(slots=True)
class Standing:
    """Ranks one event, total or team rule after another and keeps account of decisions."""

    rulebook: Rulebook
    decisions: Sequence[Decision]
    write: Writer
    problems: list[Problem]
    used: set[int]
    delegations: tuple[Delegations, Delegations] = ({}, {})  # of entries, of teams
    kept: dict[str, Kept] = field(default_factory=dict)  # by scope

    def rows(self, kind: str, scope: Scope, drafts: Mapping[str, Draft], changed: Collection[str]) -> tuple[Row, ...]:
        """The rows of one ranking: ranked ones first, then those out of it. ``changed``: whose drafts are not those of the last time.

        Where the same placing stands with the same awards, the row is that of the last time.
        """
        here = f"{kind}:{scope.key}"
        kept = self._kept(here, scope, drafts, changed)
        places = self._ranked(here, scope, drafts, kept.ladder)
        others = sorted([draft for draft in drafts.values() if draft.value is None], key=_out_of_ranking)
        stood, kept.stood = kept.stood, (*places, *others)
        # The same placing comes of the same draft only.
        moved = [*compress(count(), map(is_not, kept.stood, stood or repeat(None)))]
        if scope.awards:
            kept.candidates |= {place: self._candidate(scope, drafts, kept.stood[place]) for place in moved}
            given, kept.given = kept.given, self._awards(here, scope, drafts, kept.candidates.values())
            moved = moved if given == kept.given else [*range(len(kept.stood))]
        shown = _shown(scope)
        kept.rows |= {place: self._row(scope, drafts, kept.stood[place], kept.given, shown) for place in moved}
        return tuple(kept.rows.values())

    def _kept(self, here: str, scope: Scope, drafts: Mapping[str, Draft], changed: Collection[str]) -> Kept:
        """What is known of the last time, with the drafts of now on the ladder."""
        if here in self.kept and len(changed) < len(drafts):
            for entry in changed:
                self.kept[here].ladder.put(drafts[entry])
        else:
            descending = not (isinstance(scope, Event) and scope.result == "time")
            self.kept[here] = Kept(Ladder(drafts, scope.ranking, descending=descending))
        return self.kept[here]

    def _row(self, scope: Scope, drafts: Mapping[str, Draft], who: Placing | Draft, given: Given, shown: Callable[[str], bool]) -> Row:
        placing, draft = (None, who) if isinstance(who, Draft) else (who, drafts[who.entry])
        awarded, reasons = given[0].get(who.entry, ()), given[1].get(who.entry, ())
        return Row(
            draft.entry,
            draft.value,
            None if placing is None else placing.rank,
            draft.status,
            awarded[0] if awarded else None,
            awarded,
            Shown(draft.figures, shown),
            draft.derivation,
            why(self.rulebook, scope, draft, placing, reasons, self.write),
            draft.team,
        )

    def _ranked(self, here: str, scope: Scope, drafts: Mapping[str, Draft], ladder: Ladder) -> tuple[Placing, ...]:
        mine = [index for index, item in enumerate(self.decisions) if item.scope == here]
        result = ladder.ranking([self.decisions[index] for index in mine])
        self.used |= {mine[index] for index in result.used}
        if result.undecided:
            ties = tuple(figure_name(self.rulebook, scope, step.figure) for step in scope.ranking.ties)
            for tied in result.undecided:
                detail = {"value": exact.text(drafts[tied[0]].value or exact.ZERO)}
                self.problems.append(Problem("tie.forbidden", here, scope.name.zh, tied, criteria=ties, detail=detail))
        return result.placings

    def _awards(self, here: str, scope: Scope, drafts: Mapping[str, Draft], candidates: Iterable[awards.Ranked | None]) -> Given:
        people = [one for one in candidates if one is not None]
        prefix = f"award:{here}:"
        decided = {
            item.scope.removeprefix(prefix): (index, item.order)
            for index, item in enumerate(self.decisions)
            if item.scope.startswith(prefix)
        }
        base = self.base(drafts)
        result = awards.assign(scope.awards, people, base, {tier: order for tier, (_, order) in decided.items()})
        self.used |= {index for tier, (index, _) in decided.items() if tier in result.used}
        for conflict in result.conflicts:
            detail = {"tier": conflict.tier.name.zh, "tier_key": conflict.tier.key, "left": str(conflict.left)}
            self.problems.append(Problem("award.border", here, scope.name.zh, conflict.entries, detail=detail))
        settled = {tier: self.decisions[index] for tier, (index, _) in decided.items() if tier in result.used}
        return result.awards, self._reasons(result, base, settled) if self.write.explained else {}

    def _reasons(self, result: awards.Awarded, base: int, decided: Mapping[str, Decision]) -> Mapping[str, Reasons]:
        """Why somebody has the awards; the step of a tier without a decision is one and the same for all."""
        steps: dict[tuple[int, str, bool], Step | None] = {}
        reasons: dict[str, Reasons] = {}
        for entry in {**result.prizes, **result.titles}:
            found = []
            for won in result.won(entry):
                decision = decided.get(won.tier.key)
                decision = decision if decision is not None and entry in decision.order else None
                place = (id(won.rule), won.tier.key, decision is not None)
                if place not in steps:
                    steps[place] = award_step(won, base, decision, self.write)
                found.append(steps[place])
            reasons[entry] = tuple(found)
        return reasons

    def _candidate(self, scope: Scope, drafts: Mapping[str, Draft], who: Placing | Draft) -> awards.Ranked | None:
        draft = drafts[who.entry]
        if isinstance(who, Draft) or who.rank is None or not self._may_win(draft.status):
            return None
        delegation = self.delegations[isinstance(scope, TeamRule)].get(draft.entry)
        return awards.Ranked(draft.entry, who.rank, draft.value or Decimal(0), draft.figures, draft.team, delegation)

    def base(self, drafts: Mapping[str, Draft]) -> int:
        """How many took part, for percentages."""
        effects = self.rulebook.outcomes
        statuses = [draft.status for draft in drafts.values()]
        known = {status: statuses.count(status) for status in set(statuses)}
        return sum(count for status, count in known.items() if status in {OK, INCOMPLETE} or effects[status].took_part)

    def _may_win(self, status: str) -> bool:
        return status == OK or self.rulebook.outcomes[status].prizes


def _out_of_ranking(draft: Draft) -> tuple[bool, str, str]:
    """Unfinished ones first, then by outcome."""
    return draft.status != INCOMPLETE, draft.status, draft.entry


def _shown(scope: Scope) -> Callable[[str], bool]:
    """Which figures a row shows: an event's all; of a total or team its parts, the time and what the chain asks for."""
    if isinstance(scope, Event):
        return lambda _name: True
    asked = {step.figure for step in scope.ranking.ties}
    return lambda name: "." not in name or name in asked


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
