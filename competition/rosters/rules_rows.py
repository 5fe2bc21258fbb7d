"""One row of people: read into what is known of a person, or told cell by cell what is wrong. Pure."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, NamedTuple, TypeVar

from flask_babel import lazy_gettext as _
from stdnum.cn import ric

from competition.accounts.identity import Document, clean_name, normalise, parse_document
from competition.rosters.rules_columns import Head, field_of

T = TypeVar("T")
DAMAGED = re.compile(r"[0-9](\.[0-9]+)?[eE]\+?[0-9]+")
KINDS = {"永久居留": "foreign_permit", "居住证": "residence_permit", "护照": "passport", "身份证": "id_card"}
SEXES = {"男": "male", "女": "female", "male": "male", "female": "female", "m": "male", "f": "female", "1": "male", "2": "female"}
GROUPS = {
    "拉面": "lamian", "货车": "truck_driver", "卡车": "truck_driver", "快递": "courier", "护工": "care_worker", "护理": "care_worker",
    "家政": "domestic", "保洁": "domestic", "商场": "mall_clerk", "送餐": "food_delivery", "外卖": "food_delivery", "骑手": "food_delivery",
    "房产": "estate_agent", "中介": "estate_agent", "保安": "guard",
}
# What stands first counts: a name of the whole may hold one of the part.
OWNERSHIPS = {
    "非公": "non_public", "非国有": "non_public", "民营": "non_public", "私": "non_public", "个体": "non_public", "外资": "non_public",
    "外商": "non_public", "港澳台": "non_public", "合资": "non_public", "新就业": "non_public", "公有": "public", "国有": "public",
    "国企": "public", "央企": "public", "集体": "public", "机关": "public", "事业": "public",
}
NO_GROUP = ("", "无", "否", "不属于", "其他", "其它", "-", "/", "—")
NO_NAME, NO_NUMBER = _("请填写姓名。"), _("请填写证件号码。")
CUT_SHORT = _("表格软件把证件号码当成了数字，后几位已丢失。请把该列设为文本格式，再重新填写。")
# Rows that belong to the form, not to the list.
FOOTERS = re.compile(r"(合计|总计|小计|共计|填表|制表|审核|审批|负责人|联系人|备注|说明|注[:：]|盖章|（盖章|单位负责)")
_WITH_SIGNS = re.compile(r"([0-9]{4})\D+([0-9]{1,2})(?:\D+([0-9]{1,2}))?(?!\d)")
_TOGETHER = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})?")
_DAY = re.compile(r"(?:([0-9]{4})\D+)?([0-9]{1,2})\D+([0-9]{1,2})(?!\d).*|([0-9]{4})([0-9]{2})([0-9]{2})", re.DOTALL)
_OLD_NUMBER = re.compile("[0-9]{15}")
LONGEST_UNIT = 100


class Person(NamedTuple):
    """What a row says of somebody. ``union`` and ``region`` are the caller's own keys (``Names``); ``ownership`` public, non_public,
    or nothing; ``day``: when somebody took part, where the caller asked for it."""

    line: int
    name: str
    document: Document
    unit: str
    union: Any
    region: Any
    group: str
    ownership: str = ""
    day: date | None = None


@dataclass(frozen=True)
class Names:
    """The unions and places that a row may name, by every spelling, and between which days people took part; where there are none,
    what stands there is not looked at. ``elsewhere``: unions that there are, but that are not the sender's to name."""

    unions: Mapping[str, Any] = field(default_factory=dict)
    regions: Mapping[str, Any] = field(default_factory=dict)
    days: tuple[date, date] | None = None
    elsewhere: frozenset[str] = frozenset()

    @cached_property
    def parsers(self) -> dict[str, Callable[[str], Any]]:
        """How each field is read that can be read by itself."""
        found: dict[str, Callable[[str], Any]] = {
            "name": clean_name, "group": _group, "ownership": _ownership}
        if self.unions:
            found["union"] = lambda text: _union(text, self)
        if self.regions:
            found["region"] = lambda text: _named(text, self.regions)
        if self.days:
            first, last = self.days
            found["day"] = lambda text: _day(text, first, last)
        return found


