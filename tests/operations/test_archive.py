"""Sealed archives: what was written comes back whole or not at all; what we did not write is refused."""

import gzip
import io
import json
import os
import subprocess
import tarfile
from collections.abc import Callable
from dataclasses import asdict, replace
from hashlib import sha256
from pathlib import Path

import pyrage
import pytest
from flask import Flask

from competition.core.config import Settings
from competition.operations.archive import DUMPS, Manifest, file_of, pack, unpack
from competition.operations.sealing import BackupBroken, Keys, find_keys, get_keys, key_path, opening, sealing
from tests.house import settings_for

DUMP = os.urandom(300_000)
FILES = {sha256(data).hexdigest(): data for data in (b"", b"photo " * 40_000, os.urandom(70_000))}


def some_keys() -> Keys:
    identity = pyrage.x25519.Identity.generate()
    return Keys((identity,), (identity.to_public(),), str(identity.to_public()))


def manifest(**more: object) -> Manifest:
    values: dict[str, object] = {
        "moment": "2026-06-01T02:00:00+00:00", "database": "sqlite", "dump_size": len(DUMP), "dump_sha256": sha256(DUMP).hexdigest(),
        "heads": ["0001"], "tables": {"account": 3}, "chains": {"system": [2, "ab"]}, "missing": [], "keys": {}, "index": "", "server": "3",
        "files": {digest: len(data) for digest, data in FILES.items()},
    }
    return Manifest(**(values | more))  # type: ignore[arg-type]


@pytest.fixture
def keys() -> Keys:
    return some_keys()


@pytest.fixture
def sealed(tmp_path: Path, app: Flask, keys: Keys) -> Path:
    """A good backup of a small dump and three files."""
    (tmp_path / "dump").write_bytes(DUMP)
    for digest, data in FILES.items():
        file_of(tmp_path / "store", digest).parent.mkdir(parents=True)
        file_of(tmp_path / "store", digest).write_bytes(data)
    with sealing(tmp_path / "sealed", keys) as (sink, total):
        pack(sink, manifest(), tmp_path / "dump", tmp_path / "store", lambda _n: None)
    assert total.size == (tmp_path / "sealed").stat().st_size
    assert total.digest == sha256((tmp_path / "sealed").read_bytes()).hexdigest()
    return tmp_path / "sealed"


def read(path: Path, keys: Keys, *, keep_files: bool = True) -> tuple[Manifest, Path]:
    folder = path.with_name(f"out-{path.name}")
    folder.mkdir()
    with opening(path, keys) as source:
        found = unpack(source, folder, keep_files=keep_files, tick=lambda _n: None, accept=lambda _m: None)
    return found, folder


def refusal(path: Path, keys: Keys) -> BackupBroken:
    with pytest.raises(BackupBroken) as caught:
        read(path, keys)
    return caught.value


def test_what_was_written_comes_back(sealed: Path, keys: Keys) -> None:
    found, folder = read(sealed, keys)
    assert found == manifest()
    assert (folder / DUMPS["sqlite"]).read_bytes() == DUMP
    assert {digest: file_of(folder / "files", digest).read_bytes() for digest in FILES} == FILES
    assert sealed.stat().st_mode & 0o077 == 0


def test_a_proof_needs_no_room_for_the_files(sealed: Path, keys: Keys) -> None:
    _found, folder = read(sealed, keys, keep_files=False)
    assert [p.name for p in folder.iterdir()] == [DUMPS["sqlite"]]


def test_nothing_of_the_content_shows(sealed: Path) -> None:
    data = sealed.read_bytes()
    assert data.startswith(b"age-encryption.org/v1\n")
    assert not any(word in data for word in (b"manifest", b"photo photo", b"account", b"ustar"))


def test_another_key_does_not_open_it(sealed: Path) -> None:
    refused = refusal(sealed, some_keys())
    assert refused.code == "backup_key"
    assert "密钥" in refused.message


def test_a_second_recipient_opens_it_too(tmp_path: Path, app: Flask, keys: Keys) -> None:
    offline = some_keys()
    with sealing(tmp_path / "for-two", replace(keys, recipients=(*keys.recipients, *offline.recipients))) as (sink, _total):
        sink.write(b"for both")
    for each in (keys, offline):
        with opening(tmp_path / "for-two", each) as source:
            assert source.read() == b"for both"


