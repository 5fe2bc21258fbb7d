"""How every benchmark reports: a table, then one line of JSON."""

import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any


def machine() -> dict[str, Any]:
    """On what it ran."""
    return {"system": platform.platform(), "python": platform.python_version(), "cores": os.cpu_count()}


def median_ms(work: Callable[[], object], times: int) -> float:
    """The median of ``times`` runs, in milliseconds."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken)


def table(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Columns under each other."""
    cells = [[f"{c:.2f}" if isinstance(c, float) else str(c) for c in row] for row in [header, *rows]]
    widths = [max(len(row[i]) for row in cells) for i in range(len(header))]
    for row in cells:
        print("  ".join(row[i].rjust(width) if i else row[i].ljust(width) for i, width in enumerate(widths)))


def finish(name: str, figures: dict[str, Any], ratios: dict[str, float]) -> None:
    """The line for programs."""
    print(json.dumps({"bench": name, "machine": machine(), "figures": figures, "ratios": ratios}, ensure_ascii=False))
