"""The steps of the day: check-in and judging; and what follows at once: the check of sums, the opening of the codes. Pure."""

from collections.abc import Callable
from datetime import date

from competition.core.words import say as _
from competition.home.rules_before import CODERS, OFFICE
from competition.home.rules_building import by_holder, closed, done, going, make, named, to, without
from competition.home.rules_dates import DAY, deadlines
from competition.home.rules_facts import CourseFacts, EventFacts, Link, Step, Todo

CHIEFS, DOOR, SCORERS, TIMERS = ("chief_judge", "organizer"), ("check_in_judge", "organizer"), ("scorekeeper", "chief_judge"), (
    "timekeeper", "scorekeeper", "chief_judge")
PANEL_DAYS = 7


def page_of_round(facts: CourseFacts, endpoint: str, index: Link) -> Callable[[list[EventFacts]], Link]:
    """The page of the one round, else the list of all."""
    return lambda events: to(endpoint, index.label, contest_id=facts.id, round_id=events[0].round) if len(events) == 1 else index


def next_day(event: EventFacts, today: date) -> date | None:
    """The day after the event's own, once it has come."""
    return event.day + DAY if today > event.day else None


# ---- check-in ------------------------------------------------------------------------------------


def check_in(facts: CourseFacts) -> Step:
    """Everybody at the door, event by event; on the first day somebody starts the contest."""
    if not facts.events:
        return without(facts, "check_in", _("没有比赛项目，不需要检录。"))
    link = to("arena.check_in_index", _("去检录"), contest_id=facts.id)
    if facts.phase == "finished":
        return done(facts, "check_in", _("赛事已结束，检录结果不再改动。"))
    waiting = [e for e in facts.taking_part if e.not_checked_in and e.state != "locked"]
    todos = _start(facts) + by_holder(
        facts, [e for e in waiting if facts.day >= e.day], DOOR,
        lambda es: _("%(n)s 个参赛者未检录：%(names)s", n=sum(e.not_checked_in for e in es), names=named(es)),
        page_of_round(facts, "arena.check_in_list", link), lambda e: next_day(e, facts.day))
    if facts.taking_part and not waiting:
        return done(facts, "check_in", _("%(n)s 个项目已检录完。", n=len(facts.taking_part)), link, todos)
    first = min(waiting or facts.events, key=lambda e: e.day)
    return make(facts, "check_in", _("比赛当天在入口检录。"), todos, at=first.starts_at or first.day, link=link)


def _start(facts: CourseFacts) -> list[Todo]:
    if facts.phase != "announced" or facts.day < facts.starts_on or not facts.is_whole:
        return []
    link = to("contests.course", _("开始比赛"), contest_id=facts.id, change="start")
    return [Todo(_("比赛日已到，还没有办理“开始比赛”；开始后才能开放评分。"), facts.staff.who(OFFICE), link,
                 facts.starts_on + DAY if facts.day > facts.starts_on else None)]


# ---- judging -------------------------------------------------------------------------------------


def judge(facts: CourseFacts) -> Step:
    """Panels before the day, rounds opened on it, everything handed in and locked."""
    if not facts.events:
        return without(facts, "judge", _("没有比赛项目，不需要评分。"))
    rounds = facts.taking_part
    locked = [event for event in rounds if event.state == "locked"]
    index = to("judging.index", _("看评分"), contest_id=facts.id)
    todos = [*_panels(facts), *_opening(facts), *_locking(facts), *_figures(facts), *_aside(facts)]
    if rounds and len(locked) == len(rounds):
        return done(facts, "judge", _("%(n)s 轮全部锁定。", n=len(rounds)), index, todos)
    words = _("已锁定 %(done)s 轮，共 %(n)s 轮。", done=len(locked), n=len(rounds))
    if any(event.state == "open" for event in rounds):
        return going(facts, "judge", words, todos, index)
    first = min((e for e in facts.events if e.state != "locked"), key=lambda e: e.day)
    return make(facts, "judge", words, todos, at=first.starts_at or first.day, link=index)


def _panels(facts: CourseFacts) -> list[Todo]:
    near = [e for e in facts.events if e.is_judged and not e.seats and e.state == "closed" and facts.phase in ("announced", "running")
            and facts.day >= e.day - PANEL_DAYS * DAY]
    link = to("judging.panels", _("设置裁判组"), contest_id=facts.id)
    return by_holder(facts, near, CHIEFS, lambda es: _("%(n)s 个项目还没有裁判组：%(names)s", n=len(es), names=named(es)),
                     lambda _es: link, lambda e: e.day if facts.day >= e.day else None)


def _opening(facts: CourseFacts) -> list[Todo]:
    ready = [e for e in facts.taking_part if e.state == "closed" and e.is_drawn and (e.seats or not e.is_judged)
             and facts.phase == "running" and facts.day >= e.day]
    index = to("judging.index", _("开放评分"), contest_id=facts.id)
    return by_holder(facts, ready, CHIEFS, lambda es: _("%(n)s 轮还没有开放评分：%(names)s", n=len(es), names=named(es)),
                     page_of_round(facts, "judging.board", index), lambda e: next_day(e, facts.day))


