"""How every kind of criterion reaches a tablet, and how its entries are said on the board."""

from flask import Flask

from competition.judging import words
from competition.judging.queries_tablet import _criterion
from competition.judging.views_sheets import marks_it
from competition.scoring.model import Event
from tests.scoring.documents import book, points, practical
from tests.scoring.test_groups import group
from tests.scoring.test_kinds import GRADES, WELD


class Bench:
    """A panel that marks the common sheet, or what it names."""

    def __init__(self, *criteria: str) -> None:
        self.criteria = criteria


def event() -> Event:
    """Groups with a weight, a cap and a panel of their own; faults, grades, a question."""
    weld, form = {"key": "weld", "name": "焊缝", "max": "12", **WELD}, {"key": "form", "name": "成形", "max": "10", **GRADES}
    items = [
        group("one", weld, form, weight="1.5"),
        group("two", points("p", "20", "1"), {"key": "veto", "name": "违章", "kind": "veto"}, cap="15"),
        group("safe", points("s", "52", "1"), panel={"method": "mean"}),
    ]
    return book(practical(criteria=items)).events[0]


def test_what_a_tablet_gets(app: Flask) -> None:
    here = event()
    with app.test_request_context():
        weld, form, capped, veto = (_criterion(here.criterion(key), here) for key in ("weld", "form", "p", "veto"))
    assert (weld.groups, weld.weight) == (["模块one"], "1.5")
    assert [(kind.name, kind.points, kind.most, kind.zero_from) for kind in weld.options] == [
        ("飞溅", "0.5", "99", None), ("咬边", "2", "9", 3), ("裂纹", "0", "99", 1)]
    assert [(grade.name, grade.points, grade.text) for grade in form.options] == [("好", "10", "匀称"), ("中", "7", ""), ("差", "0.5", "")]
    assert capped.weight == ""  # what it adds depends on the rest of its group: the tablet shows no sum then
    assert (veto.max, veto.input_max, veto.options) == ("0", "1", [])


def test_entries_are_said_by_their_names(app: Flask) -> None:
    here = event()
    with app.test_request_context():
        entries = (("weld", "3,1,0"), ("form", "2"), ("veto", "1"), ("p", "7"))
        said = [words.value_words(here.criterion(key), value) for key, value in entries]
        strange = [words.value_words(here.criterion(key), value) for key, value in (("weld", "3"), ("form", "9"))]
    assert said == ["飞溅 3、咬边 1、裂纹 0", "中", "出现了", "7"]
    assert strange == ["3", "9"]


def test_a_group_with_a_panel_of_its_own_is_not_on_the_common_sheet() -> None:
    here = event()
    common, alone = Bench(), Bench("s")
    assert [marks_it(common, item, here) for item in here.criteria] == [True, True, True, True, False]  # type: ignore[arg-type]
    assert [marks_it(alone, item, here) for item in here.criteria] == [False, False, False, False, True]  # type: ignore[arg-type]
