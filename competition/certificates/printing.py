"""Certificates on paper: sheets of one design in, one finished PDF for each out, by child processes side by side.

A chunk of sheets goes to a child, which sets each different text of it once (``typesetting``), puts the pages together
(``composing``) and reads every finished file again. A chunk that fails as a whole is tried sheet by sheet, so that
only the guilty fail.
"""

from base64 import b64decode
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Any

from flask_babel import gettext as _

from competition.certificates.design import Design, Font, Sheet
from competition.core.formats import joined
from competition.core.paper import PaperError, Press

__all__ = ["CHUNK", "Design", "Font", "Printed", "Printer", "Sheet"]

# More sheets in a chunk share more of the work; a kill costs the chunks that are on their way.
CHUNK = 100
CHILDREN = 2
PROGRAM = "competition.certificates.printing_child"


@dataclass(frozen=True)
class Printed:
    """A finished file, or what is wrong."""

    data: bytes | None
    error: str | None = None


class Printer:
    """Prints sheets of one design. Use it as a context manager: it has child processes."""

    def __init__(self, design: Design, children: int = CHILDREN, chunk: int = CHUNK) -> None:
        self.design, self.chunk = design, chunk
        self._presses = [Press(PROGRAM, {"design": design.as_request()}) for _ in range(children)]
        self._free = deque(self._presses)
        self._pool = ThreadPoolExecutor(children)

    def __enter__(self) -> "Printer":
        return self

    def __exit__(self, *_error: object) -> None:
        self._pool.shutdown(cancel_futures=True)
        for press in self._presses:
            press.close()

    def print(self, sheets: Sequence[Sheet]) -> list[bytes]:
        """One PDF for each sheet, in their order. Raises PaperError when one of them cannot be printed."""
        return [_data(printed) for printed in self.print_each(sheets)]

    def print_each(self, sheets: Iterable[Sheet]) -> Iterator[Printed]:
        """One after the other, in their order; never more in memory than the children are at work on."""
        rest, waiting = iter(sheets), deque[Future[list[Printed]]]()
        while True:
            while len(waiting) <= len(self._presses) and (chunk := list(islice(rest, self.chunk))):
                waiting.append(self._pool.submit(self._print_chunk, chunk))
            if not waiting:
                return
            yield from waiting.popleft().result()

    def _print_chunk(self, chunk: Sequence[Sheet]) -> list[Printed]:
        # The one that worked last: a short list needs one child.
        press = self._free.pop()
        try:
            return _ask(press, chunk)
        finally:
            self._free.append(press)


def _ask(press: Press, chunk: Sequence[Sheet]) -> list[Printed]:
    try:
        answer = press.ask({"sheets": [vars(sheet) for sheet in chunk]})
    except PaperError as error:
        if len(chunk) == 1:
            return [Printed(None, error.message)]
        return [_ask(press, [sheet])[0] for sheet in chunk]
    # One shape may serve two characters, and of a chunk it stands for one of them: alone it stands for the right one.
    return [_ask(press, [sheet])[0] if each["lost"] and len(chunk) > 1 else _checked(each)
            for sheet, each in zip(chunk, answer["sheets"], strict=True)]


def _checked(answer: dict[str, Any]) -> Printed:
    if answer["lost"]:
        return Printed(None, _("印出的文字与登记的不一致：%(lost)s", lost=joined(answer["lost"])))
    return Printed(b64decode(answer["pdf"]))


def _data(printed: Printed) -> bytes:
    if printed.data is None:
        raise PaperError(printed.error)
    return printed.data
