"""Staff pages: a ready rulebook is adopted, with the events of the contest or with events for it."""

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from competition.contests import rules_words, service
from competition.contests import service_drafts as drafts
from competition.contests.editing import Desk
from competition.contests.forms import choices_of
from competition.contests.forms_rulebook import AdoptForm, adopt_form
from competition.contests.models import Contest
from competition.contests.pages import Answer, blueprint, load_contest, may_on
from competition.contests.queries import event_names, find_rulebook
from competition.contests.rules_fit import keep_events, with_weights
from competition.contests.views_rulebook import submit
from competition.core.access import act, current_actor
from competition.core.clock import now
from competition.core.errors import NotFound
from competition.core.formats import joined
from competition.core.forms import try_verb
from competition.scoring import rulebook as rulebooks


@blueprint.route("/manage/contests/<uuid:contest_id>/rulebook/ready", methods=["GET", "POST"])
@act("contests.rulebook")
def choose_rulebook(contest_id: uuid.UUID) -> Answer:
    """What stands in a ready rulebook and what of it fits this contest; which events it is to have; the weights that follow; then it is
    adopted as it is, or put in the draft."""
    contest = load_contest(contest_id, "contests.rulebook")
    document, have = _document(), event_names(contest.id)
    keys = [event["key"] for event in document["events"]]
    keep = [key for key in keys if key in request.form.getlist("keep")] if request.form else _usual(keys, have)
    missing = [key for key in keep if key not in have]
    form = adopt_form(keep_events(document, keep))
    form.keep.choices = choices_of((event["key"], _label(event, have)) for event in document["events"])
    if form.is_submitted() and form.seen.data == " ".join(keep) and "preview" not in request.form:
        if form.validate() and (then := try_verb(form, lambda: _taken(contest, form, missing))):
            return redirect(then, 303)
    elif form.is_submitted() and "preview" not in request.form:
        form.form_errors.append(_("勾选的项目有变化，还没有采用。请核对下面列出的变化和权重。"))
    else:
        form.key.data, form.keep.data = document["key"], keep
        if all(key in have for key in (form.seen.data or "").split()):
            # The box appears now: what is ticked and missing is added, unless somebody says otherwise.
            form.add.data = True
        form.draft_seen.data = Desk.of(contest).seen
    form.seen.data = " ".join(keep)
    version = find_rulebook(contest.id)
    page = render_template(
        "contests/rulebook_ready.html", contest=contest, form=form, document=document, step=2, version=version,
        book=rulebooks.read(form.cut.document if form.cut else document)[0], words=rules_words, draft=drafts.find_draft(contest.id),
        may_add=bool(missing) and _may_add(contest), unruled=joined(name for key, name in have.items() if key not in keys))
    return (page, form.status) if form.errors else page


def _document() -> dict[str, Any]:
    ready = service.ready_rulebooks()
    found = ready.get(request.values.get("key") or next(iter(ready)))
    if found is None:
        raise NotFound(_("没有找到这套评分规则，请重新选择。"))
    return found


def _usual(keys: list[str], have: dict[str, str]) -> list[str]:
    """The events that the contest has; all while it has none of them."""
    return [key for key in keys if key in have] or keys


def _label(event: dict[str, Any], have: dict[str, str]) -> str:
    name = event["name"]["zh"]
    return str(_("%(name)s（本赛事已有）", name=name) if event["key"] in have else _("%(name)s（本赛事还没有）", name=name))


def _taken(contest: Contest, form: AdoptForm, missing: list[str]) -> str:
    """Adopt the rulebook, or put it in the draft; the address where one goes on."""
    document = with_weights(form.cut, form.weights) if form.cut else {}
    if "draft" not in request.form:
        return submit(contest, document, form.reason.data or "", add=missing if form.add.data and _may_add(contest) else ())
    drafts.put_in_draft(contest.id, document, act="ready", about=document["name"]["zh"], seen=form.draft_seen.data or "",
                        actor=current_actor(), at=now())
    flash(_("这套规则已放入草稿。请逐项修改、试算，再保存。"), "success")
    return url_for("contests.edit_rulebook", contest_id=contest.id)


def _may_add(contest: Contest) -> bool:
    """Events come from whoever may edit the contest; not together with a request that another decides."""
    version = find_rulebook(contest.id)
    return may_on(contest, "contests.edit")["edit"] and (version is None or version.frozen_at is None)
