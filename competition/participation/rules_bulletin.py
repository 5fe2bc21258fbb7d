"""The bulletin: what the figures of a period say in sentences and tables, as official papers do. Pure; of the record, so Chinese.

Everything is made from a payload (queries_bulletin.payload), so a bulletin of a snapshot is the same years later.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from competition.activities.rules import MEASURES, in_units
from competition.core.formats import number, percent
from competition.core.languages import on_record
from competition.counting.rules import HOME_PROVINCE
from competition.counting.rules_scopes import WHOLE
from competition.participation.rules import growth
from competition.participation.rules_targets import REGISTERED, WITH_REPORTED
from competition.participation.rules_words import DIMENSIONS, value_word

TABLES = ("industry", "ownership", "worker_group", "kind", "level")


def digest(payload: Mapping[str, Any]) -> str:
    """The hash of a payload: keys sorted, no blanks."""
    return hashlib.sha256(json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def title_of(period: str) -> str:
    """2026年5月, 2026年, 2026统计年度."""
    if period.startswith("S"):
        return f"{period[1:]}统计年度"
    year, _dash, month = period.partition("-")
    return f"{year}年{int(month)}月" if month else f"{year}年"


@dataclass(frozen=True)
class Row:
    """One place of the bulletin's table."""

    name: str
    month_persons: int
    persons: int
    person_times: int
    before: int | None
    target: int | None
    more: int
    asks_more: bool = False

    @property
    def with_more(self) -> int:
        """With what is reported in bulk (含上报)."""
        return self.persons + self.more

    @property
    def growth(self) -> Fraction | None:
        return growth(self.persons, self.before)

    @property
    def attainment(self) -> Fraction | None:
        """Of the registered persons."""
        return Fraction(self.persons, self.target) if self.target else None

    @property
    def attainment_with_more(self) -> Fraction | None:
        return Fraction(self.with_more, self.target) if self.target else None

    @property
    def one(self) -> Fraction | None:
        """The attainment that the year is held against: both are always said."""
        return self.attainment_with_more if self.asks_more else self.attainment


@dataclass(frozen=True)
class Bulletin:
    """One bulletin, ready to be laid out. ``groups``: by dimension its title and rows of value, persons, person-times.
    ``asks_more``: the one number of the year includes what is reported in bulk."""

    title: str
    issue: str
    is_month: bool
    asks_more: bool
    whole: Row
    rows: Sequence[Row]
    away: str
    overall: Sequence[str]
    ranking: str
    groups: Sequence[tuple[str, Sequence[tuple[str, int, int]]]]
    results: str
    months: Sequence[tuple[int, int, int]]
    notes: Sequence[str]


def bulletin(payload: Mapping[str, Any]) -> Bulletin:
    """Read a payload."""
    with on_record():
        # Snapshots of earlier programs do not say which number was the one.
        asks_more = payload.get("headline", REGISTERED) == WITH_REPORTED
        places = {place["code"]: _row(place, asks_more) for place in payload["places"]}
        home = [row for code, row in places.items() if code.startswith(HOME_PROVINCE[:2])]
        return Bulletin(
            title_of(payload["period"]), _issue(payload["period"]), payload["month"] is not None, asks_more,
            places[WHOLE], _ordered(home),
            _away([row for code, row in places.items() if code != WHOLE and not code.startswith(HOME_PROVINCE[:2])]),
            _overall(payload, places[WHOLE]), _ranking(home), _groups(payload), _results(payload),
            [tuple(month) for month in payload["months"]], _notes(payload, asks_more))


def _away(rows: Sequence[Row]) -> str:
    times = sum(row.person_times for row in rows)
    return _tight(f"另有省外 {len(rows)} 个地区的职工参赛，共 {number(times)} 人次。") if times else ""


def _tight(words: str) -> str:
    """As official papers are set: no blank between a figure and the words around it."""
    return re.sub(r"(?<=[^\x00-\x7f]) (?=[0-9])|(?<=[0-9%]) (?=[^\x00-\x7f])", "", words)


def _row(place: Mapping[str, Any], asks_more: bool) -> Row:
    names = ("name", "month_persons", "persons", "person_times", "before", "target", "more")
    return Row(**{name: place[name] for name in names}, asks_more=asks_more)


def _issue(period: str) -> str:
    year, _dash, month = period.partition("-")
    return f"{year}年第{int(month)}期" if month else f"{title_of(period)}全年"


def _ordered(rows: Sequence[Row]) -> list[Row]:
    """By attainment, those without a target behind, by persons."""
    return sorted(rows, key=lambda row: (row.one is None, -(row.one or 0), -row.persons))


