"""``python3 -m tests [arguments of pytest]``: set up what is missing, then run the tests."""

import sys

from tests.setup import ensure

ALL = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")

if __name__ == "__main__":
    ensure(["pytest", *(sys.argv[1:] or ALL)])
