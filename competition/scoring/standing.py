"""Drafts → rows: rank them, settle ties, give out prizes, and say why."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from competition.scoring import awards, exact
from competition.scoring.award_steps import award_step
from competition.scoring.derivation import Step
from competition.scoring.draft import INCOMPLETE, OK, Draft, Writer
from competition.scoring.figures import Shown
from competition.scoring.inputs import Decision, Entry
from competition.scoring.model import Event, Rulebook, TeamRule, Total
from competition.scoring.problems import Problem
from competition.scoring.ranking import Groups, Placing, rank
from competition.scoring.scores import Row
from competition.scoring.standing_steps import figure_name, why

Delegations = Mapping[str, str | None]
Scope = Event | Total | TeamRule
Reasons = tuple[Step | None, ...]  # why somebody has the awards
Made = tuple[Draft, Placing | None, tuple[str, ...], Row, Reasons]


@dataclass(slots=True)
class Standing:
    """Ranks one event, total or team rule after another and keeps account of decisions."""

    rulebook: Rulebook
    decisions: Sequence[Decision]
    write: Writer
    problems: list[Problem]
    used: set[int]
    delegations: tuple[Delegations, Delegations] = ({}, {})  # of entries, of teams
    keeps: bool = True  # whether anything is kept for a next time
    kept: dict[str, dict[str, Made]] = field(default_factory=dict)  # rows by scope, then entry, with what they were made from

    groups: dict[str, Groups] = field(default_factory=dict)  # by scope, groups of an equal figure
    # Who may win (None: nothing), by scope, then entry, with the placing it was made of.
    candidates: dict[str, dict[str, tuple[Placing, awards.Ranked | None]]] = field(default_factory=dict)

    def rows(self, kind: str, scope: Scope, drafts: Sequence[Draft]) -> tuple[Row, ...]:
        """The rows of one ranking: ranked ones first, then those out of it.

        A row whose draft, rank and awards are those of the last time is the row of the last time.
        """
        here = f"{kind}:{scope.key}"
        places = self._ranked(here, scope, drafts)
        given, reasons = self._awards(here, scope, drafts, places)
        by_entry = {draft.entry: draft for draft in drafts}
        others = sorted((draft for draft in drafts if draft.value is None), key=_out_of_ranking)
        shown = _shown(scope)
        kept = self.kept.setdefault(here, {})
        rows = []
        for placing in places:
            entry = placing.entry
            last, why_given = kept.get(entry), reasons.get(entry, ()) if reasons else ()
            # The same placing comes of the same draft only.
            if last is not None and last[1] is placing and last[2] == given.get(entry, ()) and last[4] == why_given:
                rows.append(last[3])
            else:
                rows.append(self._row(scope, by_entry[entry], placing, given.get(entry, ()), why_given, shown, kept))
        return tuple(rows + [self._row(scope, draft, None, (), (), shown, kept) for draft in others])

    def _row(
        self,
        scope: Scope,
        draft: Draft,
        placing: Placing | None,
        given: tuple[str, ...],
        reasons: Reasons,
        shown: Callable[[str], bool],
        kept: dict[str, Made],
    ) -> Row:
        last = kept.get(draft.entry)
        if last is not None and last[0] is not draft:
            last = None
        if last is not None and last[1:3] == (placing, given) and last[4] == reasons:
            return last[3]
        row = Row(
            draft.entry,
            draft.value,
            None if placing is None else placing.rank,
            draft.status,
            given[0] if given else None,
            given,
            Shown(draft.figures, shown) if last is None else last[3].figures,
            draft.derivation,
            why(self.rulebook, scope, draft, placing, reasons, self.write),
            draft.team,
        )
        if self.keeps:
            kept[draft.entry] = (draft, placing, given, row, reasons)
        return row

    def _ranked(self, here: str, scope: Scope, drafts: Sequence[Draft]) -> tuple[Placing, ...]:
        mine = [index for index, item in enumerate(self.decisions) if item.scope == here]
        descending = not (isinstance(scope, Event) and scope.result == "time")
        result = rank(
            drafts,
            scope.ranking,
            [self.decisions[index] for index in mine],
            descending=descending,
            groups=self.groups.setdefault(here, {}) if self.keeps else None,
        )
        self.used |= {mine[index] for index in result.used}
        if result.undecided:
            values = {draft.entry: draft.value for draft in drafts}
            chain = tuple(figure_name(self.rulebook, scope, step.figure) for step in scope.ranking.ties)
            for tied in result.undecided:
                detail = {"value": exact.text(values[tied[0]] or exact.ZERO)}
                self.problems.append(Problem("tie.forbidden", here, scope.name.zh, tied, criteria=chain, detail=detail))
        return result.placings

    def _awards(
        self, here: str, scope: Scope, drafts: Sequence[Draft], places: Sequence[Placing]
    ) -> tuple[Mapping[str, tuple[str, ...]], Mapping[str, Reasons]]:
        if not scope.awards:
            return {}, {}
        people = self._people(scope, drafts, places)
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

    def _people(self, scope: Scope, drafts: Sequence[Draft], places: Sequence[Placing]) -> list[awards.Ranked]:
        """Those who may win, in the order of ranks; made anew where the placing is another one."""
        by_entry = {draft.entry: draft for draft in drafts}
        kept = self.candidates.setdefault(scope.key, {})
        people = []
        for placing in places:
            last = kept.get(placing.entry)
            if last is None or last[0] is not placing:
                last = kept[placing.entry] = placing, self._candidate(scope, by_entry[placing.entry], placing)
            if last[1] is not None:
                people.append(last[1])
        return people

    def _candidate(self, scope: Scope, draft: Draft, placing: Placing) -> awards.Ranked | None:
        if placing.rank is None or not self._may_win(draft.status):
            return None
        delegation = self.delegations[isinstance(scope, TeamRule)].get(draft.entry)
        return awards.Ranked(draft.entry, placing.rank, draft.value or Decimal(0), draft.figures, draft.team, delegation)

    def base(self, drafts: Sequence[Draft]) -> int:
        """How many took part, for percentages."""
        effects = self.rulebook.outcomes
        statuses = [draft.status for draft in drafts]
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
