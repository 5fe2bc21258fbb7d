"""Who may not see sheets does not learn which works judges differ on."""

import uuid

from competition.arena.work_queries import list_works
from competition.contests.models import Round
from competition.core.actors import SYSTEM
from competition.judging import queries, service
from competition.judging.board_rows import Cell, Spread, WorkRow, veiled
from competition.judging.queries_poll import change_since
from competition.judging.rules_reports import TabletSays
from tests.cast import Cast
from tests.judging.spreads import apart, bench, keep, marks, remark


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


def test_a_row_is_told_anew_only_when_everybody_sees_what_changed(broth: Round, any_cast: Cast) -> None:
    """What ``since`` gives must not say whose judges were asked to mark again."""
    first, second = list_works(broth.id)
    judges = bench(broth, any_cast)
    since = [change_since(broth.id, None, sees=False).info.version]

    def told(*, sees: bool = False) -> list[str]:
        change = change_since(broth.id, since[-1], sees=sees)
        since.append(change.info.version)
        return [row.code for row in change.works]

    apart(judges, first, "10", "30", "31")
    judges[0].mark(second, marks("30"))
    assert told() == [first.code, second.code]
    service.report_device(judges[0].device.id, TabletSays(pending=1, last_made=judges[0].seq + 1, held={str(first.id): 1}), at=any_cast.at)
    assert told() == []
    judges[0].send(keep(judges[0], first))
    assert told() == []
    judges[1].mark(second, marks("30"))
    service.decide_spread(broth.id, first.id, "", decision="together", reason="测试", actor=SYSTEM, at=any_cast.at)
    assert told() == [first.code, second.code], "all that is seen all over the board tells of no work"
    judges[1].send(judges[1].event(first, criterion="taste", value="28"))
    assert change_since(broth.id, since[-1]).works[0].cells[1].state == "remarking"
    assert told() == []
    remark(judges[2], first, "29")
    assert told() == []
    service.record_figure(first.id, "time_s", "21:00", source="timed", actor=SYSTEM, at=any_cast.at)
    assert told() == [first.code]
    # Sent back and handed in anew: that everybody sees.
    sheet = queries.find_sheet(judges[2].seat.id, first.id)
    assert sheet is not None
    service.send_back(sheet.id, reason="测试", actor=SYSTEM, at=any_cast.at)
    assert told() == [first.code]
    judges[2].mark(first, marks("29"), base=sheet.version)
    assert told() == [first.code]
