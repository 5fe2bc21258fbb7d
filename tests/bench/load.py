"""Clients in a closed loop over plain sockets: each sends its next request when the answer to the last one is there."""

import asyncio
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

Maker = Callable[[], bytes]


@dataclass
class Load:
    """What a run has shown."""

    seconds: float = 0.0
    good: int = 0
    bad: int = 0
    taken_ms: list[float] = field(default_factory=list)
    faults: list[bytes] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        return self.good / self.seconds

    @property
    def p95_ms(self) -> float:
        return statistics.quantiles(self.taken_ms, n=20)[-1]


class Client(asyncio.Protocol):
    """One tablet: keeps its connection when the server does, and makes a new one when it does not."""

    def __init__(self, port: int, make: Maker, wanted: bytes, until: float, load: Load) -> None:
        self.port, self.make, self.wanted, self.until, self.load = port, make, wanted, until, load
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.got, self.whole, self.open = b"", -1, False
        self.transport: asyncio.Transport

    async def run(self) -> None:
        await self._connect()
        await self.ended

    async def _connect(self) -> None:
        await asyncio.get_running_loop().create_connection(lambda: self, "127.0.0.1", self.port)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]
        if not self.open:
            self.message, self.begun, self.open = self.make(), time.perf_counter(), True
        self.got, self.whole = b"", -1
        self.transport.write(self.message)

    def data_received(self, data: bytes) -> None:
        self.got += data
        if self.whole < 0 and (at := self.got.find(b"\r\n\r\n")) >= 0:
            head = self.got[:at].lower()
            self.whole = at + 4 + int(head.partition(b"content-length:")[2].split(b"\r\n")[0] or 0)
        if 0 <= self.whole <= len(self.got):
            self._answered()

    def _answered(self) -> None:
        self.load.taken_ms.append((time.perf_counter() - self.begun) * 1000)
        if self.wanted in self.got:
            self.load.good += 1
        else:
            self.load.bad += 1
            self.load.faults.append(self.got[:2000])
        self.open = False
        if b"connection: close" in self.got[:self.whole].lower():
            self.transport.close()
        elif time.perf_counter() < self.until:
            self.connection_made(self.transport)
        else:
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        if self.open and self.got:
            self.load.bad += 1
            self.open = False
        if time.perf_counter() < self.until or self.open:
            self.next = asyncio.ensure_future(self._connect())
        elif not self.ended.done():
            self.ended.set_result(None)


def run(port: int, makers: Sequence[Maker], wanted: bytes, seconds: float) -> Load:
    """All clients at once for some seconds; an answer that holds ``wanted`` is a good one."""
    load = Load()

    async def everybody() -> None:
        until = time.perf_counter() + seconds
        await asyncio.gather(*(Client(port, make, wanted, until, load).run() for make in makers))

    begun = time.perf_counter()
    asyncio.run(everybody())
    load.seconds = time.perf_counter() - begun
    return load


def request(method: str, path: str, token: str, body: bytes = b"") -> bytes:
    """As the tablet's page sends it."""
    head = (f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\nAccept-Language: zh-Hans-CN\r\n"
            f"Authorization: Device {token}\r\nSec-Fetch-Site: same-origin\r\n")
    if body:
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"\r\n" + body
