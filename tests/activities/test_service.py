"""An activity on its way: declared, decided on, reported, evaluated, and what is refused at each step."""

import io
from datetime import date

import pytest
from PIL import Image
from sqlalchemy import select

from competition.accounts.models import Account
from competition.activities import queries, service
from competition.activities.models import ActivityFile, Declaration
from competition.activities.service import Result
from competition.contests import service as contests
from competition.contests.models import Contest
from competition.contests.queries import list_manageable, list_public
from competition.core import audit
from competition.core.actors import SYSTEM
from competition.core.database import atomic, db, get
from competition.core.errors import NotFound, RuleBroken
from competition.core.files import StoredFile
from competition.counting.models import Activity
from competition.counting.service_facts import Told
from competition.notices.models import Message
from competition.returns import service as returns
from tests.accounts.test_service import make_person
from tests.activities.made import LABOUR, approved, declared, fresh, submitted
from tests.cast import AT, Cast, id_card


def test_what_is_declared_is_a_contest_that_goes_up_the_tree(any_cast: Cast) -> None:
    cast = any_cast
    chief = cast.account("clerk", "union", cast.prefecture.id)
    made = submitted(cast, level="province")
    assert (made.state, made.waiting_at) == ("submitted", cast.prefecture.id)
    assert db.session.scalars(select(Message.account_id)).all() == [chief.id]
    with pytest.raises(RuleBroken, match="不由您审核"):
        service.approve(made.id, cast.province.id, actor=SYSTEM, at=AT)
    with pytest.raises(RuleBroken, match="不能修改"):
        service.change_declaration(made.id, LABOUR, actor=SYSTEM, at=AT)
    service.approve(made.id, cast.prefecture.id, actor=SYSTEM, at=AT)
    assert fresh(made.id).waiting_at == cast.province.id
    service.approve(made.id, cast.province.id, actor=SYSTEM, at=AT)
    contest = fresh(made.id).contest
    assert (contest.kind, contest.level, contest.phase, contest.is_flagship, contest.code) == (
        "labour", "province", "announced", False, "HD2600001")
    assert [stage.name for stage in fresh(made.id).stages] == ["2026年第1季度", "2026年第2季度", "2026年第3季度"]
    verdicts = [step.verdict for step in queries.steps_of(made.id)]
    assert sorted(verdicts) == ["approve", "approve", "approved", "begin", "submit"]
    assert {"activities.submit", "activities.approved", "contests.announce"} <= {row.act for row in audit.history("contest", contest.id)}


def test_a_county_decides_on_its_own_and_a_declarer_never_on_the_own_declaration(any_cast: Cast) -> None:
    cast = any_cast
    own = submitted(cast, level="county")
    assert (own.state, own.route, own.contest.phase) == ("approved", [], "announced")
    somebody = cast.actor("organizer")
    made = declared(cast, name="另一项")
    service.submit(made.id, actor=somebody, at=AT)
    with pytest.raises(RuleBroken, match="另一位同事"):
        service.approve(made.id, cast.prefecture.id, actor=somebody, at=AT)
    with atomic():
        person = make_person(SYSTEM, id_card(78))
        for account in (cast.account("organizer"), cast.account("clerk", "union", cast.prefecture.id)):
            get(Account, account.id).person_id = person.id
        audit.record("test", actor=SYSTEM, subject=("person", person.id), at=AT)
    with pytest.raises(RuleBroken, match="另一位同事"):
        service.approve(made.id, cast.prefecture.id, actor=cast.actor("clerk", "union", cast.prefecture.id), at=AT)


