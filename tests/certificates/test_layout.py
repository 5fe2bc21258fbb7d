"""Layouts of the second format: what is refused, in which words; what the first format becomes; the ready-made ones."""

import copy
from itertools import product
from typing import Any

import pytest

from competition.certificates import layout, ready, rules
from competition.certificates.layout import LayoutError, checked, upgraded
from tests.certificates.test_rules import full_data

AWARD = ready.READY["award"].layout


def changed(which: str, /, **change: Any) -> dict[str, Any]:
    """The award with its first block of a kind changed."""
    data = copy.deepcopy(AWARD)
    next(block for block in data["blocks"] if block["kind"] == which).update(change)
    return data


@pytest.mark.parametrize(("kind", "change", "sentence"), [
    ("text", {"texts": ["{身份证号}"]}, "第 3 块（文字）：有未知的占位符：身份证号"),
    ("text", {"texts": ["{姓名.__class__}"]}, "未知的占位符"),
    ("text", {"texts": ["{姓名"]}, "花括号没有成对"),
    ("text", {"texts": ["<script>x</script>"]}, "不能用 <script>"),
    ("text", {"texts": ["<b onclick=x>甲</b>"]}, "标签里不能写属性"),
    ("text", {"texts": ["甲\x07"]}, "看不见的控制字符"),
    ("text", {"texts": ["<b></b>"]}, "没有文字"),
    ("text", {"texts": []}, "第 3 块：文字至少要有 1 个"),
    ("text", {"texts": ["一", "二", "三", "四", "五"]}, "文字最多 4 个"),
    ("text", {"texts": ["长" * 601]}, "最多 600 个字"),
    ("text", {"size": 4}, "第 3 块：字号不能小于 5"),
    ("text", {"size": "12"}, "第 3 块：字号要写成数字"),
    ("text", {"size": float("nan")}, "字号要写成数字"),
    ("text", {"weight": 600}, "第 3 块：粗细不是可用的值"),
    ("text", {"src": "file:///etc/passwd"}, "第 3 块：src不认识"),
    ("text", {"x": 290}, "超出纸面"),
    ("text", {"y": -1}, "超出纸面"),
    ("text", {"x": 1e9}, "左边距不能大于"),
    ("text", {"font": "x\f} @import 'http://x'"}, "看不见的控制字符"),
    ("qr", {"w": 20}, "二维码不能小于 35 毫米"),
    ("qr", {"preprinted": True}, "不能事先印在纸上"),
    ("demo", {"preprinted": True}, "不能事先印在纸上"),
    ("picture", {"asset": "a" * 64}, "只能选一样"),
    ("picture", {"slot": None}, "请选择一张图片或一个位置"),
    ("picture", {"asset": "../../etc/passwd", "slot": None}, "图片不是可用的值"),
    ("border", {"style": "../x"}, "样式不是可用的值"),
    ("border", {"kind": "script"}, "第 1 块：类型不是可用的值"),
])
def test_bad_blocks_are_refused_with_the_block_and_the_reason(kind: str, change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(LayoutError, match=sentence):
        checked(changed(kind, **change))


@pytest.mark.parametrize(("change", "sentence"), [
    ({"format": 1}, "格式不是可用的值"), ({"page": {"size": "A5", "orientation": "landscape"}}, "不是可用的值"),
    ({"page": {"size": "A4", "orientation": "landscape", "bleed": 6}}, "出血不能大于 5"), ({"blocks": []}, "内容块至少要有 1 个"),
    ({"blocks": AWARD["blocks"] * 6}, "内容块最多 60 个"), ({"css": "@import 'http://x'"}, "css不认识"), ({"language": "fr"}, "语言不是"),
    ({"blocks": [block for block in AWARD["blocks"] if block["kind"] != "qr"]}, "要有一个二维码"),
    ({"blocks": [block for block in AWARD["blocks"] if block["kind"] != "demo"]}, "演示字样"),
    ({"blocks": [block for block in AWARD["blocks"] if "{验证码}" not in block.get("texts", ())]}, "证书上必须有：验证码"),
    ({"blocks": [{**block, "preprinted": True} if block["kind"] == "text" else block for block in AWARD["blocks"]]},
     "证书上必须有：姓名、证书编号、验证码"),
])
def test_bad_wholes_are_refused(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(LayoutError, match=sentence):
        checked({**AWARD, **change})
    with pytest.raises(LayoutError):
        checked([change])


def test_what_reaches_into_the_bleed_is_good_where_there_is_one() -> None:
    data = changed("border", x=-3, y=-3, w=303, h=216)
    with pytest.raises(LayoutError, match="超出纸面"):
        checked(data)
    data["page"]["bleed"] = 3
    assert checked(data)["blocks"][0]["x"] == -3
    assert checked(checked(data)) == checked(data)


def test_a_layout_of_the_first_format_says_the_same_in_the_second() -> None:
    blocks = [{**block, "texts": [text.replace("，", " & <") for text in block["texts"]]} if "texts" in block else block
              for block in AWARD["blocks"]]
    small = [{**block, "w": 23, "h": 23} if block["kind"] == "qr" else block for block in blocks]
    old = {"format": 1, "page": AWARD["page"], "blocks": small}
    new = checked(upgraded(old))
    data = {**full_data(), "证书编号": "1", "验证码": "2"}
    assert rules.printed_texts(new, data) == rules.printed_texts(old, data)
    assert any("& <" in text for text in rules.printed_texts(new, data))
    assert upgraded(new) == new


@pytest.mark.parametrize("kind", ready.WORDS)
def test_ready_designs_are_good_on_every_paper_and_need_only_the_plain_facts(kind: str) -> None:
    full = full_data(颁证单位1="青海省总工会", 颁证单位2="青海省人力资源和社会保障厅")
    for paper in product(("A4", "A3"), ("landscape", "portrait"), layout.LANGUAGES):
        data = checked(ready.designed(kind, *paper))
        assert rules.missing_fields(data, full) == []
        assert rules.too_long(data, {**full, "姓名": "一二三四五六", "单位": "某" * 30}) == []
        assert "名次" not in "".join(layout.texts_of(data["blocks"]))
    assert ready.READY[kind].kind in rules.KINDS


def test_no_tibetan_is_written_here() -> None:
    said = "".join(text for kind in ready.WORDS for text in layout.texts_of(ready.designed(kind, language="zh-bo")["blocks"]))
    assert not any("\u0f00" <= char <= "\u0fff" for char in said)
    assert "藏文" in said
