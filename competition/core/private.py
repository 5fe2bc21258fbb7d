"""Files that only their owner can read, made once."""

import os
import secrets
from pathlib import Path


def make_once(path: Path, text: str) -> None:
    """Write a file, unless there is one: of two processes that make it at the same moment, the first one's holds."""
    temporary = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    try:
        # A hard link fails when another process was first.
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()
