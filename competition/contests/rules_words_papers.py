"""The sections of a theory paper in plain words. Pure."""

from collections.abc import Iterator

from flask_babel import lazy_gettext

from competition.contests.naming import named
from competition.contests.rules_words_standing import plain
from competition.core.formats import together
from competition.core.words import say as _
from competition.scoring.paper import FILL, MULTIPLE, Section

KINDS = {
    "single": lazy_gettext("单选题"), "multiple": lazy_gettext("多选题"), "true_false": lazy_gettext("判断题"),
    "fill": lazy_gettext("填空题"),
}


def section_words(section: Section) -> str:
    """What a section holds, and what right, incomplete, wrong and missing answers are worth."""
    head = _("%(name)s：%(kind)s，共 %(n)s 题，每题 %(points)s 分，满分 %(full)s 分。", name=named(section.name),
             kind=KINDS[section.kind], n=section.count, points=plain(section.points), full=plain(section.full))
    return together(head, *_worth(section))


def _worth(section: Section) -> Iterator[str]:
    if section.kind == MULTIPLE:
        yield _some(section)
    if section.kind == FILL:
        yield _("填的是数时按数值比较，其余须与标准答案一字不差。")
    if not section.wrong:
        yield _("答错、未答不得分。")
        return
    yield _("答错一题倒扣 %(n)s 分，未答不得分。", n=plain(-section.wrong))
    yield _("这一部分最低 %(n)s 分。", n=plain(section.least))


def _some(section: Section) -> str:
    """What some of several right letters are worth."""
    if section.per_right is not None:
        return _("少选而没有错选的，每选对一个得 %(n)s 分，最多得这一题的满分。", n=plain(section.per_right))
    if section.incomplete is not None:
        return _("少选而没有错选的，得 %(n)s 分。", n=plain(section.incomplete))
    return _("少选按答错计。")
