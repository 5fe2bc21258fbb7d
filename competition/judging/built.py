"""What the build says of the tablet's page: its version, and the files that it is made of."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from competition.core.config import ROOT

BUILD = ROOT / "static" / "build"


@dataclass(frozen=True)
class TabletBuild:
    """``version`` names the content of all files; ``now`` are loaded with the page, ``later`` when they are needed."""

    version: str = ""
    now: tuple[str, ...] = ()
    later: tuple[str, ...] = ()


def tablet_build() -> TabletBuild:
    """The build that is served; an empty one where nothing was built yet."""
    said = BUILD / "tablet.json"
    try:
        return _read(said, said.stat().st_mtime_ns)
    except FileNotFoundError:
        return TabletBuild()


@lru_cache(maxsize=4)
def _read(said: Path, _changed_at: int) -> TabletBuild:
    found = json.loads(said.read_text("utf-8"))
    return TabletBuild(found["version"], tuple(found["now"]), tuple(found["later"]))


def worker_source() -> str:
    """The script of the service worker; empty where nothing was built yet."""
    try:
        names: dict[str, str] = json.loads((BUILD / "manifest.json").read_text("utf-8"))
        return (BUILD / names["sw.js"]).read_text("utf-8")
    except (FileNotFoundError, KeyError):
        return ""
