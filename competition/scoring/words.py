"""The Chinese sentence of each kind of derivation step."""

from collections.abc import Callable, Mapping
from typing import Any

from competition.scoring.exact import shown

Facts = Mapping[str, Any]
Sentence = Callable[[str, str, Facts], str]

_SIDES = {"low": "最低分", "high": "最高分"}


def _sheet(label: str, value: str, facts: Facts) -> str:
    marks = "，".join(
        f"{name} {_raw(raw, points)}" + (f" × {weight}" if weight != "1" else "") for name, raw, points, weight in facts["marks"]
    )
    return f"{label}：{marks}，合计 {shown(value)}"


def _raw(raw: str, points: str) -> str:
    return raw if raw == points else f"{shown(points)}（记录 {raw}）"


def _mark(label: str, value: str, facts: Facts) -> str:
    raw = facts["raw"]
    if facts["kind"] == "judgement":
        return f"席位 {facts['seat']} 评“{label}”：{raw} 级，满分 {facts['max']}，折合 {shown(value)}"
    if raw == value:
        return f"席位 {facts['seat']} 评“{label}”：{value}"
    return f"席位 {facts['seat']} 评“{label}”：记录 {raw}，满分 {facts['max']}，得 {shown(value)}"


def _panel(how: str) -> Sentence:
    def words(label: str, value: str, facts: Facts) -> str:
        kept = [shown(number) for _, number in facts["kept"]]
        dropped = "、".join(f"{_SIDES[side]} {shown(number)}（席位 {seat}）" for seat, number, side in facts["dropped"])
        start = f"{label}：{len(kept) + len(facts['dropped'])} 份有效评分"
        if facts["trim_from"]:
            start += f"，不足 {facts['trim_from']} 份，不去最高分和最低分"
        if dropped:
            start += f"，去掉{dropped}" if how != "median" else f"，取中间，不取{dropped}"
        if how == "sum":
            return f"{start}，相加：{' + '.join(kept)} = {shown(value)}"
        return f"{start}，取平均：({' + '.join(kept)}) ÷ {len(kept)} = {shown(value)}"

    return words


def _sum(label: str, value: str, facts: Facts) -> str:
    return f"{label}：{' + '.join(shown(part) for part in facts['parts'])} = {shown(value)}"


def _weight(label: str, value: str, facts: Facts) -> str:
    return f"{label}：{shown(facts['figure'])} × 系数 {facts['weight']} = {shown(value)}"


def _round(label: str, value: str, facts: Facts) -> str:
    return f"{label}：{facts['rule']}，{shown(facts['before'])} → {value}"


def _imported(label: str, value: str, facts: Facts) -> str:
    return f"{label}：录入成绩 {value}"


def _balance(label: str, value: str, facts: Facts) -> str:
    first, *rest = facts["parts"]
    parts = "".join(f" - {shown(part[1:])}" if part.startswith("-") else f" + {shown(part)}" for part in rest)
    text = f"{label}：{shown(first)}{parts} = {shown(facts['sum'])}"
    if facts["sum"] != value:
        text += f"，{'不足零分按零分计' if facts['sum'].startswith('-') else '超过上限按上限计'}，得 {shown(value)}"
    return text


def _seconds(label: str, value: str, facts: Facts) -> str:
    return f"{label}：用时加罚秒 {' + '.join(facts['parts'])} = {value} 秒"


def _time(label: str, value: str, facts: Facts) -> str:
    text = f"{label}：{clock(facts['seconds'])}，规定 {clock(facts['limit'])}"
    verdict = facts["verdict"]
    if facts["over"] != "0" and not facts["over"].startswith("-"):
        text += f"，超时 {facts['over']} 秒"
    if facts["early"] != "0":
        text += f"，提前 {facts['early']} 秒"
    if facts["grace"] != "0" and facts["over"] != "0":
        text += f"（宽限 {facts['grace']} 秒）"
    if verdict == "zero":
        return f"{text}，超过 {facts['stop_after']} 秒，成绩计零分"
    if verdict == "out":
        return f"{text}，超过 {facts['stop_after']} 秒，淘汰"
    if verdict == "stop":
        text += f"，超过 {facts['stop_after']} 秒叫停，只评已完成部分"
    if facts["ahead_of"] != "0":
        text += f"，领先按时完成的最后一名 {facts['ahead_of']} 个名次"
    if facts["units"] != "0":
        how = "不满的按满计" if facts["started"] else "不满的不计"
        unit = facts["unit_s"]
        text += f"，每满 {unit} 秒 {facts['unit_points']} 分（{how}），计 {facts['units']} 个 {unit} 秒"
    if value == "0":
        return f"{text}，不加减分"
    return f"{text}，{'扣 ' + shown(value[1:]) if value.startswith('-') else '得 ' + shown(value)} 分"


