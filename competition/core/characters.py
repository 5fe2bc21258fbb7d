"""Characters that nobody types on purpose, and digits as Chinese keyboards make them. Pure."""

import re
from typing import TypeVar

T = TypeVar("T")
_PLAIN = re.compile(r"[0-9]{1,9}")
_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}([,\uff0c \u3000][0-9]{3})+")
# Left-to-right embedding … right-to-left override, and the isolates: they turn the order of what is read.
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
LAYOUT = "\t\n\r"
_FULL_WIDTH = {0xFF10 + digit: str(digit) for digit in range(10)}
# What a person writes within a number, as Chinese keyboards make it: full stop, minus, plus, colon.
_NUMBER_SIGNS = _FULL_WIDTH | {0xFF0E: ".", 0xFF0D: "-", 0x2212: "-", 0xFF0B: "+", 0xFF1A: ":"}


def fault_in(text: str) -> str | None:
    """What in a text can be no one's intention: ``control``, ``surrogate``, ``turning``; None when it is clean.

    Tabs and line ends are layout and allowed; noncharacters (U+FFFE, U+FFFF) count as control characters.
    """
    for character in text:
        code = ord(character)
        if (code < 32 and character not in LAYOUT) or 127 <= code < 160 or code & 0xFFFE == 0xFFFE:
            return "control"
        if 0xD800 <= code < 0xE000:
            return "surrogate"
        if character in TURNING:
            return "turning"
    return None


def without_controls(text: str) -> str:
    """The text without what nobody sees. Characters that turn the order of reading stay, to be refused by name."""
    if fault_in(text) is None:
        return text
    return "".join(c for c in text if fault_in(c) in (None, "turning"))


def plain_digits(text: str) -> str:
    """Full-width digits as plain ones; every other character as it was. Never for names."""
    return text.translate(_FULL_WIDTH)


def plain_number(text: str) -> str:
    """A number as typed on a Chinese keyboard, in plain digits and signs. Other scripts' digits stay what they are."""
    return text.strip().translate(_NUMBER_SIGNS)


def plain_count(text: str) -> str:
    """A whole number as it is typed, besides without what stands between its thousands (1,200, １，２００, 1 200)."""
    plain = plain_number(text)
    return re.sub(r"[,\uff0c \u3000]", "", plain) if _THOUSANDS.fullmatch(plain) else plain


def int_or(text: str, otherwise: T) -> int | T:
    """A whole number as a page of ours writes it into a hidden field or a link; ``otherwise`` for anything else.

    ``isdigit`` and ``isdecimal`` take what ``int`` does not (²), or what nobody sends (٣, five thousand digits).
    """
    return int(text) if _PLAIN.fullmatch(text) else otherwise
