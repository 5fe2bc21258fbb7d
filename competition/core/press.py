"""The child process of ``paper``: reads requests from standard input, prints, answers on standard output.

Before the first of them it is locked up (``confined``). A picture that is too large or that nobody can read fails the
document: it is not left out.
"""

import gc
import json
import logging
import re
import struct
import sys
import warnings
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from io import BytesIO
from typing import Any

from PIL import Image, ImageFile, UnidentifiedImageError
from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from competition.core.confined import Forbidden, Guard, Limits, allow_cpu, confine

# The renderer would draw half a picture.
ImageFile.LOAD_TRUNCATED_IMAGES = False

DEFAULTS = Limits()
# What the renderer says when it goes on without something, and the key of ``paper.FAULTS`` for it.
LOST = {"Failed to load image": "picture", "Failed to render SVG image": "picture", "Font-face": "font"}
PIXELS = (".png", ".jpg")
# How many new objects pass before the collector looks. A document is made of a hundred thousand that all stay until it is done.
OBJECTS = 100_000
MEDIA = {".css": "text/css", ".ttf": "font/ttf", ".png": "image/png", ".jpg": "image/jpeg", ".svg": "image/svg+xml"}


class AssetFetcher(URLFetcher):
    """Knows the assets of one request and nothing else: no file, no network, no redirect. ``refused``: what else was asked for."""

    def __init__(self, assets: Mapping[str, bytes]) -> None:
        super().__init__(allowed_protocols=("asset",), allow_redirects=False)
        self.assets = assets
        self.refused: list[str] = []

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        name = url.removeprefix("asset:")
        if not url.startswith("asset:") or name not in self.assets:
            self.refused.append(url[:80])
            raise FatalURLFetchingError(f"not an asset: {url[:80]}")
        media = MEDIA.get(name[name.rfind("."):], "application/octet-stream")
        return URLFetcherResponse(url, BytesIO(self.assets[name]), headers={"Content-Type": media})


class Refused(Exception):
    """The document is not printed; ``key``: which of ``paper.FAULTS`` says why."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class Listener(logging.Handler):
    """Collects the characters that no font could draw, and whether a picture or a font could not be read (``lost``)."""

    def __init__(self) -> None:
        super().__init__()
        self.missing: set[str] = set()
        self.lost: str | None = None

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if ".notdef" in message or "unsupported by fonts" in message:
            self.missing.update(re.findall(r'"(.+?)"', message) or [message])
        else:
            self.lost = next((what for words, what in LOST.items() if message.startswith(words)), self.lost)


@contextmanager
def listening() -> Iterator[Listener]:
    """Hears meanwhile what the renderer could not draw."""
    logger, listener = logging.getLogger("weasyprint"), Listener()
    logger.addHandler(listener)
    try:
        yield listener
    finally:
        logger.removeHandler(listener)


def guarded(work: Callable[[], dict[str, Any]], guard: Guard) -> dict[str, Any]:
    """The answer of ``work``, or ``error`` as a key of ``paper.FAULTS``."""
    guard.refused.clear()
    try:
        with listening() as heard:
            answer = work()
    except (FatalURLFetchingError, Forbidden):
        return {"error": "foreign"}
    except MemoryError:
        return {"error": "too_large"}
    except Refused as refused:
        return {"error": refused.key}
    except Exception as error:
        return {"error": "foreign"} if guard.refused else {"error": "failed", "kind": type(error).__name__}
    if guard.refused:
        return {"error": "foreign"}
    if heard.missing:
        return {"error": "missing", "missing": "".join(sorted(heard.missing))}
    return {"error": heard.lost} if heard.lost else answer


def render(html: str, assets: Mapping[str, bytes], fonts: FontConfiguration, limits: Limits = DEFAULTS, **options: Any) -> bytes:
    """A document as PDF. Raises Refused for one beyond its limits, FatalURLFetchingError for one that asks for more than its assets."""
    if len(html) > limits.html or sum(map(len, assets.values())) > limits.assets:
        raise Refused("too_large")
    check_pictures((data for name, data in assets.items() if name.endswith(PIXELS)), limits)
    fetcher = AssetFetcher(assets)
    document = HTML(string=html, base_url="asset:", url_fetcher=fetcher).render(font_config=fonts, **options)
    if len(document.pages) > limits.pages:
        raise Refused("too_many_pages")
    pdf: bytes = document.write_pdf(**options)
    if fetcher.refused:
        # Some of the renderer's parts go on without what they did not get.
        raise FatalURLFetchingError(fetcher.refused[0])
    return pdf


def check_pictures(pictures: Iterable[bytes], limits: Limits = DEFAULTS) -> None:
    """Raise Refused when one of them is none, or has too many pixels; such a one is not unpacked."""
    for data in pictures:
        try:
            with warnings.catch_warnings(), Image.open(BytesIO(data), formats=("PNG", "JPEG")) as picture:
                warnings.simplefilter("ignore", Image.DecompressionBombWarning)
                width, height = picture.size
                if width * height > limits.pixels:
                    raise Refused("too_many_pixels")
                picture.load()
        except Image.DecompressionBombError as error:
            raise Refused("too_many_pixels") from error
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
            raise Refused("picture") from error


def print_one(request: dict[str, Any], fonts: FontConfiguration, limits: Limits) -> dict[str, Any]:
    """One document: ``pdf`` in base64."""
    assets = {name: b64decode(data) for name, data in request["assets"].items()}
    options = {"pdf_variant": request["variant"]} if request.get("variant") else {}
    return {"pdf": b64encode(render(request["html"], assets, fonts, limits, **options)).decode()}


def serve(answer: Callable[[dict[str, Any]], dict[str, Any]], limits: Limits) -> None:
    """Lock the process up, then answer requests until standard input ends."""
    guard = confine(limits)
    gc.freeze()
    gc.set_threshold(OBJECTS)
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while header := source.read(4):
        request = json.loads(source.read(struct.unpack(">I", header)[0]))
        allow_cpu(limits.cpu_s)
        said = json.dumps(guarded(partial(answer, request), guard)).encode()
        sink.write(struct.pack(">I", len(said)) + said)
        sink.flush()


if __name__ == "__main__":
    given = Limits.given()
    serve(partial(print_one, fonts=FontConfiguration(), limits=given), given)
