"""The layouts, macros and error pages on their own: what is bound to what, and what is never in them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask, render_template, render_template_string
from flask_babel import Babel
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFProtect, generate_csrf
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, RadioField, SelectChoice, StringField
from wtforms.validators import DataRequired

from competition.core import templating
from competition.core.config import ROOT

TEMPLATES = ROOT / "templates"
NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


class EntryForm(FlaskForm):  # type: ignore[misc]
    """A form with one field of each shape that the macros treat differently."""

    name = StringField("姓名", validators=[DataRequired("请填写姓名。")], description="与身份证一致。")
    level = RadioField("技能等级", choices=[SelectChoice("4", "中级工"), SelectChoice("3", "高级工")],
                       validators=[DataRequired("请选择技能等级。")])
    consent = BooleanField("我已阅读", validators=[DataRequired("同意后才能报名。")])


@pytest.fixture
def pages(tmp_path: Path) -> Flask:
    app = Flask(__name__, template_folder=str(TEMPLATES), static_folder=None)
    app.secret_key = "only for this test"
    Babel(app, default_locale="zh_Hans_CN")
    CSRFProtect(app)
    templating.register(app, tmp_path)
    return app


def render(app: Flask, text: str, /, path: str = "/list?state=x&page=4", method: str = "GET", **context: object) -> str:
    with app.test_request_context(path, method=method):
        return render_template_string(text, **context)


def test_a_field_is_bound_to_its_help_and_its_error(pages: Flask) -> None:
    with pages.test_request_context("/", method="POST"):
        form = EntryForm(MultiDict({"csrf_token": generate_csrf()}))
        assert not form.validate()
        page = render_template_string(
            '{% import "macros/forms.html" as forms %}{{ forms.start(form, keep="entry") }}'
            "{{ forms.field(form.name, autocomplete='name') }}{{ forms.field(form.level) }}"
            "{{ forms.field(form.consent) }}{{ forms.submit('提交报名') }}{{ forms.end() }}", form=form,
        )
    entry = re.search(r'<input[^>]*id="name"[^>]*>', page)
    assert entry is not None
    assert 'aria-describedby="name-help name-error"' in entry[0]
    assert 'aria-invalid="true"' in entry[0]
    assert 'autocomplete="name"' in entry[0]
    assert 'id="name-help">与身份证一致。' in page
    assert re.search(r'id="name-error">.*请填写姓名。', page)
    assert '<fieldset class="form-field choices has-error" id="level"' in page
    assert "没有提交，还需要改 3 处" in page
    assert '<a href="#consent">我已阅读：同意后才能报名。</a>' in page
    assert 'name="csrf_token"' in page
    assert 'data-keep="entry"' in page


def test_a_clean_form_has_no_error_summary(pages: Flask) -> None:
    with pages.test_request_context("/"):
        page = render_template_string(
            '{% import "macros/forms.html" as forms %}{{ forms.start(form) }}{{ forms.field(form.name) }}', form=EntryForm()
        )
    assert "error-summary" not in page
    assert 'aria-describedby="name-help"' in page


@pytest.mark.parametrize(
    ("state", "kind", "word"),
    [
        ("reviewing", "entry", "审核中"), ("waiting", "entry", "候补"), ("withdrawn", "entry", "已撤回"),
        ("WITHDRAWN", "outcome", "弃权"), ("RESULT_CANCELLED", "outcome", "取消成绩"), (None, "outcome", "未检录"),
        ("handed_in", "sheet", "已提交评分"), (None, "sheet", "未评分"), ("corrected", "publication", "已更正"),
        ("superseded", "certificate", "已替换"), ("counted", "return", "已计入"), ("locked", None, "已锁定"),
    ],
)
def test_states_have_the_words_of_the_glossary(pages: Flask, state: str | None, kind: str | None, word: str) -> None:
    badge = render(pages, '{% import "macros/states.html" as states %}{{ states.badge(state, kind) }}', state=state, kind=kind)
    assert re.fullmatch(rf'\s*<span class="state[a-z -]*">{word}</span>', badge)


def test_an_unknown_state_is_shown_as_it_is(pages: Flask) -> None:
    badge = render(pages, '{% import "macros/states.html" as states %}{{ states.badge("<odd>", "entry") }}')
    assert badge.strip() == '<span class="state">&lt;odd&gt;</span>'


def test_the_pager_keeps_the_filter(pages: Flask) -> None:
    page = SimpleNamespace(page=9, pages=43, total=1284, has_prev=True, has_next=True)
    text = render(pages, '{% import "macros/tables.html" as tables %}{{ tables.pager(page) }}', page=page)
    assert 'href="/list?state=x&amp;page=10"' in text
    assert text.count('aria-current="page"') == 1
    assert text.count('class="gap"') == 2
    single = SimpleNamespace(page=1, pages=1, total=3, has_prev=False, has_next=False)
    assert render(pages, '{% import "macros/tables.html" as tables %}{{ tables.pager(page) }}', page=single).strip() == ""


def test_a_batch_is_one_form_with_its_token(pages: Flask) -> None:
    text = render(pages, """{% import "macros/tables.html" as tables %}
        {% call tables.batch('/approve', [{'label': '预览批量通过', 'name': 'act', 'value': 'approve'}]) %}
        {% call tables.table('报名列表', ['姓名', {'label': '得分', 'num': true, 'sort': 'mark'}], select=true, sort='-mark') %}
        <tr>{{ tables.pick('7', '才让多杰') }}<td>才让多杰</td><td class="num">1</td></tr>
        {% endcall %}{% endcall %}""")
    assert text.count("<form") == 1
    assert 'name="csrf_token"' in text
    assert 'name="ids" value="7"' in text
    assert "选择 才让多杰" in text
    assert 'aria-sort="descending"' in text
    assert "/list?state=x&amp;sort=mark" in text


@pytest.mark.parametrize(("state", "asks"), [("queued", True), ("running", True), ("done", False), ("failed", False), ("cancelled", False)])
def test_progress_asks_again_only_while_the_work_runs(pages: Flask, state: str, asks: bool) -> None:
    job = SimpleNamespace(id="j", title="生成证书", state=state, done=60, total=300, percent=20, message="", error="第 61 行有误。")
    text = render(pages, """{% import "macros/progress.html" as progress %}
        {{ progress.job(job, "/jobs/j/progress", retry_href="/jobs/j/retry") }}""", job=job)
    assert ('hx-get="/jobs/j/progress"' in text) is asks
    assert ("第 61 行有误。" in text) is (state == "failed")
    assert ("重新开始" in text) is (state in ("failed", "cancelled"))


def test_a_chart_has_the_same_figures_in_its_table(pages: Flask) -> None:
    text = render(pages, """{% import "macros/charts.html" as charts %}{{ charts.chart('m', '各月', 'bar', ['1月', '2月'],
        [{'name': '人数', 'values': [1200, none]}], unit='人', target=5000, as_of=at) }}""", at=NOON)
    assert '"values": [1200, null]' in text
    assert '<td class="num">1,200</td>' in text
    assert '<td class="num">—</td>' in text
    assert "2026年11月22日 12:00" in text


def test_an_irreversible_act_names_what_it_does(pages: Flask) -> None:
    text = render(pages, """{% import "macros/confirm.html" as confirm %}{% call confirm.panel('发布成绩', button='发布成绩',
        name='甲赛', count='12 名选手', audience='公众', effects=['不能改写。']) %}{% endcall %}""")
    for words in ("不能改写。", "12 名选手", "公众", "不能撤回。", 'data-confirm-name="甲赛"', 'name="confirm_name"'):
        assert words in text


def test_layouts_hold_landmarks_and_bands(pages: Flask) -> None:
    nav = [{"title": "报名", "items": [{"label": "报名审核", "href": "/r", "active": True, "count": 1280}]}]
    text = render(pages, '{% extends "layouts/staff.html" %}{% block page_title %}报名审核{% endblock %}',
                  nav=nav, demo_mode=True, demo_home="/demo", account={"name": "测试员", "sign_out_href": "/out"})
    assert '<html lang="zh-Hans-CN"' in text
    assert "<title>报名审核 · 劳动和技能竞赛</title>" in text
    assert 'href="#main"' in text
    assert '<main id="main"' in text
    assert '<a href="/r" aria-current="page">' in text
    assert "1,280" in text
    assert 'href="/demo"' in text
    assert re.search(r'<form method="post" action="/out" data-signs-out>\s*<input type="hidden" name="csrf_token"', text)
    public = render(pages, '{% extends "layouts/public.html" %}{% block page_title %}赛事{% endblock %}',
                    tabs=[{"label": "我的成绩", "href": "/m", "active": True}])
    assert '<a href="/m" aria-current="page">' in public
    assert "csrf" not in public
    assert 'role="status"' in public


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 413, 422, 429])
def test_error_pages_say_what_to_do(pages: Flask, status: int) -> None:
    with pages.test_request_context("/x", headers={"Referer": "http://evil.example/"}):
        text = render_template(f"errors/{status}.html", message="名额已满。", details={}, code="full")
    assert "<p>名额已满。</p>" in text
    assert "可以这样做" in text
    assert "evil.example" not in text
    assert "data-error-page" in text


def test_the_last_error_page_needs_no_request(pages: Flask) -> None:
    text = pages.jinja_env.get_template("errors/500.html").render(request_id="ab12cd34")
    assert "ab12cd34" in text
    assert "回到首页" in text


def test_templates_fit_the_content_policy() -> None:
    faults = []
    for file in TEMPLATES.rglob("*.html"):
        text = file.read_text("utf-8")
        for pattern in (r"<[a-z][^>]*\sstyle\s*=", r"<style\b", r"<[a-z][^>]*\son[a-z]+\s*=", r"javascript:",
                        r"<script(?![^>]*(\ssrc=|application/json))"):
            faults += [f"{file.relative_to(TEMPLATES)}: {found[0]}" for found in re.finditer(pattern, text)]
    assert faults == []
