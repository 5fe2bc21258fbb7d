"""The steps before the contest: notice, registration, review, draw. Pure."""

from datetime import date

from competition.contests.rules import Lack
from competition.core.words import say as _
from competition.home.rules_building import by_holder, done, going, make, named, to, waited, without
from competition.home.rules_dates import deadlines
from competition.home.rules_facts import CourseFacts, EventFacts, Link, Queue, Step, Todo, Who

OFFICE = ("organizer",)
CODERS = ("coding_judge", "organizer")
COUNTED = ("submitted", "reviewing", "returned", "approved", "waiting")


# ---- notice --------------------------------------------------------------------------------------


def notice(facts: CourseFacts) -> Step:
    """Everything filled in, announced, the notice published."""
    overview = to("contests.overview", _("核对并公布") if facts.phase == "draft" else _("看概况"), contest_id=facts.id)
    office, late = facts.staff.who(OFFICE), deadlines(facts)["notice"].late_since(facts.day)
    todos = [Todo(lack.sentence, office, to(lack.endpoint, _("去填写"), contest_id=facts.id), late) for lack in _lacking(facts)]
    if facts.phase == "draft":
        todos.append(Todo(_("还没有公布，公众看不到这项赛事。"), office, overview, late))
        return make(facts, "notice", _("筹备中，只有工作人员可见。"), todos)
    lacks_notice = any(lack.endpoint == "contests.notices" for lack in facts.missing)
    return done(facts, "notice", _("已公布。") if lacks_notice else _("已公布，通知已发布。"), overview, todos)


def _lacking(facts: CourseFacts) -> tuple[Lack, ...]:
    """What should still be filled in; once it is over nothing should."""
    return () if facts.phase == "finished" else facts.missing


# ---- registration --------------------------------------------------------------------------------


def register(facts: CourseFacts) -> Step:
    """Entries come in until registration closes."""
    entries = to("registration.review_list", _("看报名"), contest_id=facts.id)
    state = facts.registration
    if state.code in ("not_announced", "no_dates"):
        return make(facts, "register", state.sentence)
    if state.code == "upcoming":
        return make(facts, "register", state.sentence, at=facts.registration_opens_at, link=entries)
    words = _("%(state)s%(counts)s", state=state.sentence, counts=_counts(facts))
    todos = [] if facts.registration_is_over and facts.phase != "announced" else _leaderless(facts)
    # What a halt interrupts is not done: it rests (see ``rules_course``).
    is_going = state.is_open or (facts.condition != "normal" and not facts.registration_is_over)
    return going(facts, "register", words, todos, entries) if is_going else done(facts, "register", words, entries, todos)


def _counts(facts: CourseFacts) -> str:
    total, waiting = sum(facts.entries.get(state, 0) for state in COUNTED), facts.entries.get("waiting", 0)
    if waiting:
        return _("共 %(n)s 份报名，其中候补 %(w)s 份。", n=total, w=waiting)
    return _("共 %(n)s 份报名。", n=total)


def _leaderless(facts: CourseFacts) -> list[Todo]:
    if not facts.leaderless:
        return []
    link = to("registration.teams", _("看代表队"), contest_id=facts.id, leader="none")
    return [Todo(_("%(n)s 支代表队还没有领队", n=facts.leaderless), facts.staff.who(OFFICE), link,
                 deadlines(facts)["register"].late_since(facts.day))]


# ---- review --------------------------------------------------------------------------------------


def review(facts: CourseFacts) -> Step:
    """Every entry decided by the unions, one after the other."""
    late = deadlines(facts)["review"].late_since(facts.day)
    todos = [_queue(facts, queue, late) for queue in facts.queues]
    returned = facts.entries.get("returned", 0)
    if returned and facts.phase == "announced":
        link = to("registration.review_list", _("看名单"), contest_id=facts.id, state="returned")
        todos.append(Todo(_("%(n)s 份已退回修改，还没有重新提交", n=returned), Who(_("报名人")), link, late))
    words = _("已通过 %(a)s 份，待审核 %(p)s 份。", a=facts.entries.get("approved", 0), p=facts.pending)
    link = to("registration.review_list", _("看报名"), contest_id=facts.id)
    if facts.registration_is_over:
        return done(facts, "review", words, link, todos)
    if facts.registration.is_open:
        return going(facts, "review", words, todos, link)
    return make(facts, "review", _("有人报名后开始，由各级工会逐级审核。"), todos, at=facts.registration_opens_at)


def _queue(facts: CourseFacts, queue: Queue, late: date | None) -> Todo:
    """A union's entries; at the last step the office may decide in its place."""
    link = to("registration.review_list", _("去审核") if queue.is_last else _("看名单"), contest_id=facts.id, reviewer=queue.union)
    words = _("%(n)s 份待审核，最早的%(waited)s", n=queue.count, waited=waited(facts.day_of(queue.since), facts.day))
    accounts = facts.staff.who(OFFICE).accounts if queue.is_last else frozenset()
    return Todo(words, Who(queue.name or _("组委会办公室"), accounts), link, late)


# ---- draw ----------------------------------------------------------------------------------------


def draw(facts: CourseFacts) -> Step:
    """Batches, stations and codes for every event."""
    if not facts.events:
        return without(facts, "draw", _("没有比赛项目，不需要抽签。"))
    link = to("arena.draws", _("看抽签"), contest_id=facts.id)
    undrawn = [event for event in facts.taking_part if not event.is_drawn]
    if not undrawn:
        return _drawn(facts, link)
    ready = facts.registration_is_over and not facts.pending
    todos = by_holder(
        facts, [e for e in undrawn if ready or facts.day >= e.day], CODERS,
        lambda es: _("%(n)s 个项目未抽签：%(names)s", n=len(es), names=named(es)),
        lambda es: _round("arena.show_round", facts, es, to("arena.draws", _("去抽签"), contest_id=facts.id)),
        lambda e: e.day if facts.day >= e.day else None)
    return make(facts, "draw", _not_yet(facts), todos, at=facts.registration_closes_at if not facts.registration_is_over else None)


def _drawn(facts: CourseFacts, link: Link) -> Step:
    if not facts.taking_part:
        return make(facts, "draw", _("有人通过审核后才能抽签。"), at=facts.registration_closes_at)
    late_ones = [] if facts.phase == "finished" else [event for event in facts.events if event.left_out and event.state != "locked"]
    todos = by_holder(
        facts, late_ones, CODERS,
        lambda es: _("抽签以后又有 %(n)s 个参赛者通过审核，还没有编入：%(names)s", n=sum(e.left_out for e in es), names=named(es)),
        lambda es: _round("arena.show_round", facts, es, link), lambda e: e.day if facts.day >= e.day else None)
    return done(facts, "draw", _("%(n)s 个项目已抽签。", n=len(facts.taking_part)), link, todos)


def _not_yet(facts: CourseFacts) -> str:
    if not facts.registration_is_over:
        return _("报名截止并审核完以后抽签。")
    if facts.pending:
        return _("还有 %(n)s 份待审核，审完再抽签；以后才通过的不会编入。", n=facts.pending)
    drawn = len([event for event in facts.taking_part if event.is_drawn])
    return _("已抽 %(done)s 个项目，共 %(n)s 个。", done=drawn, n=len(facts.taking_part))


def _round(endpoint: str, facts: CourseFacts, events: list[EventFacts], index: Link) -> Link:
    """The page of the one round, else the list of all."""
    if len(events) != 1:
        return index
    return to(endpoint, index.label, contest_id=facts.id, round_id=events[0].round)
