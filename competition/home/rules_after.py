"""The steps after the contest: publication with its public notice, certificates, the count of who took part. Pure."""


from competition.core.formats import joined, show_date, show_moment, together
from competition.core.words import say as _
from competition.home.rules_before import OFFICE
from competition.home.rules_building import closed, done, going, make, to, without
from competition.home.rules_dates import DAY, deadlines, public_notice_ends
from competition.home.rules_facts import CourseFacts, ScopeFacts, Step, Todo

ASKING = ("organizer", "chief_judge")
CORRECTIONS = "results.correct"


# ---- publication ---------------------------------------------------------------------------------


def publish(facts: CourseFacts) -> Step:
    """Every ranking of the rulebook published by two people."""
    if not facts.scopes:
        return without(facts, "publish", _("评分规则中没有要发布的成绩。"))
    link = to("results.overview", _("看成绩"), contest_id=facts.id)
    left = [scope for scope in facts.scopes if scope.published_at is None]
    words = _("已发布 %(done)s 项成绩，共 %(n)s 项。", done=len(facts.scopes) - len(left), n=len(facts.scopes))
    if not left:
        return done(facts, "publish", words, link)
    todos = [] if _is_asked(facts) else _unpublished(facts, left)
    if len(left) == len(facts.scopes):
        words = _("全部解密、统分抽查签认以后发布。")
    return make(facts, "publish", words, todos, link=link)


def _is_asked(facts: CourseFacts) -> bool:
    return any(request.kind in ("results.publish", CORRECTIONS) for request in facts.requests)


def _unpublished(facts: CourseFacts, left: list[ScopeFacts]) -> list[Todo]:
    """What could be published: all of its events are opened."""
    opened = {event.id for event in facts.events if event.is_opened}
    ready = [scope for scope in left if scope.events and scope.events <= opened]
    if not ready:
        return []
    names = joined(scope.name for scope in ready)
    return [Todo(_("%(n)s 项成绩已解密，还没有申请发布：%(names)s", n=len(ready), names=names), facts.staff.who(ASKING),
                 to("results.overview", _("去发布"), contest_id=facts.id), deadlines(facts)["publish"].late_since(facts.day))]


# ---- certificates --------------------------------------------------------------------------------


def certificates(facts: CourseFacts) -> Step:
    """Batches prepared, approved by a second person and printed, once nobody objects to the results any more."""
    link = to("certificates.index", _("看证书"), contest_id=facts.id)
    ends = public_notice_ends(facts)
    if not facts.scopes and (facts.phase == "finished" or not facts.events):
        return without(facts, "certificates", _("没有发布的成绩，不签发证书。"))
    if ends is None:
        return make(facts, "certificates", together(_wait_words(facts), *_no_address(facts)))
    todos = _batches(facts) + _left_out(facts) + [
        Todo(words, facts.staff.who(("administrator",)), to("operations.index", _("去查看"))) for words in _no_address(facts)]
    issued, making = facts.batches.get("issued", 0), facts.batches.get("approved", 0)
    if making:
        return going(facts, "certificates", _("%(n)s 批正在制作。", n=making), todos, link)
    if issued:
        finish = going if any(one.left for one in facts.winners) else done
        return finish(facts, "certificates", _issued_words(facts, issued), link=link, todos=todos)
    words = _("成绩公示到 %(day)s，可以先准备证书，期满后签发。", day=show_date(ends))
    if facts.public_notice_days and facts.day <= ends:
        prepare = to("certificates.prepare", _("先准备"), contest_id=facts.id)
        return make(facts, "certificates", words, todos, at=ends + DAY, link=prepare)
    if not todos and not facts.batches.get("waiting"):
        lacking = _("公示已满，还没有准备证书") if facts.public_notice_days else _("成绩已发布，还没有准备证书")
        todos.append(_todo(facts, lacking, "certificates.prepare", _("准备证书")))
    over = _("成绩公示到 %(day)s，已满。", day=show_date(ends)) if facts.public_notice_days else _wait_words(facts)
    return make(facts, "certificates", over, todos, link=link)


