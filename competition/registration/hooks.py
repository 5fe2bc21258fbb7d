"""What registration asks of rooms above it, who fill this list when the application starts.

An entry's own page shows the whole way, to the draw, the contest, the result and the certificate; who knows all of it says so here.
"""

from collections.abc import Callable
from datetime import datetime

from competition.registration.models import Entry
from competition.registration.rules import Outlook

Answer = Callable[[Entry, datetime], Outlook]
outlooks: list[Answer] = []


def add(answer: Answer) -> None:
    """Answer the question; answering again (a second application in one process) changes nothing."""
    if answer not in outlooks:
        outlooks.append(answer)


def outlook_of(entry: Entry, at: datetime) -> Outlook:
    """Where an entry stands, what happens next and when."""
    return outlooks[0](entry, at)
