"""What no field of any form takes, whatever its own rules; and what every field takes."""

import pytest
from flask import Flask
from wtforms import DateField, DateTimeLocalField, IntegerField, StringField, TextAreaField

from competition.core.forms import BaseForm


class EveryKind(BaseForm):
    """One field of each kind, with no rules of their own."""

    line, text = StringField(), TextAreaField()
    number, day, moment = IntegerField(), DateField(), DateTimeLocalField(format="%Y-%m-%dT%H:%M")


@pytest.mark.parametrize(("field", "typed", "sentence"), [
    ("line", "试\x00名", "控制字符"), ("line", "\x07\x1b[2J", "控制字符"), ("line", "\ufffe", "控制字符"),
    ("line", "\u202e名", "改变文字方向"),
    ("line", "\u2066名", "改变文字方向"), ("line", "x" * 2001, "太长了"), ("text", "x" * 1_048_576, "太长了"),
    ("text", "a\x85b", "控制字符"),
    ("number", "٣", "整数"), ("number", "1e999", "整数"), ("number", "NaN", "整数"), ("number", "Infinity", "整数"),
    ("number", "1_000", "整数"),
    ("number", "9" * 30, "太大"), ("number", "-" + "9" * 30, "太大"), ("number", "9" * 5000, "整数"), ("number", "8.5", "整数"),
    ("day", "2026-02-30", "没有这一天"), ("day", "0000-01-01", "没有这一天"), ("day", "9999-12-31", "年份"), ("day", "0001-01-01", "年份"),
    ("day", "明天", "没有这一天"), ("moment", "9999-12-31T23:59", "年份"), ("moment", "2026-02-30T10:00", "没有这一天"),
])
def test_refused_with_a_sentence(app: Flask, field: str, typed: str, sentence: str) -> None:
    with app.test_request_context(method="POST", data={field: typed}):
        form = EveryKind()
        assert not form.validate()
        assert sentence in str(form.errors[field][0])
        assert list(form.errors) == [field]


@pytest.mark.parametrize(("field", "typed", "read"), [
    ("line", "གཡང་ 䶮 𬀩 José·阿卜杜", "གཡང་ 䶮 𬀩 José·阿卜杜"), ("line", "１２", "１２"), ("text", "一\r\n\t二", "一\r\n\t二"),
    ("line", "<script>{{7*7}}%s'\"\\", "<script>{{7*7}}%s'\"\\"), ("number", "１２", 12), ("number", " 7 ", 7), ("number", "-0", 0),
])
def test_taken_as_it_was_typed(app: Flask, field: str, typed: str, read: object) -> None:
    with app.test_request_context(method="POST", data={field: typed}):
        form = EveryKind()
        assert form.validate(), form.errors
        assert form[field].data == read
