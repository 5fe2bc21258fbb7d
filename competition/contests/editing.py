"""What the pages of the draft share: the document that is shown, what is wrong with it, where one goes on."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from competition.contests.models import Contest, RulebookDraft, RulebookVersion
from competition.contests.queries import find_rulebook
from competition.contests.rules_flaws import Flaw, flaw_of, whole_title
from competition.contests.rules_outline import Document, Element, outline
from competition.contests.service_drafts import find_draft, keys_used, no_rulebook, seen_of
from competition.scoring import rulebook as rulebooks
from competition.scoring.model import Rulebook


@dataclass
class Desk:
    """The rulebook on the desk: the draft, or the version in force while there is none."""

    contest: Contest
    draft: RulebookDraft | None
    version: RulebookVersion | None

    @classmethod
    def of(cls, contest: Contest) -> "Desk":
        """The desk of a contest."""
        return cls(contest, find_draft(contest.id), find_rulebook(contest.id))

    @property
    def document(self) -> Document | None:
        """What is edited; None while nothing was begun."""
        found = self.draft or self.version
        return found.document if found else None

    @property
    def seen(self) -> str:
        """For the forms of the page."""
        return seen_of(self.draft, self.version)

    @cached_property
    def _read(self) -> tuple[Rulebook, tuple[rulebooks.Fault, ...]]:
        return rulebooks.read(self.document or {})

    @property
    def book(self) -> Rulebook:
        """The rulebook as far as it can be read."""
        return self._read[0]

    @cached_property
    def elements(self) -> list[Element]:
        """The outline."""
        return outline(self.document or {})

    @cached_property
    def flaws(self) -> list[Flaw]:
        """Everything that is wrong, in the order of the outline."""
        found = [flaw_of(self.document or {}, fault) for fault in self._read[1]]
        order = {one.address: place for place, one in enumerate(self.elements)}
        return sorted(found, key=lambda one: order[one.element.address])

    @property
    def given(self) -> Document:
        """The document; raises RuleBroken where there is none yet."""
        if self.document is None:
            raise no_rulebook()
        return self.document

    def title(self, element: Element) -> str:
        """What a thing is called, with what it stands in."""
        return whole_title(self.document or {}, element)

    @property
    def is_frozen(self) -> bool:
        """Do two people decide?"""
        return self.version is not None and self.version.frozen_at is not None

    def element(self, address: str) -> Element | None:
        """The thing with this address."""
        return next((one for one in self.elements if one.address == address), None)


def key_maker(contest_id: uuid.UUID, document: Document) -> Callable[[str], str]:
    """Gives keys that nothing ever had: a letter and a number."""
    used = keys_used(contest_id, document)

    def make(start: str) -> str:
        number = 1
        while f"{start}{number}" in used:
            number += 1
        used.add(f"{start}{number}")
        return f"{start}{number}"

    return make


def prize_maker(contest_id: uuid.UUID, document: Document) -> Callable[[str, str], str]:
    """Keys for rows: a prize of a name that the rulebook has already shares its key."""
    make = key_maker(contest_id, document)
    rules = [rule for kind in ("events", "totals", "teams") for scope in document.get(kind) or [] for rule in scope.get("awards") or []]
    known = {_chinese(tier.get("name")): str(tier.get("key")) for rule in rules for tier in rule.get("tiers") or []}

    def key(start: str, name: str) -> str:
        return known[name] if start == "p" and name in known else make(start)

    return key


def _chinese(name: object) -> str:
    return str(name.get("zh", "")) if isinstance(name, dict) else str(name or "")
