"""Certificates as they are issued: glyphs guarded, text read back, tagged PDF/A; each kept by itself, then put together."""

from pathlib import Path

from competition.certificates.printing import Design, Printer, Sheet
from competition.certificates.printing_merge import merge
from tests.bench.certificate_page import TITLE, layout, people, run


def singles(count: int, folder: Path) -> None:
    sheets = (Sheet(data, address) for data, address in people(count))
    with Printer(Design(layout(), TITLE, is_demo=True)) as printer:
        for number, printed in enumerate(printer.print_each(sheets)):
            if printed.data is None:
                raise SystemExit(printed.error)
            (folder / f"{number:05d}.pdf").write_bytes(printed.data)


def merged(count: int, folder: Path) -> None:
    singles(count, folder)
    with (folder / "merged.pdf").open("wb") as out:
        merge(((folder / f"{number:05d}.pdf").read_bytes() for number in range(count)), TITLE, out)


if __name__ == "__main__":
    run(singles, merged)
