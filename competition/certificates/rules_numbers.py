"""Numbers that can be read out with an error noticed, and codes that can be typed. Pure."""

import unicodedata

from stdnum.iso7064 import mod_37_36

# 32 characters without I, L, O and U: five bits each.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 20
GROUP = 5
_LOOK_ALIKES = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})


def issuer_code(region_code: str | None) -> str:
    """A union's code in numbers: its region without the empty levels (63 province, 6302 prefecture, 630224 county)."""
    code = region_code or "000000"
    if code == "000000":
        return "00"
    while code.endswith("00"):
        code = code[:-2]
    return code


def series_of(issuer: str, year: int, contest: str, kind: str) -> str:
    """What a serial is counted in: ``63-2026-LM2026-J``."""
    return f"{issuer}-{year}-{contest}-{kind}"


def number_of(series: str, serial: int) -> str:
    """``63-2026-LM2026-J-000127-C``: the last character is the check by ISO 7064 MOD 37,36 over all before it."""
    text = f"{series}-{serial:06d}"
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
