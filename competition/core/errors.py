"""The one kind of error that a person is meant to read."""

from typing import Any


class RuleBroken(Exception):
    """A rule of the house refused an act.

    ``code`` is stable and for programs, ``message`` is a sentence for the person (a lazy one is said in the
    language of whoever reads it), ``status`` the HTTP status, ``details`` plain data that a page or the API may show.
    """

    code = "rule_broken"
    status = 409

    def __init__(
        self, message: Any, *, code: str | None = None, status: int | None = None, **details: Any
    ) -> None:
        super().__init__(message)
        self._message = message
        self.code = code or self.code
        self.status = status or self.status
        self.details = details

    @property
    def message(self) -> str:
        """The sentence, in the language that is spoken now."""
        return str(self._message)


class NotFound(RuleBroken):
    """The thing does not exist, or is not for the eyes of who asks: both look the same."""

    code = "not_found"
    status = 404


class Forbidden(RuleBroken):
    """The thing may be seen, but this act on it is not allowed."""

    code = "forbidden"
    status = 403


class Stale(RuleBroken):
    """Somebody else changed the thing since the page was loaded."""

    code = "stale"
    status = 409


class Moved(Stale):
    """What an act was prepared from changed before the act held the lock; it has to be prepared anew."""

    code = "moved"


class ShownOnly(RuleBroken):
    """The request only brings typed fields back into their form: it does nothing (see ``core/kept``)."""

    code = "shown_only"
