"""The texts that people agree to: files with a version, known by their hash."""

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flask_babel import lazy_gettext as _

TEXTS = Path(__file__).with_name("texts")
CURRENT = {"privacy": "2", "sensitive": "1"}
_NUMBER = re.compile(r"[0-9]{1,4}")
TITLES = {"privacy": _("个人信息处理规则"), "sensitive": _("敏感个人信息单独同意书")}


@dataclass(frozen=True)
class Terms:
    """One version of one text. ``blocks`` are (heading or paragraph, words)."""

    purpose: str
    version: str
    text: str

    @property
    def digest(self) -> str:
        """What a consent refers to."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def title(self) -> Any:
        """The name of the text."""
        return TITLES[self.purpose]

    @property
    def blocks(self) -> list[tuple[str, str]]:
        """Headings and paragraphs in order."""
        lines = [line.strip() for line in self.text.splitlines() if line.strip()]
        return [("heading", line[2:]) if line.startswith("# ") else ("paragraph", line) for line in lines]


@cache
def terms(purpose: str, version: str | None = None) -> Terms:
    """A text in its current or in a named version; KeyError when there is none."""
    number = version or CURRENT[purpose]
    path = TEXTS / f"{purpose}-{number}.txt"
    # Looked at before the file system is: an address may hold anything.
    if purpose not in TITLES or not _NUMBER.fullmatch(number) or not path.exists():
        raise KeyError(purpose)
    return Terms(purpose, number, path.read_text(encoding="utf-8"))