def test_every_shorter_file_is_refused(sealed: Path, keys: Keys) -> None:
    data = sealed.read_bytes()
    for length in (0, 10, 100, 200, 66_000, len(data) // 2, len(data) - 65_536, len(data) - 17, len(data) - 1):
        cut = sealed.with_name(f"cut-{length}")
        cut.write_bytes(data[:length])
        assert refusal(cut, keys).code == "backup_damaged", length


def test_every_changed_byte_is_refused(sealed: Path, keys: Keys) -> None:
    data = sealed.read_bytes()
    for place in (0, 30, 60, 130, 180, 300, 66_000, len(data) // 2, len(data) - 1):
        changed = sealed.with_name(f"changed-{place}")
        changed.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1:])
        assert refusal(changed, keys).code in ("backup_damaged", "backup_key"), place


def test_something_appended_is_refused(sealed: Path, keys: Keys) -> None:
    with sealed.open("ab") as stream:
        stream.write(b"more")
    assert refusal(sealed, keys).code == "backup_damaged"


def test_a_file_that_is_not_there(tmp_path: Path, app: Flask, keys: Keys) -> None:
    assert refusal(tmp_path / "nothing", keys).code == "backup_missing"


Hostile = Callable[[tarfile.TarFile], None]


def add(tar: tarfile.TarFile, name: str, data: bytes = b"", kind: bytes = tarfile.REGTYPE, link: str = "") -> None:
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.size = kind, link, len(data)
    tar.addfile(info, io.BytesIO(data))


def said(found: Manifest) -> bytes:
    return json.dumps(asdict(found)).encode()


def good_start(tar: tarfile.TarFile, **more: object) -> None:
    add(tar, "manifest.json", said(manifest(**more)))
    add(tar, DUMPS["sqlite"], DUMP)


def link_as_database(tar: tarfile.TarFile) -> None:
    add(tar, "manifest.json", said(manifest()))
    add(tar, DUMPS["sqlite"], kind=tarfile.SYMTYPE, link="/etc/passwd")


def link_as_file(tar: tarfile.TarFile) -> None:
    good_start(tar)
    add(tar, f"files/{min(FILES)}", kind=tarfile.SYMTYPE, link="../../secrets.json")


def hard_link(tar: tarfile.TarFile) -> None:
    good_start(tar)
    add(tar, f"files/{min(FILES)}", kind=tarfile.LNKTYPE, link=DUMPS["sqlite"])


def up_and_out(tar: tarfile.TarFile) -> None:
    good_start(tar, files={})
    add(tar, "../../escaped", b"x")


def absolute(tar: tarfile.TarFile) -> None:
    good_start(tar, files={})
    add(tar, "/tmp/escaped", b"x")  # noqa: S108


def names_in_the_manifest(tar: tarfile.TarFile) -> None:
    good_start(tar, files={"../../../escaped": 1})
    add(tar, "files/../../../escaped", b"x")


def other_size(tar: tarfile.TarFile) -> None:
    add(tar, "manifest.json", said(manifest()))
    add(tar, DUMPS["sqlite"], DUMP + b"more")


def other_content(tar: tarfile.TarFile) -> None:
    add(tar, "manifest.json", said(manifest()))
    add(tar, DUMPS["sqlite"], bytes(len(DUMP)))


def twice(tar: tarfile.TarFile) -> None:
    good_start(tar, files={})
    add(tar, DUMPS["sqlite"], DUMP)


def a_device(tar: tarfile.TarFile) -> None:
    good_start(tar, files={})
    add(tar, "files/null", kind=tarfile.CHRTYPE)


def no_manifest(tar: tarfile.TarFile) -> None:
    add(tar, DUMPS["sqlite"], DUMP)


def a_manifest_of_nonsense(tar: tarfile.TarFile) -> None:
    add(tar, "manifest.json", b"[1, 2")


def a_negative_size(tar: tarfile.TarFile) -> None:
    good_start(tar, files={min(FILES): -1})


def missing_end(tar: tarfile.TarFile) -> None:
    good_start(tar)


