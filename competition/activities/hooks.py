"""What activities ask of rooms above them, who fill these lists when the application starts."""

import uuid
from collections.abc import Callable

# Is anything reported or counted of this contest already? Its traits are frozen with the first of it.
counted: list[Callable[[uuid.UUID], bool]] = []


def is_counted(contest_id: uuid.UUID) -> bool:
    """Do figures stand on what this contest was when they were made?"""
    return any(ask(contest_id) for ask in counted)
