"""From figures to what would be published: frozen lines, the payload, its hash, and what a second calculation finds. No writing."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from competition.core.audit import canonical
from competition.recount import comparing
from competition.recount.comparing import Difference
from competition.results import rules, rules_recount
from competition.results.standing import Computed, Who
from competition.scoring import exact
from competition.scoring.scores import Row
from competition.scoring.wording import N_

FORMAT = 2
NAMED = N_("%(name)s，%(who)s：%(difference)s。")


@dataclass(frozen=True)
class DraftRow:
    """One line as it would be published: the columns of ``PublishedRow``."""

    who: str
    position: int
    rank: int | None
    value: str | None
    status: str
    award: str | None
    award_name: str | None
    awards: tuple[str, ...]
    public_name: str
    team_name: str
    delegation_name: str
    region_name: str
    members: tuple[str, ...]
    figures: Mapping[str, str]
    derivation: Mapping[str, Any] | None
    standing: Mapping[str, Any] | None
    person: Who

    def said(self) -> dict[str, Any]:
        """The line in the payload: all of it, the explanations by their hash."""
        names = ("who", "position", "rank", "value", "status", "award", "award_name", "public_name", "team_name",
                 "delegation_name", "region_name")
        plain = {name: getattr(self, name) for name in names}
        explained = digest({"derivation": self.derivation, "standing": self.standing})
        return {**plain, "members": list(self.members), "awards": list(self.awards), "figures": dict(self.figures),
                "explained": explained}


@dataclass(frozen=True)
class Draft:
    """One scope as it would be published. ``digest`` is the exact thing that two people agree on."""

    scope: str
    name: str
    parts: Mapping[str, str]
    rows: tuple[DraftRow, ...]
    payload: Mapping[str, Any]
    digest: str


def digest(value: Any) -> str:
    """The hash of plain data."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def draft(computed: Computed, wanted: Iterable[str]) -> dict[str, Draft]:
    """The drafts of the wanted scopes and of all that they stand on, parts first."""
    made: dict[str, Draft] = {}
    for scope in rules.with_parts(computed.scopes, wanted):
        made[scope] = _draft(computed, scope, {part: made[part].digest for part in computed.scopes[scope].parts})
    return made


def _draft(computed: Computed, scope: str, parts: Mapping[str, str]) -> Draft:
    known = computed.scopes[scope]
    rows = tuple(_row(computed, scope, number, row) for number, row in enumerate(_ordered(computed, scope), start=1))
    payload = {
        "format": FORMAT, "contest": str(computed.contest.id), "scope": scope, "name": known.name,
        "rulebook": computed.version.digest, "rulebook_version": computed.version.number, "parts": dict(parts),
        "rows": [row.said() for row in rows],
    }
    return Draft(scope, known.name, parts, rows, payload, digest(payload))


def _ordered(computed: Computed, scope: str) -> list[Row]:
    """By rank; who shares one, or has none, by number and name."""
    def place(row: Row) -> tuple[bool, int, str, str, str, str]:
        who = computed.people.get(row.entry) or Who(row.entry)
        return (row.rank is None, row.rank or 0, row.status, who.number, who.name, row.entry)

    return sorted(computed.rows(scope), key=place)


def _row(computed: Computed, scope: str, position: int, row: Row) -> DraftRow:
    rule, who = computed.scopes[scope].rule, computed.people.get(row.entry) or Who(row.entry)
    if computed.scopes[scope].kind == "team":
        who = team_of(computed, row.entry)
    return DraftRow(
        who=row.entry, position=position, rank=row.rank, value=None if row.value is None else exact.text(row.value),
        status=row.status, award=row.award, award_name=rules.award_words(rule, row.awards) or None, awards=row.awards,
        public_name=who.name, team_name=who.team, delegation_name=who.delegation, region_name=who.region,
        members=who.members,
        figures={key: exact.text(value) for key, value in row.figures.items()},
        derivation=None if row.derivation is None else row.derivation.to_json(),
        standing=None if row.standing is None else row.standing.to_json(), person=who,
    )


def team_of(computed: Computed, team: str) -> Who:
    """A team as its members name it; of a ranking of sums, those whose figures are summed."""
    members = sorted((p for p in computed.people.values() if p.member_of == team), key=lambda p: (p.number, p.name))
    if not members:
        return computed.people.get(team) or Who(team)
    return Who(team, name=members[0].team, delegation=members[0].delegation, team_id=members[0].own_team_id,
               members=tuple(p.name for p in members))


def differences(drafts: Mapping[str, Draft], computed: Computed) -> list[str]:
    """A sentence for each figure, rank and award that a second, independent calculation finds otherwise."""
    to, lines = computed.wording, {scope: made.rows for scope, made in drafts.items()}
    names = {(scope, row.who): row.public_name for scope, rows in lines.items() for row in rows}

    def said(one: Difference) -> str:
        rule = computed.scopes[one.scope].rule
        words = rules_recount.say(one, lambda keys: rules.award_words(rule, keys.split(","), to), to)
        who = names.get((one.scope, one.entry)) or computed.label(one.entry)
        return to.say(NAMED, name=to.name(drafts[one.scope].name), who=who, difference=words)

    if computed.recounted is None:
        raise ValueError("what is to be published was not counted a second time")
    return [said(one) for one in comparing.differences(computed.document, computed.recounted, lines)]
