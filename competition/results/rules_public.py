"""What of a published line the public may see: the one function that decides it. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from flask_babel import gettext as _

from competition.results.rules import Change, award_read
from competition.scoring.wording import Wording

_SHOWN = ("rank", "award", "name", "added", "removed")


class PublishedLine(Protocol):
    """A published line."""

    @property
    def who(self) -> str: ...
    @property
    def rank(self) -> int | None: ...
    @property
    def public_name(self) -> str: ...
    @property
    def team_name(self) -> str: ...
    @property
    def delegation_name(self) -> str: ...
    @property
    def region_name(self) -> str: ...
    @property
    def award_name(self) -> str | None: ...
    @property
    def members(self) -> Sequence[str]: ...


@dataclass(frozen=True)
class PublicLine:
    """All that anybody may know of a line. There is no figure here, and nobody without a rank."""

    rank: int
    name: str
    team: str
    delegation: str
    region: str
    award: str
    members: tuple[str, ...] = ()

    @property
    def place(self) -> list[str]:
        """Team, delegation, region, without saying again what a name before already says."""
        said: list[str] = []
        for name in (self.team, self.delegation, self.region):
            stem = name.removesuffix("代表团")
            if stem and not any(stem in earlier for earlier in said):
                said.append(name)
        return said


def public_lines(rows: Iterable[PublishedLine], to: Wording) -> list[PublicLine]:
    """The lines with a rank; whoever is out of the ranking is not named."""
    return [
        PublicLine(row.rank, row.public_name, row.team_name, row.delegation_name, row.region_name, award_read(row.award_name, to),
                   tuple(row.members))
        for row in rows if row.rank is not None
    ]


def objection(days: int, host: str) -> str:
    """How somebody objects to a result: within the public notice of ``days`` working days, if the contest has one."""
    if not days:
        return str(_("本赛事成绩不公示。对成绩有异议的，请尽快书面向赛事组委会（%(host)s）提出，写明项目和理由；"
                     "随代表队参赛的，由领队提出。", host=host))
    return str(_("对成绩有异议的，请在发布后 %(n)s 个工作日的公示期内书面向赛事组委会（%(host)s）提出，写明项目和理由；"
                 "随代表队参赛的，由领队提出。", n=days, host=host))


def public_changes(changes: Iterable[Change], before: Sequence[PublishedLine], after: Sequence[PublishedLine]) -> list[Change]:
    """What a correction changed as far as the public sees it: ranks, awards and names of those who have a rank."""
    ranked = {row.who for rows in (before, after) for row in rows if row.rank is not None}
    return [c for c in changes if c.who in ranked and c.what in _SHOWN]
