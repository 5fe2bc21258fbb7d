"""The edge's clock. Services take ``at``; only views, jobs and commands ask here."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present instant in UTC."""
    return datetime.now(UTC)