def test_what_is_given_back_is_changed_and_begins_anew(any_cast: Cast) -> None:
    cast = any_cast
    made = submitted(cast)
    with pytest.raises(RuleBroken, match="理由"):
        service.give_back(made.id, cast.prefecture.id, " ", actor=SYSTEM, at=AT)
    service.give_back(made.id, cast.prefecture.id, "措施太笼统", actor=SYSTEM, at=AT)
    assert (fresh(made.id).state, fresh(made.id).waiting_at) == ("returned", None)
    with pytest.raises(RuleBroken, match="撤回"):
        service.take_back(made.id, actor=SYSTEM, at=AT)
    changed = type(LABOUR)(**{**LABOUR.__dict__, "name": "改过的名称", "bodies": [("organiser", "甲"), ("host", "乙")], "rhythm": "none"})
    service.change_declaration(made.id, changed, actor=SYSTEM, at=AT)
    service.submit(made.id, actor=SYSTEM, at=AT)
    service.take_back(made.id, actor=SYSTEM, at=AT)
    service.withdraw(made.id, "改在明年举办", actor=SYSTEM, at=AT)
    found = fresh(made.id)
    assert (found.standing, found.contest.name_zh, found.contest.condition) == ("withdrawn", "改过的名称", "cancelled")
    with pytest.raises(RuleBroken, match="不能修改"):
        service.submit(made.id, actor=SYSTEM, at=AT)


@pytest.mark.parametrize(("changes", "code"), [
    ({"ends_on": LABOUR.starts_on.replace(day=1, month=2)}, "bad_dates"), ({"expected_heads": 0}, "heads"), ({"kind": "skills"}, "kind"),
    ({"rhythm": "month", "starts_on": date(9999, 12, 1), "ends_on": date(9999, 12, 31)}, "years"),
    ({"rhythm": "month", "starts_on": date(1, 1, 1)}, "years"),
    ({"rhythm": "named", "named_stages": "看不懂"}, "stage_line"), ({"bodies": [("organiser", " ")]}, "bad_body"),
])
def test_a_declaration_that_makes_no_sense_is_refused_whole(any_cast: Cast, changes: dict[str, object], code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        declared(any_cast, **changes)
    assert refused.value.code == code
    assert db.session.scalars(select(Contest)).all() == db.session.scalars(select(Declaration)).all() == []


def test_it_is_conducted_here_and_nowhere_else(any_cast: Cast) -> None:
    made = approved(any_cast, start=False)
    actor = any_cast.actor("organizer")
    assert db.session.scalars(list_public(AT)).all() == db.session.scalars(list_manageable(actor, "contests.look")).all() == []
    draft = declared(any_cast, name="草稿活动")
    with pytest.raises(RuleBroken, match="逐级核准"):
        contests.announce(draft.contest_id, actor=actor, at=AT)
    contests.start(made.contest_id, actor=actor, at=AT)
    assert fresh(made.id).standing == "running"


def test_the_province_names_a_flagship_until_figures_stand_on_it(any_cast: Cast) -> None:
    cast, made = any_cast, approved(any_cast)
    service.set_flagship(made.id, True, "列入全省十大竞赛", actor=SYSTEM, at=AT)
    with pytest.raises(RuleBroken, match="没有变化"):
        service.set_flagship(made.id, True, "再认定", actor=SYSTEM, at=AT)
    assert fresh(made.id).contest.is_flagship
    begun = returns.begin_return(cast.county.id, made.contest_id, 2026 * 12 + 4, "roster", actor=SYSTEM, at=AT)
    returns.discard_return(begun.id, actor=SYSTEM, at=AT)
    begun = returns.begin_return(cast.county.id, made.contest_id, 2026 * 12 + 4, "roster", actor=SYSTEM, at=AT)
    returns.put_roster(begun.id, [Told("key-1", AT.date())], actor=SYSTEM, at=AT)
    service.set_flagship(made.id, False, "一份草稿不算上报", actor=SYSTEM, at=AT)
    returns.submit_return(begun.id, actor=SYSTEM, at=AT)
    assert not db.session.scalars(select(Activity)).one().is_flagship, "as it was when the first was handed up"
    with pytest.raises(RuleBroken, match="不能再改"):
        service.set_flagship(made.id, True, "弄错了", actor=SYSTEM, at=AT)
    draft = declared(cast, name="草稿活动")
    with pytest.raises(RuleBroken, match="核准以后"):
        service.set_flagship(draft.id, True, "理由", actor=SYSTEM, at=AT)


def test_reports_are_handed_in_read_or_given_back(any_cast: Cast) -> None:
    made = approved(any_cast)
    stage = made.stages[0].id
    with pytest.raises(RuleBroken, match="小结的内容"):
        service.submit_report(made.id, stage, " ", {}, actor=SYSTEM, at=AT)
    with pytest.raises(RuleBroken, match="多于"):
        service.save_report(made.id, stage, "写一半", {"suggestions": 1, "suggestions_adopted": 2}, actor=SYSTEM, at=AT)
    with pytest.raises(RuleBroken, match="整数"):
        service.save_report(made.id, stage, "写一半", {"patents": 1}, actor=SYSTEM, at=AT)
    service.save_report(made.id, stage, "写一半", {"suggestions": 4}, actor=SYSTEM, at=AT)
    with pytest.raises(RuleBroken, match="不用收阅"):
        service.acknowledge(made.id, stage, actor=SYSTEM, at=AT)
    service.submit_report(made.id, stage, "全部写完", {"suggestions": 5, "units": 2}, actor=SYSTEM, at=AT)
    clerk = any_cast.actor("clerk", "union", any_cast.prefecture.id)
    assert [one.id for one in queries.reports_to_read(clerk)] == [stage]
    assert queries.reports_to_read(any_cast.actor("clerk", "union", any_cast.county.id)) == []
    with pytest.raises(RuleBroken, match="已经提交"):
        service.save_report(made.id, stage, "偷偷改", {}, actor=SYSTEM, at=AT)
    service.give_back_report(made.id, stage, "数字不对", actor=SYSTEM, at=AT)
    service.submit_report(made.id, stage, "改好了", {"suggestions": 3}, actor=SYSTEM, at=AT)
    service.acknowledge(made.id, stage, actor=SYSTEM, at=AT)
    assert (fresh(made.id).stages[0].state, made.stages[0].measures) == ("acknowledged", {"suggestions": 3})
    other = approved(any_cast, name="另一项")
    with pytest.raises(NotFound):
        service.save_report(other.id, stage, "别人的阶段", {}, actor=SYSTEM, at=AT)
    draft = declared(any_cast, name="草稿活动")
    with pytest.raises(RuleBroken, match="核准以后"):
        service.save_report(draft.id, stage, "太早", {}, actor=SYSTEM, at=AT)


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "JPEG", comment=b"test-remark")
    return out.getvalue()


