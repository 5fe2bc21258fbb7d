"""A list comes back as it was sent, with what is wrong marked; nothing in it does anything."""

import io

import openpyxl
import pytest
from flask import Flask
from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from competition.core.tables.marking import AUTHOR, HEADING, MOST_COMMENTS, RED
from competition.core.tables.reading import read_tables
from competition.rosters.returned import faulty_book
from competition.rosters.rules_columns import find_head
from competition.rosters.rules_rows import Checked, check_rows
from tests.cast import id_card
from tests.hostile import files as sent

INJECTIONS = ("=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", "＝1+1")


def checked_of(data: bytes) -> tuple[Checked, bytes]:
    table = read_tables(data).tables[0]
    head = find_head(table.rows)
    assert head is not None
    checked = check_rows(table.lines, table.rows, head)
    return checked, faulty_book(data, table, head, checked)


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def clerks_book() -> openpyxl.Workbook:
    """A title, merged cells, colours, drop-downs, and things that could do something."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "名单"
    sheet.append(["某店工会职工名单"])
    sheet.merge_cells("A1:D1")
    sheet.append(["姓名", "身份证号", "工作单位", "备注"])
    sheet.append(["甲", id_card(), "某店", INJECTIONS[0]])
    sheet["D3"].data_type = "s"
    sheet.append(["乙", 632123199001011234, None, "见网页"])
    sheet.merge_cells("C3:C4")
    sheet["A2"].font, sheet["D4"].fill = Font(bold=True, color="0000FF"), PatternFill("solid", fgColor="00FF00")
    sheet["D4"].hyperlink, sheet["A3"].comment = "https://a.test/", Comment("会员证另附", "经办人")
    sheet.column_dimensions["B"].width = 33
    sheet.conditional_formatting.add("A3:A9", FormulaRule(formula=["WEBSERVICE(\"http://a\")"]))
    sheet.add_data_validation(DataValidation(type="list", formula1='"某店,别店"', sqref="C3:C9"))
    sheet.add_data_validation(DataValidation(type="list", formula1="cmd|'/c calc'!A0", sqref="D3:D9"))
    book.defined_names["run"] = DefinedName("run", attr_text="cmd|'/c calc'!A0")
    book.create_sheet("选项").sheet_state = "hidden"
    return book


def test_a_workbook_keeps_its_looks_and_nothing_that_acts(app: Flask) -> None:
    checked, back = checked_of(saved(clerks_book()))
    assert [row.line for row in checked.bad] == [4]
    book = openpyxl.load_workbook(io.BytesIO(back))
    sheet = book["名单"]
    assert (sheet["A2"].font.color.rgb[-6:], sheet.column_dimensions["B"].width) == ("0000FF", 33)
    assert sheet["D4"].fill.fgColor.rgb.endswith("00FF00")
    assert {str(one) for one in sheet.merged_cells.ranges} == {"A1:D1", "C3:C4"}
    assert (book["选项"].sheet_state, sheet["A3"].comment.text) == ("hidden", "会员证另附")
    assert sheet["B4"].fill.fgColor.rgb.endswith(RED)
    assert not sheet["B3"].fill.fgColor.rgb.endswith(RED)
    assert ("当成了数字" in sheet["B4"].comment.text, sheet["B4"].comment.author) == (True, AUTHOR)
    assert (sheet["E2"].value, sheet["E3"].value) == (HEADING, None)
    assert sheet["E4"].value.startswith("身份证号：")
    assert (len(book.defined_names), len(sheet.conditional_formatting), sheet["D4"].hyperlink) == (0, 0, None)
    assert [rule.formula1 for rule in sheet.data_validations.dataValidation] == ['"某店,别店"']
    assert (sheet["D3"].data_type, sheet["D3"].value) == ("s", INJECTIONS[0])


def test_what_was_put_right_loses_its_marks(app: Flask) -> None:
    _checked, back = checked_of(saved(clerks_book()))
    book = openpyxl.load_workbook(io.BytesIO(back))
    book["名单"]["B4"].value = id_card(3)
    book["名单"]["A3"].value = "甲#"
    checked, again = checked_of(saved(book))
    assert [row.line for row in checked.bad] == [3]
    sheet = openpyxl.load_workbook(io.BytesIO(again))["名单"]
    assert (sheet["B4"].comment, sheet["B4"].fill.fill_type, sheet["E4"].value) == (None, None, None)
    assert (sheet["E2"].value, sheet["F2"].value) == (HEADING, None)
    assert sheet["E3"].value.startswith("姓名：")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_text_comes_back_as_a_workbook_of_texts(app: Flask, encoding: str) -> None:
    lines = ["名单", "姓名,身份证号,备注", *(f"{text},1,{text}" for text in INJECTIONS)]
    checked, back = checked_of("\n".join(lines).encode(encoding))
    assert len(checked.bad) == len(INJECTIONS)
    sheet = openpyxl.load_workbook(io.BytesIO(back)).active
    assert sheet is not None
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s"}
    assert [sheet.cell(row=line, column=3).value for line in range(3, 9)] == list(INJECTIONS)
    assert (sheet["B3"].fill.fgColor.rgb[-6:], "18 位" in sheet["B3"].comment.text, sheet["D2"].value) == (RED, True, HEADING)


def test_a_workbook_that_is_too_much_comes_back_anew(app: Flask) -> None:
    """Its cells are merged over all of a sheet: read it can be, held in memory as a whole it cannot."""
    whole = sent.repacked(saved(clerks_book()), lambda x: x.replace(b'ref="C3:C4"', b'ref="F1:XFD1048576"'))
    checked, back = checked_of(whole)
    sheet = openpyxl.load_workbook(io.BytesIO(back)).worksheets[0]
    assert (len(checked.bad), sheet["B4"].fill.fgColor.rgb[-6:], sheet["B4"].value) == (1, RED, "6.32123E+17")


def test_comments_have_a_ceiling_and_words_have_none(app: Flask) -> None:
    rows = MOST_COMMENTS + 5
    _checked, back = checked_of("\n".join(["姓名,身份证号", *(f"甲,{n}" for n in range(rows))]).encode())
    sheet = openpyxl.load_workbook(io.BytesIO(back)).worksheets[0]
    column = list(sheet.iter_rows(min_row=2, min_col=2, max_col=3))
    assert sum(1 for row in column if row[0].comment) == MOST_COMMENTS
    assert all(row[1].value and row[0].fill.fgColor.rgb.endswith(RED) for row in column)
    assert len(column) == rows
