"""Placeholders and how texts with them are filled: a fixed list, no language. Pure."""

import hashlib
import html
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import nh3
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from competition.core.formats import character_names, joined, together
from competition.scoring.wording import N_

# What may stand between braces, in the order in which a certificate's facts are shown, and what pages call it.
PLACEHOLDERS = {
    "姓名": lazy_gettext("获证人"),
    "姓名拼音": lazy_gettext("姓名拼音"),
    "姓名藏文": lazy_gettext("藏文姓名"),
    "类别": lazy_gettext("担任的工作"),
    "单位": lazy_gettext("单位"),
    "单位藏文": lazy_gettext("单位藏文名"),
    "代表团": lazy_gettext("代表团"),
    "代表队": lazy_gettext("代表队"),
    "队员": lazy_gettext("队员"),
    "赛事": lazy_gettext("赛事"),
    "赛事英文": lazy_gettext("赛事英文名"),
    "赛事藏文": lazy_gettext("赛事藏文名"),
    "竞赛日期": lazy_gettext("竞赛日期"),
    "地点": lazy_gettext("地点"),
    "项目": lazy_gettext("项目"),
    "项目英文": lazy_gettext("项目英文名"),
    "项目藏文": lazy_gettext("项目藏文名"),
    "名次": lazy_gettext("名次"),
    "奖项": lazy_gettext("奖项"),
    "奖项英文": lazy_gettext("奖项英文名"),
    "奖项藏文": lazy_gettext("奖项藏文名"),
    "正文": lazy_gettext("正文"),
    "颁证单位": lazy_gettext("颁证单位"),
    "颁证单位1": lazy_gettext("第一颁证单位"),
    "颁证单位2": lazy_gettext("第二颁证单位"),
    "颁证单位3": lazy_gettext("第三颁证单位"),
    "颁证单位4": lazy_gettext("第四颁证单位"),
    "日期": lazy_gettext("颁证日期"),
    "证书编号": lazy_gettext("证书编号"),
    "验证码": lazy_gettext("验证码"),
}
# Known only when the certificate is issued.
AT_ISSUE = ("证书编号", "验证码")
# Every certificate carries them, whatever its template shows.
ALWAYS = ("姓名", "赛事", "颁证单位", "日期")
ISSUERS = ALWAYS[2]

# As papers are titled; pages put the word into the reader's language.
KINDS = {"award": N_("获奖证书"), "participation": N_("参赛证书"), "honour": N_("荣誉证书"), "service": N_("工作证书")}
KIND_CODES = {"award": "J", "participation": "C", "honour": "R", "service": "T"}

# What every paper of a demonstration says.
DEMO = "演示证书，不具效力"

# Who was entered and did not take part, or whose result does not count, is certified nothing.
NOT_TAKEN_PART = frozenset({"ABSENT", "WITHDRAWN", "DISQUALIFIED", "RESULT_CANCELLED"})

SMALLEST = 0.6
_STEPS = (1.0, 0.92, 0.84, 0.76, 0.68, SMALLEST)
RICH_TAGS = {"b", "i", "br", "small"}
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def placeholders(text: str) -> list[str]:
    """The names between braces, in order."""
    return _PLACEHOLDER.findall(text)


def fill(text: str, data: Mapping[str, str]) -> str:
    """The text with every placeholder replaced, once: a value that looks like one stays as it is."""
    return _PLACEHOLDER.sub(lambda found: data[found[1]], text)


def chosen_text(block: Mapping[str, Any], data: Mapping[str, str]) -> str | None:
    """The first of a block's ``texts`` that can be filled, filled; None when none can."""
    text = _first_complete(block, data)
    return None if text is None else fill(text, data)


def filled_html(block: Mapping[str, Any], data: Mapping[str, str], values: Mapping[str, str], *, rich: bool) -> str:
    """The text of :func:`chosen_text` as HTML; ``values`` are the same data as HTML, ``rich``: the text itself may have tags."""
    text = _first_complete(block, data) or ""
    return fill(nh3.clean(text, tags=RICH_TAGS, attributes={}) if rich else html.escape(text), values)


