"""A PDF written object by object: what is written leaves memory, but for the place where it begins.

``PdfFile`` writes; ``Copier`` takes objects over from a document that ``pikepdf`` has read, each only once,
and what is equal in several documents only once as well.
"""

import hashlib
import zlib
from array import array
from collections.abc import Iterable
from typing import Any, BinaryIO

from pikepdf import Array, Dictionary, Object, Stream

HEAD = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
COMPRESSION = 4
# The length is written anew; archives forbid pictures that a viewer makes smoother than they are, and the renderer asks for it.
NOT_COPIED = ("/Length", "/Interpolate")


class PdfFile:
    """Objects in the order in which they are added. ``begun``: the bytes of another file to go on from, not closed yet."""

    def __init__(self, out: BinaryIO, begun: "PdfFile | None" = None, data: bytes = HEAD) -> None:
        self.out, self.at = out, len(data)
        self.offsets: array[int] = array("Q", begun.offsets if begun else [0])
        out.write(data)

    def reserve(self) -> int:
        """A number for an object that others name before it is written."""
        self.offsets.append(0)
        return len(self.offsets) - 1

    def add(self, body: bytes, number: int | None = None) -> int:
        """Write one object and answer its number."""
        number = number or self.reserve()
        self.offsets[number] = self.at
        self._write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
        return number

    def add_stream(self, data: bytes, entries: bytes = b"", *, packed: bool = False) -> int:
        """Write a stream, deflated; ``packed``: it is encoded already, and ``entries`` say how."""
        return self.add(stream_body(data, entries, packed=packed))

    def close(self, root: int, info: int, identity: bytes) -> None:
        """Write the table of all objects and the end. ``identity`` becomes the file's identifier."""
        start, mark = self.at, hashlib.sha256(identity).hexdigest()[:32].encode()
        self._write(b"xref\n0 %d\n" % len(self.offsets))
        self.out.writelines(b"%010d %05d %s \n" % (offset, 0 if offset else 65535, b"n" if offset else b"f") for offset in self.offsets)
        self._write(b"trailer\n<</Size %d/Root %d 0 R/Info %d 0 R/ID[<%s><%s>]>>\nstartxref\n%d\n%%%%EOF\n" % (
            len(self.offsets), root, info, mark, mark, start))

    def _write(self, data: bytes) -> None:
        self.at += self.out.write(data)


def stream_body(data: bytes, entries: bytes = b"", *, packed: bool = False) -> bytes:
    """A stream as the body of an object."""
    if not packed:
        data, entries = zlib.compress(data, COMPRESSION), entries + b"/Filter/FlateDecode"
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (entries, len(data), data)


def text(value: str) -> bytes:
    """A text string; in hexadecimal, so that no sign in it can mean anything."""
    return b"<FEFF%s>" % value.encode("utf-16-be").hex().encode()


def references(numbers: Iterable[int]) -> bytes:
    """An array of references."""
    return b"[%s]" % b" ".join(b"%d 0 R" % number for number in numbers)


class Copier:
    """Copies objects of one document.

    ``known``: what the file holds already, by digest; shared between documents. ``numbers``: where objects of this
    document are in the file; to say so beforehand puts others in their place.
    """

    def __init__(self, file: PdfFile, known: dict[bytes, int]) -> None:
        self.file, self.known = file, known
        self.numbers: dict[tuple[int, int], int] = {}

    def number(self, found: Object) -> int:
        """The number in the file of an object and all that it refers to. There must be no circle."""
        if found.objgen not in self.numbers:
            self.numbers[found.objgen] = self.once(self._body(found))
        return self.numbers[found.objgen]

    def write(self, found: Object, number: int) -> None:
        """Copy an object to a number that was reserved for it."""
        self.file.add(self._body(found), number)

    def once(self, body: bytes) -> int:
        """The number of an object with this body."""
        mark = hashlib.sha256(body).digest()
        if mark not in self.known:
            self.known[mark] = self.file.add(body)
        return self.known[mark]

    def value(self, found: Any) -> bytes:
        """An object as it stands inside another one."""
        if isinstance(found, Object) and found.is_indirect:
            return b"%d 0 R" % self.number(found)
        return self._body(found)

    def entries(self, found: Object, without: Iterable[str] = ()) -> bytes:
        """What stands between the brackets of a dictionary."""
        return b"".join(b"%s %s" % (key.encode(), self.value(value)) for key, value in found.items() if key not in without)

    def _body(self, found: Any) -> bytes:
        if isinstance(found, Stream):
            packed = "/Filter" in found
            data = found.read_raw_bytes() if packed else found.read_bytes()
            return stream_body(data, self.entries(found, NOT_COPIED), packed=packed)
        if isinstance(found, Object):
            return self._plain(found)
        return {True: b"true", False: b"false", None: b"null"}[found] if found is None or isinstance(found, bool) else str(found).encode()

    def _plain(self, found: Object) -> bytes:
        written = found.unparse(resolved=True)
        if b" R" not in written:
            return written
        if isinstance(found, Dictionary):
            return b"<<%s>>" % self.entries(found)
        return b"[%s]" % b" ".join(map(self.value, found)) if isinstance(found, Array) else written
