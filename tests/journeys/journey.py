"""Everybody who takes part in the journey, each with a browser of their own, and what they learn on the way."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser

from tests.journeys.people import Person
from tests.journeys.site import Site

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"


@dataclass
class Journey:
    """The running house, the folder for papers, and the people by who they are."""

    browser: Browser
    site: Site
    folder: Path
    people: dict[str, Person] = field(default_factory=dict)

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

    def picture(self, key: str, name: str, *, whole: bool = False) -> None:
        """Keep what this person sees as a picture for the README, when asked to or when there is none yet."""
        path = PICTURES / f"{name}.png"
        if os.environ.get("COMP_PICTURES") == "1" or not path.exists():
            PICTURES.mkdir(parents=True, exist_ok=True)
            self.people[key].picture(path, whole=whole)
