"""Who may not see sheets does not learn which works judges differ on."""

import uuid

from competition.judging.board_rows import Cell, Spread, WorkRow, veiled


def test_a_work_marked_again_looks_handed_in() -> None:
    again = Cell(1, "remarking", 10, 10, "88.5", is_far=True)
    other = Cell(2, "handed_in", 10, 10, "60")
    spread = Spread("", "28.5", "10", "74", (1,), blocks=True, told=("1 号还没有答复",))
    row = WorkRow(uuid.uuid4(), "NAJ5H8", 1, 3, (again, other), (spread,), (), is_excused=False, missing=("未录入用时",),
                  apart=("1 号裁判：因分歧重新评分，还没有提交",))
    shown = veiled(row)
    assert [(cell.state, cell.total, cell.is_far) for cell in shown.cells] == [("handed_in", "", False)] * 2
    assert (shown.spreads, shown.apart, shown.gaps) == ((), (), ("未录入用时",))
    assert row.gaps == ("未录入用时", "1 号裁判：因分歧重新评分，还没有提交")
