"""One thing and many: the form of a sentence follows the number it is said with, in Python, in templates and when it waits."""

import json
import subprocess

import pytest
from flask import Flask, render_template_string
from flask_babel import force_locale, gettext, lazy_gettext

from competition.bootstrap.frontend import node_home
from competition.core.config import ROOT
from competition.core.counted import counted_by, fitted

WORDS = "%(n)s 件作品"


@pytest.mark.parametrize(("value", "said"), [
    (1, "1 work"), ("1", "1 work"), (0, "0 works"), (2, "2 works"), ("1,200", "1,200 works"), ("1.0", "1.0 works"),
])
def test_english_has_two_forms(app: Flask, value: object, said: str) -> None:
    waiting = lazy_gettext(WORDS, n=value)
    with app.test_request_context(), force_locale("en"):
        assert (gettext(WORDS, n=value), str(waiting)) == (said, said)
        assert render_template_string("{{ _('%(n)s 件作品', n=value) }}", value=value) == said


@pytest.mark.parametrize(("sentence", "values", "said"), [
    ("%(r)s 行数据，%(f)s 个文件", {"r": 1, "f": 2}, "1 row of data, 2 files"),
    ("%(r)s 行数据，%(f)s 个文件", {"r": "1,200", "f": "1"}, "1,200 rows of data, 1 file"),
    ("%(n)s 个参赛者，%(b)s 批", {"n": 1, "b": 3}, "1 entrant, 3 batches"),
    ("%(n)s 个参赛者，%(b)s 批", {"n": 2, "b": 1}, "2 entrants, 1 batch"),
    ("%(name)s：扣 %(value)s 分", {"name": "[a|b]", "value": "0.5"}, "[a|b]: 0.5 points off"),
    ("%(name)s：扣 %(value)s 分", {"name": "x", "value": "1"}, "x: 1 point off"),
])
def test_every_number_of_a_sentence_has_its_one_and_many(app: Flask, sentence: str, values: dict[str, object], said: str) -> None:
    waiting = lazy_gettext(sentence, **values)
    with app.test_request_context(), force_locale("en"):
        assert (gettext(sentence, **values), str(waiting)) == (said, said)
        assert render_template_string("{{ _(sentence, **values) }}", sentence=sentence, values=values) == said


def test_a_sentence_for_a_script_keeps_the_choice_until_it_is_filled_in(app: Flask) -> None:
    with app.test_request_context(), force_locale("en"):
        assert render_template_string("{{ _('得 {n} 分') }}") == "{n} [point|points]"


def test_tablets_choose_like_the_server() -> None:
    """The same signs with the same values, in the module that the tablet's pages are built from."""
    cases = [["{n} [point|points]", {"n": 1}], ["{n} [point|points]", {"n": "1"}], ["{n} [point|points]", {"n": "1.0"}],
             ["{n} [reading|readings] [is|are] needed, {have} entered", {"n": 1, "have": 3}], ["{done} of {needed}", {"done": 2}]]
    script = f"""globalThis.document = {{ getElementById: () => null }};
      const {{ fill }} = await import({json.dumps((ROOT / "static/src/app/modules/words.js").as_uri())});
      console.log(JSON.stringify({json.dumps(cases)}.map(([text, values]) => fill(text, values))));"""
    node = [str(node_home() / "bin" / "node"), "--no-warnings", "--input-type=module", "-e", script]
    said = subprocess.run(node, capture_output=True, text=True, check=True, timeout=60).stdout
    assert json.loads(said) == ["1 point", "1 point", "1.0 points", "1 reading is needed, 3 entered", "2 of {needed}"]
    assert [fitted(text.replace("{n}", "%(n)s"), {"n": values["n"]}) % values for text, values in cases[:3]] == json.loads(said)[:3]


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
