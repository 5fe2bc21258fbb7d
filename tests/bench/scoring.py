"""The scoring engine beside the plainest float computation of the same figures.

320 entries × 4 events × 7 judges × 10 criteria: every event's trimmed mean, the weighted total, all ranks. The float
side has its marks ready as nested lists of floats and uses ``sum`` and ``sorted``: no checks, no ties, no prizes, no
explanation. The engine side starts from the texts that judges entered and does everything: it reads and checks each
mark, finds what is missing, rounds exactly, ranks with the tie chain, gives the prizes; *explained* also writes every
derivation. Both sides run in turns in one process; the ratios are of medians.
"""

import argparse
import gc
import random
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

from competition.scoring import rulebook
from competition.scoring.engine import Board, Scores, Told, score
from competition.scoring.inputs import Entry, Panel, Sheet
from tests.bench.report import finish, table

EVENTS, SEATS, CRITERIA = 4, 7, 10
IN_A_ROW = 10  # changed sheets of one measurement
WEIGHTS = (40, 20, 25, 15)
Floats = list[list[list[list[float]]]]  # event → entry → seat → criterion


def rules() -> rulebook.Rulebook:
    """Four judged events with a trimmed mean, a weighted total with a tie chain and prizes."""
    panel = {"by": "sheet", "method": "trimmed_mean", "drop_low": 1, "drop_high": 1, "from": 5}
    criteria = [{"key": f"c{n}", "name": f"评分项{n}", "kind": "points", "max": "10", "step": "0.5"} for n in range(CRITERIA)]
    events = [
        {"key": f"e{n}", "kind": "practical", "name": f"项目{n}", "full": "100", "criteria": criteria, "panel": panel}
        for n in range(EVENTS)
    ]
    total = {
        "key": "overall", "name": "总成绩", "full": "100",
        "parts": [{"of": f"e{n}", "weight": weight} for n, weight in enumerate(WEIGHTS)],
        "ranking": {"ties": [{"figure": "e0", "order": "desc"}, {"figure": "e0.c0", "order": "desc"}]},
        "awards": [{"by": "percent", "tiers": [{"key": "first", "name": "一等奖", "percent": "10"}]}],
    }
    stage = {"places": 2}
    return rulebook.load({
        "format": 1, "key": "bench", "version": 1, "name": "测速", "events": events, "totals": [total],
        "rounding": {"panel": stage, "event": stage, "total": stage, "team": stage},
    })


class Contest:
    """The same invented marks twice: as sheets of texts, and as nested floats."""

    def __init__(self, entries: int) -> None:
        chance = random.Random(2025)
        halves = [
            [[[chance.randrange(8, 21) for _ in range(CRITERIA)] for _ in range(SEATS)] for _ in range(entries)] for _ in range(EVENTS)
        ]
        self.floats: Floats = [[[[half / 2 for half in sheet] for sheet in work] for work in event] for event in halves]
        self.entries = [Entry(f"W{n:04}") for n in range(entries)]
        self.sheets = [
            Sheet(f"e{event}", f"W{entry:04}", str(seat + 1), values(sheet))
            for event, works in enumerate(halves) for entry, work in enumerate(works) for seat, sheet in enumerate(work)
        ]
        self.panels = [Panel(f"e{n}", tuple(str(seat + 1) for seat in range(SEATS))) for n in range(EVENTS)]
        self.rules = rules()

    def exact(self, *, explained: bool) -> Scores:
        """The engine, from the texts to the ranks."""
        return score(self.rules, self.entries, [], [], explained=explained, sheets=self.sheets, panels=self.panels)

    def plain(self) -> tuple[list[list[float]], list[float], list[list[int]]]:
        """The plainest float computation of the same figures."""
        events = []
        for works in self.floats:
            figures = []
            for sheets in works:
                totals = sorted([sum(sheet) for sheet in sheets])
                figures.append(round(sum(totals[1:-1]) / (SEATS - 2), 2))
            events.append(figures)
        weights = [weight / 100 for weight in WEIGHTS]
        overall = [round(sum([figure * weight for figure, weight in zip(each, weights)]), 2) for each in zip(*events)]  # noqa: B905
        everybody = range(len(overall))
        ranks = [sorted(everybody, key=figures.__getitem__, reverse=True) for figures in (*events, overall)]
        return events, overall, ranks


