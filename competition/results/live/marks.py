"""The page of raw marks: a row for each work and judge, each criterion with its points, each sheet with its sum."""

from collections.abc import Mapping
from decimal import Decimal

from competition.core.live_sheets import Cell, Column, Formula, Page
from competition.core.sheets import free_title
from competition.results.live import leaves
from competition.results.live.inputs import Book
from competition.results.live.numbers import is_provable, literal, rounded, whole
from competition.scoring.event_input import EventInput
from competition.scoring.model import Criterion
from competition.scoring.rounding import MODES
from competition.scoring.units import Branch, Entered, Unit

Block = tuple[int, int]  # first and last row of a work
TRIMS = ("trimmed_mean", "median")


class MarksPage:
    """Writes the marks of one event; ``blocks`` says where the rows of a work are, ``seats`` how many marked each unit of it."""

    def __init__(self, book: Book, here: EventInput) -> None:
        self.book, self.here, self.plan = book, here, here.plan
        self.sheet_rule = book.rulebook.rounding.get("sheet")
        self.page = Page(free_title(f"评分 {here.event.name.zh}", book.titles), list(self._columns()))
        self.blocks: dict[str, Block] = {}
        self.seats: dict[tuple[str, str], int] = {}
        self.zeroed: dict[tuple[str, str], str] = {}  # (group, work) → the cell that says whether it counts zero

    def _columns(self) -> list[Column]:
        found = [Column("work", "作品／选手", width=16), Column("seat", "裁判席位", width=9)]
        for unit in self.plan.units:
            for item in unit.criteria:
                names = [kind.name.zh for kind in getattr(item.marking, "kinds", ())]
                for attempt in range(1, item.attempts + 1):
                    for place in range(leaves.width(item.marking)):
                        more = names[place] if names else f"第{place + 1}处" if leaves.width(item.marking) > 1 else ""
                        again = f"第{attempt}次" if item.attempts > 1 else ""
                        found.append(Column(f"e:{item.key}:{attempt}:{place}", f"{item.name.zh} {again}{more}".strip(), "裁判填写"))
                if item.kind not in ("veto", "points") or item.attempts > 1:
                    found.append(Column(f"p:{item.key}", f"{item.name.zh} 得分", "由填写的数换算"))
            inner = [(b, b.group) for b in _groups(unit.root) if b is not unit.root and b.group]
            found += [Column(f"g:{group.key}", f"{group.name.zh} 小计", _inside(branch)) for branch, group in inner]
            if not unit.is_question:
                found.append(Column(f"u:{unit.key}", f"{_name(unit)} 本席合计", _inside(unit.root)))
                if not unit.key and self.sheet_rule:
                    found.append(Column("s:", "本席合计（取舍后）", f"{MODES[self.sheet_rule.mode]}，{self.sheet_rule.places} 位小数"))
                if unit.panel.method in TRIMS:
                    found.append(Column(f"k:{unit.key}", f"{_name(unit)} 计入", "1 计入，0 去掉"))
        return found

    def value(self, unit: Unit) -> str:
        """The column whose values are combined."""
        return "s:" if not unit.key and self.sheet_rule else f"u:{unit.key}"

    def points_key(self, item: Criterion) -> str:
        """The column of a criterion's points."""
        return f"p:{item.key}" if item.kind != "points" or item.attempts > 1 else f"e:{item.key}:1:0"

    def write(self, work: str) -> None:
        """All rows of a work."""
        rows = {u.key: {s: r for s, r in self.here.rows[u.key][work].items() if s in self.here.expected(u, work)} for u in self.plan.units}
        seats = sorted({seat for found in rows.values() for seat in found})
        if not seats:
            return
        first = len(self.page.rows)
        self.blocks[work] = (first, first + len(seats) - 1)
        for seat in seats:
            row: dict[str, Cell] = {"work": self.book.label(work), "seat": seat}
            for unit in self.plan.units:
                if seat in rows[unit.key]:
                    self._unit(unit, rows[unit.key][seat], row, work)
            self.page.rows.append(row)
        for unit in self.plan.units:
            self.seats[unit.key, work] = len(rows[unit.key])

    def _unit(self, unit: Unit, entered: Mapping[str, Entered], row: dict[str, Cell], work: str) -> None:
        number = len(self.page.rows)
        for position, item in enumerate(unit.criteria):
            unit.tables[position][entered[item.key]]  # known, so that it has a canonical form
            self._criterion(item, unit.tables[position].clean[entered[item.key]], row, unit, position)
        if unit.is_question:
            return
        for branch in reversed(list(_groups(unit.root))):
            if branch is not unit.root and branch.group is not None:
                row[f"g:{branch.group.key}"] = Formula(self._branch(branch, unit, number, work))
        total = self._branch(unit.root, unit, number, work)
        row[f"u:{unit.key}"] = Formula(f"{whole(total, unit.scale)}/{unit.scale}" if unit.scale > 1 else f"ROUND({total},0)")
        if not unit.key and self.sheet_rule:
            row["s:"] = Formula(rounded(self.page.at("u:", number), self.sheet_rule))
            if not is_provable(unit.scale, self.sheet_rule):
                self.book.note(self.page.title, "本席合计的取舍在此规则下不能保证与系统逐位一致，以系统数字为准。")
        if unit.panel.method in TRIMS:
            row[f"k:{unit.key}"] = Formula(self._kept(unit, number, work))

    def _criterion(self, item: Criterion, clean: Entered, row: dict[str, Cell], unit: Unit, position: int) -> None:
        number, wide = len(self.page.rows), leaves.width(item.marking)
        attempts = (clean,) if isinstance(clean, str) else clean
        made: list[str | None] = []
        for attempt, text in enumerate(attempts, 1):
            keys = [f"e:{item.key}:{attempt}:{place}" for place in range(wide)]
            row.update(zip(keys, map(Decimal, text.split(",")), strict=True))
            made.append(leaves.points(item.marking, [self.page.at(key, number) for key in keys]) if leaves.is_tame(text) else None)
        if item.kind == "veto" or (item.kind == "points" and item.attempts == 1):
            return
        if any(one is None for one in made):
            points = unit.tables[position].points(clean)
            row[f"p:{item.key}"] = Formula(literal(points))
            self.book.note(self.page.title, f"“{item.name.zh}”有位数过长的填写，得分为系统换算的数。")
            return
        texts = [one for one in made if one is not None]
        row[f"p:{item.key}"] = Formula({"best": f"MAX({','.join(texts)})", "sum": "+".join(texts)}.get(item.take, texts[-1]))

    def _branch(self, branch: Branch, unit: Unit, number: int, work: str) -> str:
        """What stands in a group, its own weight left out."""
        shares = []
        bare = isinstance(unit.item, Criterion)
        for place in branch.order:
            if isinstance(place, int):
                item = unit.criteria[place]
                if item.kind == "veto":
                    continue
                cell, weight = self.page.at(self.points_key(item), number), 1 if bare else item.weight
            else:
                assert place.group is not None  # noqa: S101 - only the root of a unit has none
                cell, weight = self.page.at(f"g:{place.group.key}", number), place.group.weight
            shares.append(cell if weight == 1 else f"{cell}*{literal(weight)}")
        total = "+".join(shares) or "0"
        if branch.group is not None and branch.group.cap is not None:
            total = f"MIN({literal(branch.group.cap)},{total})"
        zero = self.zeroed.get((branch.group.key, work)) if branch.group is not None else None
        return f"IF({zero}=1,0,{total})" if zero else total

    def _kept(self, unit: Unit, number: int, work: str) -> str:
        """Whether a seat counts: by its place in ascending order, of equal ones by the order of seats."""
        first, last = self.blocks[work]
        key = self.value(unit)
        span, here, above = self.page.span(key, first, last), self.page.at(key, number), self.page.span(key, first, number)
        count = f"COUNT({span})"
        place = f"SUMPRODUCT(ISNUMBER({span})*({span}<{here}))+SUMPRODUCT(ISNUMBER({above})*({above}={here}))"
        if unit.panel.method == "median":
            middle = f"ROUNDDOWN(({count}-1)/2,0)"
            return f"IF(AND({place}>{middle},{place}<={count}-{middle}),1,0)"
        rule = unit.panel
        return f"IF({count}<{rule.trim_from},1,IF(AND({place}>{rule.drop_low},{place}<={count}-{rule.drop_high}),1,0))"


def _groups(branch: Branch) -> list[Branch]:
    return [one for one in branch.all() if one.group is not None or one is branch]


def _name(unit: Unit) -> str:
    return "整张评分表" if unit.item is None else unit.item.name.zh


def _inside(branch: Branch) -> str:
    cap = branch.group.cap if branch.group is not None else None
    return "各项乘权重相加" + (f"，最多 {literal(cap)}" if cap is not None else "")
