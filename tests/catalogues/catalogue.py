"""The English catalogue as a file: always the same bytes for the same sentences."""

import io
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from competition.core.config import ROOT
from tests.catalogues.extraction import extracted

ENGLISH = ROOT / "competition" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
# A date or a version would change the file when no sentence has changed.
KEPT_HEADERS = ("Language:", "Plural-Forms:", "MIME-Version:", "Content-Type:", "Content-Transfer-Encoding:")


def read(file: Path = ENGLISH) -> Catalog:
    """What is translated so far."""
    with file.open("rb") as stream:
        return read_po(stream, locale="en")


def updated(old: Catalog) -> Catalog:
    """The sentences of the source with the translations there are: none added by guess, none kept without its sentence."""
    words = "# English catalogue. Written by `python -m tests.catalogues`; translate msgstr, nothing else."
    new = Catalog(locale="en", fuzzy=False, header_comment=words)
    for sentence in extracted().values():
        kept = old.get(sentence.words, sentence.context)
        string = kept.string if kept is not None and isinstance(kept.id, tuple) == isinstance(sentence.msgid, tuple) else None
        new.add(sentence.msgid, string, context=sentence.context)
    return new


def written(catalogue: Catalog) -> bytes:
    """The file's bytes: sorted, without places and dates."""
    out = io.BytesIO()
    write_po(out, catalogue, width=0, no_location=True, sort_output=True, include_previous=False)
    lines = out.getvalue().decode().split("\n")
    end = lines.index("")
    head = [line for line in lines[:end] if not line.startswith('"') or line.startswith(tuple(f'"{name}' for name in KEPT_HEADERS))]
    return "\n".join([*head, *lines[end:]]).encode()
