"""The outlines of TrueType fonts: taken apart, thinned out, put together again. Glyphs are known by the numbers of the whole font."""

import struct
import sys
from array import array
from collections.abc import Mapping
from dataclasses import dataclass

# What a font inside a PDF needs beyond outlines and widths.
KEPT = (b"cvt ", b"fpgm", b"head", b"hhea", b"maxp", b"prep")
LONG_PLACES = b"\0\1"
# Our files begin with the table ``head``: so many bytes of them are enough for :func:`head_of`.
BEGINNING = 512


class NotTrueTypeError(Exception):
    """No font of the kind that can be thinned out here."""


@dataclass(frozen=True)
class Glyph:
    """``outline`` as in the table ``glyf``; ``advance`` and ``left`` in units of the font."""

    outline: bytes
    advance: int
    left: int


@dataclass(frozen=True)
class Outlines:
    """Glyphs by their number, and the tables that do not depend on which glyphs are there."""

    tables: dict[bytes, bytes]
    glyphs: dict[int, Glyph]

    @property
    def units(self) -> int:
        """How many units an em has."""
        return int.from_bytes(self.tables[b"head"][18:20], "big")

    @staticmethod
    def read(data: bytes, numbers: Mapping[int, int]) -> "Outlines":
        """Glyphs by the numbers that they shall have, and have in ``data``.

        Raises NotTrueTypeError, also when one of them is made of others.
        """
        tables = _tables(data)
        if not {b"glyf", b"loca", b"hmtx", b"head", b"hhea", b"maxp"} <= tables.keys():
            raise NotTrueTypeError
        places = _places(tables)
        widths, measured = _read(tables[b"hmtx"], "H"), int.from_bytes(tables[b"hhea"][34:36], "big")
        glyphs = {}
        for number, inside in ((0, 0), *numbers.items()):
            if inside >= len(places) - 1:
                raise NotTrueTypeError
            outline = tables[b"glyf"][places[inside]:places[inside + 1]]
            if outline[:1] >= b"\x80":
                raise NotTrueTypeError
            glyphs[number] = Glyph(outline, *_metrics(widths, measured, inside))
        return Outlines({tag: tables[tag] for tag in KEPT if tag in tables}, glyphs)

    def data(self) -> bytes:
        """A font file with these glyphs alone, in the order of their numbers."""
        places, widths, outlines = array("I", [0]), array("H"), []
        for _number, glyph in sorted(self.glyphs.items()):
            outlines.append(glyph.outline + bytes(-len(glyph.outline) % 4))
            places.append(places[-1] + len(outlines[-1]))
            widths.extend((glyph.advance, glyph.left & 0xFFFF))
        counted = struct.pack(">H", len(outlines))
        head, hhea, maxp = self.tables[b"head"], self.tables[b"hhea"], self.tables[b"maxp"]
        return _file({
            **self.tables, b"glyf": b"".join(outlines), b"loca": _written(places), b"hmtx": _written(widths),
            # Without the sum over the whole font, which is another one now.
            b"head": head[:8] + bytes(4) + head[12:50] + LONG_PLACES + head[52:],
            b"hhea": hhea[:34] + counted, b"maxp": maxp[:4] + counted + maxp[6:],
        })

    def places(self) -> bytes:
        """Where in :meth:`data` the glyph of each number is: two bytes for every number up to the last."""
        found = array("H", bytes(2 * (max(self.glyphs) + 1)))
        for place, number in enumerate(sorted(self.glyphs)):
            found[number] = place
        return _written(found)


def head_of(data: bytes) -> bytes:
    """The table that tells version and dates of a font. Raises NotTrueTypeError."""
    head = _tables(data).get(b"head", b"")
    if len(head) < 54:
        raise NotTrueTypeError
    return head


def _tables(data: bytes) -> dict[bytes, bytes]:
    found = {}
    if len(data) < 12 or data[:4] not in (b"\0\1\0\0", b"true"):
        raise NotTrueTypeError
    for number in range(int.from_bytes(data[4:6], "big")):
        tag, _check, start, size = struct.unpack_from(">4sIII", data, 12 + 16 * number)
        found[tag] = data[start:start + size]
    return found


def _places(tables: dict[bytes, bytes]) -> "array[int]":
    """Where each outline begins, and the end of the last."""
    if tables[b"head"][50:52] == LONG_PLACES:
        return _read(tables[b"loca"], "I")
    return array("I", [place * 2 for place in _read(tables[b"loca"], "H")])


def _metrics(widths: "array[int]", measured: int, number: int) -> tuple[int, int]:
    """Advance and left side: the last advance holds for all glyphs after it."""
    left = widths[2 * number + 1] if number < measured else widths[measured + number]
    return widths[2 * min(number, measured - 1)], left - (left >> 15 << 16)


def _read(data: bytes, kind: str) -> "array[int]":
    found = array(kind, data)
    if sys.byteorder == "little":
        found.byteswap()
    return found


def _written(numbers: "array[int]") -> bytes:
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers.tobytes()


def _file(tables: dict[bytes, bytes]) -> bytes:
    count = len(tables)
    power = count.bit_length() - 1
    head = struct.pack(">IHHHH", 0x00010000, count, 16 << power, power, (count - (1 << power)) * 16)
    at, places, bodies = len(head) + 16 * count, [], []
    for tag, body in sorted(tables.items(), key=lambda table: (table[0] != b"head", table[0])):
        padded = body + bytes(-len(body) % 4)
        places.append(struct.pack(">4sIII", tag, sum(_read(padded, "I")) & 0xFFFFFFFF, at, len(body)))
        bodies.append(padded)
        at += len(padded)
    return b"".join([head, *sorted(places), *bodies])
