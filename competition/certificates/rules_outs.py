"""Handing certificates out: who stands in which group, the order of the ceremony, how pinyin is written. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from flask_babel import gettext as _

from competition.certificates import rules

T = TypeVar("T")
MOST_PINYIN = 120
# Latin letters with the marks of tones, and what stands between syllables and parts.
_PINYIN = re.compile(r"[A-Za-zÜüÊê\u0300\u0301\u0304\u0308\u030c'’ \-·.]+")


def group_of(data: Mapping[str, str]) -> str:
    """Who fetches a certificate: the delegation, else the union or employer; empty for neither."""
    return data.get("代表团") or data.get("单位") or ""


def by_group(items: Iterable[tuple[Mapping[str, str], T]]) -> dict[str, list[T]]:
    """Items with their texts, by who fetches them; groups in the order in which they first appear."""
    found: dict[str, list[T]] = {}
    for data, item in items:
        found.setdefault(group_of(data), []).append(item)
    return found


def called_for(kind: str, data: Mapping[str, str]) -> tuple[str, str]:
    """For what somebody is called to the stage: the event, and the award or else the kind of certificate."""
    return data.get("项目", ""), data.get("奖项") or rules.KINDS[kind]


def in_reverse(items: Sequence[tuple[tuple[str, str], T]]) -> list[tuple[tuple[str, str], list[T]]]:
    """From the order of the ranking to the order of the stage: the last award first, its last one first, the best one last.

    What is called together stands together, wherever it was listed.
    """
    found: dict[tuple[str, str], list[T]] = {}
    for key, item in items:
        found.setdefault(key, []).insert(0, item)
    return list(reversed(found.items()))


def names_called(subject_kind: str, data: Mapping[str, str]) -> list[str]:
    """The names that want a reading: a person's own; of a team its members'; a unit's name reads itself."""
    if subject_kind in ("team", "union"):
        return [name for name in data.get("队员", "").split("、") if name]
    return [data["姓名"]]


def read_pinyin(text: str) -> str:
    """Pinyin as somebody typed it, composed, blanks single. Raises ValueError with a sentence."""
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    if len(plain) > MOST_PINYIN:
        raise ValueError(_("拼音太长，最多 %(n)s 个字母。", n=MOST_PINYIN))
    if plain and not _PINYIN.fullmatch(unicodedata.normalize("NFD", plain)):
        raise ValueError(_("拼音只能用拉丁字母，可以带声调，例如 Mǎ Xiùlán。"))
    return plain


def proposed(spoken: str) -> str:
    """What a name is said to be read like, if anything is: a name in Tibetan, or with a character that the dictionary lacks, has
    no reading of its own to show, and is left open for who knows it."""
    return spoken if _PINYIN.fullmatch(unicodedata.normalize("NFD", spoken)) else ""


def listed_pinyin(subject_kind: str, data: Mapping[str, str]) -> str:
    """How the workbook that a line comes from says its name is read; empty where it does not say so in letters of pinyin. What
    people and teams have of it is the spelling of their papers, without tones, and made by the program."""
    text = data.get("姓名拼音", "") if subject_kind == "line" else ""
    try:
        return read_pinyin(text)
    except ValueError:
        return ""


@dataclass(frozen=True)
class Called:
    """One name on the stage with its reading, empty where nobody knows it yet; ``is_checked``: somebody looked at it;
    ``is_listed``: the workbook that it comes from says so."""

    name: str
    pinyin: str
    is_checked: bool
    is_listed: bool = False
