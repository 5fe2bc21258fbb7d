"""Staff pages: one for each step of a contest's course."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from competition.contests import hooks, rules, service
from competition.contests.forms import AnnounceForm, CourseForm, DaysForm, ReasonForm
from competition.contests.models import Contest
from competition.contests.pages import Answer, blueprint, load_contest
from competition.contests.service_cancel import CANCEL
from competition.core.access import act, current_actor
from competition.core.approvals import open_request
from competition.core.clock import now
from competition.core.errors import NotFound
from competition.core.forms import try_verb

VERBS: dict[str, Callable[..., object]] = {
    "announce": service.announce, "start": service.start, "finish": service.finish, "postpone": service.postpone,
    "stop": service.stop, "resume": service.resume, "cancel": service.cancel,
}

FORMS: dict[str, type[CourseForm]] = {
    "announce": AnnounceForm, "postpone": DaysForm, "resume": DaysForm, "stop": ReasonForm, "cancel": ReasonForm,
}


@blueprint.route("/manage/contests/<uuid:contest_id>/course/<change>", methods=["GET", "POST"])
@act("contests.course")
def course(contest_id: uuid.UUID, change: str) -> Answer:
    """Announce, start, finish, postpone, stop, resume or cancel."""
    contest = load_contest(contest_id, "contests.course")
    if change not in VERBS:
        raise NotFound(_("没有找到这个页面。它可能已被移走，或者网址有误。"))
    form = FORMS.get(change, CourseForm)()
    asks = rules.needs_second(contest, change)
    lacks = service.missing_of(contest) if change == "announce" and rules.can_move(contest, change) else []
    if form.validate_on_submit() and try_verb(form, lambda: _carry_out(contest, change, form)):
        flash(ASKED if asks else DONE[change](contest.name_zh), "success")
        return redirect(url_for("contests.overview", contest_id=contest_id), 303)
    if isinstance(form, AnnounceForm):
        form.listed.data = " ".join(lack.endpoint for lack in lacks if not lack.forbids)
    page = render_template("contests/course.html", contest=contest, change=change, form=form, rules=rules, lacks=lacks,
                           possible=rules.can_move(contest, change), told=len(hooks.accounts_concerned(contest_id)),
                           heard=hooks.heard(contest_id), asks=asks, waiting=open_request(CANCEL, contest_id) if asks else None)
    return (page, form.status) if form.errors else page


def _carry_out(contest: Contest, change: str, form: CourseForm) -> object:
    more: dict[str, Any] = {"reason": form.reason.data or "", "actor": current_actor(), "at": now()}
    if isinstance(form, DaysForm):
        more |= {"starts_on": form.starts_on.data, "ends_on": form.ends_on.data,
                 "registration_closes_at": form.registration_closes_at.instant(contest.zone)}
    if isinstance(form, AnnounceForm):
        more["despite"] = form.seen
    if change == "cancel":
        more["confirm_name"] = request.form.get("confirm_name", "")
    verb = service.ask_cancel if rules.needs_second(contest, change) else VERBS[change]
    return verb(contest.id, **more)


ASKED = lazy_gettext("已提出申请。第二人批准以前，赛事照常进行；请另一位有权限的同事在“两人办理”中核对并批准。")


DONE = {
    "announce": lambda name: _("“%(name)s”已公布，公众可以看到赛事页面。", name=name),
    "start": lambda name: _("“%(name)s”已开始。", name=name),
    "finish": lambda name: _("“%(name)s”已结束。", name=name),
    "postpone": lambda name: _("“%(name)s”已延期，报名暂停。", name=name),
    "stop": lambda name: _("“%(name)s”已中止。", name=name),
    "resume": lambda name: _("“%(name)s”已恢复。", name=name),
    "cancel": lambda name: _("“%(name)s”已取消。", name=name),
}
