"""Which characters can be printed: the character maps of the fonts that certificates name.

The style sheet of certificates names the same families in the same order (``STACK``). A character that
none of them has would come from whatever font the machine holds, or as a box: it is refused by name.
"""

import subprocess
import unicodedata
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTCollection, TTFont, TTLibError

# Family, and the weights that are used of it.
STACK = ("LXGW WenKai", "Noto Serif CJK SC", "HanaMinA", "HanaMinB", "Noto Serif Tibetan", "DDC Uchen")


@cache
def font_files() -> dict[str, Path]:
    """The file of each family of the stack that this machine has."""
    found = {}
    for family in STACK:
        answer = subprocess.run(["fc-match", "--format=%{family}\n%{file}", f"{family}:regular"],
                                capture_output=True, text=True, check=False).stdout
        names, _, path = answer.partition("\n")
        if family in names.split(","):
            found[family] = Path(path)
    return found


@cache
def covered() -> frozenset[int]:
    """Every code point that a font of the stack can draw."""
    return frozenset(point for family, path in font_files().items() for point in _points(path, family))


def _points(path: Path, family: str) -> set[int]:
    try:
        if path.suffix.lower() in (".ttc", ".otc"):
            with TTCollection(path, lazy=True) as collection:
                font = next((f for f in collection.fonts if f["name"].getBestFamilyName() == family), collection.fonts[0])
                return set(font.getBestCmap() or ())
        with TTFont(path, lazy=True) as font:
            return set(font.getBestCmap() or ())
    except (OSError, TTLibError):
        return set()


def unprintable(text: str) -> str:
    """The characters of ``text`` that no font of the stack has, each once."""
    known = covered()
    return "".join(dict.fromkeys(c for c in text if ord(c) not in known and not c.isspace() and not _invisible(c)))


def _invisible(char: str) -> bool:
    # Variation selectors only choose among shapes of the character before.
    return unicodedata.name(char, "").startswith("VARIATION SELECTOR")
