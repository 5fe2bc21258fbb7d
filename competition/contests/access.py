"""Who may do what in this feature."""

from competition.core.access import Act

ACTS: list[Act] = []
