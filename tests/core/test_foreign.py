"""Chinese and Tibetan on pages of another language say so, and nothing else is touched."""

import re

import pytest

from competition.core.foreign import mark_foreign


@pytest.mark.parametrize(("page", "marked"), [
    ("<h1>第三届拉面技能邀请赛（演示）</h1>", '<h1><span lang="zh-Hans">第三届拉面技能邀请赛（演示）</span></h1>'),
    ("<p>Event: 都兰县2026年电工 竞赛, 3 entries</p>", '<p>Event: <span lang="zh-Hans">都兰县2026年电工 竞赛</span>, 3 entries</p>'),
    ("<p>《细则》 is closed</p>", '<p><span lang="zh-Hans">《细则》</span> is closed</p>'),
    ("<p>演示·甲 · 2026</p>", '<p><span lang="zh-Hans">演示·甲</span> · 2026</p>'),
    ('<a title="青海" href="/">Open</a>', '<a title="青海" href="/">Open</a>'),
    ('<option value="1">青海省</option><option>All</option>', '<option lang="zh-Hans" value="1">青海省</option><option>All</option>'),
    ("<textarea name=\"a\">第一段 <b></textarea>", "<textarea lang=\"zh-Hans\" name=\"a\">第一段 <b></textarea>"),
    ('<input value="马&gt;演" name="n">', '<input lang="zh-Hans" value="马&gt;演" name="n">'),
    ("<title>赛</title><script>'赛'</script><style>a{}</style><!-- 赛 --><svg><title>赛</title></svg>", None),
    ('<p>བོད་ཡིག</p>', '<p><span lang="bo">བོད་ཡིག</span></p>'),
    ("<p>Ready — 12 of 30 …</p>", None),
    ("<p>&lt;b&gt; &amp; 马&lt;/b&gt;</p>", '<p>&lt;b&gt; &amp; <span lang="zh-Hans">马</span>&lt;/b&gt;</p>'),
])
def test_an_english_page_marks_what_is_not_english(page: str, marked: str | None) -> None:
    assert mark_foreign(page, "en") == (marked or page)


def test_a_chinese_page_marks_only_tibetan() -> None:
    assert mark_foreign("<p>张三</p><p>བོད།</p>", "zh-Hans-CN") == '<p>张三</p><p><span lang="bo">བོད།</span></p>'


def test_what_is_read_stays_what_it_was() -> None:
    page = '<p data-label="单位">中 a &lt; 文</p><select><option selected>甲</option></select>' * 50
    assert re.sub(r"</?span[^>]*>| lang=\"zh-Hans\"", "", mark_foreign(page, "en")) == page
