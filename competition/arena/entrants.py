"""How an entrant, a person or a team, is named, grouped and found in lists. Works on loaded rows."""

from competition.arena.rules_draw import Lot, plain
from competition.registration.models import Delegation, Entrant, Entry, Team


def team_of(entrant: Entrant) -> Team | None:
    """The team itself, or the team of the person."""
    return entrant.team if entrant.team is not None else (entrant.entry.team if entrant.entry else None)


def delegation_of(entrant: Entrant) -> Delegation | None:
    """The delegation the entrant came with."""
    if entrant.entry is not None and entrant.entry.delegation is not None:
        return entrant.entry.delegation
    team = team_of(entrant)
    return team.delegation if team else None


def key_of(entrant: Entrant) -> str:
    """What the entrant is called in public lists: the contestant's number, the team's name."""
    return (entrant.entry.number or "") if entrant.entry is not None else plain(entrant.team.name if entrant.team else "")


def name_of(entrant: Entrant) -> str:
    """The person's or the team's name."""
    return entrant.entry.name if entrant.entry is not None else (entrant.team.name if entrant.team else "")


def called(entrant: Entrant) -> str:
    """How staff speak of an entrant: number and name of a person, the team's name."""
    return f"{key_of(entrant)} {name_of(entrant)}".strip() if entrant.entry is not None else name_of(entrant)


def group_of(entrant: Entrant) -> str:
    """What is spread over the batches: the delegation, else the team, else the union through which the entrant was entered:
    who comes from one union comes together also where nobody made delegations."""
    delegation, team = delegation_of(entrant), team_of(entrant)
    union = entrant.entry.union if entrant.entry is not None else None
    said = delegation or team
    return plain(said.name if said else union.name_zh if union else "") or key_of(entrant)


def lot_of(entrant: Entrant) -> Lot:
    """The entrant as the draw sees it."""
    return Lot(key_of(entrant), group_of(entrant))


def members_of(entrant: Entrant) -> list[Entry]:
    """The entries that take part: the person's own, or those of the team's members who are approved."""
    if entrant.entry is not None:
        return [entrant.entry]
    entries = entrant.team.entries if entrant.team else []
    return sorted((e for e in entries if e.state == "approved" and e.team_role == "member"), key=lambda e: e.number or "")