def values(halves: Sequence[int]) -> dict[str, str]:
    """One sheet as a judge enters it."""
    return {f"c{n}": f"{half // 2}.5" if half % 2 else str(half // 2) for n, half in enumerate(halves)}


def seconds(work: Callable[[], object]) -> float:
    """How long one run keeps the processor busy; what else the machine does is not counted."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def in_turns(works: dict[str, Callable[[], object]], times: int) -> dict[str, float]:
    """Median milliseconds of each, measured in turns so that whatever else the machine does strikes all alike."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(times):
        for name, work in works.items():
            taken[name].append(seconds(work))
    return {name: statistics.median(each) * 1000 for name, each in taken.items()}


def compare(contest: Contest) -> None:
    """The two sides really compute the same."""
    exactly, (events, overall, _ranks) = contest.exact(explained=False), contest.plain()
    assert exactly.complete
    for key, figures in (*((f"e{n}", each) for n, each in enumerate(events)), ("overall", overall)):
        found = {row.entry: row.value for row in exactly.rows(key)}
        assert all(abs(float(found[f"W{n:04}"] or 0) - figure) < 0.011 for n, figure in enumerate(figures)), key


def changes(contest: Contest, *, explained: bool) -> Callable[[], Any]:
    """One sheet after another is changed on a board that has everything else."""
    board = Board(contest.rules, contest.entries, Told(sheets=contest.sheets, panels=contest.panels), explained=explained)
    board.scores()
    chance = random.Random(7)

    def change() -> Scores:
        scores = board.scores()
        for _ in range(IN_A_ROW):
            old = contest.sheets[chance.randrange(len(contest.sheets))]
            board.put(Sheet(old.event, old.entry, old.seat, values([chance.randrange(8, 21) for _ in range(CRITERIA)])))
            scores = board.scores()
        return scores

    return change


def main() -> None:
    """Measure, report."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--entries", type=int, default=320)
    options.add_argument("--times", type=int, default=15)
    options.add_argument("--large", type=int, default=10, help="how many times larger the large contest is")
    chosen = options.parse_args()
    contest, large = Contest(chosen.entries), Contest(chosen.entries * chosen.large)
    compare(contest)
    one = changes(contest, explained=False)
    gc.collect()
    gc.freeze()  # what lies ready for both sides is not looked through again and again while one of them works
    found = in_turns({
        "float": contest.plain,
        "full": lambda: contest.exact(explained=False),
        "one_sheet": one,
        "full_explained": lambda: contest.exact(explained=True),
    }, chosen.times)
    found["one_sheet"] /= IN_A_ROW
    found |= in_turns({"large": lambda: large.exact(explained=False), "small": lambda: contest.exact(explained=False)}, 5)
    names = {"float": "浮点数，最简单的算法", "full": "全部重算，精确", "full_explained": "全部重算，精确，带计算过程",
             "one_sheet": "改一张评分表，新的名次", "small": "全部重算（与大赛事交替）", "large": f"{chosen.large} 倍的评分"}
    table(["work", "ms", "× float"], [(names[key], found[key], found[key] / found["float"]) for key in names])
    marks = len(contest.sheets) * CRITERIA
    finish("scoring", {"marks": marks, **{f"{key}_ms": round(value, 3) for key, value in found.items()}}, {
        "full_vs_float": found["full"] / found["float"],
        "full_explained_vs_float": found["full_explained"] / found["float"],
        "one_sheet_vs_full": found["one_sheet"] / found["full"],
        "large_vs_small_per_mark": found["large"] / found["small"] / chosen.large,
    })


if __name__ == "__main__":
    main()