def plain(text: str) -> str:
    """A text of a template without its tags, as it is read."""
    return html.unescape(re.sub(r"<[^>]*>", "", re.sub(r"<br ?/?>", "\n", nh3.clean(text, tags=RICH_TAGS, attributes={}))))


def is_rich(layout: Mapping[str, Any]) -> bool:
    """Do the texts of a layout have tags? Those of the first format are plain."""
    return bool(layout["format"] > 1)


def said(layout: Mapping[str, Any], block: Mapping[str, Any], data: Mapping[str, str]) -> str | None:
    """What a block says, as it is read: :func:`chosen_text` without the tags of the template."""
    text = _first_complete(block, data)
    return None if text is None else fill(plain(text) if is_rich(layout) else text, data)


def _first_complete(block: Mapping[str, Any], data: Mapping[str, str]) -> str | None:
    return next((text for text in block["texts"] if all(data.get(name) for name in placeholders(text))), None)


def is_static(block: Mapping[str, Any]) -> bool:
    """Does the block say the same on every certificate?"""
    return block["kind"] != "text" or not any(placeholders(text) for text in block["texts"])


def missing_fields(layout: Mapping[str, Any], data: Mapping[str, str]) -> list[str]:
    """The placeholders that a block needs and the person lacks; blocks that may be left out need none."""
    known = {**data, **dict.fromkeys(AT_ISSUE, "0")}
    missing = [name for name in ALWAYS if not known.get(name)]
    for block in layout["blocks"]:
        if block["kind"] == "text" and not block.get("optional") and chosen_text(block, known) is None:
            missing += [name for name in placeholders(block["texts"][-1]) if not known.get(name)]
    return list(dict.fromkeys(missing))


def optional_lines(layout: Mapping[str, Any]) -> list[list[list[str]]]:
    """Of each block that may be left out the placeholders of each of its texts."""
    optional = (block for block in layout["blocks"] if block["kind"] == "text" and block.get("optional"))
    return [[placeholders(text) for text in block["texts"]] for block in optional]


def left_blank(lines: Iterable[Sequence[Sequence[str]]], data: Mapping[str, str]) -> list[str]:
    """The placeholders for lack of which a line of ``optional_lines`` is left out."""
    blank = [texts for texts in lines if not any(all(data.get(name) for name in names) for names in texts)]
    return list(dict.fromkeys(name for texts in blank for name in texts[-1] if not data.get(name)))


def printed_texts(layout: Mapping[str, Any], data: Mapping[str, str]) -> list[str]:
    """Everything the certificate says, block by block."""
    found = (said(layout, block, data) for block in layout["blocks"] if block["kind"] == "text")
    return [text for text in found if text]


def sentences(layout: Mapping[str, Any], data: Mapping[str, str]) -> list[str]:
    """What the certificate says to its reader: without labels, number and code. The title comes first."""
    blocks = [b for b in layout["blocks"] if b["kind"] == "text" and not b.get("label")]
    about = [b for b in blocks if is_static(b) or any(name not in AT_ISSUE for text in b["texts"] for name in placeholders(text))]
    return [text for text in (said(layout, block, data) for block in about) if text]


def page_size(layout: Mapping[str, Any]) -> tuple[float, float]:
    """Width and height in millimetres."""
    short, long = {"A4": (210.0, 297.0), "A3": (297.0, 420.0)}[layout["page"]["size"]]
    return (long, short) if layout["page"]["orientation"] == "landscape" else (short, long)


def width_in_ems(text: str) -> float:
    """About how wide a line of text is: Chinese one em a character, Latin and digits a little over half."""
    return sum(0.56 if ord(char) < 0x2000 else 1.0 for char in text)


