"""A language in which every marked sentence stands in brackets: it shows what is marked, and what stays Chinese."""

from collections.abc import Iterator
from contextlib import contextmanager

from babel.support import NullTranslations
from flask_babel import force_locale, get_domain


class _Brackets(NullTranslations):
    def ugettext(self, message: str) -> str:
        """The message itself, seen to have been looked up."""
        return f"[{message}]"

    def ungettext(self, singular: str, _plural: str, _number: int) -> str:
        """The same of a sentence that counts."""
        return self.ugettext(singular)


@contextmanager
def in_brackets() -> Iterator[None]:
    """Whoever reads inside reads English, of which only the brackets are known."""
    domain = get_domain()
    key = ("en", domain.domain[0])
    before = domain.cache.get(key)
    domain.cache[key] = _Brackets()
    try:
        with force_locale("en"):
            yield
    finally:
        domain.cache.pop(key) if before is None else domain.cache.update({key: before})
