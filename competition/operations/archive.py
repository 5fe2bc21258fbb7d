"""What stands in a backup: a manifest, the database's copy, the uploaded files; read back with distrust.

It is a plain tar inside gzip inside age, so that every tool opens it. Reading takes only regular members
with the names and sizes that the manifest announces, and writes them to paths that we make ourselves.
"""

import gzip
import io
import json
import re
import tarfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from flask_babel import gettext as _

from competition.operations.sealing import BackupBroken

FORM = 1
MANIFEST = "manifest.json"
DUMPS = {"sqlite": "database.sqlite", "postgresql": "database.dump"}
MOST_MANIFEST = 256 * 1024 * 1024
PIECE = 1024 * 1024
HEX = re.compile(r"[0-9a-f]{64}")

Tick = Callable[[int], None]


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself, written under its seal.

    ``moment``: every commit acknowledged before it is inside. ``chains``: head of each audit chain as
    [number, hash]. ``files``: hash → bytes; ``missing``: files that were named but lost already then.
    ``keys``: a value sealed with each field key, by which a restore knows whether it has the right ones.
    """

    moment: str
    database: str
    dump_size: int
    dump_sha256: str
    heads: list[str]
    tables: dict[str, int]
    chains: dict[str, list[Any]]
    files: dict[str, int]
    missing: list[str]
    keys: dict[str, str]
    index: str
    server: str
    form: int = FORM

    @property
    def at(self) -> datetime:
        return datetime.fromisoformat(self.moment)

    @property
    def rows(self) -> int:
        return sum(self.tables.values())

    @property
    def bytes(self) -> int:
        return self.dump_size + sum(self.files.values())


def file_of(root: Path, digest: str) -> Path:
    """Where the store keeps the bytes with this hash."""
    return root / digest[:2] / digest[2:4] / digest


def pack(sink: IO[bytes], manifest: Manifest, dump: Path, files: Path, tick: Tick) -> None:
    """Write the archive. ``tick`` is told how many bytes went in."""
    with gzip.GzipFile(filename="", mode="wb", compresslevel=1, fileobj=sink, mtime=0) as squeezed, \
            tarfile.open(fileobj=squeezed, mode="w|", format=tarfile.PAX_FORMAT) as tar:
        text = json.dumps(asdict(manifest), ensure_ascii=False, sort_keys=True).encode()
        _add(tar, MANIFEST, len(text), io.BytesIO(text))
        with dump.open("rb") as stream:
            _add(tar, DUMPS[manifest.database], manifest.dump_size, stream)
        tick(manifest.dump_size)
        for digest, size in sorted(manifest.files.items()):
            with file_of(files, digest).open("rb") as stream:
                _add(tar, f"files/{digest}", size, stream)
            tick(size)


def _add(tar: tarfile.TarFile, name: str, size: int, stream: IO[bytes]) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    tar.addfile(info, stream)


def unpack(
    source: IO[bytes], folder: Path, *, keep_files: bool, tick: Tick, accept: Callable[[Manifest], None]
) -> Manifest:
    """Read an archive to its end; the copy of the database goes to ``folder``, the files too with ``keep_files``.

    ``accept`` sees the manifest first and raises when going on makes no sense. Every member's hash is
    compared. Raises :class:`BackupBroken` for anything that the manifest does not announce.
    """
    with gzip.GzipFile(fileobj=source, mode="rb") as plain, tarfile.open(fileobj=plain, mode="r|") as tar:
        members = iter(tar)
        manifest = read_manifest(_plain(tar, _next(members), MANIFEST))
        accept(manifest)
        for name, size, digest in announced(manifest):
            member = _next(members)
            if not member.isreg() or member.name != name or member.size != size:
                raise foreign(member.name)
            keep = not name.startswith("files/") or keep_files
            target = (file_of(folder / "files", digest) if name.startswith("files/") else folder / name) if keep else None
            if _copy(tar, member, target) != digest:
                raise BackupBroken(_("备份里的 %(name)s 与登记的校验值不符，不能使用。", name=name), code="backup_damaged", status=422)
            tick(size)
        left = next(members, None)
        if left is not None:
            raise foreign(left.name)
        _drain(plain)
    return manifest


def announced(manifest: Manifest) -> Iterator[tuple[str, int, str]]:
    """Name, size and hash of each member after the manifest, in order."""
    yield DUMPS[manifest.database], manifest.dump_size, manifest.dump_sha256
    for digest, size in sorted(manifest.files.items()):
        yield f"files/{digest}", size, digest


def foreign(name: str) -> BackupBroken:
    """Something in the archive that we did not put there."""
    return BackupBroken(_("备份里有来历不明的内容（%(name)s），不能使用。", name=name[:80]), code="backup_foreign", status=422)


def _next(members: Iterator[tarfile.TarInfo]) -> tarfile.TarInfo:
    member = next(members, None)
    if member is None:
        raise BackupBroken(_("备份文件不完整，不能使用。请换一份备份。"), code="backup_damaged", status=422)
    return member


def _plain(tar: tarfile.TarFile, member: tarfile.TarInfo, name: str) -> bytes:
    stream = tar.extractfile(member) if member.isreg() and member.name == name and member.size <= MOST_MANIFEST else None
    if stream is None:
        raise foreign(member.name)
    return stream.read()


def _copy(tar: tarfile.TarFile, member: tarfile.TarInfo, target: Path | None) -> str:
    stream, digest = tar.extractfile(member), sha256()
    if stream is None:
        raise foreign(member.name)
    if target is not None:
        target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("xb") if target is not None else io.BytesIO() as out:
        while piece := stream.read(PIECE):
            digest.update(piece)
            if target is not None:
                out.write(piece)
    return digest.hexdigest()


def _drain(plain: gzip.GzipFile) -> None:
    """To the very end: only then is the seal's last part known to be there."""
    total = 0
    while piece := plain.read(PIECE):
        total += len(piece)
        if total > PIECE or any(piece):
            raise foreign("…")


def read_manifest(text: bytes) -> Manifest:
    """The manifest, looked at closely; raises :class:`BackupBroken` when it is none of ours."""
    try:
        said = json.loads(text)
        if said["form"] != FORM:
            raise BackupBroken(_("这份备份由更新版本的系统制作。请先升级系统，再恢复。"), code="backup_newer", status=422)
        found = Manifest(**said)
        sound = (
            found.database in DUMPS and found.at.tzinfo is not None and HEX.fullmatch(found.dump_sha256)
            and all(HEX.fullmatch(digest) for digest in (*found.files, *found.missing))
            and all(_counts(each) for each in (found.files, found.tables, {"": found.dump_size}))
        )
    except (ValueError, TypeError, KeyError) as error:
        raise foreign(MANIFEST) from error
    if not sound:
        raise foreign(MANIFEST)
    return found


def _counts(values: Mapping[str, Any]) -> bool:
    return all(isinstance(value, int) and value >= 0 for value in values.values())
