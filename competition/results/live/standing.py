"""Rank, prizes and titles as formulas over the figures of a page."""

from collections.abc import Mapping
from fractions import Fraction
from math import lcm

from competition.core.live_sheets import Cell, Column, Formula, Page
from competition.results.live.inputs import Book, Ranking, Scope
from competition.results.live.numbers import is_provable, literal, rounded, whole
from competition.scoring.inputs import Decision
from competition.scoring.model import AwardRule, Tier
from competition.scoring.rounding import MODES, Rounding
from competition.scoring.scores import Row
from competition.scoring.standing_steps import figure_name
from competition.scoring.wording import CHINESE

_NONE, _BEHIND = "-1E+15", "-1E+13"
_TIERED = ("ranks", "percent", "half", "lines")


class Standing:
    """The last columns of a ranking's page."""

    def __init__(self, book: Book, scope: Scope, ranking: Ranking, *, descending: bool = True) -> None:
        self.book, self.scope, self.name, self.ranking = book, scope, scope.name.zh, ranking
        self.descending = descending
        self.rows = book.rows(scope.key)
        self.ties = scope.ranking.ties
        self.tiers = [(rule, tier) for rule in scope.awards for tier in rule.tiers]
        self.decided = self._decided()

    def first_columns(self) -> list[Column]:
        """What stands before the figures."""
        shared = {"competition": "并列占位", "dense": "并列不占位", "forbidden": "不得并列"}[self.scope.ranking.shared]
        return [Column("rank", "名次", shared, 7), Column("who", "作品／选手", width=18), Column("status", "情况", width=10)]

    def last_columns(self) -> list[Column]:
        """What stands behind the figures."""
        found = [Column("class", "排名组", "2 有成绩，1 计零分，空白不排名", 8)]
        for at, step in enumerate(self.ties, 1):
            order, how = ("高者先", "换成整数") if step.descending else ("低者先", "换成整数，取负数")
            name = figure_name(self.book.rulebook, self.scope, step.figure)
            found.append(Column(f"t:{at}", f"并列比较{at}", f"{name}，{order}（{how}）"))
        if self.decided:
            found.append(Column("dec", "裁决次序", "裁决或抽签记录的先后，照录", 8))
        found.append(Column("ahead", "排在前面的人数", width=9))
        if self.scope.ranking.shared == "dense":
            found.append(Column("first", "并列只计一次", "1 计，0 前面已有同样的", 8))
        if self.tiers:
            found.append(Column("base", "计入获奖基数", "1 计入", 8))
        found += [Column(f"a:{at}", tier.name.zh, _how(rule)) for at, (rule, tier) in enumerate(self.tiers)]
        return found + ([Column("prize", "奖项", "按规则的先后取第一个")] if any(t.kind == "prize" for _r, t in self.tiers) else [])

    def write(self, page: Page) -> None:
        """Fill the columns in; the rows are there, with ``score`` and ``status``."""
        count = sum(row.value is not None for row in self.rows)
        for number, row in enumerate(self.rows):
            cells = page.rows[number]
            cells["who"] = self.book.label(row.entry)
            cells["status"] = "" if row.status == "OK" else CHINESE.status(row.status)
            if row.value is not None:
                cells["class"] = 2 if row.status == "OK" else 1
        for at, step in enumerate(self.ties, 1):
            self._tie(page, f"t:{at}", step.figure, count, descending=step.descending)
        for number, row in enumerate(self.rows[:count]):
            cells = page.rows[number]
            if self.decided:
                cells["dec"] = -self.decided.get(row.entry, 0)
            cells["ahead"] = Formula(self._ahead(page, number, count))
            if self.scope.ranking.shared == "dense":
                cells["first"] = Formula(f"IF(COUNTIF({page.span('ahead', 0, number)},{page.at('ahead', number)})=1,1,0)")
            cells["rank"] = Formula(self._rank(page, number, count))
        if self.tiers:
            self._awards(page, count)

    # ---- ranks -----------------------------------------------------------------------------------

    def _decided(self) -> dict[str, int]:
        """Places within groups that a decision has put in order."""
        kind = {"Event": "event", "Total": "total", "TeamRule": "team"}[type(self.scope).__name__]
        found: dict[str, int] = {}
        for decision in self.book.decisions:
            if decision.scope == f"{kind}:{self.scope.key}" and self._fits(decision):
                found |= {entry: place for place, entry in enumerate(decision.order, 1)}
        if found:
            self.book.note(self.name, "裁判长的裁决或抽签结果不是算出来的，“裁决次序”照录；理由见系统的裁决记录。")
        return found

    def _fits(self, decision: Decision) -> bool:
        group = [row for row in self.rows if row.entry in decision.order]
        return len(group) == len(decision.order) and len({row.value for row in group}) == 1 and all(row.rank for row in group) and len(
            {row.rank for row in group}) == len(group)

    def _tie(self, page: Page, key: str, figure: str, count: int, *, descending: bool) -> None:
        found = [self.ranking.find(figure, row, number) if row.status == "OK" else None for number, row in enumerate(self.rows[:count])]
        common = lcm(*(one.denominator for one in found if one is not None)) if any(found) else 1
        is_whole = all(one is not None or not self.ranking.has(figure, row) or row.status != "OK"
                       for row, one in zip(self.rows, found, strict=False)) and common < 10**7
        for number, (row, one) in enumerate(zip(self.rows, found, strict=False)):
            sign, behind = "" if descending else "-", _BEHIND if self.ranking.lacks(figure, row) else ""
            if row.status != "OK":
                page.rows[number][key] = 0
            elif not self.ranking.has(figure, row):
                page.rows[number][key] = Formula(_NONE)
            elif one is not None and is_whole:
                page.rows[number][key] = Formula(sign + whole(one.text, common) + behind)
            else:
                page.rows[number][key] = self._given(figure, row, sign, behind)

    def _given(self, figure: str, row: Row, sign: str, behind: str) -> Cell:
        self.book.note(self.name, f"并列比较“{figure_name(self.book.rulebook, self.scope, figure)}”的数由系统算出，照录。")
        return Formula(f"{sign}({literal(Fraction(row.figures[figure]))}){behind}")

    def _keys(self) -> list[str]:
        return ["class", "score", *(f"t:{at}" for at in range(1, len(self.ties) + 1)), *(["dec"] if self.decided else [])]

    def _ahead(self, page: Page, number: int, count: int) -> str:
        """How many are better: by the first column that differs."""
        equal, parts = "", []
        for key in self._keys():
            span, own = page.span(key, 0, count - 1), page.at(key, number)
            sign = "<" if key == "score" and not self.descending else ">"
            parts.append(f"SUMPRODUCT({equal}({span}{sign}{own}))" if equal else f"SUMPRODUCT(--({span}{sign}{own}))")
            equal += f"({span}={own})*"
        return "+".join(parts)

    def _rank(self, page: Page, number: int, count: int) -> str:
        span, own = page.span("ahead", 0, count - 1), page.at("ahead", number)
        if self.scope.ranking.shared == "dense":
            return f'1+SUMIF({span},"<"&{own},{page.span("first", 0, count - 1)})'
        if self.scope.ranking.shared == "forbidden":
            return f'IF(COUNTIF({span},{own})>1,"待裁决",{own}+1)'
        return f"{own}+1"

    # ---- prizes ----------------------------------------------------------------------------------

    def _awards(self, page: Page, count: int) -> None:
        outcomes = self.book.rulebook.outcomes
        for number, row in enumerate(self.rows):
            took = row.status in ("OK", "INCOMPLETE") or outcomes[row.status].took_part
            page.rows[number]["base"] = int(took)
        base = f"SUM({page.span('base', 0, max(0, len(self.rows) - 1))})"
        ranges = self._ranges(base)
        for at, (rule, tier) in enumerate(self.tiers):
            needs = [self._needs(tier, row, number) for number, row in enumerate(self.rows[:count])]
            given = not self._is_formula(rule, tier) or any(need is None for need in needs)
            if given:
                self.book.note(self.name, f"“{tier.name.zh}”按规则评定，结果照录。")
            for number, (row, need) in enumerate(zip(self.rows, needs, strict=False)):
                if given or need is None:
                    page.rows[number][f"a:{at}"] = tier.name.zh if tier.key in row.awards else ""
                elif row.status == "OK" or outcomes[row.status].prizes:
                    page.rows[number][f"a:{at}"] = Formula(self._award(page, at, number, ranges, base, need))
        prizes = [at for at, (_rule, tier) in enumerate(self.tiers) if tier.kind == "prize"]
        for number in range(count if prizes else 0):
            found = '""'
            for at in reversed(prizes):
                cell = page.at(f"a:{at}", number)
                found = f'IF({cell}<>"",{cell},{found})'
            page.rows[number]["prize"] = Formula(found)

    def _is_formula(self, rule: AwardRule, tier: Tier) -> bool:
        ranks = [row.rank for row in self.rows if row.rank is not None]
        plain = rule.border != "quota" or (len(set(ranks)) == len(ranks) and not any(
            row.status != "OK" and self.book.rulebook.outcomes[row.status].prizes for row in self.rows if row.rank))
        return rule.by in _TIERED and plain and is_provable(((tier.percent or Fraction(0)) / 100).denominator, Rounding(0, rule.mode))

    def _needs(self, tier: Tier, row: Row, number: int) -> list[str] | None:
        """The lines on named figures, as comparisons of whole numbers; None where a figure has no formula."""
        asked = []
        for need in tier.needs:
            if not self.ranking.has(need.figure, row):
                return ["FALSE"]
            found = self.ranking.find(need.figure, row, number)
            if found is None:
                return None
            for sign, bound in ((">=", need.least), ("<=", need.most)):
                if bound is not None:
                    common = lcm(found.denominator, bound.denominator)
                    asked.append(f"{whole(found.text, common)}{sign}{literal(bound * common)}")
        return asked

    def _ranges(self, base: str) -> Mapping[int, tuple[str, str]]:
        """First and last rank of each tier as formulas."""
        found: dict[int, tuple[str, str]] = {}
        at = 0
        for rule in self.scope.awards:
            start = "1"
            share = Fraction(0)
            for place, tier in enumerate(rule.tiers):
                if rule.by == "percent":
                    share += tier.percent or Fraction(0)
                    count = _count(rule, base, share, tier.percent or Fraction(0), first=place == 0)
                    found[at] = (start, f"{start}+{count}-1")
                    start = f"{start}+{count}"
                elif rule.by == "half":
                    found[at] = (str(rule.after + 1), f"ROUNDDOWN({base}/2,0)")
                else:
                    found[at] = (str(tier.first), "1E+9" if tier.last is None else str(tier.last))
                at += 1
        return found

    def _award(self, page: Page, at: int, number: int, ranges: Mapping[int, tuple[str, str]], base: str, needs: list[str]) -> str:
        rule, tier = self.tiers[at]
        rank, score = page.at("rank", number), page.at("score", number)
        asked = [f"ISNUMBER({rank})", *needs]
        if rule.by == "lines":
            asked += [f'{page.at(f"a:{other}", number)}=""' for other in range(at) if self.tiers[other][0] is rule]
        else:
            first, last = ranges[at]
            asked += [f"N({rank})>={first}", f"N({rank})<={last}"]
        asked += [] if tier.minimum is None else [f"{score}>={literal(tier.minimum)}"]
        asked += [f"{base}>={tier.field_from}"] if tier.field_from else []
        name = tier.name.zh.replace('"', '""')
        return f'IF(AND({",".join(asked)}),"{name}","")'


def _count(rule: AwardRule, base: str, share: Fraction, own: Fraction, *, first: bool) -> str:
    mode = Rounding(0, rule.mode)

    def of(percent: Fraction) -> str:
        return rounded(f"({base}*{literal(percent / 100)})", mode)

    found = f"({of(share)}-{of(share - own)})" if rule.cumulative and share != own else of(own)
    return f"MAX({rule.at_least},{found})" if first and rule.at_least else found


def _how(rule: AwardRule) -> str:
    if rule.by == "percent":
        return f"按参赛人数的百分比，{MODES[rule.mode]}"
    return {"ranks": "按名次", "half": "前一半", "lines": "按分数线"}.get(rule.by, "照录")
