"""One thing and many: the form of a sentence follows the number it is said with, in Python, in templates and when it waits."""

import pytest
from flask import Flask, render_template_string
from flask_babel import force_locale, gettext, lazy_gettext

from competition.core.counted import counted_by

WORDS = "%(n)s 件作品"


@pytest.mark.parametrize(("value", "said"), [
    (1, "1 work"), ("1", "1 work"), (0, "0 works"), (2, "2 works"), ("1,200", "1,200 works"), ("1.0", "1.0 works"),
])
def test_english_has_two_forms(app: Flask, value: object, said: str) -> None:
    waiting = lazy_gettext(WORDS, n=value)
    with app.test_request_context(), force_locale("en"):
        assert (gettext(WORDS, n=value), str(waiting)) == (said, said)
        assert render_template_string("{{ _('%(n)s 件作品', n=value) }}", value=value) == said


def test_chinese_has_one(app: Flask) -> None:
    with app.test_request_context(), force_locale("zh_Hans_CN"):
        assert {gettext(WORDS, n=n).replace(str(n), "") for n in (1, 2)} == {" 件作品"}
        assert render_template_string("{{ _('%(n)s 件作品', n=1) }}") == "1 件作品"


def test_what_was_typed_is_escaped_in_both_forms(app: Flask) -> None:
    with app.test_request_context(), force_locale("en"):
        for n in (1, 2):
            page = render_template_string("{{ _('%(n)s 件作品，%(state)s', n=n, state='<b>') }}", n=n)
            assert page.endswith("&lt;b&gt;")


@pytest.mark.parametrize(("sentence", "name"), [
    ("%(n)s 份报名", "n"), ("共 %(count)d 份", "count"), ("第 %(n)s 版", None), ("%(n)s 号座位", None), ("没有报名", None),
    ("第 %(b)s 批的 %(n)s 个参赛者", "n"),
])
def test_which_value_counts(sentence: str, name: str | None) -> None:
    assert counted_by(sentence) == name
