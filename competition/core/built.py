"""What the build says of the pages that also start without a server: their version, and the files that they are made of;
and the worker that keeps such a page on a device."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import Response

from competition.core.config import ROOT
from competition.core.languages import Language, offered

BUILD = ROOT / "static" / "build"


@dataclass(frozen=True)
class PageBuild:
    """``version`` names the content of all files; ``now`` are loaded with the page, ``later`` when they are needed."""

    version: str = ""
    now: tuple[str, ...] = ()
    later: tuple[str, ...] = ()


def page_build(page: str) -> PageBuild:
    """The build of ``tablet`` or ``scan`` that is served; an empty one where nothing was built yet."""
    said = BUILD / f"{page}.json"
    try:
        return _read(said, said.stat().st_mtime_ns)
    except FileNotFoundError:
        return PageBuild()


@lru_cache(maxsize=4)
def _read(said: Path, _changed_at: int) -> PageBuild:
    found = json.loads(said.read_text("utf-8"))
    return PageBuild(found["version"], tuple(found["now"]), tuple(found["later"]))


def worker_source() -> str:
    """The script of the service worker; empty where nothing was built yet."""
    try:
        names: dict[str, str] = json.loads((BUILD / "manifest.json").read_text("utf-8"))
        return (BUILD / names["sw.js"]).read_text("utf-8")
    except (FileNotFoundError, KeyError):
        return ""


def worker_answer(
    name: str, build: PageBuild, *, pages: Sequence[str], kept: str, language: str, bare: Callable[[Language], str]
) -> Response:
    """What keeps a page on a device. It changes whenever a file, a sentence or itself does: browsers compare its bytes.

    ``name``: what its caches begin with; ``pages``: the addresses at which the kept page stands in; ``kept``: where the
    page in one language is fetched (``/…/shell/``); ``language``: under what the page keeps the language it was last seen in;
    ``bare``: the page's own sentences in a language, without what depends on the address that was asked for.
    """
    source = worker_source()
    shells = [f"{kept}{each.lang}" for each in offered()]
    files = [f"/static/{file}" for file in (*build.now, *build.later)]
    said = "\0".join([source, *files, *(bare(each) for each in offered())])
    version = hashlib.sha256(said.encode()).hexdigest()[:12]
    first = json.dumps({"name": name, "pages": list(pages), "language": language, "version": version, "app": build.version,
                        "files": files, "shells": shells})
    answer = Response(f"self.BUILD = {first};\n{source}", mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    answer.headers["Service-Worker-Allowed"] = pages[0]
    return answer
