"""Prizes and titles: from ranks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from competition.recount.given import Decision, Given, Json, Line, effect
from competition.recount.numbers import ZERO, finished, number, rounded

Chosen = Mapping[str, Sequence[Sequence[str]]]  # tier → the groups for which it was decided who gets it


@dataclass(frozen=True)
class Share:
    """The places of one tier; ``last`` None: to the end."""

    tier: Json
    first: int
    last: int | None


@dataclass(frozen=True)
class Groups:
    """To which team and delegation an id belongs."""

    team: Mapping[str, str | None]
    delegation: Mapping[str, str | None]


@dataclass(frozen=True)
class Ranking:
    """Lines in rank order with the rule that they follow."""

    lines: Sequence[Line]
    rule: Json
    scope: str
    groups: Groups


def people_of(given: Given) -> tuple[Groups, Groups]:
    """The groups of entries, and those of teams: a team's delegation is the one that all of its members share."""
    entries = Groups({one.id: one.team for one in given.entries}, {one.id: one.delegation for one in given.entries})
    shared: dict[str, str | None] = {}
    for one in given.entries:
        if one.team is not None:
            same = one.team not in shared or shared[one.team] == one.delegation
            shared[one.team] = one.delegation if same else None
    return entries, Groups({}, shared)


def give(ranking: Ranking, document: Json, decisions: Iterable[Decision]) -> None:
    """Write the awards into the lines: the one prize first, then the titles."""
    chosen: dict[str, list[Sequence[str]]] = {}
    for one in decisions:
        if one.scope.startswith(f"award:{ranking.scope}:"):
            chosen.setdefault(one.scope.rpartition(":")[2], []).append(one.order)
    prizes: dict[str, str] = {}
    titles: dict[str, list[str]] = {}
    for award in ranking.rule.get("awards", ()):
        for tier, line in _winners(award, ranking, document, chosen):
            if tier.get("kind") == "title":
                titles.setdefault(line.entry, []).append(tier["key"])
            else:
                prizes.setdefault(line.entry, tier["key"])
    for line in ranking.lines:
        line.awards = [*([prizes[line.entry]] if line.entry in prizes else []), *titles.get(line.entry, [])]


Won = list[tuple[Json, Line]]


def _winners(award: Json, ranking: Ranking, document: Json, chosen: Chosen) -> Won:
    base = _base(ranking.lines, document)
    may = [line for line in ranking.lines if line.rank is not None and (line.status == "OK" or effect(document, line.status).prizes)]
    tiers = [tier for tier in award["tiers"] if base >= tier.get("field_from", 0)]

    def reached(won: Won) -> Won:
        return [(tier, line) for tier, line in won if tier in tiers and _reaches(tier, line)]

    if award["by"] == "lines":
        best = ((line, next((tier for tier in tiers if _reaches(tier, line)), None)) for line in may)
        return [(tier, line) for line, tier in best if tier is not None]
    if award["by"] == "medals":
        medals = reached(_medals(award, may))
        return medals + reached(_medallion(award, may, {line.entry for _tier, line in medals}))
    if award["by"] == "best_of":
        return reached(_best_of(award, may, ranking.groups))
    shares = _shares(award, base)
    if award.get("border", "follow_rank") == "quota":
        return [(tier, line) for tier, line in reached(_by_quota(shares, ranking.lines, chosen)) if line in may]
    return reached([(share.tier, line) for share in shares for line in may if _within(share, line.rank or 0)])


def _reaches(tier: Json, line: Line) -> bool:
    """Does a line reach the lowest figure and all bounds of a tier?"""
    if "minimum" in tier and (line.value or ZERO) < number(tier["minimum"]):
        return False
    return all(_in_bounds(need, line.figures.get(need["figure"])) for need in tier.get("needs", ()))


def _in_bounds(need: Json, figure: Fraction | None) -> bool:
    if figure is None:
        return False
    return ("least" not in need or figure >= number(need["least"])) and ("most" not in need or figure <= number(need["most"]))