def _overall(payload: Mapping[str, Any], whole: Row) -> list[str]:
    said = []
    if payload["month"] is not None:
        # Snapshots of earlier programs leave out months in which nobody came.
        persons, times = next(((some[1], some[2]) for some in payload["months"] if some[0] == payload["month"]), (0, 0))
        said.append(f"{title_of(payload['period'])}，参赛职工 {number(persons)} 人、{number(times)} 人次。")
    since = "本年度" if payload["month"] is None else f"{payload['months'][0][0] % 12 + 1}月至{payload['month'] % 12 + 1}月"
    said += _with_more(whole, since) if whole.asks_more else _registered(whole, since)
    held = payload["held"]
    if held["contests"]:
        said.append(f"期内 {number(held['hosts'])} 家工会举办竞赛 {number(held['contests'])} 项。")
    return [_tight(words) for words in said]


def _registered(whole: Row, since: str) -> list[str]:
    """Registered persons first; what is reported in bulk beside."""
    line = f"{since}累计参赛职工 {number(whole.persons)} 人、{number(whole.person_times)} 人次"
    if whole.target:
        line += f"，完成年度目标 {number(whole.target)} 人的 {percent(whole.attainment, 2)}"
    said = [f"{line}{_against(whole)}。"]
    if whole.more:
        line = f"另有按总数上报、未实名登记的 {number(whole.more)} 人，含上报共 {number(whole.with_more)} 人"
        said.append(f"{line}，完成 {percent(whole.attainment_with_more, 2)}。" if whole.target else f"{line}。")
    return said


def _with_more(whole: Row, since: str) -> list[str]:
    """What is reported in bulk is in the one number; the registered persons beside, since only they are told apart."""
    line = f"{since}含上报累计参赛职工 {number(whole.with_more)} 人"
    if whole.target:
        line += f"，完成年度目标 {number(whole.target)} 人的 {percent(whole.attainment_with_more, 2)}"
    known = f"其中实名登记 {number(whole.persons)} 人、{number(whole.person_times)} 人次"
    if whole.target:
        known += f"，完成 {percent(whole.attainment, 2)}"
    rest = f"按总数上报、未实名登记的 {number(whole.more)} 人。" if whole.more else "没有计入的按总数上报。"
    return [f"{line}。", f"{known}{_against(whole)}；{rest}"]


def _against(row: Row) -> str:
    if row.growth is None or row.before is None:
        return ""
    word, share = ("增长", row.growth) if row.growth >= 0 else ("下降", -row.growth)
    return f"，上年同期 {number(row.before)} 人，同比{word} {percent(share, 2)}"


def _ranking(home: Sequence[Row]) -> str:
    rows = _ordered(home)
    if not any(row.persons for row in rows):
        return "各市州尚无参赛记录。"
    if not (targeted := [row for row in rows if row.one is not None]):
        return f"参赛职工人数居前的是{'、'.join(f'{row.name}（{number(row.persons)}人）' for row in rows[:3])}。"
    first, last = targeted[:3], targeted[3:][-2:]
    which = "含上报完成率" if first[0].asks_more else "完成率"
    said = f"{which}居前的是{'、'.join(f'{row.name}（{percent(row.one, 2)}）' for row in first)}"
    return f"{said}；居后的是{'、'.join(f'{row.name}（{percent(row.one, 2)}）' for row in last)}。" if last else f"{said}。"


def _groups(payload: Mapping[str, Any]) -> list[tuple[str, list[tuple[str, int, int]]]]:
    found = payload["dimensions"]
    return [(str(DIMENSIONS[name]), [(str(value_word(name, value, {})), persons, times) for value, persons, times in found[name]])
            for name in TABLES if found.get(name)]


def _results(payload: Mapping[str, Any]) -> str:
    sums = payload["reported"]["measures"]
    said = [f"{MEASURES[name].label} {number(in_units(name, sums[name]))} {MEASURES[name].unit}" for name in MEASURES if sums.get(name)]
    return _tight(f"已核准的上报中，{'，'.join(said)}。") if said else "本期没有已核准的成效数字。"


BESIDE = "按总数上报的没有姓名，不能去重，扣除其中已实名登记的以后作为“含上报”另列，不并入参赛职工人数。"
AMONG = "按总数上报的没有姓名，不能去重，扣除其中已实名登记的以后计入“含上报”。本年度目标按含上报考核，实名登记的人数和完成率一并列出。"


def _notes(payload: Mapping[str, Any], asks_more: bool) -> list[str]:
    notes = [
        "参赛职工人数按人去重，同一人在同一地区、同一期间只计一次；参赛人次为每人每项竞赛一次。各地人数不能相加。",
        "参赛人员来自本系统竞赛的实际检录和基层工会逐级核准的名册；所在地区和单位以参赛当时为准。跨年度的竞赛按首次到场日计。",
        AMONG if asks_more else BESIDE,
    ]
    if payload["year"].startswith("S"):
        notes.append("统计年度自上年10月1日起，至当年9月30日止。")
    if not payload["dimensions"]:
        notes.append("分组数字按年度汇总；本期以后已有新的数字，故本期不列分组。")
    return notes
