"""Prizes and titles: from ranks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from competition.recount.given import Decision, Json, Line, effect
from competition.recount.numbers import ZERO, finished, number, rounded

Chosen = Mapping[str, Sequence[Sequence[str]]]  # tier → the groups for which it was decided who gets it


@dataclass(frozen=True)
class Share:
    """The places of one tier; ``last`` None: to the end."""

    tier: Json
    first: int
    last: int | None


def give(lines: Sequence[Line], rule: Json, document: Json, scope: str, decisions: Iterable[Decision]) -> None:
    """Write the awards into the lines: the one prize first, then the titles."""
    chosen: dict[str, list[Sequence[str]]] = {}
    for one in decisions:
        if one.scope.startswith(f"award:{scope}:"):
            chosen.setdefault(one.scope.rpartition(":")[2], []).append(one.order)
    prizes: dict[str, str] = {}
    titles: dict[str, list[str]] = {}
    for award in rule.get("awards", ()):
        for share, line in _winners(award, lines, document, chosen):
            if share.tier.get("kind") == "title":
                titles.setdefault(line.entry, []).append(share.tier["key"])
            else:
                prizes.setdefault(line.entry, share.tier["key"])
    for line in lines:
        line.awards = [*([prizes[line.entry]] if line.entry in prizes else []), *titles.get(line.entry, [])]


def _winners(award: Json, lines: Sequence[Line], document: Json, chosen: Chosen) -> list[tuple[Share, Line]]:
    shares = _shares(award, _base(lines, document))
    if award.get("border", "follow_rank") == "quota":
        given = _by_quota(shares, lines, chosen)
    else:
        given = [(share, line) for share in shares for line in lines if line.rank is not None and _within(share, line.rank)]
    return [(share, line) for share, line in given if _may_have(share.tier, line, document)]


def _base(lines: Sequence[Line], document: Json) -> int:
    """How many took part."""
    return sum(line.status == "OK" or effect(document, line.status).took_part for line in lines)


def _may_have(tier: Json, line: Line, document: Json) -> bool:
    if line.status != "OK" and not effect(document, line.status).prizes:
        return False
    return "minimum" not in tier or (line.value or ZERO) >= number(tier["minimum"])


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


def _by_quota(shares: Sequence[Share], lines: Sequence[Line], chosen: Chosen) -> list[tuple[Share, Line]]:
    """Nobody beyond the places of a tier; who shares a rank across its border is decided by the chief judge."""
    ranked = [line for line in lines if line.rank is not None]
    groups = [list(group) for _rank, group in groupby(sorted(ranked, key=lambda line: line.rank or 0), key=lambda line: line.rank)]
    found: list[tuple[Share, Line]] = []
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
            found += [(share, line) for line in winners]
            got |= {line.entry for line in winners}
    return found
