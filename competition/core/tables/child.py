"""The process that reads one table: from standard input, as JSON on standard output. It starts through ``core/confined``: without
a network, without a file but the program's own; what it may take is bounded by the kernel."""

import gc
import json
import resource
import sys
from typing import Any

from competition.core import confined
from competition.core.tables import texts
from competition.core.tables.books import Left, read_book
from competition.core.tables.bounds import LIMITS, Unreadable

WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


def confine(largest_file: int = 0) -> None:
    """Lock this process up, for good: its memory and time, and not one byte into a file (or no more than ``largest_file``)."""
    confined.confine(LIMITS)
    for kind, most in {resource.RLIMIT_CPU: LIMITS.cpu_s, resource.RLIMIT_FSIZE: largest_file}.items():
        resource.setrlimit(kind, (most, most))


def read(data: bytes) -> dict[str, Any]:
    """What ``read_book`` says, or ``error`` with the ``place``."""
    try:
        return read_book(data) if data.startswith(WORKBOOKS) else read_text(data)
    except Unreadable as error:
        return {"error": error.key, "place": error.place}
    except MemoryError:
        return {"error": "too_large"}
    except Exception as error:
        return {"error": "unreadable", "kind": type(error).__name__}


def read_text(data: bytes) -> dict[str, Any]:
    """The same of a text file. Raises Unreadable."""
    rows, left = texts.parse(texts.decode(data)), Left()
    for line, cells in rows:
        left.take(line, cells)
    return {"tables": [{"title": "", "rows": rows}], "hidden": []}


if __name__ == "__main__":
    confine()
    # What is made here stays until the end, and the kernel bounds it: looking for garbage in it would take a fifth of the time.
    gc.disable()
    sys.stdout.buffer.write(json.dumps(read(sys.stdin.buffer.read()), ensure_ascii=False).encode("utf-8", "surrogatepass"))
