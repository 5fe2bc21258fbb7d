"""Certificates as issued beside a plain loop of WeasyPrint, typst and reportlab making the same page.

Every side is a process of its own, its start included; the sides of one size run one after another, in one run.
``ours`` are the issued files: tagged PDF/A, characters checked before, missing glyphs caught during, text read back
after. The peak is that of the largest process of a side.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from competition.core.config import ROOT
from tests.bench.report import finish, table

# Which module makes it, and what of it.
SIDES = {"ours": ("ours", "singles"), "ours_merged": ("ours", "merged"), "loop": ("loop", "singles"), "typst_merged": ("typst", "merged"),
         "reportlab": ("reportlab", "singles"), "reportlab_merged": ("reportlab", "merged")}
PAIRS = {"single_vs_plain_loop": ("loop", "ours"), "merged_vs_typst": ("ours_merged", "typst_merged"),
         "merged_vs_reportlab": ("ours_merged", "reportlab_merged"), "single_vs_reportlab": ("ours", "reportlab")}


def measure(side: str, count: int) -> dict[str, float]:
    """Seconds, seconds of work, the largest process in MB, and kB for each certificate (or of the one file)."""
    with tempfile.TemporaryDirectory() as folder:
        module, what = SIDES[side]
        begun = time.perf_counter()
        with subprocess.Popen([sys.executable, "-m", f"tests.bench.certificate_{module}", what, str(count), folder], cwd=ROOT) as child:
            _pid, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
        taken = time.perf_counter() - begun
        if child.returncode:
            raise SystemExit(f"{side} {count}: {child.returncode}")
        merged = Path(folder, "merged.pdf")
        sizes = [merged.stat().st_size] if merged.exists() else [path.stat().st_size for path in Path(folder).glob("*.pdf")]
    return {"seconds": taken, "cpu_s": usage.ru_utime + usage.ru_stime, "peak_mb": usage.ru_maxrss / 1000,
            "kb": sum(sizes) / count / 1000, "largest_kb": max(sizes) / 1000}


def main() -> None:
    """Every side at every size; ratios at the largest."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--counts", default="1,100,1000", help="how many certificates, several with commas")
    options.add_argument("--sides", default=",".join(SIDES), help="which sides, for a quick look")
    chosen = options.parse_args()
    found: dict[int, dict[str, dict[str, float]]] = {}
    for count in map(int, chosen.counts.split(",")):
        found[count] = {side: measure(side, count) for side in chosen.sides.split(",")}
        print(f"\n{count} certificates")
        table(["side", "s", "ms each", "CPU ms each", "peak MB", "kB each", "largest file kB"],
              [(side, f["seconds"], f["seconds"] / count * 1000, f["cpu_s"] / count * 1000, f["peak_mb"], f["kb"], f["largest_kb"])
               for side, f in found[count].items()])
    last = found[max(found)]
    ratios = {name: last[over]["seconds"] / last[under]["seconds"] for name, (over, under) in PAIRS.items() if {over, under} <= last.keys()}
    finish("certificates", {str(count): sides for count, sides in found.items()}, ratios)


if __name__ == "__main__":
    main()