def _locking(facts: CourseFacts) -> list[Todo]:
    late = deadlines(facts)["judge"].late_since(facts.day)
    index = to("judging.index", _("去看板"), contest_id=facts.id)

    def words(events: list[EventFacts]) -> str:
        said = {"n": len(events), "names": named(events), "done": sum(e.handed_in for e in events), "needed": sum(e.needed for e in events)}
        if said["needed"]:
            return _("%(n)s 轮未锁定：%(names)s（已提交评分 %(done)s 份，共 %(needed)s 份）", **said)
        return _("%(n)s 轮未锁定：%(names)s", **said)

    open_ = [e for e in facts.events if e.state == "open"]
    return by_holder(facts, open_, CHIEFS, words, page_of_round(facts, "judging.board", index), lambda _e: late)


FIGURES = (("marks", SCORERS), ("time", TIMERS))


def _figures(facts: CourseFacts) -> list[Todo]:
    late = deadlines(facts)["judge"].late_since(facts.day)
    index, found = to("judging.index", _("去录入"), contest_id=facts.id), []
    for kind, roles in FIGURES:
        lacking = [e for e in facts.events if e.state == "open" and e.missing.get(kind)]
        found += by_holder(facts, lacking, roles, lambda es, kind=kind: _figure_words(es, kind),  # type: ignore[misc]
                           page_of_round(facts, "judging.figures", index), lambda _e: late)
    return found


def _figure_words(events: list[EventFacts], kind: str) -> str:
    said = {"n": sum(event.missing[kind] for event in events), "names": named(events)}
    return _("%(n)s 份理论成绩未录入：%(names)s", **said) if kind == "marks" else _("%(n)s 份用时未录入：%(names)s", **said)


def _aside(facts: CourseFacts) -> list[Todo]:
    index = to("judging.index", _("去处理"), contest_id=facts.id)
    return by_holder(facts, [e for e in facts.events if e.set_aside], CHIEFS,
                     lambda es: _("%(n)s 项另存的评分待处理：%(names)s", n=sum(e.set_aside for e in es), names=named(es)),
                     page_of_round(facts, "judging.late", index), lambda _e: None)


# ---- sums and codes ------------------------------------------------------------------------------


def sums(facts: CourseFacts) -> Step:
    """A sample of each judged event's sums checked by hand and signed, once the event is locked and before it is published."""
    judged = [event for event in facts.taking_part if event.is_judged]
    if not judged and any(event.is_judged for event in facts.events):
        return without(facts, "sums", _("裁判评分的项目没有人参赛，不需要统分抽查。")) if facts.phase == "finished" else make(
            facts, "sums", _("锁定以后抽取核对，由监督签认。"))
    if not judged:
        return without(facts, "sums", _("没有裁判评分的项目，不需要统分抽查。"))
    published = {event for scope in facts.scopes if scope.published_at for event in scope.events}
    open_ = [e for e in judged if not e.sums.is_signed and e.id not in published]
    link = to("results.overview", _("看成绩"), contest_id=facts.id)
    if not open_:
        signed = sum(e.sums.is_signed for e in judged)
        words = _("监督已签认 %(n)s 个项目。", n=signed) if signed else _("成绩发布前没有做统分抽查。")
        return done(facts, "sums", words, link) if signed else closed(facts, "sums", words)
    late = deadlines(facts)["sums"].late_since(facts.day)
    todos = [
        Todo(words, facts.staff.who(("scorekeeper",), e.id), to("results.sums", _("去核对"), contest_id=facts.id, event_id=e.id), late)
        for e in open_ if e.state == "locked" and (words := _sum_words(facts, e))
    ]
    signed = len(judged) - len(open_)
    return make(facts, "sums", _("锁定以后抽取，已签认 %(done)s 个项目，共 %(n)s 个。", done=signed, n=len(judged)), todos, link=link)


def _sum_words(facts: CourseFacts, event: EventFacts) -> str:
    """What the scorekeeper does next; nothing while the supervisor is asked to sign."""
    sums_ = event.sums
    if not sums_.total:
        return _("%(name)s：还没有抽取", name=event.name)
    if sums_.must_check_all:
        return _("%(name)s：发现 %(n)s 份错误，必须全部复核", name=event.name, n=sums_.errors)
    if sums_.checked < sums_.total:
        return _("%(name)s：已核对 %(done)s 份，共 %(n)s 份", name=event.name, done=sums_.checked, n=sums_.total)
    asked = any(request.kind == "results.sign_sums" and request.event == event.id for request in facts.requests)
    return "" if asked else _("%(name)s：已核对完，还没有请监督签认", name=event.name)


def open_codes(facts: CourseFacts) -> Step:
    """Who is behind which code, told by two people once an event is locked."""
    drawn = [event for event in facts.taking_part if event.is_drawn]
    if not facts.events:
        return without(facts, "open", _("没有比赛项目，不需要解密。"))
    late = deadlines(facts)["open"].late_since(facts.day)
    asked = {request.event for request in facts.requests if request.kind == "arena.open_codes"}
    todos = [
        Todo(_("%(name)s 已锁定，还没有申请解密", name=e.name), facts.staff.who(CODERS, e.id),
             to("arena.open_codes", _("申请解密"), contest_id=facts.id, event_id=e.id), late)
        for e in drawn if e.state == "locked" and not e.is_opened and e.id not in asked
    ]
    opened = [event for event in drawn if event.is_opened]
    words = _("评分锁定以后由两人解密，已解密 %(done)s 个项目，共 %(n)s 个。", done=len(opened), n=len(facts.taking_part))
    finished = bool(drawn) and len(opened) == len(facts.taking_part)
    return done(facts, "open", words, todos=todos) if finished else make(facts, "open", words, todos)