@pytest.mark.parametrize("hostile", [
    link_as_database, link_as_file, hard_link, up_and_out, absolute, names_in_the_manifest, other_size, other_content, twice, a_device,
    no_manifest, a_manifest_of_nonsense, a_negative_size, missing_end,
], ids=lambda f: f.__name__)
def test_what_we_did_not_write_is_refused_and_nothing_leaves_the_folder(
    tmp_path: Path, app: Flask, keys: Keys, hostile: Hostile
) -> None:
    inner = tmp_path / "a" / "b" / "c"
    inner.mkdir(parents=True)
    with sealing(inner / "sealed", keys) as (sink, _total), gzip.GzipFile(fileobj=sink, mode="wb") as squeezed, \
            tarfile.open(fileobj=squeezed, mode="w|") as tar:
        hostile(tar)
    assert refusal(inner / "sealed", keys).code in ("backup_foreign", "backup_damaged")
    outside = [p for p in tmp_path.rglob("*") if p.is_file() and inner / "out-sealed" not in p.parents]
    assert outside == [inner / "sealed"]
    assert not Path("/tmp/escaped").exists()  # noqa: S108


def test_a_newer_form_of_backup_asks_for_an_upgrade(tmp_path: Path, app: Flask, keys: Keys) -> None:
    with sealing(tmp_path / "sealed", keys) as (sink, _total), gzip.GzipFile(fileobj=sink, mode="wb") as squeezed, \
            tarfile.open(fileobj=squeezed, mode="w|") as tar:
        add(tar, "manifest.json", json.dumps({"form": 2, "what": "we cannot know"}).encode())
    assert refusal(tmp_path / "sealed", keys).code == "backup_newer"


def test_something_after_the_archive_is_refused(tmp_path: Path, app: Flask, keys: Keys) -> None:
    with sealing(tmp_path / "sealed", keys) as (sink, _total), gzip.GzipFile(fileobj=sink, mode="wb") as squeezed:
        with tarfile.open(fileobj=squeezed, mode="w|") as tar:
            good_start(tar, files={})
        squeezed.write(b"hidden" * 10_000)
    assert refusal(tmp_path / "sealed", keys).code == "backup_foreign"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_is_a_sentence(app: Flask, keys: Keys) -> None:
    def write() -> None:
        with sealing(Path("/dev/full"), keys, flags=os.O_WRONLY) as (sink, _total):
            sink.write(os.urandom(10_000_000))

    with pytest.raises(BackupBroken, match="磁盘空间"):
        write()


class TestKeys:
    @pytest.fixture
    def settings(self, tmp_path: Path, app: Flask) -> Settings:
        return settings_for(tmp_path)

    def test_the_first_one_is_made_for_its_owner_alone(self, settings: Settings) -> None:
        assert find_keys(settings) is None
        made = get_keys(settings)
        assert get_keys(settings).public == made.public
        assert key_path(settings).stat().st_mode & 0o777 == 0o600
        assert [p.name for p in settings.instance.glob(".*")] == []

    def test_the_environment_wins_and_old_keys_still_open(self, settings: Settings) -> None:
        old, new = (pyrage.x25519.Identity.generate() for _ in range(2))
        with sealing(settings.instance / "old", Keys((old,), (old.to_public(),), "")) as (sink, _total):
            sink.write(b"old")
        keys = get_keys(replace(settings, backup_key=f"{new},{old}"))
        assert keys.public == str(new.to_public())
        with opening(settings.instance / "old", keys) as source:
            assert source.read() == b"old"
        assert not key_path(settings).exists()

    @pytest.mark.parametrize("more", [{"backup_key": "nonsense"}, {"backup_key": "AGE-SECRET-KEY-1NONSENSE"},
                                      {"backup_recipients": "age1nonsense"}])
    def test_a_bad_key_is_a_sentence(self, settings: Settings, more: dict[str, str]) -> None:
        with pytest.raises(BackupBroken, match="COMP_BACKUP_KEY"):
            get_keys(replace(settings, **{"backup_key": str(pyrage.x25519.Identity.generate()), **more}))

    def test_the_age_program_opens_it_without_us(self, settings: Settings) -> None:
        with sealing(settings.instance / "plain.age", get_keys(settings)) as (sink, _total):
            sink.write(b"without us")
        done = subprocess.run(["age", "-d", "-i", key_path(settings), settings.instance / "plain.age"],
                              capture_output=True, check=True)
        assert done.stdout == b"without us"
