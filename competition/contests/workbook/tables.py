"""A rulebook as the tables of a workbook: which sheets there are and what their columns hold, made of the editor's tables of fields.

A row is one object of the document. What is deeper than a row stands in a table of its own, whose first columns say to what it belongs.
A workbook is of the record: Chinese, whoever takes it. Pure.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from competition.contests import rules_fields_items as items
from competition.contests import rules_fields_scopes as scopes
from competition.contests.rules_acts import CHOICES
from competition.contests.rules_fields import LANGUAGES, NAME, ORIGIN, Spec
from competition.contests.rules_words import OUTCOMES
from competition.core.languages import on_record
from competition.scoring.rounding import STAGES
from competition.scoring.rulebook import DEFAULT_EFFECTS

Path = tuple[str, ...]
YES, NO = "是", "否"
SYSTEM, GUIDE, LISTS, MARKED = "系统记录", "填写说明", "选项", "需要改的地方"
KEY_HELP = "系统用来辨认这一项，评分记录按它保存。已有的不要改；新加的行可以空着，由系统编。"
# What says to whom a row belongs, in this order, and the heads of these columns.
REFS = {"event": "项目", "scope": "项目或成绩", "item": "评分项或组", "level": "层级", "rule": "奖项规则", "tier": "奖项"}
_REF_HELP = {
    "event": "写项目的标识或名称。", "scope": "写项目、总成绩或团体成绩的标识或名称。",
    "item": "写评分项或组的标识或名称；空着指整个项目。",
    "level": "1 为最外一层。一组之内的各行紧跟在这一组后面，层级多 1。", "rule": "这个成绩的第几条奖项规则，见工作表“奖项规则”的“序号”。",
    "tier": "写奖项的标识或名称。",
}


@dataclass(frozen=True)
class Column:
    """One column. ``path``: the keys on the way from the object of the row to the value; ``language``: of words, which one;
    ``variants``: the kinds of thing that have it, all where there are none."""

    head: str
    path: Path
    spec: Spec
    language: str = ""
    variants: frozenset[str] = frozenset()

    def fits(self, variant: str) -> bool:
        """Has a thing of this kind such a value?"""
        return not self.variants or variant in self.variants


@dataclass(frozen=True)
class Table:
    """One sheet. ``shape``: how a row stands in the object that its references name: ``thing`` (its values at ``path``), ``rows``
    and ``texts`` (one of the list at ``path``), ``coded`` (under its first column at ``path``), ``tree`` (criteria in criteria).

    ``kind``: of things that come in variants, as :func:`rules_outline.variant_of` names it; ``made``: how keys begin that are
    missing.
    """

    title: str
    about: str
    shape: str
    path: Path
    columns: tuple[Column, ...]
    refs: tuple[str, ...] = ()
    kind: str = ""
    made: str = ""

    @property
    def heads(self) -> list[str]:
        """The heads of all columns."""
        return [*(REFS[ref] for ref in self.refs), *(column.head for column in self.columns)]

    @property
    def helps(self) -> list[str]:
        """What is said of each column."""
        return [*(_REF_HELP[ref] for ref in self.refs), *(str(column.spec.help) for column in self.columns)]


def columns(fields: Iterable[Spec], without: Iterable[str] = (), label: str = "", path: Path = (), variant: str = "") -> Iterator[Column]:
    """The columns of fields: objects within become columns of their own, lists (and what is ``without``) do not."""
    variants = frozenset((variant,)) if variant else frozenset[str]()
    for spec in map(_said, fields):
        head = f"{label}：{spec.label}" if label else str(spec.label)
        at = (*path, spec.key)
        if spec.key in without or spec.type in ("rows", "texts"):
            continue
        if spec.type == "object":
            yield from columns(spec.fields, without, head, at, variant)
        elif spec.type == "words":
            for code, name in LANGUAGES:
                yield Column(head if code == "zh" else f"{head}（{name}）", at, spec, code, variants)
        else:
            # A unit that the label says already is not said twice.
            yield Column(head if spec.unit in spec.label else f"{head}（{spec.unit}）", at, spec, "", variants)


def _said(spec: Spec) -> Spec:
    """With its words as they are said now."""
    choices = tuple((key, str(words)) for key, words in spec.choices)
    return replace(spec, label=str(spec.label), help=str(spec.help), unit=str(spec.unit), choices=choices)


def united(variants: Mapping[str, tuple[Spec, ...]], without: Iterable[str] = ()) -> Iterator[Column]:
    """The columns of things that come in variants: those of one name and place are one."""
    found: dict[tuple[str, Path], Column] = {}
    for variant, fields in variants.items():
        for column in columns(fields, without, variant=variant):
            at = (column.head, column.path)
            found[at] = replace(found[at], variants=found[at].variants | column.variants) if at in found else column
    yield from (replace(one, variants=frozenset()) if one.variants == frozenset(variants) else one for one in found.values())


def ordered(found: Iterable[Column]) -> tuple[Column, ...]:
    """First what is filled in, then other languages, at last where it comes from."""
    def rank(column: Column) -> int:
        return 2 if column.path[-1:] in (("source",), ("note",)) else 1 if column.language not in ("", "zh") else 0

    return tuple(sorted(found, key=rank))


def _kinds(name: str, key: str, label: str, *, required: bool = False) -> Spec:
    """The choice of a kind, in the words of the editor."""
    choices = tuple((kind, words) for kind, words, _help in CHOICES[name])
    helps = "".join(f"{words}：{help_}" for _kind, words, help_ in CHOICES[name])
    return Spec(key, "choice", label, help=helps, choices=choices, required=required)


_KEY = Spec("key", "text", "标识", help=KEY_HELP)


def _named(*more: Spec) -> list[Column]:
    """What things with a key begin with: name, key, kind."""
    zh, *others = columns((NAME,))
    return [zh, *columns((_KEY, *more)), *others]


@lru_cache(maxsize=1)
def tables() -> tuple[Table, ...]:
    """Every table, in the order of the sheets; what a row belongs to stands in an earlier one."""
    with on_record():
        return tuple(_tables())


def _tables() -> Iterator[Table]:
    yield Table("规则", "这套规则叫什么。只有一行。", "thing", (), ordered((
        *columns((NAME,)), *columns((_KEY, Spec("version", "whole", "版本", help="由系统编号，不用改。"))), *columns(ORIGIN))))
    yield Table("项目", "每个项目一行。", "rows", ("events",), ordered((*_named(*_event_kinds()), *_scope_columns(scopes.EVENTS))),
                kind="event", made="e")
    yield _criteria()
    yield from _criteria_parts()
    yield Table("扣分项", "比赛中因违规等另外扣的分，每项一行。", "rows", ("deductions",), ordered((
        *_named(_kinds("deductions", "input", "怎样扣")),
        *united({kind: items.deduction(kind) for kind, _label, _help in CHOICES["deductions"]}, ("name",)))), ("event",), "deduction", "d")
    yield _rows_of("试卷", "理论试卷的各部分，每部分一行。", scopes.EVENTS["theory"], ("paper", "sections"), ("event",), "s")
    yield from _totals()
    yield from _standing()
    yield Table("小数位", "每个环节保留几位小数、怎样取舍。", "coded", ("rounding",), _coded(
        scopes.ROUNDING[0], "环节", tuple((stage, words) for stage, words in STAGES.items())))
    yield Table("特殊情况", "缺考、弃权等怎样计，只写和通常做法不同的。", "coded", ("outcomes",), _coded(
        scopes.EFFECTS[0], "情况", tuple((code, OUTCOMES[code]) for code in DEFAULT_EFFECTS)))


def _coded(spec: Spec, label: str, choices: tuple[tuple[str, object], ...]) -> tuple[Column, ...]:
    """The columns of an object whose keys are codes; its own origin stands in a row of its own."""
    code = Spec("", "choice", label, choices=((ALL, "（全部）"), *choices), required=True)
    inner = united({one.key: one.fields for one in spec.fields if one.type == "object"})
    fields: dict[Path, Column] = {}
    for column in inner:
        fields.setdefault(column.path, replace(column, variants=frozenset()))
    return ordered((Column(label, (), _said(code)), *fields.values()))


ALL = "*"


def _event_kinds() -> tuple[Spec, Spec]:
    kind = Spec("kind", "choice", "类别", choices=(("theory", "理论"), ("practical", "实操")), required=True)
    return kind, Spec("result", "choice", "成绩是", help="只有实操填写，空着为分数。", choices=(("points", "分数"), ("time", "用时")))


def _scope_columns(variants: Mapping[str, tuple[Spec, ...]]) -> Iterator[Column]:
    """What events, totals and team rules have, with what their ranking says; the rest of a ranking is a table."""
    yield from united(variants, ("name",))
    yield from columns((scopes.RANKING,))


_APART = ("name", "panel", "spread", "over", "early")


def _criteria() -> Table:
    kinds = _kinds("criteria", "kind", "评分方式")
    variants = {kind: (items.GROUP if kind == "group" else items.criterion(kind)) for kind, _label, _help in CHOICES["criteria"]}
    about = "每个评分项或组一行，顺序就是评分表上的顺序。灰色的格子对这种评分方式没有意义，请空着。"
    found = ordered((*_named(kinds), *united(variants, _APART)))
    return Table("结构", about, "tree", ("criteria",), found, ("event", "level"), "criterion", "c")


def _criteria_parts() -> Iterator[Table]:
    """What a row of a criterion has no room for."""
    item = ("event", "item")
    yield _rows_of("错误种类", "评分方式为“各类错误分别扣”的，每种错误一行。", items.KINDS["faults"], ("faults",), item)
    yield _rows_of("读数分档", "评分方式为“按读数分档”的，每档一行，从小到大。", items.KINDS["bands"], ("bands",), item)
    yield _rows_of("读数折算", "评分方式为“按读数折算”的，每个折算点一行，从小到大。", items.KINDS["scale"], ("at",), item)
    timed = [spec for spec in items.KINDS["timed"] if spec.key in ("over", "early")]
    yield Table("按用时得分", "评分方式为“按用时得分”的：超时怎样扣、提前怎样加，每项一行。", "thing", (), ordered(columns(timed)), item)
    levels = next(spec for spec in items.KINDS["judgement"] if spec.type == "texts")
    words = columns((Spec("", "words", "描述"),))
    yield Table("等级描述", f"评分方式为“按等级评判”的，每级一行。{levels.help}", "texts", ("levels",), tuple(words), item)
    yield _rows_of("档次", "评分方式为“分档评定”的，每档一行。", items.KINDS["grades"], ("grades",), item)
    yield Table("裁判合成", "几位裁判的分怎样合成一个分：项目的写一行，单独合成的评分项或组各写一行。", "thing", ("panel",),
                ordered(columns(items.panel("sheet").fields)), item)
    yield Table("分歧提示", "裁判打分相差多大时提示。", "thing", ("spread",), ordered(columns(items.spread("sheet").fields)), item)
    yield Table("时间规则", "项目的时限、超时和提前，每个项目一行。", "thing", ("time",), ordered(columns(items.TIME.fields)), ("event",))
    yield _rows_of("超时分档", "代替“超时扣分”：按最后越过的一档扣。", (items.TIME,), ("time", "bands"), ("event",))


def _rows_of(title: str, about: str, fields: Iterable[Spec], path: Path, refs: tuple[str, ...], made: str = "") -> Table:
    """The table of the list at ``path`` of these fields."""
    spec = Spec("", "object", fields=tuple(fields))
    for key in path:
        spec = next(one for one in spec.fields if one.key == key)
    start = _named() if made else []
    return Table(title, about, "rows", path, ordered((*start, *columns(spec.fields, ("name",) if made else ()))), refs, made=made)


def _totals() -> Iterator[Table]:
    yield Table("总成绩", "由几个项目合成的成绩，每个一行。", "rows", ("totals",), ordered((
        *_named(_kinds("totals", "method", "怎样合成")), *_scope_columns(scopes.TOTALS))), kind="total", made="t")
    yield Table("团体", "团体成绩，每个一行。", "rows", ("teams",), ordered((
        *_named(_kinds("teams", "method", "怎样合成")), *_scope_columns(scopes.TEAMS))), kind="team", made="m")
    yield _rows_of("成绩组成", "总成绩和团体成绩由哪些成绩组成，每部分一行。", scopes.TOTALS["weighted"], ("parts",), ("scope",))
    yield _rows_of("名次折算", "团体成绩“名次折算成分”的，每段名次一行。", scopes.TEAMS["places"], ("places",), ("scope",))
    yield _rows_of("奖项折算", "团体成绩“获奖折算成分”的，每个奖项一行。", scopes.TEAMS["prizes"], ("prizes",), ("scope",))


def _standing() -> Iterator[Table]:
    yield _rows_of("同分比较", "得分相同时依次比较什么，从先到后。", (scopes.RANKING,), ("ranking", "ties"), ("scope",))
    number = Column("序号", (), Spec("#", "text", "序号", help="这个成绩的第几条规则，从 1 写起；工作表“奖项”按它归到规则。"))
    kinds = _kinds("awards", "by", "怎样评", required=True)
    yield Table("奖项规则", "每个项目、总成绩、团体成绩怎样评奖。", "rows", ("awards",), ordered((
        number, *columns((kinds,)), *united(scopes.AWARDS))), ("scope",), "award")
    tiers = {kind: next(spec for spec in fields if spec.key == "tiers").fields for kind, fields in scopes.AWARDS.items()}
    yield Table("奖项", "每条规则评出哪些奖项，从高到低。", "rows", ("tiers",), ordered((*_named(), *united(tiers, ("name",)))),
                ("scope", "rule"), "tier", "p")
    tier = Spec("", "object", fields=tiers["lines"])
    yield _rows_of("获奖条件", "奖项另外要达到的数值，每个一行。", tier.fields, ("needs",), ("scope", "rule", "tier"))
