"""What the signature in a QR code is about, and how it is written. Pure; ``docs/certificates.md`` tells it to other programs.

After the code's ``#`` stands ``1.<key id>.<payload>.<signature>``: a browser keeps that to itself, so it stands in no
server's log. Payload and signature are in the letters of Base32, which QR codes hold in five and a half bits each.
"""

from base64 import b32decode, b32encode
from collections.abc import Collection, Mapping, Sequence
from itertools import count, product
from string import ascii_uppercase
from typing import Any

from competition.certificates import rules

FORMAT = "1"
# In this order for ever: a new field goes to the end.
FIELDS = ("姓名", "单位", "代表团", "代表队", "赛事", "项目", "名次", "奖项", "颁证单位", "日期", "证书编号", "类别", "演示")
# Left out one after the other where all of it would make a code that no phone reads at 35 mm.
SPARE = ("代表队", "代表团", "颁证单位", "单位")
MOST = 300
DEMO = "演示"
GBK, UTF8 = b"\x01", b"\x02"
APART = "\x1f"


def signed_values(layout: Mapping[str, Any], data: Mapping[str, str], *, is_demo: bool = False) -> list[str]:
    """The printed fields in the fixed order; empty is what the paper does not say, or what finds no room. The last one says
    of a demonstration that it is one: whoever checks without a network sees no page of ours."""
    printed = rules.printed_names(layout, data)
    values = {name: data.get(name, "") if name in printed else "" for name in FIELDS}
    values[DEMO] = "不具效力" if is_demo else ""
    for name in SPARE:
        if len(encoded(list(values.values()))) > MOST:
            values[name] = ""
    return list(values.values())


def encoded(values: Sequence[str]) -> bytes:
    """The payload: two bytes a Chinese character where GBK has them all, else UTF-8; the first byte says which."""
    text = APART.join(values).rstrip(APART)
    try:
        return GBK + text.encode("gbk")
    except UnicodeEncodeError:
        return UTF8 + text.encode()


def message(kid: str, code: str, payload: bytes) -> bytes:
    """What is signed: the payload belongs to this code alone."""
    return f"{FORMAT}.{kid}.{code}.".encode() + payload


def list_message(kid: str, body: str) -> bytes:
    """What is signed of the list of revoked certificates; no code is called ``revoked``."""
    return f"{FORMAT}.{kid}.revoked.{body}".encode()


def fragment(kid: str, payload: bytes, signature: bytes) -> str:
    """What stands after the ``#``."""
    return ".".join((FORMAT, kid, letters(payload), letters(signature)))


def letters(data: bytes) -> str:
    """Base32 without padding."""
    return b32encode(data).decode().rstrip("=")


def from_letters(text: str) -> bytes:
    """The bytes again; raises ValueError."""
    return b32decode(text + "=" * (-len(text) % 8))


def next_kid(year: int, kids: Collection[str]) -> str:
    """The key ids of a year one after the other: ``26A`` to ``26Z``, then ``26AA``."""
    every = (f"{year % 100:02d}{''.join(letters)}" for size in count(1) for letters in product(ascii_uppercase, repeat=size))
    return next(kid for kid in every if kid not in kids)
