"""Firefox and WebKitGTK driven by their own protocols, with the standard library alone: neither is a browser that Playwright knows."""

import glob
import json
import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from tests.services import free_port

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
PATIENCE_S = 30.0


class Driver(Protocol):
    """One page of a browser."""

    name: str

    def go(self, address: str) -> None: ...
    def reload(self) -> None: ...
    def find(self, xpath: str) -> str: ...
    def click(self, element: str) -> None: ...
    def run(self, script: str) -> Any: ...
    def version(self) -> str: ...


class Firefox:
    """By Marionette: ``length:json`` over a socket."""

    name = "firefox"

    def __init__(self, port: int) -> None:
        self._socket = _connected(port)
        self._buffer = b""
        self._count = 0
        self._receive()
        self._said = str(self._ask("WebDriver:NewSession", {})["capabilities"]["browserVersion"])
        self._ask("WebDriver:SetWindowRect", {"width": 1180, "height": 900})

    def go(self, address: str) -> None:
        self._ask("WebDriver:Navigate", {"url": address})

    def reload(self) -> None:
        self._ask("WebDriver:Refresh", {})

    def find(self, xpath: str) -> str:
        found: str = self._ask("WebDriver:FindElement", {"using": "xpath", "value": xpath})["value"][ELEMENT]
        return found

    def click(self, element: str) -> None:
        self._ask("WebDriver:ElementClick", {"id": element})

    def run(self, script: str) -> Any:
        return self._ask("WebDriver:ExecuteAsyncScript", {"script": _awaited(script), "args": [], "scriptTimeout": 20_000})["value"]

    def version(self) -> str:
        return self._said

    def _ask(self, command: str, values: dict[str, Any]) -> Any:
        self._count += 1
        said = json.dumps([0, self._count, command, values]).encode()
        self._socket.sendall(f"{len(said)}:".encode() + said)
        _kind, _number, error, result = self._receive()
        if error:
            raise LookupError(f"{command}: {error['message']}")
        return result

    def _receive(self) -> Any:
        while b":" not in self._buffer:
            self._buffer += self._more()
        length, _colon, rest = self._buffer.partition(b":")
        while len(rest) < int(length):
            rest += self._more()
        self._buffer = rest[int(length):]
        return json.loads(rest[:int(length)])

    def _more(self) -> bytes:
        found = self._socket.recv(65536)
        if not found:
            raise ConnectionError("Firefox has gone")
        return found


class WebKit:
    """By the W3C's WebDriver."""

    name = "webkit"

    def __init__(self, port: int) -> None:
        self._base = f"http://127.0.0.1:{port}/session"
        browser = glob.glob("/usr/lib/*/webkit2gtk-4.*/MiniBrowser")[-1]
        options = {"webkitgtk:browserOptions": {"binary": browser, "args": ["--automation"]}}
        made = self._ask("POST", "", {"capabilities": {"alwaysMatch": options}})
        self._base += f"/{made['sessionId']}"
        self._said = str(made["capabilities"].get("browserVersion", ""))

    def go(self, address: str) -> None:
        self._ask("POST", "/url", {"url": address})

    def reload(self) -> None:
        self._ask("POST", "/refresh", {})

    def find(self, xpath: str) -> str:
        found: str = self._ask("POST", "/element", {"using": "xpath", "value": xpath})[ELEMENT]
        return found

    def click(self, element: str) -> None:
        self._ask("POST", f"/element/{element}/click", {})

    def run(self, script: str) -> Any:
        return self._ask("POST", "/execute/async", {"script": _awaited(script), "args": []})

    def version(self) -> str:
        return self._said

    def _ask(self, method: str, path: str, values: dict[str, Any]) -> Any:
        body, kind = json.dumps(values).encode(), {"Content-Type": "application/json"}
        try:
            with urlopen(Request(self._base + path, body, kind, method=method), timeout=60) as answer:  # noqa: S310 - of this test
                return json.load(answer)["value"]
        except HTTPError as error:
            raise LookupError(error.read().decode(errors="replace")[:400]) from error


def _awaited(script: str) -> str:
    return f"const done = arguments[arguments.length - 1]; (async () => {script})().then(done, (e) => done('failed: ' + e));"


def _connected(port: int) -> socket.socket:
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=60)
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


@contextmanager
def _running(command: list[str], folder: Path, **env: str) -> Iterator[None]:
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                                   env=os.environ | {"HOME": str(folder)} | env)
    try:
        yield
    finally:
        os.killpg(process.pid, 15)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            process.wait()


def _folder() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="competition-browser-", ignore_cleanup_errors=True)


@contextmanager
def firefox() -> Iterator[Firefox]:
    """A Firefox without a window, with a profile of its own."""
    with _folder() as name:
        folder, port = Path(name), free_port()
        profile = folder / "profile"
        profile.mkdir()
        (profile / "user.js").write_text(f'user_pref("marionette.port", {port});\n')
        with _running(["firefox-esr", "--headless", "--marionette", "--no-remote", "--profile", str(profile)], folder):
            yield Firefox(port)


@contextmanager
def webkit() -> Iterator[WebKit]:
    """WebKitGTK's own small browser in a window that nobody sees."""
    with _folder() as name:
        folder, screen, port = Path(name), f":{free_port() % 1000 + 100}", free_port()
        # Its sandbox wants rights that a container has not; the pages it shows here are our own.
        env = {"DISPLAY": screen, "WEBKIT_DISABLE_COMPOSITING_MODE": "1", "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1"}
        with (_running(["Xvfb", screen, "-screen", "0", "1280x1000x24"], folder),
              _running(["WebKitWebDriver", f"--port={port}"], folder, **env)):
            _connected(port).close()
            yield WebKit(port)


BROWSERS: dict[str, Callable[[], AbstractContextManager[Driver]]] = {"firefox": firefox, "webkit": webkit}
