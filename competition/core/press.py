"""The child process of ``paper``: reads requests from standard input, prints, answers on standard output."""

import json
import logging
import re
import resource
import struct
import sys
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from io import BytesIO
from typing import Any

from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

MEMORY = 2 * 1024**3
MEDIA = {".css": "text/css", ".ttf": "font/ttf", ".png": "image/png", ".jpg": "image/jpeg", ".svg": "image/svg+xml"}


class AssetFetcher(URLFetcher):
    """Knows the assets of one request and nothing else: no file, no network, no redirect."""

    def __init__(self, assets: dict[str, bytes]) -> None:
        super().__init__(allowed_protocols=("asset",), allow_redirects=False)
        self.assets = assets

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        name = url.removeprefix("asset:")
        if not url.startswith("asset:") or name not in self.assets:
            raise FatalURLFetchingError(f"not an asset: {url[:80]}")
        media = MEDIA.get(name[name.rfind("."):], "application/octet-stream")
        return URLFetcherResponse(url, BytesIO(self.assets[name]), headers={"Content-Type": media})


class Missing(logging.Handler):
    """Collects the characters that no font could draw."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if ".notdef" in message or "unsupported by fonts" in message:
            self.found.update(re.findall(r'"(.+?)"', message) or [message])


@contextmanager
def listening() -> Iterator[Missing]:
    """Hears meanwhile which characters the renderer could not draw."""
    logger, missing = logging.getLogger("weasyprint"), Missing()
    logger.addHandler(missing)
    try:
        yield missing
    finally:
        logger.removeHandler(missing)


def guarded(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """The answer of ``work``, or ``error`` as a key of ``paper.FAULTS``."""
    try:
        with listening() as missing:
            answer = work()
    except FatalURLFetchingError:
        return {"error": "foreign"}
    except MemoryError:
        return {"error": "too_large"}
    except Exception as error:
        return {"error": "failed", "kind": type(error).__name__}
    if missing.found:
        return {"error": "missing", "missing": "".join(sorted(missing.found))}
    return answer


def print_one(request: dict[str, Any], fonts: FontConfiguration) -> dict[str, Any]:
    """One document: ``pdf`` in base64."""
    assets = {name: b64decode(data) for name, data in request["assets"].items()}
    options = {"pdf_variant": request["variant"]} if request.get("variant") else {}
    pdf = HTML(string=request["html"], base_url="asset:", url_fetcher=AssetFetcher(assets)).write_pdf(font_config=fonts, **options)
    return {"pdf": b64encode(pdf).decode()}


def serve(answer: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Answer requests until standard input ends."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while header := source.read(4):
        request = json.loads(source.read(struct.unpack(">I", header)[0]))
        said = json.dumps(guarded(partial(answer, request))).encode()
        sink.write(struct.pack(">I", len(said)) + said)
        sink.flush()


if __name__ == "__main__":
    serve(partial(print_one, fonts=FontConfiguration()))
