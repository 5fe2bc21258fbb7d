"""Who says that somebody was there, and which of them counts: one person counts once in an activity. Pure.

The same person can be named for one activity by the door of the contest itself and by the rosters of several unions. All of
that is kept. What counts is chosen by what the claims say and never by the order in which they came, so that any order of
imports, corrections and withdrawals ends at the same figures.
"""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from competition.counting.rules_counting import Values


class Claim(NamedTuple):
    """One of them: ``standing`` with what it ``says`` (place and frozen values, for the choice alone)."""

    fact: int
    activity: int
    present_on: date
    is_own: bool
    standing: int
    says: tuple[str, Values]
    is_live: bool


def elect(claims: Iterable[Claim]) -> dict[int, Claim]:
    """By activity the one that counts: first presence first, then the contest's own door, then by what they say."""
    chosen: dict[int, Claim] = {}
    for claim in claims:
        if claim.is_live and (claim.activity not in chosen or _rank(claim) < _rank(chosen[claim.activity])):
            chosen[claim.activity] = claim
    return chosen


def _rank(claim: Claim) -> tuple[date, bool, tuple[str, Values]]:
    return claim.present_on, not claim.is_own, claim.says
