"""``python -m tests.hostile`` writes docs/hostile-input.md from the tables of this folder."""

from tests.hostile.listing import DOCUMENT, listing

DOCUMENT.write_text(listing(), encoding="utf-8")
