"""A small proxy between a tablet and its server that loses what it is told to lose, and counts it."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random


class Lossy(ThreadingHTTPServer):
    """Passes everything on to ``target``. ``requests``, ``answers``: which share of the tablets' calls is lost on the way there, and
    on the way back. ``newer``: (old, new) words in the page and its worker, as if the server had a newer page."""

    daemon_threads = True

    def __init__(self, target: int, seed: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.target, self.random = target, Random(seed)
        self.requests = self.answers = 0.0
        self.newer: tuple[bytes, bytes] | None = None
        self.lost = Counter[str]()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def loses(self, what: str, share: float, path: str) -> bool:
        """Is this one lost?"""
        if not path.startswith("/api/judging/") or self.random.random() >= share:
            return False
        self.lost[what] += 1
        return True

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that went away is no news here."""


class _Handler(BaseHTTPRequestHandler):
    server: Lossy
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._pass_on()

    def do_POST(self) -> None:
        self._pass_on()

    def do_PUT(self) -> None:
        self._pass_on()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""

    def _pass_on(self) -> None:
        self.close_connection = True
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.server.loses("requests", self.server.requests, self.path):
            return
        there = HTTPConnection("127.0.0.1", self.server.target, timeout=30)
        try:
            there.request(self.command, self.path, body or None, {**self.headers, "Connection": "close"})
            answer = there.getresponse()
            said = answer.read()
        except (OSError, HTTPException):
            return
        finally:
            there.close()
        if self.server.loses("answers", self.server.answers, self.path):
            return
        if self.server.newer and self.path.startswith(("/sw.js", "/judge/")):
            said = said.replace(*self.server.newer)
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("connection", "content-length", "transfer-encoding", "date", "server"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(said)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(said)


@contextmanager
def lossy(target: int, seed: int = 1) -> Iterator[Lossy]:
    """The proxy, listening."""
    proxy = Lossy(target, seed)
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    try:
        yield proxy
    finally:
        proxy.shutdown()
        proxy.server_close()
