"""Everybody who takes part in the journey, each with a browser of their own, and what they learn on the way."""

from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser

from tests.journeys.day import ABSENT, Lot
from tests.journeys.diplomas import Certificate
from tests.journeys.judging import Card
from tests.journeys.people import Person
from tests.journeys.site import Site


@dataclass
class Journey:
    """The running house, the folder for papers, and the people by who they are."""

    browser: Browser
    site: Site
    folder: Path
    people: dict[str, Person] = field(default_factory=dict)
    lots: dict[str, dict[str, Lot]] = field(default_factory=dict)
    cards: dict[str, list[Card]] = field(default_factory=dict)
    certificates: list[Certificate] = field(default_factory=list)

    def person(self, key: str, device: str = "desk") -> Person:
        """Somebody with a browser of their own; the same one every time."""
        if key not in self.people:
            self.people[key] = Person(self.browser, self.site.address, device=device)
        return self.people[key]

    def __getitem__(self, key: str) -> Person:
        return self.people[key]

    def leave(self, key: str) -> None:
        """Somebody goes home."""
        self.people.pop(key).context.close()

    def codes(self, event: str) -> list[str]:
        """The works that are made, in a fixed order: those of who came."""
        return sorted(code for code, lot in self.lots[event].items() if lot.name != ABSENT.name)

    def code_of(self, event: str, name: str) -> str:
        """The work of this contestant: known to the coding judge, and at last to everybody."""
        return next(code for code, lot in self.lots[event].items() if lot.name == name)