def _issued_words(facts: CourseFacts, batches: int) -> str:
    """How many batches, how many of the winners, and which rankings have none at all: maybe on purpose, so it is said, not asked."""
    said = [_("已签发 %(n)s 批。", n=batches)]
    if facts.winners:
        said.append(_("获奖证书应发 %(n)s 份，已签发 %(done)s 份。", n=sum(one.due for one in facts.winners),
                      done=sum(one.issued for one in facts.winners)))
    if bare := [one.name for one in facts.winners if not one.is_begun]:
        said.append(_("还没有签发过获奖证书的成绩：%(names)s。", names=joined(bare)))
    return together(*said)


def _left_out(facts: CourseFacts) -> list[Todo]:
    """Winners who were left out where others have theirs: a name to be mended, a corrected result."""
    open_ = [one for one in facts.winners if one.left and one.is_begun]
    if not open_ or facts.batches.get("prepared") or facts.batches.get("approved"):
        return []
    words = _("还有 %(n)s 份获奖证书没有签发：%(names)s", n=sum(one.left for one in open_), names=joined(one.name for one in open_))
    return [_todo(facts, words, "certificates.prepare", _("准备证书"))]


def _wait_words(facts: CourseFacts) -> str:
    """From when on certificates are issued."""
    return _("成绩发布并公示期满以后签发。") if facts.public_notice_days else _("成绩不公示，发布以后即可签发。")


def _no_address(facts: CourseFacts) -> list[str]:
    """Said from the first day on: on the contest's last it is too late for it."""
    return [] if facts.has_address else [_("还没有设置公开网址（COMP_PUBLIC_URL），设置以前不能签发证书。")]


def _batches(facts: CourseFacts) -> list[Todo]:
    prepared, failed = facts.batches.get("prepared", 0), facts.batches.get("failed", 0)
    found = []
    if prepared:
        found.append(_todo(facts, _("%(n)s 批已准备好，还没有申请签发", n=prepared), "certificates.index", _("去申请")))
    if failed:
        found.append(_todo(facts, _("%(n)s 批有没制成的证书", n=failed), "certificates.index", _("去处理")))
    return found


def _todo(facts: CourseFacts, words: str, endpoint: str, label: str) -> Todo:
    return Todo(words, facts.staff.who(OFFICE), to(endpoint, label, contest_id=facts.id),
                deadlines(facts)["certificates"].late_since(facts.day))


# ---- the count -----------------------------------------------------------------------------------


def count(facts: CourseFacts) -> Step:
    """The contest is closed, and who was there has been counted."""
    link = to("participation.dashboard", _("看参赛人数"), year=facts.starts_on.year)
    over = facts.day > facts.ends_on
    if facts.phase == "finished" and not facts.events and not facts.counted:
        return closed(facts, "count", _("没有比赛项目，没有检录记录可以统计。"))
    todos = [todo for todo in (_finish(facts), _uncounted(facts)) if todo is not None and over]
    if facts.phase == "finished" and facts.counted:
        return done(facts, "count", _counted(facts), link, todos)
    words = _counted(facts) if facts.counted else _("检录到场的人每夜自动计入参赛人数。")
    return make(facts, "count", words, todos, at=facts.ends_on + DAY if not over else None, link=link)


def _counted(facts: CourseFacts) -> str:
    said = _("已计入 %(n)s 人次。", n=facts.counted)
    return said + (_("截至 %(at)s。", at=show_moment(facts.counted_at, facts.zone)) if facts.counted_at else "")


def _finish(facts: CourseFacts) -> Todo | None:
    if facts.phase != "running" or any(scope.published_at is None for scope in facts.scopes):
        return None
    return Todo(_("成绩已全部发布，可以办理“结束比赛”") if facts.scopes else _("比赛日已过，可以办理“结束比赛”"), facts.staff.who(OFFICE),
                to("contests.course", _("结束比赛"), contest_id=facts.id, change="finish"),
                deadlines(facts)["publish"].late_since(facts.day))


def _uncounted(facts: CourseFacts) -> Todo | None:
    was_there = any(event.entered > event.not_checked_in for event in facts.events)
    if facts.counted or not was_there:
        return None
    return Todo(_("已有人检录，还没有计入参赛人数"), facts.staff.who(("administrator", "organizer")),
                to("participation.dashboard", _("去汇总"), year=facts.starts_on.year), deadlines(facts)["count"].late_since(facts.day))
