"""The guides say what the program says: their words are the program's words, their pictures are made by the journey and used."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from competition.home.guides import GUIDES, OF_ROLE
from tests.catalogues.extraction import extracted

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "pictures"
PAGES = {"README.md": ROOT / "README.md", **{f"{name}.md": ROOT / "docs" / "guides" / f"{name}.md" for name in GUIDES}}
# What stands where a sentence leaves room: %(n)s of the server, {n} of the tablet.
ROOM = re.compile(r"%\(\w+\)s|\{\w+\}")
MOST_BYTES = 6_000_000


@cache
def said() -> list[str]:
    """Every sentence that the program has marked for translation."""
    return [words for words, _context in extracted()]


@cache
def patterns() -> re.Pattern[str]:
    """Sentences with room for something, as one pattern; what is nearly all room fits everything and is left out."""
    with_room = [m for m in said() if ROOM.search(m) and len(ROOM.sub("", m)) > 1]
    return re.compile("|".join(".+".join(re.escape(part) for part in ROOM.split(m)) for m in with_room))


def words_of(path: Path) -> Iterator[str]:
    return iter(re.findall(r"「([^「」]+)」", path.read_text(encoding="utf-8")))


def pictures_of(path: Path) -> set[str]:
    return set(re.findall(r"!\[[^\]]*\]\([^)]*pictures/([\w-]+)\.png\)", path.read_text(encoding="utf-8")))


def made() -> set[str]:
    """The pictures that the journey takes."""
    sources = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "tests" / "journeys").glob("*.py")))
    taken = set(re.findall(r'\.picture\(\s*"([\w-]+)"', sources))
    return taken | set(re.findall(r'picture: str = "([\w-]+)"', sources)) | set(re.findall(r'decide\([^)]*, "([a-z-]+)"\)', sources))


@pytest.mark.parametrize("name", GUIDES)
def test_a_guide_uses_the_programs_words(name: str) -> None:
    known = set(said())
    unknown = [word for word in words_of(PAGES[f"{name}.md"]) if word not in known and not patterns().fullmatch(word)]
    assert unknown == []


def test_pictures_are_made_and_used() -> None:
    used = set().union(*(pictures_of(path) for path in PAGES.values()))
    kept = {path.stem for path in PICTURES.glob("*.png")}
    assert used == made()
    assert used == kept


def test_pictures_are_small() -> None:
    assert sum(path.stat().st_size for path in PICTURES.iterdir()) < MOST_BYTES


@pytest.mark.parametrize("name", GUIDES)
def test_a_guide_leads_to_guides_only(name: str) -> None:
    targets = re.findall(r"(?<!!)\[[^\]]*\]\(([^)]+)\)", PAGES[f"{name}.md"].read_text(encoding="utf-8"))
    assert {target for target in targets if target.removesuffix(".md") not in GUIDES} == set()


def test_every_role_has_a_guide() -> None:
    assert set(OF_ROLE.values()) <= set(GUIDES)
    assert {path.stem for path in (ROOT / "docs" / "guides").glob("*.md")} == set(GUIDES)
