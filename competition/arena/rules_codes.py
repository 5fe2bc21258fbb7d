"""Work codes: how they look and how a wrongly read or typed one is noticed.

A code is five random characters and a check character. The alphabet leaves out one of each pair that
people confuse (Z of 2/Z, S of 5/S, B of 8/B) and all of 0 O 1 I L; what is typed is read back into
it. The check character is ISO/IEC 7064's hybrid system (modulus 29, 28): it notices every single
wrong character and 99.8 % of swapped neighbours.
"""

from collections.abc import Callable, Container

ALPHABET = "23456789ACDEFGHJKMNPQRTUVWXY"
BODY = 5
LENGTH = BODY + 1
_SIZE = len(ALPHABET)
_VALUE = {character: value for value, character in enumerate(ALPHABET)}
_READ = str.maketrans({"Z": "2", "S": "5", "B": "8", "-": "", " ": "", "\u3000": ""})


def check_character(body: str) -> str:
    """The character that completes ``body``. Raises KeyError for a character outside the alphabet."""
    carry = _SIZE
    for character in body:
        carry = ((carry + _VALUE[character]) % _SIZE or _SIZE) * 2 % (_SIZE + 1)
    return ALPHABET[(1 - carry) % _SIZE]


def read_code(typed: str) -> str:
    """What was typed, in the form in which codes are kept: upper case, look-alikes put right."""
    return typed.strip().upper().translate(_READ)


def is_code(text: str) -> bool:
    """Is this a whole code whose check character fits?"""
    known = len(text) == LENGTH and all(c in _VALUE for c in text)
    return known and check_character(text[:-1]) == text[-1]


def new_codes(count: int, taken: Container[str], choose: Callable[[str], str]) -> list[str]:
    """``count`` different codes outside ``taken``; ``choose`` picks one character by chance."""
    found: dict[str, None] = {}
    while len(found) < count:
        body = "".join(choose(ALPHABET) for _ in range(BODY))
        code = body + check_character(body)
        if code not in taken:
            found[code] = None
    return list(found)
