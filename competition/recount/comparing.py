"""What was published beside what is counted anew; every figure that differs is named."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from competition.recount.given import Json, Line, Lines, leaves


def N_(message: str) -> str:  # noqa: N802 - the usual name of this mark
    """A word that is put into the reader's language where it is said."""
    return message


WORDS = {
    "value": N_("成绩"), "rank": N_("名次"), "status": N_("状态"), "awards": N_("奖项"), "line": N_("整行"),
    "score": N_("成绩"), "judges": N_("裁判评分"), "time": N_("用时"), "time_points": N_("时间加减分"), "deducted": N_("扣分"),
}


class Published(Protocol):
    """A line as it is to be published. Figures are text: decimals, or fractions where a decimal would never end."""

    @property
    def who(self) -> str: ...
    @property
    def value(self) -> str | None: ...
    @property
    def rank(self) -> int | None: ...
    @property
    def status(self) -> str: ...
    @property
    def awards(self) -> tuple[str, ...]: ...
    @property
    def figures(self) -> Mapping[str, str]: ...


@dataclass(frozen=True)
class Difference:
    """One figure of one line. ``what``: value, rank, status, awards, line, or the key of a named figure; ``label``: its
    Chinese name; ``said`` was to be published, ``found`` was counted; empty where there is none."""

    scope: str
    entry: str
    what: str
    label: str
    said: str
    found: str


def differences(document: Json, recounted: Lines, published: Mapping[str, Sequence[Published]]) -> list[Difference]:
    """Everything in which the published lines and the recounted ones differ; empty when they agree."""
    found = []
    for scope, lines in published.items():
        # Of a team only those figures are published that its own rule and chain ask for.
        by_entry, whole = {line.entry: line for line in recounted.get(scope, ())}, not scope.startswith("team:")
        for entry, what, said, counted in _of_scope(by_entry, lines, whole=whole):
            found.append(Difference(scope, entry, what, label(document, scope, what), said, counted))
    return found


Found = tuple[str, str, str, str]  # entry, what, said, counted


def _of_scope(counted: dict[str, Line], published: Sequence[Published], *, whole: bool) -> Iterator[Found]:
    for one in published:
        line = counted.pop(one.who, None)
        if line is None:
            yield one.who, "line", one.value or one.status, ""
            continue
        yield from ((one.who, *rest) for rest in _of_line(line, one, whole=whole))
    for entry, line in counted.items():
        yield entry, "line", "", text(line.value) or line.status


def _of_line(line: Line, one: Published, *, whole: bool) -> Iterator[tuple[str, str, str]]:
    if not _same(one.value, line.value):
        yield "value", one.value or "", text(line.value)
    if one.rank != line.rank:
        yield "rank", _plain(one.rank), _plain(line.rank)
    if one.status != line.status:
        yield "status", one.status, line.status
    if list(one.awards) != line.awards:
        yield "awards", ",".join(one.awards), ",".join(line.awards)
    # A figure under a path is published only where a chain asks for it; all others are, also those that are 0.
    owed = [key for key in line.figures if "." not in key] if whole else []
    for key in dict.fromkeys((*one.figures, *owed)):
        said, counted = one.figures.get(key), line.figures.get(key)
        if not _same(said, counted):
            yield key, said or "", text(counted)


def _plain(value: object) -> str:
    return "" if value is None else str(value)


def _same(said: str | None, counted: Fraction | None) -> bool:
    """Equal as numbers. What is no number equals nothing."""
    if said is None or counted is None:
        return said is None and counted is None
    try:
        return Fraction(said) == counted
    except (ValueError, ZeroDivisionError):
        return False


def text(value: Fraction | None) -> str:
    """A figure in decimals where they end, else as a fraction."""
    if value is None:
        return ""
    places, denominator = 0, value.denominator
    while denominator > 1 and places < 40:
        places, denominator = places + 1, (value * 10 ** (places + 1)).denominator
    if denominator > 1:
        return str(value)
    whole, sign = abs(value * 10**places).numerator, "-" if value < 0 else ""
    digits = str(whole).rjust(places + 1, "0")
    return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)


# ---- names -----------------------------------------------------------------------------------------


def label(document: Json, scope: str, what: str) -> str:
    """The Chinese name of a figure: of a criterion, a deduction, a part; those of a part's part are a path."""
    kind, _, key = scope.partition(":")
    rule: Json = next((one for one in document.get(f"{kind}s", ()) if one["key"] == key), {})
    return "·".join(_path(document, rule, what.split(".")))


def _path(document: Json, rule: Json, path: Sequence[str]) -> list[str]:
    first, rest = path[0], path[1:]
    if rest:
        below = _rule(document, first)
        return [_name(below, first), *_path(document, below, rest)]
    own = [*leaves(rule.get("criteria", ())), *_groups(rule.get("criteria", ())), *rule.get("deductions", ()),
           *rule.get("paper", {}).get("sections", ())]
    found = next((one for one in own if one["key"] == first), None) or _rule(document, first)
    return [WORDS.get(first) or _name(found, first)]


def _rule(document: Json, key: str) -> Json:
    return next((one for one in (*document["events"], *document.get("totals", ())) if one["key"] == key), {})


def _groups(criteria: Sequence[Json]) -> Iterator[Json]:
    for one in criteria:
        if one.get("kind") == "group":
            yield one
            yield from _groups(one["criteria"])


def _name(one: Json, key: str) -> str:
    name = one.get("name", key)
    return str(name if isinstance(name, str) else name["zh"])
