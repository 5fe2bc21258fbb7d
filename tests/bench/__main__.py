"""``python3 -m tests.bench NAME``: a table for people, and as the last line one JSON object."""

import sys

from tests.setup import ensure

NAMES = ("certificates", "dashboard", "imports", "issuing", "judging", "pages", "rollup", "scoring", "taps", "year")

if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in NAMES:
        raise SystemExit(f"usage: python3 -m tests.bench NAME [options]\nNAME: {', '.join(NAMES)}")
    ensure([f"tests.bench.{sys.argv[1]}", *sys.argv[2:]])
