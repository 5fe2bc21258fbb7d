"""LibreOffice as a second pair of eyes: workbooks recalculated by it, and read back."""

import io
import os
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from python_calamine import CalamineWorkbook

# Recalculate whatever is opened: a figure that came with the file cannot pass.
_ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>"""
Sheets = Mapping[str, list[list[object]]]


def recalculated(books: Mapping[str, bytes]) -> dict[str, Sheets]:
    """Every workbook as LibreOffice computes it: the cells of its sheets. One start for all."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        profile = root / "profile/user"
        profile.mkdir(parents=True)
        (profile / "registrymodifications.xcu").write_text(_ALWAYS, "utf-8")
        for name, data in books.items():
            (root / f"{name}.xlsx").write_bytes(data)
        run(root, [str(root / f"{name}.xlsx") for name in books])
        return {name: _read((root / "out" / f"{name}.xlsx").read_bytes()) for name in books}


def run(root: Path, files: list[str]) -> None:
    command = ["soffice", f"-env:UserInstallation=file://{root}/profile", "--headless", "--convert-to", "xlsx",
               "--outdir", str(root / "out")]
    with subprocess.Popen([*command, *files], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True) as office:
        try:
            said, _ = office.communicate(timeout=600)
        except subprocess.TimeoutExpired:
            os.killpg(office.pid, signal.SIGKILL)
            raise
    assert office.returncode == 0, said


def _read(data: bytes) -> Sheets:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
