"""Which column of a table says what: the head is found, its words are known, and what is said by a clerk counts more. Pure."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _

FIELDS = {
    "name": _("姓名"), "number": _("证件号码"), "kind": _("证件类型"), "sex": _("性别"), "born": _("出生日期"), "phone": _("手机号码"),
    "unit": _("工作单位"), "ownership": _("单位性质"), "union": _("所属工会"), "region": _("工作地区"), "group": _("群体"),
    "trade": _("工种"), "level": _("技能等级"), "day": _("参加日期"),
}
REQUIRED = ("name", "number")
# Known by their titles, so that nothing else is taken for them; nothing of them is kept, so nothing in them can be wrong.
NOT_READ = ("phone", "trade", "level")
# What clerks call them, without blanks, stars and what stands in brackets.
WORDS = {
    "name": "姓名 职工姓名 选手姓名 参赛选手 选手 员工姓名 会员姓名 人员姓名 参赛人员 参赛职工 名字 参赛者 name",
    "number": "证件号码 证件号 证件编号 身份证号码 身份证号 身份证 公民身份号码 公民身份证号码 居民身份证号码 居民身份证号 "
              "身份号码 身份证件号码 有效证件号码 idnumber idno",
    "kind": "证件类型 证件种类 证件名称 证件类别",
    "sex": "性别 sex gender",
    "born": "出生日期 出生年月 出生年月日 出生时间 生日 出生",
    "phone": "手机号码 手机号 手机 联系电话 电话 电话号码 联系方式 移动电话 本人电话 本人手机号 phone mobile",
    "unit": "工作单位 单位 单位名称 所在单位 所属单位 单位全称 工作单位名称 用人单位 企业 企业名称 公司 公司名称 "
            "所在企业 单位及部门 employer",
    "ownership": "单位性质 所有制 所有制性质 企业性质 单位类型 企业类型 经济类型 单位所有制",
    "union": "所属工会 工会 工会名称 基层工会 所在工会 工会组织 工会组织名称 基层工会名称 所属工会组织",
    "region": "工作地区 地区 所在地 所在地区 所属地区 县区 区县 县市区 工作地 工作地点 工作所在地 行政区划",
    "group": "群体 八大群体 职工群体 所属群体 人员类别 就业群体 群体类别 群体类型 职工类别 新就业形态群体",
    "trade": "工种 职业 岗位 职业工种 从事工种 参赛工种 工种名称 职业名称 岗位名称 参赛项目",
    "level": "技能等级 职业技能等级 等级 技术等级 职业资格等级 技能级别",
    "day": "参加日期 参赛日期 活动日期 参加时间 参赛时间 活动时间 比赛日期 培训日期 到场日期",
}
_FIELD_OF = {word: field for field, words in WORDS.items() for word in words.split()}
_BRACKETS = re.compile(r"[(\[【{〔].*?[)\]】}〕]")
_BETWEEN = re.compile(r"[\s*:：、/\\.，,;；\"'“”_-]+")
_ID, _PHONE = re.compile(r"[0-9]{17}[0-9Xx]|[0-9]{15}|[0-9](\.[0-9]+)?[Ee]\+?17"), re.compile(r"(\+?86)?1[3-9][0-9]{9}")
# The head stands within so many rows with content; a column is known by what so many rows below hold.
HEAD_WITHIN, LOOKED_AT = 30, 200


@dataclass(frozen=True)
class Head:
    """``row``: where the head ends, as an index of the table's rows. ``titles``: of each column. ``fields``: field → column (from 0)."""

    row: int
    titles: tuple[str, ...]
    fields: Mapping[str, int]

    @property
    def is_complete(self) -> bool:
        """Does it say where the name and the number stand?"""
        return all(field in self.fields for field in REQUIRED)

    @property
    def fingerprint(self) -> str:
        """The same for tables with the same titles in the same order, however they are spaced."""
        return hashlib.sha256("\x1f".join(folded(title) for title in self.titles).encode()).hexdigest()


def folded(title: str) -> str:
    """A title without what only decorates it: full-width forms, blanks, stars, signs, case, what stands in brackets."""
    plain = unicodedata.normalize("NFKC", title).lower()
    return _BETWEEN.sub("", _BRACKETS.sub("", plain)) or _BETWEEN.sub("", plain)


def field_of(title: str) -> str | None:
    """The field that a title names."""
    return _FIELD_OF.get(folded(title))


def find_head(rows: Sequence[Sequence[str]]) -> Head | None:
    """The row of titles, below what stands above it; a head of two rows is read together. None when nothing looks like one."""
    best, most = None, 0
    for number, row in enumerate(rows[:HEAD_WITHIN]):
        for titles in _readings(rows, number, row):
            fields = _by_words(titles)
            # A head whose cells are merged over two rows ends with the second.
            is_later = best is not None and number == best.row + 1 and len(fields) == most
            if fields.keys() & set(REQUIRED) and (len(fields) > most or is_later):
                best, most = Head(number, titles, fields), len(fields)
    best = best or _above_the_numbers(rows)
    return _by_content(rows, best) if best else None


def _above_the_numbers(rows: Sequence[Sequence[str]]) -> Head | None:
    """Titles that say nothing we know stand above the first row with the number of a card in it; none does above the first row."""
    first = next((number for number, row in enumerate(rows[:HEAD_WITHIN]) if any(_ID.fullmatch(cell) for cell in row)), 0)
    if not first:
        return None
    above, below = rows[first - 1], rows[first]
    return Head(first - 1, tuple(above) + ("",) * (len(below) - len(above)), {})


def _readings(rows: Sequence[Sequence[str]], number: int, row: Sequence[str]) -> Iterable[tuple[str, ...]]:
    yield tuple(row)
    if number:
        yield _joined(rows[number - 1], row)


def _joined(above: Sequence[str], below: Sequence[str]) -> tuple[str, ...]:
    """Titles of two rows: what stands over several columns belongs to each of them."""
    joined, over = [], ""
    for column in range(max(len(above), len(below))):
        top = above[column] if column < len(above) else ""
        title = below[column] if column < len(below) else ""
        over = top or (over if title else "")
        joined.append(title if field_of(title) or title == over else over + title)
    return tuple(joined)


def _by_words(titles: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for column, title in enumerate(titles):
        field = field_of(title)
        if field:
            found.setdefault(field, column)
    return found


def _by_content(rows: Sequence[Sequence[str]], head: Head) -> Head:
    """Numbers and phones are known by what they look like, where no title says it."""
    fields = dict(head.fields)
    below = rows[head.row + 1:head.row + 1 + LOOKED_AT]
    for field, looks in (("number", _ID), ("phone", _PHONE)):
        for column in range(len(head.titles)):
            texts = [row[column] for row in below if column < len(row) and row[column]]
            alike = sum(1 for text in texts if looks.fullmatch(unicodedata.normalize("NFKC", text).replace(" ", "")))
            if field not in fields and column not in fields.values() and texts and alike * 5 >= len(texts) * 4:
                fields[field] = column
    return Head(head.row, head.titles, fields)


def with_choice(head: Head, chosen: Mapping[str, int]) -> Head:
    """The head with the columns that a person chose, now or for an earlier table of the same titles; a field that is not named has none.

    What does not fit this table (an unknown field, a column that is not there, one column twice) counts as not chosen.
    """
    fields: dict[str, int] = {}
    for field, column in chosen.items():
        if field in FIELDS and 0 <= column < len(head.titles) and column not in fields.values():
            fields[field] = column
    return Head(head.row, head.titles, fields)
