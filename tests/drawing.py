"""How hypothesis draws: every plain run tries the same examples, so that a run that passed here passes elsewhere.

``python3 -m tests tests/recount tests/scoring --hypothesis-profile=search --timeout=0`` looks for new ones instead, and for longer.
What it finds becomes a case of its own.
"""

from hypothesis import settings

LONGER = 20

settings.register_profile("same", derandomize=True, database=None, deadline=None, print_blob=True)
settings.register_profile("search", derandomize=False, deadline=None, print_blob=True)
settings.load_profile("same")


def examples(number: int) -> int:
    """How many examples a property is tried on: ``number``, and many more in a search."""
    return number * (LONGER if settings.get_current_profile_name() == "search" else 1)
