"""What of a number or a name may be shown: enough to be recognised by who knows it, too little for anybody else. Pure."""

import re
import unicodedata
from itertools import accumulate, pairwise


def mask_document(number: str) -> str:
    """632***********002X; of short numbers one in front and two at the end."""
    return _masked(number.strip())


def mask_phone(phone: str) -> str:
    """138****0001, without the country's own prefix."""
    return _masked(phone.strip().removeprefix("+86"))


def spaced(text: str) -> str:
    """A number in groups that an eye can compare: 632123 19900101 0010, 138 0000 0001; others by four."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    widths = {18: (6, 8, 4), 11: (3, 4, 4)}.get(len(plain)) or (4,) * (len(plain) // 4 + 1)
    ends = [0, *accumulate(widths)]
    return " ".join(part for start, end in pairwise(ends) if (part := plain[start:end]))


def mask_name(name: str) -> str:
    """张*, 欧*娜, 才***杰: the first and, from three on, the last character stay."""
    name = name.strip()
    if len(name) < 3:
        return name[:1] + "*" if len(name) == 2 else "*"
    return name[0] + "*" * (len(name) - 2) + name[-1]


def _masked(text: str) -> str:
    if len(text) < 5:
        return "*" * len(text)
    head, tail = (3, 4) if len(text) > 10 else (1, 2)
    return text[:head] + "*" * (len(text) - head - tail) + text[-tail:]
