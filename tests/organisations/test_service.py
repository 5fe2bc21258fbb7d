"""The tree of unions on both databases."""

from datetime import date

import pytest

from competition.core.actors import SYSTEM
from competition.core.database import get
from competition.core.errors import RuleBroken
from competition.organisations import queries, service
from competition.organisations.models import Union
from competition.organisations.rules import levels_below
from tests.cast import AT, Cast

ON = date(2026, 6, 1)


def add(parent: Union, name: str = "测试拉面公司工会", level: str = "grassroots", members: int | None = None) -> Union:
    return service.add_union(parent.id, name_zh=name, level=level, actor=SYSTEM, at=AT, on=ON, member_count=members)


def test_founding_twice_changes_nothing(any_cast: Cast) -> None:
    before = len(queries.list_unions())
    assert service.found_tree(AT).id == any_cast.province.id
    assert len(queries.list_unions()) == before


def test_a_new_union_stands_under_all_above_and_counts(any_cast: Cast) -> None:
    union = add(any_cast.county, members=120)
    add(any_cast.county, "另一家公司工会", members=30)
    assert [u.id for u in queries.ancestors(union.id)] == [union.id, any_cast.county.id, any_cast.prefecture.id, any_cast.province.id]
    assert union.region_code == any_cast.county.region_code
    by_name = {b.union.id: b for b in queries.branches_under(any_cast.prefecture.id)}
    assert (by_name[any_cast.county.id].below, by_name[any_cast.county.id].members) == (2, 150)


@pytest.mark.parametrize(("level", "below"), [
    ("province", ["prefecture", "county", "grassroots"]), ("county", ["grassroots"]), ("grassroots", ["grassroots"])])
def test_levels(level: str, below: list[str]) -> None:
    assert levels_below(level) == below


def test_wrong_level_and_taken_name_are_refused(any_cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="级别"):
        add(any_cast.county, level="prefecture")
    first = add(any_cast.county)
    with pytest.raises(RuleBroken, match="同名"):
        add(any_cast.county)
    assert add(any_cast.other_county).name_zh == first.name_zh
    second = add(any_cast.county, "另一家公司工会")
    words = {"name_en": None, "name_bo": None, "industry": None, "member_count": 5, "actor": SYSTEM, "at": AT}
    with pytest.raises(RuleBroken, match="同名"):
        service.change_union(second.id, name_zh=first.name_zh, **words)
    assert service.change_union(second.id, name_zh="另一家公司工会", **words).member_count == 5


def test_a_union_ends_from_below(any_cast: Cast) -> None:
    union = add(any_cast.county)
    for target, sentence in ((any_cast.county, "下面还有"), (any_cast.province, "省级")):
        with pytest.raises(RuleBroken, match=sentence):
            service.end_union(target.id, on=ON, reason="x", actor=SYSTEM, at=AT)
    service.end_union(union.id, on=ON, reason="合并", actor=SYSTEM, at=AT)
    assert get(Union, union.id).valid_to == ON
    assert union.id not in {u.id for u in queries.list_unions("grassroots")}
    with pytest.raises(RuleBroken, match="已经撤销"):
        service.end_union(union.id, on=ON, reason="x", actor=SYSTEM, at=AT)
    with pytest.raises(RuleBroken, match="已撤销"):
        add(union, "分会")


def test_employers_by_the_beginning_of_their_name(any_cast: Cast) -> None:
    for name in ("测试拉面馆", "测试拉面公司", "其他单位"):
        service.get_or_create_employer(name=name, region_code=None, actor=SYSTEM, at=AT)
    assert [e.name for e in queries.suggest_employers("测试")] == ["测试拉面公司", "测试拉面馆"]
    assert queries.suggest_employers("测") == []
    assert queries.suggest_employers("%%") == []
