"""System packages: who may install them, and what the others are told."""

import io
import os
import sys
from pathlib import Path

import pytest

from competition.bootstrap import system
from competition.bootstrap.command import tell
from competition.bootstrap.steps import SetupFailed, carry_out
from competition.bootstrap.system import (
    RUN_NEEDS,
    Need,
    admin_line,
    font,
    install,
    library,
    missing,
    program,
    system_step,
)

NEED = Need("fonts-noto-cjk", "宋体、黑体", lambda: False)
LINE = "apt-get update && apt-get install -y --no-install-recommends fonts-noto-cjk"


@pytest.fixture
def ordinary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Somebody who is not root, has no terminal, and the programs of one folder alone."""
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("COMP_INSTANCE", str(tmp_path / "instance"))
    return tmp_path


def write_program(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def test_without_sudo_the_line_for_an_administrator_is_printed(
    ordinary: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_program(ordinary / "apt-get", "exit 9")
    with pytest.raises(SetupFailed) as caught:
        carry_out([system_step([NEED])])
    assert tell(caught.value) == 1
    said = capsys.readouterr().err
    assert "缺少系统组件：fonts-noto-cjk（宋体、黑体）" in said
    assert LINE in said


def test_sudo_is_never_used_without_an_answer(ordinary: Path) -> None:
    write_program(ordinary / "apt-get", "exit 0")
    write_program(ordinary / "sudo", f"echo used > {ordinary}/used")
    with pytest.raises(SetupFailed, match="缺少系统组件") as caught:
        install([NEED])
    assert LINE in caught.value.todo
    assert not (ordinary / "used").exists()


@pytest.mark.parametrize(("answer", "used"), [("y\n", True), ("n\n", False), ("\n", False)])
def test_sudo_is_asked_for_with_the_exact_line(
    ordinary: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], answer: str, used: bool
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    write_program(ordinary / "apt-get", "exit 0")
    write_program(ordinary / "sudo", f'printf "%s " "$@" >> {ordinary}/used')
    monkeypatch.setattr(sys, "stdin", Terminal(answer))
    if used:
        install([NEED])
    else:
        with pytest.raises(SetupFailed):
            install([NEED])
    assert LINE in capsys.readouterr().out
    assert (ordinary / "used").exists() == used
    if used:
        typed = (ordinary / "used").read_text()
        assert "apt-get -q -o DPkg::Lock::Timeout=300 update " in typed
        assert typed.endswith("install -y --no-install-recommends fonts-noto-cjk ")


def test_ci_uses_sudo_without_asking(ordinary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_program(ordinary / "apt-get", "exit 0")
    write_program(ordinary / "sudo", f'printf "%s " "$@" >> {ordinary}/used')
    monkeypatch.setenv("CI", "true")
    install([NEED])
    assert (ordinary / "used").read_text().startswith("-n env ")


def test_a_machine_without_apt_is_told_what_to_install(ordinary: Path) -> None:
    with pytest.raises(SetupFailed, match="本系统没有 apt-get") as caught:
        install([NEED])
    assert "fonts-noto-cjk（宋体、黑体）" in caught.value.what


def test_the_line_names_every_package() -> None:
    line = admin_line(RUN_NEEDS)
    for need in RUN_NEEDS:
        assert need.package in line.split()


def test_a_failed_installation_says_what_to_type(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_program(tmp_path / "apt-get", "echo 'Unable to fetch some archives'; exit 100")
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv("COMP_INSTANCE", str(tmp_path / "instance"))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with pytest.raises(SetupFailed) as caught:
        install([Need("libpango-1.0-0", "PDF 排版", lambda: False)])
    assert "Unable to fetch some archives" in caught.value.what
    assert "apt-get install -y --no-install-recommends libpango-1.0-0" in caught.value.todo


def test_things_are_seen_as_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert program("no-such-program", "sh")()
    assert not program("no-such-program")()
    assert library("libc.so.6")()
    assert not library("libnothing-like-this.so.1")()
    fonts = tmp_path / "fonts" / "deep"
    fonts.mkdir(parents=True)
    (fonts / "Example-Regular.ttf").touch()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    system.font_files.cache_clear()
    try:
        assert font(r"Example-Regular\..*")()
        assert not font(r"Example-Regular\..*", r"Example-Bold\..*")()
    finally:
        system.font_files.cache_clear()


def test_this_machine_has_what_running_needs() -> None:
    assert [need.package for need in missing(RUN_NEEDS)] == []
