"""Names with rare characters: printed as they are written, and the same when they are copied out of the paper again.

The other reader is poppler, not the one that the printing process checks its own work with.
"""

import bz2
import subprocess
from pathlib import Path

import pytest

from competition.certificates.fonts import unprintable
from competition.certificates.printing import Design, Printed, Printer, Sheet
from competition.certificates.printing_merge import merge
from competition.certificates.ready import READY, text
from tests.setup import UNIHAN

NAMES_ON_A_PAGE = 200
# The first and the last of each block that a font of ours holds, and characters that are in people's names.
EXTENSIONS = {
    "A": "\u3400䶮㐱\u4dbf", "B": "\U00020000𠅤\U0002a6df", "C": "\U0002a700𪜀𫢸\U0002b738", "D": "\U0002b740𫞩\U0002b81d",
    "E": "\U0002b820𬀩𬭊\U0002cea1", "F": "\U0002ceb0𬺰\U0002ebe0",
}
DOTTED = ["阿不都热依木·买买提", "才让·卓玛", "古丽巴哈尔·吾买尔江", "尕藏·䶮𬀩"]
TIBETAN = ["བཀྲ་ཤིས།", "སྒྲོལ་མ།", "རྒྱལ་མཚན།", "ཆོས་ཀྱི་བློ་གྲོས།", "རྡོ་རྗེ་བསྟན་འཛིན།", "མཚོ་སྔོན་པོ།"]
NO_FONT_HAS_THEM = "\U000323af\U00031350"


def standard() -> list[str]:
    """The characters of the general standard list, 2013 (通用规范汉字表)."""
    with bz2.open(UNIHAN, "rt", encoding="utf-8") as lines:
        found = [line.split("\t") for line in lines if "\tkTGH\t" in line]
    return [chr(int(code.removeprefix("U+"), base=16)) for code, _field, _value in found]


def page(names: str) -> Sheet:
    return Sheet({"姓名": names, "证书编号": "1"}, "http://127.0.0.1/v/1")


def printed(sheets: list[Sheet], layout: dict[str, object] | None = None) -> list[Printed]:
    block = text("{姓名}", x=15, y=15, w=267, h=180, size=14)
    shown = layout or {"format": 1, "page": {"size": "A4", "orientation": "landscape"}, "blocks": [block]}
    with Printer(Design(shown, "获奖证书", is_demo=False), children=1) as printer:
        return list(printer.print_each(sheets))


def copied(files: list[bytes], path: Path) -> list[str]:
    """The text of each page of a book of these files, without blanks, as poppler reads it."""
    with path.open("w+b") as out:
        merge(files, "合订本", out)
    said = subprocess.run(["pdftotext", "-raw", path, "-"], capture_output=True, text=True, check=True).stdout
    return ["".join(each.split()) for each in said.split("\f")[:-1]]


def all_of(answers: list[Printed]) -> list[bytes]:
    assert [answer.error for answer in answers if answer.error] == []
    return [answer.data for answer in answers if answer.data is not None]


def test_names_of_every_character_of_the_standard_are_printed_and_copied_out_as_they_are(tmp_path: Path) -> None:
    characters = standard()
    assert len(characters) == 8105
    assert unprintable("".join(characters)) == ""
    names = ["".join(characters[n:n + 3]) for n in range(0, len(characters), 3)]
    pages = ["、".join(names[n:n + NAMES_ON_A_PAGE]) for n in range(0, len(names), NAMES_ON_A_PAGE)]
    assert copied(all_of(printed([page(each) for each in pages])), tmp_path / "all.pdf") == pages


def test_extensions_names_with_a_dot_and_tibetan_ones_are_copied_out_as_they_are(tmp_path: Path) -> None:
    names = [*EXTENSIONS.values(), *DOTTED, *TIBETAN]
    assert unprintable("".join(names)) == ""
    data = {"赛事": "某赛事", "颁证单位": "某总工会", "日期": "某日", "证书编号": "1", "验证码": "0", "项目": "拉面", "奖项": "金奖"}
    sheets = [Sheet({**data, "姓名": name}, "http://127.0.0.1/v/1") for name in names]
    said = copied(all_of(printed(sheets, READY["award"][2])), tmp_path / "rare.pdf")
    assert [name for name, each in zip(names, said, strict=True) if f"{name}：" not in each] == []


@pytest.mark.usefixtures("app")
def test_a_name_that_no_font_has_is_refused_by_name_and_number_and_no_other() -> None:
    assert unprintable(f"王{NO_FONT_HAS_THEM}䶮") == NO_FONT_HAS_THEM
    good, bad, last = printed([page("王䶮"), page(f"王{NO_FONT_HAS_THEM[0]}"), page("𬀩")])
    assert good.data is not None
    assert last.data is not None
    assert bad.error == "字库中没有这些字：\U000323af（U+323AF）"
