"""One cell of a rulebook's workbook as the value of the document, or the sentence why not. Pure."""

import re
from typing import Any

from competition.contests.rules_fields import Spec, taken, tidy
from competition.contests.workbook.tables import NO, YES
from competition.core import grids
from competition.core.formats import joined
from competition.core.words import say as _

_NAME_OF_FIGURE = re.compile(r"[a-z][a-z0-9_.-]*", re.ASCII)


def odd_words(why: str) -> str:
    """What is said of a cell that holds no plain text or number."""
    return {
        grids.FORMULA: _("这里是公式。规则要写确定的内容，请复制后“选择性粘贴”为数值。"),
        grids.DATE: _("表格软件把这一格变成了日期或时间。请把格式改为“文本”，再填一次。"),
        grids.INEXACT: _("这个数的位数过多，不像是直接填写的。请再填一次。"),
    }[why]


def value_of(spec: Spec, text: str) -> Any:
    """The value of a cell; raises ValueError with the sentence. References are only read here, not looked up."""
    text = tidy(spec, text)
    if spec.type == "choice":
        return _chosen(spec, text)
    if spec.type in ("flag", "answer"):
        if text not in (YES, NO):
            raise ValueError(_("只能填“%(yes)s”或“%(no)s”，或者空着。", yes=YES, no=NO))
        return text == YES
    if spec.type in ("decimal", "whole", "seconds"):
        return taken(spec, text.removesuffix("%").strip() if spec.unit == "%" else text)
    return text


def _chosen(spec: Spec, text: str) -> str:
    for key, words in spec.choices:
        if key and text in (words, key):
            return key
    raise ValueError(_("只能填：%(words)s。", words=joined(words for key, words in spec.choices if key)))


def key_in(text: str) -> str | None:
    """The key that a reference begins with (“basic 手工拉面基本功”); None where it is a name alone."""
    first = text.split(maxsplit=1)[0] if text.split() else ""
    return first if _NAME_OF_FIGURE.fullmatch(first) else None
