"""The order of the work list."""

from datetime import UTC, date, datetime, timedelta

from competition.home.rules_facts import Link
from competition.home.rules_work import Task, ordered

AT = datetime(2026, 6, 10, 2, tzinfo=UTC)
LINK = Link("home.desk", "看")


def task(words: str, **more: object) -> Task:
    return Task(words, LINK, **more)  # type: ignore[arg-type]


def test_late_first_then_what_ends_soon_then_the_day_then_who_waited_longer() -> None:
    tasks = [
        task("没有期限"), task("等得久", since=AT - timedelta(days=9)), task("后天", last=date(2026, 6, 12)),
        task("明天", last=date(2026, 6, 11)), task("今天还来得及", last=date(2026, 6, 10)), task("逾期一天", last=date(2026, 6, 9)),
        task("逾期三天", last=date(2026, 6, 7)), task("一小时后失效", until=AT + timedelta(hours=1)),
        task("三天后失效", until=AT + timedelta(days=3)),
    ]
    assert [one.words for one in ordered(tasks, AT, "Asia/Shanghai")] == [
        "逾期三天", "逾期一天", "一小时后失效", "今天还来得及", "明天", "后天", "三天后失效", "等得久", "没有期限"]


def test_the_last_day_is_in_time_and_the_next_is_late() -> None:
    one = task("x", last=date(2026, 6, 9))
    assert one.late_since(date(2026, 6, 9)) is None
    assert one.late_since(date(2026, 6, 12)) == date(2026, 6, 10)
    assert task("x").late_since(date(2026, 6, 12)) is None
    assert task("x", until=AT + timedelta(hours=23)).is_soon(AT)
    assert not task("x", until=AT + timedelta(hours=24)).is_soon(AT)
