"""Where an entry stands, as tables: the step, the words, the date, the one thing to do."""

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from competition.home.rules import EntryFacts, OwnEvent, standing

# Registration until 5 June 2026, 18:00 in Beijing; the contest on 12 and 13 June.
OPENS, CLOSES = datetime(2026, 6, 1, 1, tzinfo=UTC), datetime(2026, 6, 5, 10, tzinfo=UTC)
EARLY, LATER = datetime(2026, 6, 3, tzinfo=UTC), datetime(2026, 6, 8, tzinfo=UTC)
STARTS = datetime(2026, 6, 12, 1, tzinfo=UTC)
ENTRY, CONTEST = uuid.uuid4(), uuid.uuid4()


def facts(state: str = "approved", at: datetime = EARLY, **more: Any) -> EntryFacts:
    values: dict[str, Any] = {
        "phase": "announced", "condition": "normal", "zone": "Asia/Shanghai", "starts_on": date(2026, 6, 12), "ends_on": date(2026, 6, 13),
        "registration_opens_at": OPENS, "registration_closes_at": CLOSES, "reviewer": "测试县总工会",
    }
    return EntryFacts(id=ENTRY, contest_id=CONTEST, state=state, at=at, **(values | more))


def event(name: str = "基本功", **more: Any) -> OwnEvent:
    return OwnEvent(name, **more)


DRAWN = (event(batch=2, station=5, starts_at=STARTS), event("调汤", batch=1, starts_at=STARTS + timedelta(hours=5)))

# The facts; the step, whether it ends there, words, the words on the button.
TABLE = [
    (facts("draft"), 0, False, "报名截止：", "继续填写"),
    (facts("draft", registration_closes_at=None), 0, False, "请填完后提交", "继续填写"),
    (facts("draft", LATER), 0, True, "草稿没有提交。报名已于", None),
    (facts("submitted"), 1, False, "由测试县总工会审核，最迟 2026年6月8日 审完", "查看报名"),
    (facts("reviewing", reviewer=""), 1, False, "由组委会办公室审核", "查看报名"),
    (facts("submitted", LATER + timedelta(days=1)), 1, False, "还没有结果。请直接联系", "查看报名"),
    (facts("submitted", phase="finished"), 1, True, "没有审完", "查看报名"),
    (facts("submitted", condition="postponed"), 1, False, "已延期，报名继续有效", "查看报名"),
    (facts("submitted", condition="cancelled"), 1, True, "已取消", "查看报名"),
    (facts("draft", condition="stopped"), 0, True, "已中止", "查看报名"),
    (facts("withdrawn", LATER, condition="cancelled"), 0, True, "您已撤回报名", None),
    (facts("returned"), 1, False, "最迟 2026年6月11日 重新提交", "修改并重新提交"),
    (facts("returned", phase="running"), 1, True, "不能参赛", "查看报名"),
    (facts("waiting", place=4), 1, False, "候补第 4 位", "查看报名"),
    (facts("waiting", phase="running"), 1, True, "没有递补上", "查看报名"),
    (facts("rejected"), 1, True, "审核未通过", "重新报名"),
    (facts("rejected", LATER), 1, True, "审核未通过", "查看报名"),
    (facts("withdrawn"), 0, True, "报名截止前可以重新报名", "重新报名"),
    (facts("withdrawn", LATER), 0, True, "您已撤回报名，不参赛。", None),
    (facts(events=(event(),)), 2, False, "接下来抽签", "查看报名"),
    (facts(is_reserve=True), 2, False, "您是替补队员", "查看报名"),
    (facts(events=(DRAWN[0], event("调汤"))), 2, False, "接下来抽签", "查看报名"),  # half of it is not drawn yet
    (facts(events=DRAWN), 3, False, "基本功：第 2 批 5 号工位。请带参赛证", "查看参赛安排"),
    (facts(events=DRAWN[1:]), 3, False, "调汤：第 1 批，工位检录时告知", "查看参赛安排"),
    (facts(phase="running", events=(event(),)), 3, False, "比赛 2026年6月12日 开始", "查看参赛安排"),
    (facts(phase="running", is_reserve=True), 3, False, "没有上场的项目", "查看参赛安排"),
    (facts(condition="postponed", events=DRAWN), 2, False, "已延期，报名继续有效", "查看报名"),
    (facts(condition="cancelled"), 2, True, "已取消", "查看报名"),
    (facts(condition="stopped", phase="running"), 3, True, "已中止", "查看报名"),
    (facts(phase="finished", events=DRAWN), 4, False, "成绩核对后发布", "查看报名"),
    (facts(phase="finished", is_published=True, notice_ends=date(2026, 6, 22)), 5, False, "公示到 2026年6月22日", "查看成绩"),
    (facts(phase="finished", is_published=True, notice_ends=date(2026, 6, 2)), 5, False, "证书签发后", "查看成绩"),
    (facts(phase="finished", is_published=True, is_certified=True), 6, False, "证书已签发", "查看证书"),
]


@pytest.mark.parametrize(("found", "step", "stopped", "words", "button"), TABLE)
def test_where_an_entry_stands(found: EntryFacts, step: int, stopped: bool, words: str, button: str | None) -> None:
    stands = standing(found)
    assert (stands.step, stands.stopped) == (step, stopped)
    assert words in stands.sentence
    assert (stands.action.label if stands.action else None) == button


def done(*outcomes: str) -> tuple[OwnEvent, ...]:
    return tuple(event(f"项目{n}", batch=1, starts_at=STARTS + timedelta(hours=n), outcome=outcome) for n, outcome in enumerate(outcomes))


@pytest.mark.parametrize(("outcomes", "stopped", "words"), [
    (("ABSENT", "ABSENT"), True, "检录记录是缺考"), (("WITHDRAWN",), True, "已登记弃权"),
    (("ABSENT", "DISQUALIFIED"), True, "已被取消资格"),
    (("RESULT_CANCELLED", "DISQUALIFIED"), True, "成绩已被取消"), (("CHECKED_IN", "ABSENT"), False, "都已检录"),
    (("CHECKED_IN", ""), False, "项目1：第 1 批"), (("ABSENT", ""), False, "项目1：第 1 批"),
])
def test_what_happened_on_the_day_is_said_in_plain_words(outcomes: tuple[str, ...], stopped: bool, words: str) -> None:
    stands = standing(facts(phase="running", events=done(*outcomes)))
    assert (stands.step, stands.stopped) == (3, stopped)
    assert words in stands.sentence


def test_what_comes_next_has_its_hour() -> None:
    assert standing(facts("draft")).at == CLOSES
    assert standing(facts(events=DRAWN)).at == STARTS
    half = (event(batch=1, starts_at=STARTS, outcome="CHECKED_IN"), DRAWN[1])
    assert standing(facts(phase="running", events=half)).at == DRAWN[1].starts_at
    assert standing(facts("submitted")).at is None


def test_events_are_shown_once_the_entry_is_approved() -> None:
    assert standing(facts(events=DRAWN)).events == DRAWN
    assert standing(facts("submitted", events=DRAWN)).events == ()
    assert standing(facts()).notes == {3: "6月12日"}


def test_what_was_sent_late_is_not_overdue_at_once() -> None:
    sent = datetime(2026, 6, 11, 4, tzinfo=UTC)
    assert "最迟 2026年6月11日 审完" in standing(facts("submitted", sent, submitted_at=sent)).sentence
    assert "应在 2026年6月11日 前审完" in standing(facts("submitted", sent + timedelta(days=1), submitted_at=sent)).sentence