ANY_NAMES = Names()


@dataclass
class Row:
    """A row of the list: its ``line`` in the file, the texts by field, what is wrong by field, and the person if nothing is."""

    line: int
    texts: Mapping[str, str]
    faults: dict[str, Any] = field(default_factory=dict)
    person: Person | None = None


@dataclass(frozen=True)
class Checked:
    """A whole list. ``left_out``: lines that belong to the form (sums, signatures, the head repeated on a page)."""

    rows: list[Row]
    left_out: list[int]

    @property
    def good(self) -> list[Row]:
        return [row for row in self.rows if not row.faults]

    @property
    def bad(self) -> list[Row]:
        return [row for row in self.rows if row.faults]


def check_rows(lines: Sequence[int], rows: Sequence[Sequence[str]], head: Head, names: Names = ANY_NAMES) -> Checked:
    """Every row below the head. ``lines`` and ``rows`` are those of the whole table."""
    found, left_out = [], []
    columns = list(head.fields.items())
    for number in range(head.row + 1, len(rows)):
        cells = rows[number]
        texts = {name: cells[column] for name, column in columns if column < len(cells) and cells[column]}
        if _is_of_the_form(texts, cells):
            left_out.append(lines[number])
        else:
            found.append(read_row(Row(lines[number], texts), names))
    mark_twice(found)
    return Checked(found, left_out)


def _is_of_the_form(texts: Mapping[str, str], cells: Sequence[str]) -> bool:
    if "number" in texts:
        return not any(map(str.isdigit, texts["number"])) and field_of(texts["number"]) == "number"
    if "name" not in texts:
        return "phone" not in texts or bool(FOOTERS.match(next((cell for cell in cells if cell), "")))
    first = next(cell for cell in cells if cell)
    return bool(FOOTERS.match(texts["name"]) or FOOTERS.match(first))


def read_row(row: Row, names: Names = ANY_NAMES) -> Row:
    """The same row with its ``person``, or with ``faults``."""
    texts, faults, read = row.texts, row.faults, dict[str, Any]()
    for name, parse in names.parsers.items():
        if text := texts.get(name):
            try:
                read[name] = parse(text)
            except ValueError as error:
                faults[name] = error.args[0]
    document = _number(row)
    if not texts.get("name"):
        faults["name"] = NO_NAME
    if document is not None:
        _agree(row, document)
        if not faults:
            unit = _short(texts.get("unit", ""), LONGEST_UNIT)
            row.person = Person(row.line, read["name"], document, unit, read.get("union"), read.get("region"),
                                read.get("group", "none"), read.get("ownership", ""), read.get("day"))
    return row


def _number(row: Row) -> Document | None:
    text = row.texts.get("number", "")
    if not text:
        row.faults["number"] = NO_NUMBER
        return None
    try:
        return _document(text, row.texts.get("kind", ""))
    except ValueError as error:
        row.faults["number"] = error.args[0]
        return None


@lru_cache(4096)
def _short(text: str, most: int) -> str:
    return " ".join(text.split())[:most]


def _document(text: str, kind: str) -> Document:
    known = next((code for word, code in KINDS.items() if word in kind), None) if kind else "id_card"
    if known is None:
        raise ValueError(_("“证件类型”请写居民身份证、港澳台居民居住证、护照或外国人永久居留身份证。"))
    if known != "id_card" and DAMAGED.fullmatch(text):
        raise ValueError(CUT_SHORT)
    try:
        return parse_document(known, text)
    except ValueError as error:
        _explain(known, text, error)
        raise


def _explain(known: str, text: str, fault: ValueError) -> None:
    """Raises what is more likely to have happened to a number than that somebody mistyped it."""
    number = normalise(text)
    if DAMAGED.fullmatch(text):
        raise ValueError(CUT_SHORT) from fault
    if known == "id_card" and _OLD_NUMBER.fullmatch(number):
        last = ric.calc_check_digit(f"{number[:6]}19{number[6:]}0")
        raise ValueError(_("这是 15 位的旧号码。请在第 6 位后加“19”、末尾加“%(last)s”，核对无误后填写。", last=last)) from fault
    if number[-3:] == "000" and len(number) == 18:
        raise ValueError(_("证件号码以 000 结尾，校验位不对：可能被表格软件当成数字改过。请核对后重新填写。")) from fault