def _medals(award: Json, lines: Sequence[Line]) -> Won:
    """Gold, silver and bronze: whoever is within so many points of the one before."""
    within = number(award.get("within", 2))
    waiting = list(lines)

    def take(below: Fraction | None = None) -> list[Line]:
        """The next and all within of it, or those within of a figure."""
        if not waiting:
            return []
        top = (waiting[0].value or ZERO) if below is None else below
        taken = [line for line in waiting if (line.value or ZERO) >= top - within]
        waiting[:] = [line for line in waiting if line not in taken]
        return taken

    gold, silver, bronze = take(), [], []
    if len(gold) == 1:
        silver = take()
        bronze = take() if len(silver) == 1 else take(silver[-1].value) if silver else []
    elif gold:
        bronze = take() if len(gold) == 2 else take(gold[-1].value)
    tiers = award["tiers"]
    return [(tiers[place], line) for place, won in enumerate((gold, silver, bronze)) for line in won]


def _medallion(award: Json, lines: Sequence[Line], have: set[str]) -> Won:
    """The fourth tier: everyone else from a figure on."""
    rest = award["tiers"][3:]
    return [(tier, line) for tier in rest for line in lines if line.entry not in have and (line.value or ZERO) >= number(tier["from"])]


def _best_of(award: Json, lines: Sequence[Line], groups: Groups) -> Won:
    """The best of each team or delegation; equals all of them."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        group = (groups.team if award["of"] == "team" else groups.delegation).get(line.entry)
        if group is not None:
            found.setdefault(group, []).append(line)
    return [(award["tiers"][0], line) for own in found.values() for line in own if line.rank == min(one.rank or 0 for one in own)]


def _base(lines: Sequence[Line], document: Json) -> int:
    """How many took part."""
    return sum(line.status == "OK" or effect(document, line.status).took_part for line in lines)


def _within(share: Share, rank: int) -> bool:
    return share.first <= rank and (share.last is None or rank <= share.last)


def _shares(award: Json, base: int) -> list[Share]:
    if award["by"] == "ranks":
        return [Share(tier, tier["from"], tier.get("to")) for tier in award["tiers"]]
    if award["by"] == "half":
        return [Share(award["tiers"][0], award["after"] + 1, base // 2)]
    found: list[Share] = []
    percent, counted, last = ZERO, 0, 0
    for tier in award["tiers"]:
        share = number(tier["percent"])
        percent += share
        if award.get("count", "each") == "each":
            people = _people(award, base, share)
        else:
            people = _people(award, base, percent) - counted
            counted += people
        if not found:
            people = max(people, award.get("at_least", 0))
        found.append(Share(tier, last + 1, last + people))
        last += people
    return found


def _people(award: Json, base: int, percent: Fraction) -> int:
    return finished(rounded(percent * base / 100, {"places": 0, "mode": award.get("rounding", "half_up")}))


def _by_quota(shares: Sequence[Share], lines: Sequence[Line], chosen: Chosen) -> Won:
    """Nobody beyond the places of a tier; who shares a rank across its border is decided by the chief judge."""
    ranked = [line for line in lines if line.rank is not None]
    groups = [list(group) for _rank, group in groupby(sorted(ranked, key=lambda line: line.rank or 0), key=lambda line: line.rank)]
    found: Won = []
    got: set[str] = set()
    for share in shares:
        place = 0
        for group in groups:
            first, place = place + 1, place + len(group)
            left = [line for line in group if line.entry not in got]
            # Of a group that a tier before has begun, the last places are left.
            begin = first + len(group) - len(left)
            if not left or place < share.first or (share.last is not None and begin > share.last):
                continue
            if share.last is None or place <= share.last:
                winners = left
            else:
                names = {line.entry for line in left}
                order = next((order for order in chosen.get(share.tier["key"], ()) if set(order) <= names), ())
                winners = [line for line in left if line.entry in order]
            found += [(share.tier, line) for line in winners]
            got |= {line.entry for line in winners}
    return found
