"""The English catalogue has every sentence of the source, each translated, and nothing else."""

from tests.catalogues import catalogue
from tests.catalogues.extraction import extracted


def test_the_file_is_what_the_command_writes() -> None:
    """Nothing is missing, nothing is left over, nothing is out of order: `python -m tests.catalogues` changes nothing."""
    assert catalogue.ENGLISH.read_bytes() == catalogue.written(catalogue.updated(catalogue.read()))


def test_every_sentence_has_its_english() -> None:
    known = catalogue.read()
    lacking = []
    for (words, context), sentence in extracted().items():
        message = known.get(words, context)
        string = message.string if message is not None and not message.fuzzy else None
        if not string or not all([string] if isinstance(string, str) else string):
            lacking.append(f"{sentence.where}: {words!r}")
    assert lacking == []