def test_evidence_is_made_anew_and_stays_once_the_report_is_handed_in(any_cast: Cast) -> None:
    made = approved(any_cast)
    stage = made.stages[0].id
    with pytest.raises(RuleBroken, match="只接受"):
        service.add_file(made.id, stage, b"<html>", name="a.html", actor=SYSTEM, at=AT)
    first = service.add_file(made.id, stage, picture(), name="现场.jpg", actor=SYSTEM, at=AT)
    second = service.add_file(made.id, stage, picture(), name="现场2.jpg", actor=SYSTEM, at=AT)
    assert b"test-remark" not in first.file.read()
    service.remove_file(made.id, second.id, actor=SYSTEM, at=AT)
    service.submit_report(made.id, stage, "全部写完", {}, actor=SYSTEM, at=AT)
    for act in (lambda: service.remove_file(made.id, first.id, actor=SYSTEM, at=AT),
                lambda: service.add_file(made.id, stage, picture(), name="晚.jpg", actor=SYSTEM, at=AT)):
        with pytest.raises(RuleBroken, match="不能再改"):
            act()
    assert len(db.session.scalars(select(ActivityFile)).all()) == len(db.session.scalars(select(StoredFile)).all()) == 1


IDEA = Result("省电装置", "invention", "测试电厂", "", True, 12, True)


