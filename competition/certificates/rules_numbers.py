"""Numbers that can be read out with an error noticed, and codes that can be typed. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from stdnum.iso7064 import mod_37_36

# 32 characters without I, L, O and U: five bits each.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 20
GROUP = 5
# On previews: the code of no certificate.
SAMPLE = "0" * CODE_LENGTH
_LOOK_ALIKES = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})


def issuer_code(region_code: str | None) -> str:
    """A union's code in numbers: its region without the empty levels (63 province, 6302 prefecture, 630224 county)."""
    code = region_code or "000000"
    if code == "000000":
        return "00"
    while code.endswith("00"):
        code = code[:-2]
    return code


@dataclass(frozen=True)
class Numbering:
    """How a union numbers: ``issuer-year-contest-kind-serial-check``.

    ``issuer``: the union's own code; empty: the digits of its region. ``parts``: which of contest and kind stand in
    the number and so begin a count of their own; issuer, year, serial and check always do. ``letters``: those of the
    kinds that are not as the program has them.
    """

    issuer: str = ""
    parts: tuple[str, ...] = ("contest", "kind")
    digits: int = 6
    letters: Mapping[str, str] = field(default_factory=dict)

    def series(self, region_code: str | None, year: int, contest: str, letter: str) -> str:
        """What a serial is counted in: ``63-2026-LM2026-J``."""
        named = {"contest": contest, "kind": letter}
        return "-".join([self.issuer or issuer_code(region_code), str(year), *(named[part] for part in PARTS if part in self.parts)])

    def as_data(self) -> dict[str, Any]:
        """As it is kept; :func:`read_numbering` reads it."""
        return {"issuer": self.issuer, "parts": list(self.parts), "digits": self.digits, "letters": dict(self.letters)}


PARTS = ("contest", "kind")
MOST_DIGITS, LEAST_DIGITS = 8, 4


def read_numbering(data: Mapping[str, Any]) -> Numbering:
    """A rule as it is kept."""
    return Numbering(data["issuer"], tuple(data["parts"]), data["digits"], data["letters"])


def check_numbering(rule: Numbering, usual: Mapping[str, str]) -> None:
    """Raise ValueError with a sentence when numbers by this rule could not be told apart or read out. ``usual``: letters by kind."""
    if not re.fullmatch(r"[A-Z0-9]{0,12}", rule.issuer):
        raise ValueError(_("颁证单位代号只用大写字母和数字，最多 12 个。"))
    if not LEAST_DIGITS <= rule.digits <= MOST_DIGITS:
        raise ValueError(_("流水号的位数是 %(least)s 到 %(most)s。", least=LEAST_DIGITS, most=MOST_DIGITS))
    letters = {**usual, **rule.letters}
    if any(not re.fullmatch(r"[A-Z]{1,2}", letter) for letter in letters.values()):
        raise ValueError(_("证书种类的代号是一到两个大写字母。"))
    if len(set(letters.values())) < len(letters):
        raise ValueError(_("两种证书不能用同一个代号。"))


def number_of(series: str, serial: int, digits: int = 6) -> str:
    """``63-2026-LM2026-J-000127-C``: the last character is the check by ISO 7064 MOD 37,36 over all before it."""
    text = f"{series}-{serial:0{digits}d}"
    return f"{text}-{mod_37_36.calc_check_digit(text.replace('-', ''))}"


def is_number(text: str) -> bool:
    """Is this a number whose check character is right?"""
    try:
        return bool(mod_37_36.is_valid(text.strip().upper().replace("-", "")))
    except (ValueError, TypeError):
        return False


def grouped(code: str) -> str:
    """As it is printed: ``ABCDE-FGHJK-MNPQR-STVWX``."""
    return "-".join(code[i:i + GROUP] for i in range(0, len(code), GROUP))


def read_code(typed: str) -> str:
    """What was meant: full-width forms, case, blanks, dashes and look-alikes do not matter. May be no code at all."""
    plain = unicodedata.normalize("NFKC", typed[:200]).upper()
    return "".join(char for char in plain if char.isalnum()).translate(_LOOK_ALIKES)


def is_code(text: str) -> bool:
    """Has it the shape of a code?"""
    return len(text) == CODE_LENGTH and all(char in ALPHABET for char in text)
