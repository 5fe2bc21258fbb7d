"""What every field of every form is asked before its own rules: can a person have meant this at all?"""

import re

from flask_babel import gettext as _
from wtforms import DateTimeField, Field, Form, HiddenField, IntegerField, PasswordField, StringField, TextAreaField
from wtforms.validators import StopValidation

from competition.core.characters import fault_in, plain_count, plain_number
from competition.core.numbers import WholeField

LONGEST_LINE = 2_000
LONGEST_TEXT = 500_000
BIGGEST = 2**31 - 1
YEARS = range(1900, 2101)
_INTEGER = re.compile(r"[+-]?[0-9]{1,4000}", re.ASCII)


def sound(_form: Form, field: Field) -> None:
    """Refuse, with a sentence, what no rule of a field should ever have to look at."""
    own_words = bool(field.process_errors) and not type(field).__module__.startswith("wtforms.")
    said = None if own_words else unsound(field)
    if said:
        field.errors = []
        raise StopValidation(said)


def unsound(field: Field) -> str | None:
    """Why the content of a field cannot be meant, or None."""
    if isinstance(field, IntegerField):
        return _integer(field)
    if isinstance(field, DateTimeField):
        return _date(field)
    if isinstance(field, StringField) and isinstance(field.data, str):
        return _text(field, field.data)
    return None


def _text(field: StringField, text: str) -> str | None:
    most = LONGEST_TEXT if isinstance(field, TextAreaField | HiddenField) else LONGEST_LINE
    if len(text) > most:
        return str(_("太长了：这里最多 %(max)d 个字。", max=most))
    if isinstance(field, PasswordField):
        return None
    found = fault_in(text)
    if found == "turning":
        return str(_("其中有改变文字方向的隐藏字符，请删去后重新输入。"))
    return str(_("其中有看不见的控制字符，请删去后重新输入（不要从网页直接粘贴）。")) if found else None


def _integer(field: IntegerField) -> str | None:
    typed = field.raw_data[0] if field.raw_data else ""
    if not isinstance(typed, str) or not typed.strip():
        return None
    plain = plain_count(typed) if isinstance(field, WholeField) else plain_number(typed)
    if _INTEGER.fullmatch(plain) is None:
        return str(_("请填写整数，用数字 0–9 书写。"))
    return str(_("数字太大了，请核对。")) if field.data is None or abs(field.data) > BIGGEST else None


def _date(field: DateTimeField) -> str | None:
    typed = " ".join(field.raw_data) if field.raw_data else ""
    if field.data is None:
        return str(_("没有这一天，请写成 2026-11-22 这样的日期。")) if typed.strip() else None
    if field.data.year not in YEARS:
        return str(_("年份应在 %(first)d 至 %(last)d 之间。", first=YEARS[0], last=YEARS[-1]))
    return None
