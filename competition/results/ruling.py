"""By which rules a contest is computed: those in force, or those that might follow them."""

import uuid
from collections.abc import Mapping
from typing import Any

from competition.contests import queries as contests
from competition.results.standing import VersionFacts
from competition.scoring.model import Rulebook
from competition.scoring.rulebook import load

Ruling = tuple[VersionFacts, Rulebook, Mapping[str, Any]]


def ruling(contest_id: uuid.UUID, proposed: Mapping[str, Any] | None = None) -> Ruling:
    """The version, its rules and its document; of a sound ``proposed`` document as if it followed the version in force."""
    version = contests.current_rulebook(contest_id)
    if proposed is None:
        return VersionFacts(version.id, version.number, version.digest), contests.load_rules(version), version.document
    rulebook = load(proposed)
    return VersionFacts(version.id, version.number + 1, rulebook.digest), rulebook, proposed
