"""What a form may ask of one thing of a rulebook: fields as data, and how a value is shown and taken back. Pure.

A :class:`Spec` is one field: its key in the document, its type, and its words. Objects and lists hold further fields, so one table
describes everything that ``docs/rulebook.md`` knows; the tables stand in ``rules_fields_*``.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import lazy_gettext

from competition.core.words import say as _
from competition.scoring import exact

Words = Any  # a sentence that is said in the reader's language when it is shown


@dataclass(frozen=True)
class Spec:
    """One field. ``type``: decimal (an exact number), whole, seconds (minutes or mm:ss), words (three languages), text, long, flag,
    answer (as usual, yes, no), choice, ref (a choice that the document makes, from ``choices_of``), object, rows, texts (a list of words).

    ``required`` choices are written even where they are the first. ``more``: stands folded away with where a rule comes from;
    ``rare``: folded away with what few rules need.
    """

    key: str
    type: str
    label: Words = ""
    help: Words = ""
    unit: Words = ""
    choices: tuple[tuple[str, Words], ...] = ()
    choices_of: str = ""
    fields: tuple["Spec", ...] = ()
    required: bool = False
    more: bool = False
    rare: bool = False
    made: str = ""  # rows: the beginning of the keys that the system gives them


def obj(key: str, label: Words, *fields: Spec, help: Words = "", required: bool = False, origin: bool = True) -> Spec:
    """An object within; ``required``: always there, else a box says whether it is."""
    return Spec(key, "object", label, help=help, fields=(*fields, *(ORIGIN if origin else ())), required=required)


def rows(key: str, label: Words, *fields: Spec, help: Words = "", made: str = "") -> Spec:
    """A list of objects."""
    return Spec(key, "rows", label, help=help, fields=(*fields, *ORIGIN), made=made)


def number(key: str, label: Words, help: Words = "", unit: Words = "") -> Spec:
    """An exact number."""
    return Spec(key, "decimal", label, help=help, unit=unit)


def count(key: str, label: Words, help: Words = "", unit: Words = "") -> Spec:
    """A whole number."""
    return Spec(key, "whole", label, help=help, unit=unit)


def seconds(key: str, label: Words, help: Words = "") -> Spec:
    """A length of time in whole seconds, read and typed in minutes."""
    return Spec(key, "seconds", label, help=help, unit=lazy_gettext("分钟"))


def choice(key: str, label: Words, *choices: tuple[str, Words], help: Words = "", required: bool = False) -> Spec:
    """One of several; the first is what holds where nothing is written, unless one is ``required``."""
    return Spec(key, "choice", label, help=help, choices=choices, required=required)


def ref(key: str, label: Words, of: str, help: Words = "") -> Spec:
    """A reference to something of the document."""
    return Spec(key, "ref", label, help=help, choices_of=of)


def rarely(*specs: Spec) -> tuple[Spec, ...]:
    """The same fields, folded away: few rules need them."""
    return tuple(replace(spec, rare=True) for spec in specs)


ORIGIN = (
    Spec("source", "choice", lazy_gettext("来源"), more=True, choices=(
        ("", lazy_gettext("没有注明")), ("published", lazy_gettext("公开规则（有公开的文件可查）")), ("default",
            lazy_gettext("本赛事自定")))),
    Spec("note", "long", lazy_gettext("说明"), more=True, help=lazy_gettext("写明依据或考虑，不影响计算。")),
)
NAME = Spec("name", "words", lazy_gettext("名称"))
LANGUAGES = (("zh", lazy_gettext("中文")), ("en", lazy_gettext("英文")), ("bo", lazy_gettext("藏文")))


# ---- values in and out ------------------------------------------------------------------------------


def shown(spec: Spec, value: Any) -> str:
    """A single value as its field shows it."""
    if spec.type == "choice":
        return str(value) if value is not None else ("" if spec.required else spec.choices[0][0])
    if value is None:
        return ""
    if spec.type == "answer":
        return "yes" if value else "no"
    if spec.type == "seconds" and isinstance(value, int):
        whole, rest = divmod(value, 60)
        return f"{whole}:{rest:02d}" if rest else str(whole)
    return str(value)


def shown_words(value: Any) -> dict[str, str]:
    """Words by language."""
    if isinstance(value, Mapping):
        return {code: str(value.get(code) or "") for code, _label in LANGUAGES}
    return {"zh": str(value or ""), "en": "", "bo": ""}


def _words(text: str) -> str:
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n").strip()


def tidy(spec: Spec, text: str) -> str:
    """What was typed without what keyboards add: full-width figures are figures."""
    if spec.type in ("decimal", "whole", "seconds"):
        return unicodedata.normalize("NFKC", text).strip()
    return _words(text)


def taken(spec: Spec, text: str) -> Any:
    """The value of a typed text, None for nothing; raises ValueError with the sentence for the person."""
    if not text:
        return None
    if spec.type == "decimal":
        try:
            exact.fraction(text)
        except ValueError as error:
            raise ValueError(_("请填数字，例如 40 或 0.5。")) from error
        return text
    if spec.type == "whole":
        if re.fullmatch(r"[0-9]{1,9}", text, re.ASCII) is None:
            raise ValueError(_("请填整数。"))
        return int(text)
    if spec.type == "seconds":
        return _seconds(text)
    return {"yes": True, "no": False}[text] if spec.type == "answer" else text


def _seconds(text: str) -> int:
    found = re.fullmatch(r"([0-9]{1,5})(?::([0-5][0-9]))?", text, re.ASCII)
    if found is None:
        raise ValueError(_("请填分钟数，例如 40；有秒时写成 40:30。"))
    return int(found[1]) * 60 + int(found[2] or 0)


def taken_words(value: Any, given: Mapping[str, str]) -> Any:
    """Words with what was typed in each language; as they were where nothing is different."""
    if given == {code: _words(text) for code, text in shown_words(value).items()}:
        return value
    if not any(given.values()):
        return None
    if not isinstance(value, Mapping):
        return given["zh"] if not given["en"] and not given["bo"] else {code: text for code, text in given.items() if text}
    kept = {key: one for key, one in value.items() if key not in given}
    return {**{code: text for code, text in given.items() if text}, **kept}
