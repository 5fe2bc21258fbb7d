"""What people do before anything is published: decide what the rules leave open, check sums by hand."""

import uuid

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from competition.contests.models import Contest
from competition.core.access import act, check, current_actor, may
from competition.core.approvals import open_request
from competition.core.clock import now
from competition.core.database import get
from competition.core.errors import NotFound, RuleBroken
from competition.core.forms import try_verb
from competition.judging.queries import marks_of_event
from competition.results import progress, rules, service
from competition.results.for_pages import compute_for_page
from competition.results.forms import DecideForm, SheetForm, SignForm, decision_form
from competition.results.models import SumSample
from competition.results.pages import (
    BASE,
    Answer,
    blueprint,
    common,
    load_contest,
    load_event,
    may_on,
    ranking_scope,
    shown_figures,
)
from competition.results.service_sums import SIGN, SumState, state_of
from competition.results.service_ties import Question, find_question
from competition.results.sheets import WorkSheet, work_sheet
from competition.results.standing import Computed

SUMS = f"{BASE}/sums/<uuid:event_id>"


# ---- decisions ---------------------------------------------------------------------------------


@blueprint.get(f"{BASE}/decisions")
@act("results.look")
def questions(contest_id: uuid.UUID) -> Answer:
    """What is open and what was decided."""
    contest = load_contest(contest_id, "results.look")
    found = service.questions(shown_figures(contest))
    mine = {question.key for question in found if may(current_actor(), "results.decide", ranking_scope(contest, question.scope))}
    return render_template("results/questions.html", **common(contest), questions=found, mine=mine)


@blueprint.route(f"{BASE}/decisions/<key>", methods=["GET", "POST"])
@act("results.decide")
def decide(contest_id: uuid.UUID, key: str) -> Answer:
    """The chief judge decides one question, with a reason."""
    contest = load_contest(contest_id, "results.decide")
    computed = shown_figures(contest)
    question = find_question(computed, key)
    check(current_actor(), "results.decide", ranking_scope(contest, question.scope))
    labels = [computed.label(one) for one in question.ids]
    form = decision_form(question.kind, labels)()
    if form.validate_on_submit() and try_verb(form, lambda: _decide(contest_id, question, form)):
        flash(_("决定已记录，名次已按决定计算。"), "success")
        return redirect(url_for("results.questions", contest_id=contest_id), 303)
    page = render_template("results/decide.html", **common(contest, computed.wording), question=question, form=form, labels=labels)
    return page, form.status if form.is_submitted() else 200


def _decide(contest_id: uuid.UUID, question: Question, form: DecideForm) -> object:
    if question.kind == "order" and not form.places_given(len(question.ids)):
        raise RuleBroken(_("请给每一位排出先后，不重复、不遗漏。"), code="bad_order", status=422)
    chosen = form.chosen(question.ids, question.kind)
    reason = form.reason.data or ""
    return service.decide_tie(contest_id, question.key, chosen, reason, actor=current_actor(), at=now(), how=form.decided_how)


# ---- sums ----------------------------------------------------------------------------------------


@blueprint.get(SUMS)
@act("results.look")
def sums(contest_id: uuid.UUID, event_id: uuid.UUID) -> Answer:
    """The sample of one event: which works, which are checked, what was found."""
    contest = load_event(contest_id, event_id, "results.look")
    return _sums_page(contest, event_id, SignForm(formdata=None))


def _sums_page(contest: Contest, event_id: uuid.UUID, form: SignForm) -> str:
    computed, allowed = compute_for_page(contest.id), may_on(contest, "results.check_sums", event_id=event_id)
    state, side = state_of(computed, event_id)
    ranks = {str(side.work_of[row.entry]): row.rank for row in computed.rows(f"event:{state.key}") if row.entry in side.work_of}
    return render_template(
        "results/sums.html", **common(contest, computed.wording), state=state, ranks=ranks, form=form, words=progress.sum_words(state),
        checks={str(work): check for work, check in state.checks.items()}, allowed=allowed, rules=rules,
        waiting=open_request(SIGN, state.sample.id) if state.sample else None,
    )


