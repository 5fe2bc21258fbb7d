"""What stands between the marks and a publication, said so that a person can act on it."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

Name = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem. ``blocking`` problems forbid publishing.

    ``scope`` is ``event:KEY``, ``total:KEY`` or ``team:KEY``; ``title`` its Chinese name;
    ``detail`` holds what else the sentence says.
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

    @property
    def sentence(self) -> str:
        """The problem in Chinese, entrants named by their ids."""
        return self.say(str)

    def say(self, name: Name) -> str:
        """The problem in Chinese with ``name(id)`` for each entrant."""
        values = {
            **self.detail,
            "who": "、".join(name(entry) for entry in self.entries),
            "seats": "、".join(self.seats),
            "criteria": "、".join(self.criteria),
        }
        return f"【{self.title}】" + _SENTENCES[self.code].format_map(values)

    def to_json(self) -> dict[str, Any]:
        """Plain data, with the sentence for readers."""
        return {**asdict(self), "detail": dict(self.detail), "sentence": self.sentence}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Problem":
        """The problem written by :meth:`to_json`."""
        known = {key: value for key, value in data.items() if key != "sentence"}
        for key in ("entries", "seats", "criteria"):
            known[key] = tuple(known[key])
        return cls(**known)


_SENTENCES = {
    "entry.duplicate": "参赛者 {who} 重复出现。",
    "entry.unknown_event": "参赛者 {who} 报了规则中没有的项目“{event}”。",
    "outcome.unknown": "参赛者 {who} 的情况“{outcome}”不认识，或对应的项目不存在。",
    "mark.unknown_event": "有评分属于规则中没有的项目“{event}”。",
    "mark.unknown_entry": "席位 {seats} 的评分对应的作品 {who} 不在本项目名单中。",
    "mark.unknown_criterion": "席位 {seats} 给作品 {who} 打的评分项“{criteria}”不在规则中。",
    "mark.refused": "席位 {seats} 给作品 {who} 打的“{criteria}”（{value}）不符合规则：{reason}",
    "mark.contradicts": "席位 {seats} 给作品 {who} 的“{criteria}”有两个不同的分数（{value}），请确认以哪个为准。",
    "mark.attempt": "席位 {seats} 给作品 {who} 的“{criteria}”记了第 {attempt} 次，规则只允许 {allowed} 次。",
    "mark.excused": "席位 {seats} 已对作品 {who} 回避，其评分不计。",
    "seat.unexpected": "席位 {seats} 不在裁判组名单中，却给作品 {who} 打了分，该评分不计。",
    "marks.missing": "作品 {who} 缺席位 {seats} 的评分：{criteria}。",
    "panel.too_small": "作品 {who} 只有 {count} 份有效评分（{what}），规则要求至少 {minimum} 份。",
    "spread.wide": "作品 {who} 的{what}裁判分歧过大：最高与最低相差 {spread}，允许 {limit}，中位数 {median}，请席位 {seats} 复核。",
    "figure.unknown_event": "有数据属于规则中没有的项目“{event}”。",
    "figure.unknown_entry": "数据“{key}”对应的参赛者 {who} 不在本项目名单中。",
    "figure.unknown_key": "参赛者 {who} 的数据“{key}”不在规则中。",
    "figure.refused": "参赛者 {who} 的“{key}”（{value}）不符合规则：{reason}",
    "figure.contradicts": "参赛者 {who} 的“{key}”有两个不同的数值（{value}），请确认以哪个为准。",
    "theory.missing": "参赛者 {who} 缺理论成绩。",
    "time.missing": "作品 {who} 缺用时记录。",
    "tie.forbidden": "{who} 成绩相同（{value}），{chain}仍相同；规则不允许并列，请裁判长作出决定并记录。",
    "award.border": "{who} 并列，跨越“{tier}”的名额界线（还剩 {left} 个名额），请裁判长决定由谁获得。",
    "decision.unused": "关于“{scope}”的决定与现在的并列情况不符，没有采用。",
    "decision.unknown": "决定所指的范围“{scope}”不存在。",
    "team.too_large": "团体 {team} 有 {count} 名队员，规则规定为 {size} 名。",
}
