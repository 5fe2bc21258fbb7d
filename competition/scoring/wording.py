"""How things are worded. Everything is said by a Chinese message with named places for what is said of.

Whoever reads may hand in how messages become sentences of another language (``gettext`` of the pages) and what the
rulebook calls its own things there; papers and records hand in nothing and get Chinese. A function that says something
calls the first ``_``, and a message that waits in a table or in data is marked by ``N_``: that is how the collecting of
messages finds them.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce

Say = Callable[..., str]  # (message, **values) -> sentence


def plain(message: str, /, **values: object) -> str:
    """The message itself, filled in: Chinese."""
    return message % values if values else message


def N_(message: str) -> str:  # noqa: N802 - the usual name of this mark
    """A message that is put into the reader's language later, where it is said."""
    return message


# What the engine calls its own figures, in labels of derivations and problems.
SHEET, PANEL, JUDGES = N_("评分表"), N_("裁判组得分"), N_("裁判评分合计")
FIGURES = {
    "score": N_("成绩"),
    "judges": N_("裁判评分"),
    "time": N_("用时"),
    "time_points": N_("时间加减分"),
    "deducted": N_("扣分"),
    "places": N_("名次"),
}
PLACE = N_("第 %(n)s 名人数")  # how many of a team have this rank
_PLACE = re.compile(plain(PLACE, n="([0-9]+)"))
# What is entered by hand.
ENTERED = {"theory": N_("理论成绩"), "time_s": N_("用时"), "time_back_s": N_("补时")}
_OWN = frozenset((SHEET, PANEL, JUDGES, *FIGURES.values(), *ENTERED.values()))
_DOT = "·"

# The statuses of a row, those beside the outcomes of the rulebook too.
STATUS_WORDS = {
    "OK": N_("有效"),
    "INCOMPLETE": N_("评分不全"),
    "ABSENT": N_("缺考"),
    "WITHDRAWN": N_("弃权"),
    "DISQUALIFIED": N_("取消资格"),
    "RESULT_CANCELLED": N_("取消成绩"),
    "ZERO": N_("成绩计零分"),
    "OUT": N_("超时淘汰"),
}


@dataclass(frozen=True, slots=True)
class Wording:
    """How a reader is told: ``say`` puts messages into words, ``texts`` has the rulebook's own names by the Chinese ones,
    ``joined`` puts names in a row."""

    say: Say = plain
    texts: Mapping[str, str] = field(default_factory=dict)
    joined: Callable[[Iterable[str]], str] = "、".join

    def name(self, chinese: str) -> str:
        """A name as the rulebook, or else the engine, has it in this language; else the Chinese one.

        Names of figures may be paths, ``实操·用时``.
        """
        if chinese in self.texts:
            return self.texts[chinese]
        if place := _PLACE.fullmatch(chinese):
            return self.say(PLACE, n=place[1])
        if _DOT in chinese:
            return _DOT.join(self.name(part) for part in chinese.split(_DOT))
        return self.say(chinese) if chinese in _OWN else chinese

    def names(self, chinese: Iterable[str]) -> str:
        """Several names as a list in a sentence."""
        return self.joined(self.name(one) for one in chinese)

    def status(self, code: str) -> str:
        """What a status is called."""
        return self.say(STATUS_WORDS[code]) if code in STATUS_WORDS else code


CHINESE = Wording()


def clauses(_: Say, first: str, *rest: str) -> str:
    """Parts of one sentence."""
    return reduce(lambda said, then: _("%(said)s，%(then)s", said=said, then=then), rest, first)
