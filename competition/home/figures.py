"""The figures of the year for who only looks: of the places of the own unions, or of everything."""

from dataclasses import dataclass

from sqlalchemy import select

from competition.core.access import holds_everywhere, scopes_of
from competition.core.actors import Actor
from competition.core.database import db
from competition.counting.queries import WHOLE, cells_of
from competition.organisations.models import Region, Union
from competition.organisations.rules import HOME_PROVINCE
from competition.participation.models_targets import Target


@dataclass(frozen=True)
class Place:
    """One place in one year: persons and person-times so far, and the target, if one is set."""

    code: str
    name: str
    year: int
    persons: int
    person_times: int
    target: int | None

    @property
    def is_whole(self) -> bool:
        """Everything, and not a part of it."""
        return self.code == WHOLE


def places_of(actor: Actor, year: int) -> list[Place]:
    """The places a leader looks at, the widest first, in four statements."""
    names = _codes(actor)
    cells = cells_of(names, str(year))
    targets = {t.scope_code: t.persons for t in db.session.scalars(select(Target).where(Target.scope_code.in_(names), Target.year == year))}
    return [
        Place(code, name, year, cells[code].persons if code in cells else 0, cells[code].person_times if code in cells else 0,
              targets.get(code))
        for code, name in names.items()
    ]


def _codes(actor: Actor) -> dict[str, str]:
    """Codes of places with their names; the home province's union stands for everything."""
    regions = select(Union.region_code).where(Union.id.in_(scopes_of(actor, "union", "leader")))
    found: dict[str, str] = dict(db.session.execute(select(Region.code, Region.name).where(Region.code.in_(regions))).all())
    if holds_everywhere(actor, "leader") or HOME_PROVINCE in found:
        return {WHOLE: ""}
    return dict(sorted(found.items()))