def test_results_of_the_five_are_pledged_and_counted(any_cast: Cast) -> None:
    made = approved(any_cast, kind="five_small")
    one = service.put_achievement(made.id, IDEA, actor=SYSTEM, at=AT)
    with pytest.raises(RuleBroken, match="登记过"):
        service.put_achievement(made.id, IDEA, actor=SYSTEM, at=AT)
    service.put_achievement(made.id, type(IDEA)("省水建议", "suggestion", "测试电厂", "", False, 0, True), actor=SYSTEM, at=AT)
    service.put_achievement(made.id, IDEA, achievement_id=one.id, actor=SYSTEM, at=AT)
    assert len(queries.achievements_of(made.id)) == 2
    service.remove_achievement(made.id, one.id, actor=SYSTEM, at=AT)
    with pytest.raises(NotFound):
        service.remove_achievement(made.id, one.id, actor=SYSTEM, at=AT)
    assert [found.title for found in queries.achievements_of(made.id)] == ["省水建议"]
    with pytest.raises(RuleBroken, match="不收集"):
        service.put_achievement(approved(any_cast, name="另一项").id, IDEA, actor=SYSTEM, at=AT)


def test_units_are_evaluated_by_one_sheet_and_then_nothing_changes(any_cast: Cast) -> None:
    made = approved(any_cast, kind="ankang")
    points = {"组织领导": "29.5", "实效": "69"}
    values = {"remark": "", "honour": "推荐先进", "actor": SYSTEM, "at": AT}
    with pytest.raises(RuleBroken, match="先设定评价表"):
        service.put_assessment(made.id, "甲厂", points, **values)
    service.set_sheet(made.id, "组织领导 30\n实效 70", actor=SYSTEM, at=AT)
    first = service.put_assessment(made.id, "甲厂", points, **values)
    service.put_assessment(made.id, "乙厂", {"组织领导": "30", "实效": "70"}, **values)
    for act, words in (
        (lambda: service.set_sheet(made.id, "实效 100", actor=SYSTEM, at=AT), "不能再改"),
        (lambda: service.put_assessment(made.id, "乙厂", points, **values), "已经评过分"),
        (lambda: service.put_assessment(made.id, "丙厂", {"组织领导": "31", "实效": "1"}, **values), "组织领导"),
        (lambda: service.close_evaluation(made.id, actor=SYSTEM, at=AT), "结束以后"),
    ):
        with pytest.raises(RuleBroken, match=words):
            act()
    assert [(one.unit, str(one.total)) for one in queries.assessments_of(made.id)] == [("乙厂", "100.0"), ("甲厂", "98.5")]
    service.finish(made.id, actor=SYSTEM, at=AT)
    service.close_evaluation(made.id, actor=SYSTEM, at=AT)
    with pytest.raises(RuleBroken, match="评价已经完成"):
        service.put_assessment(made.id, "甲厂", points, assessment_id=first.id, **values)
    with pytest.raises(RuleBroken, match="评价已经完成"):
        service.close_evaluation(made.id, actor=SYSTEM, at=AT)
    assert get(Declaration, made.id).evaluated_at == AT


def test_who_sees_what(any_cast: Cast) -> None:
    cast = any_cast
    draft, public = declared(cast, name="草稿活动"), approved(cast)
    seen = {
        who: {one.id for one in db.session.scalars(queries.list_activities(actor)).unique()}
        for who, actor in (("own", cast.actor("clerk", "union", cast.county.id)),
                           ("above", cast.actor("clerk", "union", cast.prefecture.id)),
                           ("beside", cast.actor("clerk", "union", cast.other_county.id)), ("leader", cast.actor("leader")))}
    assert seen == {"own": {draft.id, public.id}, "above": {draft.id, public.id}, "beside": {public.id}, "leader": {draft.id, public.id}}
    actor = cast.actor("leader")
    late = db.session.scalars(queries.list_activities(actor, overdue_on=AT.date())).unique().all()
    assert [one.id for one in late] == [public.id]
    for filters, count in (({"state": "draft"}, 1), ({"state": "running"}, 1), ({"kind": "drill"}, 0), ({"year": 2026}, 2),
                           ({"year": 2025}, 0), ({"region": "630200"}, 2), ({"region": "630100"}, 0),
                           ({"text": "草稿"}, 1), ({"flagship": True}, 0)):
        assert len(db.session.scalars(queries.list_activities(actor, **filters)).unique().all()) == count, filters
