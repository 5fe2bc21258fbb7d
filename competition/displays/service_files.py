"""The files that screens fetch: what a screen shows is written here, and nothing else is read for it."""

import fcntl
import json
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import current_app

from competition.core.config import Settings

Snapshot = dict[str, Any]


def folder() -> Path:
    """Where they lie."""
    settings: Settings = current_app.extensions["settings"]
    return settings.instance / ("demo-displays" if settings.demo else "displays")


def path_of(token_hash: str) -> Path:
    """The file of one screen."""
    return folder() / f"{token_hash}.json"


def read(token_hash: str) -> Snapshot:
    """What a screen shows now; nothing where there is no file, or none that can be read."""
    try:
        found = json.loads(path_of(token_hash).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write(token_hash: str, snapshot: Snapshot) -> bool:
    """Put it in the place of an older one, whole or not at all; never in the place of a newer one."""
    with _alone():
        if read(token_hash).get("seq", 0) >= snapshot["seq"]:
            return False
        target = path_of(token_hash)
        fresh = target.with_name(f".{uuid.uuid4().hex}")
        fresh.write_text(json.dumps(snapshot, ensure_ascii=False), encoding="utf-8")
        os.replace(fresh, target)
    return True


@contextmanager
def _alone() -> Iterator[None]:
    folder().mkdir(parents=True, exist_ok=True)
    with (folder() / ".lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
