"""The source of a batch, and those that a contest offers."""

import uuid
from typing import Any

from competition.certificates.models import Batch
from competition.certificates.source import Source
from competition.certificates.source_people import Appearances, Judges, Units, Volunteers
from competition.certificates.source_published import Only, Published
from competition.certificates.source_roster import Roster
from competition.core.database import get
from competition.results.models import Publication

# Sources that need no more than the contest, by their scope.
WHOLE: dict[str, type[Appearances] | type[Judges] | type[Volunteers]] = {
    "appearances": Appearances, "judges": Judges, "volunteers": Volunteers}


def source_of(batch: Batch) -> Source:
    """What a batch is made from."""
    if batch.publication_id is not None:
        return Published(batch.publication or get(Publication, batch.publication_id), only_of(batch))
    return source_from(batch.contest_id, batch.settings["source"])


def only_of(batch: Batch) -> Only:
    """Which lines of its ranking a batch is for."""
    return Only.of(batch.settings["only"]) if batch.settings.get("only") else Only()


def source_from(contest_id: uuid.UUID, settings: dict[str, Any]) -> Source:
    """A source as ``Source.settings`` say it."""
    kind = settings["kind"]
    if kind == "roster":
        return Roster(contest_id, settings)
    if kind == "units":
        return Units(contest_id, settings["chosen"], settings["award"])
    return WHOLE[kind](contest_id)
