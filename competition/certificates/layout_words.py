"""What blocks of a layout and their fields are called, and what may be wrong with a field."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext

from competition.certificates.rules import plain
from competition.core.words import say as _

# So much of a text names its block.
SHOWN = 18

KINDS = {
    "text": lazy_gettext("文字"), "picture": lazy_gettext("图片"), "border": lazy_gettext("边框"), "line": lazy_gettext("线条"),
    "qr": lazy_gettext("二维码"), "demo": lazy_gettext("演示字样"), "seal": lazy_gettext("演示用印章"),
}
FIELDS = {
    "x": lazy_gettext("左边距"), "y": lazy_gettext("上边距"), "w": lazy_gettext("宽"), "h": lazy_gettext("高"),
    "texts": lazy_gettext("文字"), "size": lazy_gettext("字号"), "align": lazy_gettext("对齐"), "weight": lazy_gettext("粗细"),
    "color": lazy_gettext("颜色"), "spacing": lazy_gettext("字距"), "indent": lazy_gettext("首行缩进"),
    "leading": lazy_gettext("行距"), "lang": lazy_gettext("语言"), "lines": lazy_gettext("最多行数"),
    "optional": lazy_gettext("可以空缺"), "bottom": lazy_gettext("靠下"), "label": lazy_gettext("只是标签"),
    "font": lazy_gettext("字体"), "preprinted": lazy_gettext("纸上已印好"), "asset": lazy_gettext("图片"),
    "slot": lazy_gettext("位置"), "style": lazy_gettext("样式"), "format": lazy_gettext("格式"),
    "page": lazy_gettext("纸张"), "orientation": lazy_gettext("方向"), "bleed": lazy_gettext("出血"),
    "language": lazy_gettext("语言"), "blocks": lazy_gettext("内容块"), "kind": lazy_gettext("类型"),
}
SLOTS = {
    **{f"seal{n}": lazy_gettext("印章 %(number)s", number=n) for n in range(1, 5)},
    **{f"signature{n}": lazy_gettext("签名 %(number)s", number=n) for n in range(1, 5)},
    "logo": lazy_gettext("标志"), "photo": lazy_gettext("照片"),
}
# By the types of pydantic's errors; what stands between %( ) is in their context.
FAULTS = {
    "greater_than_equal": lazy_gettext("不能小于 %(ge)s。"), "less_than_equal": lazy_gettext("不能大于 %(le)s。"),
    "missing": lazy_gettext("没有填写。"), "extra_forbidden": lazy_gettext("不认识。"),
    "too_short": lazy_gettext("至少要有 %(min_length)s 个。"), "too_long": lazy_gettext("最多 %(max_length)s 个。"),
    "string_too_short": lazy_gettext("不能为空。"), "string_too_long": lazy_gettext("最多 %(max_length)s 个字。"),
    "finite_number": lazy_gettext("要写成数字。"), "float_type": lazy_gettext("要写成数字。"), "int_type": lazy_gettext("要写成整数。"),
    "other": lazy_gettext("不是可用的值。"),
}


def field_words(place: Sequence[Any]) -> str:
    """What a field is called; one that is not ours as it was written, shortened."""
    names = [part for part in place if isinstance(part, str)]
    return str(FIELDS.get(names[-1], names[-1][:40])) if names else _("内容")


def block_title(block: Mapping[str, Any]) -> str:
    """What a block is, in few words: what it says, or which picture stands there."""
    if block["kind"] == "text":
        text = " ".join(plain(block["texts"][0]).split())
        return text if len(text) <= SHOWN else text[:SHOWN] + "…"
    if block.get("slot"):
        return _("%(kind)s：%(place)s", kind=KINDS["picture"], place=SLOTS[block["slot"]])
    return str(KINDS[block["kind"]])


def block_words(number: int, block: Mapping[str, Any]) -> str:
    """``第 3 块（文字）``: counted from one."""
    return _("第 %(n)s 块（%(kind)s）", n=number + 1, kind=KINDS[block["kind"]])
