"""What stands between the marks and a publication, said so that a person can act on it."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from competition.scoring.wording import CHINESE, N_, Wording

Name = Callable[[str], str]
_NAMES = ("what", "tier", "key", "scope")  # details that are names


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem. ``blocking`` problems forbid publishing.

    ``scope`` is ``event:KEY``, ``total:KEY`` or ``team:KEY``; ``title`` its Chinese name; ``criteria``
    are Chinese names too. ``detail`` holds what else the sentence says; a refused entry's ``reason``
    there is a message, whose values stand beside it.
    """

    code: str
    scope: str
    title: str
    entries: tuple[str, ...] = ()
    seats: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()
    detail: Mapping[str, str] = field(default_factory=dict)
    blocking: bool = True

    @property
    def entry(self) -> str | None:
        """The entry, where the problem is about one alone."""
        return self.entries[0] if len(self.entries) == 1 else None

    def say(self, name: Name = str, to: Wording = CHINESE) -> str:
        """The problem in words, with ``name(id)`` for each entrant."""
        _ = to.say
        values = {**self.detail, "who": to.joined(map(name, self.entries)), "seats": to.joined(self.seats)}
        values["criteria"] = to.names(self.criteria)
        values |= {key: to.name(self.detail[key]) for key in _NAMES if key in self.detail}
        values |= {"team": name(self.detail["team"])} if "team" in self.detail else {}
        values |= {"outcome": to.status(self.detail["outcome"])} if "outcome" in self.detail else {}
        if message := self.detail.get("reason"):
            values["reason"] = _(message, **self.detail)
        plainly = _WITHOUT_CRITERIA.get(self.code) if not self.criteria else None
        return _("【%(title)s】%(problem)s", title=to.name(self.title), problem=_(plainly or _MESSAGES[self.code], **values))

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        return {**asdict(self), "detail": dict(self.detail)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Problem":
        """The problem written by :meth:`to_json`."""
        return cls(**{**data, **{key: tuple(data[key]) for key in ("entries", "seats", "criteria")}})


_MESSAGES = {
    "entry.duplicate": N_("参赛者 %(who)s 重复出现。"),
    "entry.unknown_event": N_("参赛者 %(who)s 报了规则中没有的项目“%(event)s”。"),
    "outcome.unknown": N_("参赛者 %(who)s 登记的情况“%(outcome)s”不在规则中，或对应的项目不存在。"),
    "mark.unknown_event": N_("有评分属于规则中没有的项目“%(event)s”。"),
    "mark.unknown_entry": N_("座位 %(seats)s 的评分对应的作品 %(who)s 不在本项目名单中。"),
    "mark.unknown_criterion": N_("座位 %(seats)s 给作品 %(who)s 评了规则中没有的评分项“%(criteria)s”。"),
    "mark.refused": N_("座位 %(seats)s 给作品 %(who)s 的“%(criteria)s”评分（%(value)s）不符合规则：%(reason)s"),
    "mark.contradicts": N_("座位 %(seats)s 给作品 %(who)s 的“%(criteria)s”有两个不同的分数（%(value)s），请确认以哪个为准。"),
    "mark.attempt": N_("座位 %(seats)s 给作品 %(who)s 的“%(criteria)s”记了第 %(attempt)s 次，规则只允许 %(allowed)s 次。"),
    "mark.excused": N_("座位 %(seats)s 已对作品 %(who)s 回避，其评分不计。"),
    "seat.unexpected": N_("座位 %(seats)s 不在裁判组名单中，却给作品 %(who)s 评了分，其评分不计。"),
    "marks.missing": N_("作品 %(who)s 缺座位 %(seats)s 的评分：%(criteria)s。"),
    "panel.too_small": N_("作品 %(who)s 只有 %(count)s 份有效评分（%(what)s），规则要求至少 %(minimum)s 份。"),
    "spread.wide": N_(
        "作品 %(who)s 的%(what)s裁判分歧过大：最高与最低相差 %(spread)s，允许 %(limit)s，中位数 %(median)s，请座位 %(seats)s 复核。"
    ),
    "call.split": N_(
        "作品 %(who)s 的“%(criteria)s”：%(of)s 位裁判中只有 %(count)s 位认定（座位 %(seats)s），不足 %(needed)s 位，没有采用。"
    ),
    "figure.unknown_event": N_("有数据属于规则中没有的项目“%(event)s”。"),
    "figure.unknown_entry": N_("数据“%(key)s”对应的参赛者 %(who)s 不在本项目名单中。"),
    "figure.unknown_key": N_("参赛者 %(who)s 的数据“%(key)s”不在规则中。"),
    "figure.refused": N_("参赛者 %(who)s 的“%(key)s”（%(value)s）不符合规则：%(reason)s"),
    "figure.contradicts": N_("参赛者 %(who)s 的“%(key)s”有两个不同的数值（%(value)s），请确认以哪个为准。"),
    "theory.twice": N_("参赛者 %(who)s 既有理论成绩又有答题记录，请只留一种。"),
    "answers.missing": N_("参赛者 %(who)s 缺答题记录：%(criteria)s。"),
    "key.missing": N_("还没有标准答案：%(criteria)s。"),
    "key.refused": N_("“%(criteria)s”的标准答案不符合规则：%(reason)s"),
    "key.contradicts": N_("“%(criteria)s”有两份不同的标准答案。"),
    "key.unknown_section": N_("有标准答案属于试卷中没有的部分“%(section)s”。"),
    "key.unknown_event": N_("有标准答案属于规则中没有的项目“%(event)s”。"),
    "theory.missing": N_("参赛者 %(who)s 缺理论成绩。"),
    "time.missing": N_("作品 %(who)s 缺用时记录。"),
    "tie.forbidden": N_("%(who)s 成绩相同（%(value)s），比较%(criteria)s仍相同；规则不允许并列，请裁判长作出决定并记录。"),
    "award.border": N_("%(who)s 并列，跨越“%(tier)s”的名额界线（还剩 %(left)s 个名额），请裁判长决定由谁获得。"),
    "decision.unused": N_("关于“%(scope)s”的决定与现在的并列情况不符，没有采用。"),
    "decision.unknown": N_("决定所指的范围“%(scope)s”不存在。"),
    "team.tied": N_(
        "代表队 %(team)s 只计最好的 %(count)s 名队员，%(who)s 在“%(what)s”中并列，计谁的成绩结果不同，请裁判长对这一并列作出决定。"
    ),
    "team.too_large": N_("代表队 %(team)s 有 %(count)s 名队员，规则规定为 %(size)s 名。"),
}

_WITHOUT_CRITERIA = {
    "tie.forbidden": N_("%(who)s 成绩相同（%(value)s）；规则不允许并列，请裁判长作出决定并记录。"),
}