@blueprint.post(f"{SUMS}/draw")
@act("results.check_sums")
def draw_sums(contest_id: uuid.UUID, event_id: uuid.UUID) -> Answer:
    """Choose the works to be checked."""
    contest = load_event(contest_id, event_id, "results.check_sums")
    _check_event(contest.id, event_id)
    everything = request.form.get("everything") == "yes"
    sample = service.draw_sample(event_id, actor=current_actor(), at=now(), everything=everything)
    flash(_("已抽取 %(n)s 份，请逐份核对。", n=len(sample.works)), "success")
    return redirect(url_for("results.sums", contest_id=contest_id, event_id=event_id), 303)


def _check_event(contest_id: uuid.UUID, event_id: uuid.UUID) -> SumState:
    return state_of(compute_for_page(contest_id), event_id)[0]


@blueprint.post(f"{SUMS}/check")
@act("results.check_sums")
def check_many(contest_id: uuid.UUID, event_id: uuid.UUID) -> Answer:
    """Several works were summed by hand and are right."""
    load_event(contest_id, event_id, "results.check_sums")
    sample = _sample(contest_id, event_id)
    chosen = [uuid.UUID(one) for one in request.form.getlist("ids") if _is_uuid(one)]
    checks = service.check_sums(sample.id, chosen, is_right=True, actor=current_actor(), at=now())
    flash(_("已记录 %(n)s 份核对无误。", n=len(checks)), "success")
    return redirect(url_for("results.sums", contest_id=contest_id, event_id=event_id), 303)


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def _sample(contest_id: uuid.UUID, event_id: uuid.UUID) -> SumSample:
    state = _check_event(contest_id, event_id)
    if state.sample is None:
        raise NotFound(_("还没有抽取抽查名单，或评分有变化，需要重新抽取。"))
    return get(SumSample, state.sample.id)


@blueprint.post(f"{SUMS}/sign")
@act("results.check_sums")
def ask_signature(contest_id: uuid.UUID, event_id: uuid.UUID) -> Answer:
    """Ask the supervisor to sign."""
    contest = load_event(contest_id, event_id, "results.check_sums")
    sample, form = _sample(contest_id, event_id), SignForm()
    service.check_signable(_check_event(contest_id, event_id), sample)
    if form.validate_on_submit() and try_verb(
        form, lambda: service.ask_signature(sample.id, reason=form.reason.data or "", actor=current_actor(), at=now())
    ):
        flash(_("已提请监督签认。"), "success")
        return redirect(url_for("results.sums", contest_id=contest_id, event_id=event_id), 303)
    return _sums_page(contest, event_id, form), form.status


@blueprint.route(f"{SUMS}/works/<uuid:work_id>", methods=["GET", "POST"])
@act("results.look")
def sheet(contest_id: uuid.UUID, event_id: uuid.UUID, work_id: uuid.UUID) -> Answer:
    """The raw marks of one work as on a printed sheet; the scorekeeper says here what was found."""
    contest = load_event(contest_id, event_id, "results.look" if request.method == "GET" else "results.check_sums")
    computed = compute_for_page(contest_id)
    state, shown = _sheet(computed, event_id, work_id)
    form = SheetForm()
    if form.validate_on_submit() and try_verb(form, lambda: _check_one(state, work_id, form)):
        flash(_("核对结果已记录。"), "success")
        return redirect(url_for("results.sums", contest_id=contest_id, event_id=event_id), 303)
    allowed = may_on(contest, "results.check_sums", event_id=event_id)
    page = render_template("results/sheet.html", **common(contest, computed.wording), state=state, sheet=shown, form=form, allowed=allowed,
                           check=state.checks.get(work_id))
    return page, form.status if form.is_submitted() else 200


def _sheet(computed: Computed, event_id: uuid.UUID, work_id: uuid.UUID) -> tuple[SumState, WorkSheet]:
    state, side = state_of(computed, event_id)
    if work_id not in side.works:
        raise NotFound(_("没有找到这份作品。"))
    marks = [mark for mark in marks_of_event(event_id) if mark[0] == work_id]
    row = next((r for r in computed.rows(f"event:{state.key}") if r.entry == side.ids[work_id]), None)
    return state, work_sheet(computed.rulebook.event(state.key), side.works[work_id].code, marks, row)


def _check_one(state: SumState, work_id: uuid.UUID, form: SheetForm) -> object:
    if state.sample is None:
        raise RuleBroken(_("还没有抽取抽查名单，或评分有变化，需要重新抽取。"), code="sample_stale")
    return service.check_sums(state.sample.id, [work_id], is_right=form.is_right.data == "yes", found=form.found.data or "",
                              actor=current_actor(), at=now())
