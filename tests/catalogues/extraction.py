"""Every sentence that is marked for translation, read from Python and Jinja by Babel."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from jinja2.ext import babel_extract

from competition.core.config import ROOT
from competition.core.counted import counted_by

KEYWORDS = {**DEFAULT_KEYWORDS, "lazy_gettext": None, "lazy_ngettext": (1, 2), "lazy_pgettext": ((1, "c"), 2)}
PLACES = {ROOT / "competition": [("**.py", "python")], ROOT / "templates": [("**.html", babel_extract)]}


@dataclass
class Sentence:
    """One sentence of the source: what it is told apart by, and the lines where it stands."""

    msgid: str | tuple[str, ...]
    context: str | None
    places: list[tuple[Path, int]] = field(default_factory=list)

    @property
    def words(self) -> str:
        """The Chinese."""
        return self.msgid if isinstance(self.msgid, str) else self.msgid[0]

    @property
    def where(self) -> str:
        """The first place, for the one who mends it."""
        file, line = self.places[0]
        return f"{file.relative_to(ROOT)}:{line}"


Key = tuple[str, str | None]


def extracted() -> dict[Key, Sentence]:
    """All sentences by their Chinese and context."""
    found: dict[Key, Sentence] = {}
    for file, line, msgid, context in _all():
        words = msgid if isinstance(msgid, str) else msgid[0]
        if context is None and counted_by(words):
            msgid = (words, words)  # the source has one form, the catalogue as many as its language needs
        found.setdefault((words, context), Sentence(msgid, context)).places.append((file, line))
    return found


def _all() -> Iterator[tuple[Path, int, str | tuple[str, ...], str | None]]:
    for folder, methods in PLACES.items():
        options: dict[str, dict[str, str]] = defaultdict(lambda: {"encoding": "utf-8", "trimmed": "false", "newstyle_gettext": "true"})
        for name, line, msgid, _comments, context in extract_from_dir(
            folder, method_map=methods, options_map={pattern: options["all"] for pattern, _ in methods}, keywords=KEYWORDS,  # type: ignore[arg-type]
        ):
            yield folder / name, line, msgid, context
