"""Pictures of the ready-made designs, kept on disk by what they show: a print each would let every new process wait for seconds."""

import hashlib
import os
import uuid
from collections.abc import Callable
from functools import cache
from pathlib import Path

from flask import current_app

from competition.core.config import Settings

# Designs of ours as they look with the seals of some unions; older ones go.
MOST = 200


def kept_picture(looks: str, make: Callable[[], bytes]) -> bytes:
    """The picture of what is described by ``looks``, made when it is not there yet. They show no people."""
    settings: Settings = current_app.extensions["settings"]
    folder = settings.instance / "designs"
    path = folder / f"{hashlib.sha256(f'{program()}|{looks}'.encode()).hexdigest()}.png"
    try:
        return path.read_bytes()
    except FileNotFoundError:
        data = make()
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / f".{uuid.uuid4().hex}"
    temporary.write_bytes(data)
    os.replace(temporary, path)
    _prune(folder)
    return data


@cache
def program() -> str:
    """The hash of what draws certificates: another version of it may draw otherwise."""
    here = Path(__file__).parent
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(here.glob("*.py")))).hexdigest()


def _prune(folder: Path) -> None:
    kept = sorted(folder.glob("*.png"), key=lambda path: path.stat().st_mtime)
    for path in kept[:-MOST]:
        path.unlink(missing_ok=True)