def _agree(row: Row, document: Document) -> None:
    """What the number says of sex and birth, and what the row says of them."""
    sex, born = row.texts.get("sex", ""), row.texts.get("born", "")
    if sex and SEXES.get(sex.strip().lower()) is None:
        row.faults["sex"] = _("“性别”请写男或女。")
    elif sex and document.sex and SEXES[sex.strip().lower()] != document.sex:
        row.faults["sex"] = _("性别与证件号码不一致，请核对。")
    if born and document.birth_on and not _same_birth(born, document.birth_on):
        row.faults["born"] = _("出生日期与证件号码不一致，请核对。")


def _same_birth(text: str, born: date) -> bool:
    """1990-01-31, 1990年1月31日, 1990.01, 19900131, 199001; what is written otherwise is not looked at."""
    plain = unicodedata.normalize("NFKC", text)
    found = _WITH_SIGNS.match(plain) or _TOGETHER.fullmatch(plain)
    if found is None:
        return True
    year, month, day = (int(part) if part else None for part in found.groups())
    # Where only a month is meant, spreadsheets write its first day.
    return (year, month) == (born.year, born.month) and day in (None, 1, born.day)


@lru_cache(1024)
def _group(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).strip()
    if plain in NO_GROUP or plain.startswith("不属于"):
        return "none"
    found = next((code for word, code in GROUPS.items() if word in plain), None)
    if found is None:
        raise ValueError(_("“群体”中没有“%(text)s”。请写八大群体之一、拉面从业人员，或者留空。", text=plain[:20]))
    return found


@lru_cache(1024)
def _ownership(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).strip()
    found = "" if plain in NO_GROUP else next((code for word, code in OWNERSHIPS.items() if word in plain), None)
    if found is None:
        raise ValueError(_("“单位性质”中没有“%(text)s”。请写公有制或非公有制，或者留空。", text=plain[:20]))
    return found


@lru_cache(1024)
def _day(text: str, first: date, last: date) -> date:
    """A day between the two; without a year it is theirs."""
    found = _DAY.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        raise ValueError(_("“参加日期”请写成 2026-05-20 的样子。"))
    year, month, day = (found[1] or str(first.year), found[2], found[3]) if found[2] else (found[4], found[5], found[6])
    try:
        read = date(int(year), int(month), int(day))
    except ValueError as error:
        raise ValueError(_("没有“%(text)s”这一天，请核对。", text=text[:20])) from error
    if not first <= read <= last:
        raise ValueError(_("参加日期 %(day)s 不在所报月份之内，请核对。", day=read.isoformat()))
    return read


def _union(text: str, names: Names) -> Any:
    if text in names.elsewhere and text not in names.unions:
        raise ValueError(_("“%(text)s”不是本工会或下级工会，请核对，或由它自行上报。", text=text[:40]))
    return _named(text, names.unions)


def _named(text: str, known: Mapping[str, T]) -> T:
    found = known.get(text) or known.get(text.replace(" ", ""))
    if found is None:
        raise ValueError(_("没有找到“%(text)s”，请核对名称。", text=text[:40]))
    return found


def mark_twice(rows: Iterable[Row]) -> None:
    """The same number again: told in the later row; where the names differ, nobody knows whose it is, and both are told."""
    first: dict[str, Row] = {}
    for row, person in _people(list(rows)):
        before = first.setdefault(person.document.index_text, row)
        if before is row:
            continue
        row.faults["number"] = _("与第 %(line)s 行的证件号码相同，一个人只算一次。", line=before.line)
        if before.texts.get("name") != row.texts.get("name"):
            row.faults["number"] = _("与第 %(line)s 行的证件号码相同，姓名不同，请核对。", line=before.line)
            before.faults.setdefault("number", _("与第 %(line)s 行的证件号码相同，姓名不同，请核对。", line=row.line))


def _people(rows: Sequence[Row]) -> Iterator[tuple[Row, Person]]:
    return ((row, row.person) for row in rows if row.person is not None)