def clock(seconds: str) -> str:
    """Seconds as ``40:00`` or ``1:32:10``; fractions of a second are kept."""
    whole, _, rest = seconds.partition(".")
    minutes, left = divmod(int(whole), 60)
    hours, minutes = divmod(minutes, 60)
    text = f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"
    return f"{text}.{rest}" if rest else text


def _deduction(label: str, value: str, facts: Facts) -> str:
    unit = "秒" if facts["seconds"] else "分"
    act = "罚" if facts["seconds"] else "扣"
    text = f"{label}："
    if facts["input"] == "count":
        text += f"{facts['reported']} 次 × {facts['per']} {unit} = {facts['full']} {unit}，"
    if facts["cap"] and facts["full"] != value:
        text += f"超过上限 {facts['cap']} {unit}，"
    return f"{text}{act} {value} {unit}"


def _outcome(label: str, value: str, facts: Facts) -> str:
    why = f"（{facts['reason']}）" if facts["reason"] else ""
    return f"{label}：{facts['status']}{why}，{'成绩 ' + value if value else '没有成绩'}"


def _part(label: str, value: str, facts: Facts) -> str:
    return f"{label}：{value}"


def _weighted(label: str, value: str, facts: Facts) -> str:
    terms = []
    for name, figure, weight, full, _, note in facts["parts"]:
        scale = "" if full == facts["full"] else f" × {facts['full']} ÷ {full}"
        terms.append(f"{name} {figure}{f'（{note}）' if note else ''} × {weight}%{scale}")
    shares = " + ".join(shown(share) for *_, share, _ in facts["parts"])
    return f"{label}：{' + '.join(terms)} = {shares} = {shown(value)}"


def _total(label: str, value: str, facts: Facts) -> str:
    terms = [f"{name} {figure}{f'（{note}）' if note else ''}" for name, figure, *_, note in facts["parts"]]
    return f"{label}：{' + '.join(terms)} = {shown(value)}"


def _team(label: str, value: str, facts: Facts) -> str:
    terms = [f"{figure}{f'（{note}，计零分）' if note else ''}" for _, figure, note in facts["members"]]
    return f"{label}：{' + '.join(terms)} = {shown(value)}"


def _rank(label: str, value: str, facts: Facts) -> str:
    if facts["zero"]:
        return f"{label}：成绩计零分，排在最后，第 {value} 名"
    if facts["decided"]:
        return f"{label}：成绩 {facts['figure']}，并列由裁判长决定，第 {value} 名（理由：{facts['decided']}）"
    if not value:
        return f"{label}：成绩 {facts['figure']}，与另外 {facts['count']} 人相同，规则不允许并列，待裁判长决定"
    shared = f"，与另外 {facts['count']} 人并列" if facts["count"] else ""
    return f"{label}：成绩 {facts['figure']}，第 {value} 名{shared}"


def _rank_tie(label: str, value: str, facts: Facts) -> str:
    order = "高者在前" if facts["order"] == "desc" else "低者在前"
    result = "分出先后" if facts["separated"] else "仍相同"
    return f"与另外 {facts['count']} 人成绩相同，比较{label}（{order}）：{shown(value) or '没有记录'}，{result}"


def _rank_none(label: str, value: str, facts: Facts) -> str:
    return f"{label}：{facts['status']}，不参加排名"


SENTENCES: Mapping[str, Sentence] = {
    "sheet": _sheet,
    "mark": _mark,
    "panel.mean": _panel("mean"),
    "panel.trimmed_mean": _panel("trimmed_mean"),
    "panel.median": _panel("median"),
    "panel.sum": _panel("sum"),
    "sum": _sum,
    "weight": _weight,
    "round": _round,
    "imported": _imported,
    "balance": _balance,
    "seconds": _seconds,
    "time": _time,
    "deduction": _deduction,
    "outcome": _outcome,
    "part": _part,
    "weighted": _weighted,
    "total": _total,
    "team": _team,
    "rank": _rank,
    "rank.tie": _rank_tie,
    "rank.none": _rank_none,
}