def fit(block: Mapping[str, Any], text: str) -> float | None:
    """By how much the type of a block must shrink so that ``text`` stays in it; None when even the smallest is too large."""
    for scale in _STEPS:
        size = block["size"] * scale * 0.3528
        room = max(1, int(block["h"] / (size * block.get("leading", 1.4)) + 0.05))
        ems = max(block["w"] / size - 0.3, 1)
        lines = sum(max(1, -(-(width_in_ems(line) + block.get("indent", 0)) // ems)) for line in text.split("\n"))
        if lines <= min(room, block.get("lines", room)):
            return scale
    return None


def too_long(layout: Mapping[str, Any], data: Mapping[str, str]) -> list[str]:
    """The placeholders of the blocks that cannot hold their text."""
    known = {**data, **dict.fromkeys(AT_ISSUE, "0")}
    found: list[str] = []
    for block in layout["blocks"]:
        text = said(layout, block, known) if block["kind"] == "text" else None
        if text and fit(block, text) is None:
            found += [name for each in block["texts"] for name in placeholders(each) if known.get(name)]
    return list(dict.fromkeys(found))


@dataclass(frozen=True)
class Problem:
    """Why one person of a publication gets no certificate from a batch. ``holds``: the number of a valid one."""

    row: str
    name: str
    missing: tuple[str, ...] = ()
    glyphs: str = ""
    too_long: tuple[str, ...] = ()
    holds: str = ""

    def as_data(self) -> dict[str, Any]:
        """As it is kept with the batch; ``Problem(**data)`` reads it."""
        return {**asdict(self), "missing": list(self.missing), "too_long": list(self.too_long)}

    @property
    def reasons(self) -> str:
        """In sentences."""
        said = [_("已有有效的同类证书 %(number)s。", number=self.holds)] if self.holds else []
        if missing := [name for name in self.missing if name in PLACEHOLDERS]:
            said.append(_("缺少：%(names)s。", names=_labels(missing)))
        if undefined := [name for name in self.missing if name not in PLACEHOLDERS]:
            said.append(_("模板中有未知的占位符：%(names)s", names=joined(undefined)))
        if self.too_long:
            said.append(_("文字过长，放不下：%(names)s。", names=_labels(self.too_long)))
        if self.glyphs:
            said.append(_("字库中没有这些字：%(names)s。", names=character_names(self.glyphs)))
        return together(*said)


def _labels(placeholders: Iterable[str]) -> str:
    return joined(PLACEHOLDERS[name] for name in placeholders)


def digest_of(value: Any) -> str:
    """The hash of plain data, keys sorted."""
    return hashlib.sha256(json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def days(first: date, last: date) -> str:
    """``2026年11月20日至22日``: what both days share is said once."""
    text = date_words(first)
    if first == last:
        return text
    if (first.year, first.month) == (last.year, last.month):
        return f"{text}至{last.day}日"
    return f"{text}至{last.month}月{last.day}日" if first.year == last.year else f"{text}至{date_words(last)}"


def date_words(day: date) -> str:
    """As certificates write a day."""
    return f"{day.year}年{day.month}月{day.day}日"


def issuers(names: Sequence[str]) -> str:
    """Several issuers, one a line, in order of rank."""
    return "\n".join(names)


def printed_names(layout: Mapping[str, Any], data: Mapping[str, str]) -> set[str]:
    """The placeholders whose values stand on the paper."""
    known = {**data, **dict.fromkeys(AT_ISSUE, "0")}
    printed = set(ALWAYS)
    for block in layout["blocks"]:
        text = _first_complete(block, known) if block["kind"] == "text" else None
        printed.update(placeholders(text or ""))
    return printed


def shown_facts(layout: Mapping[str, Any], data: Mapping[str, str]) -> list[tuple[str, str]]:
    """Label and value of everything that is printed, several lines joined: what is not on the paper stays private."""
    # Whoever issues is said once: all of them stand together.
    printed = {name for name in printed_names(layout, data) if not (name.startswith(ISSUERS) and name != ISSUERS)}
    return [(label, joined(data[name].split("\n"))) for name, label in PLACEHOLDERS.items() if name in printed and data.get(name)]
