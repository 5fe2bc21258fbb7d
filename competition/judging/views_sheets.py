"""Sheets side by side, sent back with a reason; marks kept aside, decided by two people."""

import uuid

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from competition.contests.models import Round
from competition.contests.naming import named
from competition.core.access import act, current_actor
from competition.core.clock import now
from competition.core.forms import try_verb
from competition.judging import queries, queries_evidence, rules, rules_paper, service, words
from competition.judging.forms import BackForm, LateForm, SpreadForm
from competition.judging.models import Panel
from competition.judging.pages import Answer, blueprint, load_round, rights, round_scope
from competition.judging.queries_board import board as read_board
from competition.judging.queries_board import spread_words
from competition.judging.queries_late import late_lines, value_words, what_words
from competition.judging.queries_moves import move_words, moves_of_work, notes_beside
from competition.judging.queries_paper import papers_of_work
from competition.judging.queries_seats import sitters_now
from competition.judging.queries_spread import OPEN, PartState, part_words, read_apart
from competition.scoring.model import Criterion, Event

# The common sheet has no key, and an empty choice is none.
PART, SEVERAL = "part:", 2


@blueprint.get("/rounds/<uuid:round_id>/works/<uuid:work_id>")
@act("judging.sheets")
def work(contest_id: uuid.UUID, round_id: uuid.UUID, work_id: uuid.UUID) -> str:
    """All sheets of one work side by side."""
    return work_page(load_round(contest_id, round_id, "judging.sheets"), work_id, BackForm(formdata=None))


def work_page(round_: Round, work_id: uuid.UUID, form: BackForm, spread: SpreadForm | None = None) -> str:
    """The page, with the form of sending back as it stands."""
    found = queries.get_work(round_.id, work_id)
    seats, sheets = queries.seats_of_round(round_.id), queries.sheets_of_work(work_id)
    _version, event = queries.rules_of_round(round_, queries.state_row(round_.id))
    row = next(r for r in read_board(round_.id).works if r.id == work_id)
    offer_sheets(form, round_, work_id)
    spreads = [one for one in read_apart(round_.id, [work_id]).states(found) if one.gap is not None or one.prompts or one.decisions]
    spread = offer_parts(spread or SpreadForm(formdata=None, prefix="spread"), spreads)
    returns = queries.returns_of_work(work_id)
    return render_template(
        "judging/work.html", contest=round_.contest, round=round_, work=found, row=row, seats=seats, slot=rules.slot,
        sheets=sheets, event=event, criteria=event.criteria, value_words=words.value_words, sitters=sitters_now([s.id for s in seats]),
        returns=returns, **queries_evidence.added_to(work_id, sheets.values(), returns), marks_words=words.marks_words, named=named,
        form=form,
        may=rights(round_, "decide"), marks_it=marks_it, moves=moves_of_work(work_id), move_words=move_words,
        notes=notes_beside(round_.id, work_id),
        papers=papers_of_work(work_id), paper_words=words.PAPER,
        # Whoever reads may be the one who keys it next, and must not know what the other one keyed.
        unfinished=rules_paper.UNFINISHED,
        spreads=spreads, spread_form=spread, part_words=part_words, answers=words.ANSWERS,
        decisions=words.DECISIONS,
        info=queries.round_state(round_.id), spread_words=spread_words, round_scope=round_scope(round_.contest, [round_.event_id]))


def offer_sheets(form: BackForm, round_: Round, work_id: uuid.UUID) -> BackForm:
    """The handed-in sheets of a work as choices, none of them chosen beforehand: a wrong judge's marks would be asked for again."""
    sheets = queries.sheets_of_work(work_id)
    found = [(str(sheets[seat.id].id), _("%(n)s 号裁判", n=seat.number))
             for seat in queries.seats_of_round(round_.id) if seat.id in sheets and sheets[seat.id].state == "handed_in"]
    form.sheet.choices = [("", _("请选择")), *found] if found else []
    return form


def marks_it(panel: Panel, criterion: Criterion, event: Event) -> bool:
    """Whether a panel marks this criterion."""
    return criterion in rules.sheet_criteria(event, panel.criteria)


@blueprint.post("/rounds/<uuid:round_id>/works/<uuid:work_id>")
@act("judging.decide")
def send_back(contest_id: uuid.UUID, round_id: uuid.UUID, work_id: uuid.UUID) -> Answer:
    """Send a sheet back to its judge with a reason."""
    round_ = load_round(contest_id, round_id, "judging.decide")
    queries.get_work(round_id, work_id)
    form = offer_sheets(BackForm(), round_, work_id)
    if form.validate_on_submit():
        sheet_id = uuid.UUID(form.sheet.data)
        if try_verb(form, lambda: service.send_back(sheet_id, reason=form.reason.data or "", actor=current_actor(), at=now())):
            flash(_("已退回给裁判员，平板上会显示理由。原来的分数保留。"), "success")
            return redirect(url_for("judging.work", contest_id=contest_id, round_id=round_id, work_id=work_id), 303)
    return work_page(round_, work_id, form), form.status


def offer_parts(form: SpreadForm, states: list[PartState]) -> SpreadForm:
    """What the chief judge may decide about, the only one chosen already."""
    found = [(PART + one.part.key, part_words(one.part)) for one in states if one.state in OPEN]
    form.part.choices = found if len(found) < SEVERAL else [("", _("请选择")), *found]
    return form


@blueprint.post("/rounds/<uuid:round_id>/works/<uuid:work_id>/spread")
@act("judging.decide")
def decide_spread(contest_id: uuid.UUID, round_id: uuid.UUID, work_id: uuid.UUID) -> Answer:
    """The chief judge decides about judges who lie apart, in writing."""
    round_ = load_round(contest_id, round_id, "judging.decide")
    found = queries.get_work(round_id, work_id)
    form = offer_parts(SpreadForm(prefix="spread"), read_apart(round_id, [work_id]).states(found))
    if form.validate_on_submit() and try_verb(form, lambda: service.decide_spread(
            round_id, work_id, (form.part.data or "").removeprefix(PART), decision=form.decision.data, reason=form.reason.data or "",
            actor=current_actor(), at=now())):
        flash(_("决定已记录。"), "success")
        return redirect(url_for("judging.work", contest_id=contest_id, round_id=round_id, work_id=work_id), 303)
    return work_page(round_, work_id, BackForm(formdata=None), form), form.status


@blueprint.get("/rounds/<uuid:round_id>/late")
@act("judging.sheets")
def late(contest_id: uuid.UUID, round_id: uuid.UUID) -> str:
    """What was kept aside."""
    return late_page(load_round(contest_id, round_id, "judging.sheets"), LateForm(formdata=None))


def late_page(round_: Round, form: LateForm) -> str:
    """The list, with the form as it stands."""
    events = queries.quarantined(round_.id)
    offer_late(form, round_)
    return render_template("judging/late.html", contest=round_.contest, round=round_, events=events, form=form,
                           may=rights(round_, "decide"), waiting=service.open_late(round_.id, now()), aside=words.ASIDE,
                           lines={line["event"]: line for line in late_lines(round_.id, events)},
                           what_words=what_words, value_words=value_words)



def offer_late(form: LateForm, round_: Round) -> LateForm:
    """What waits for a decision, as choices."""
    form.ids.choices = [(str(event.id), event.work.code) for event in queries.quarantined(round_.id)]
    return form


@blueprint.post("/rounds/<uuid:round_id>/late")
@act("judging.decide")
def ask_late(contest_id: uuid.UUID, round_id: uuid.UUID) -> Answer:
    """Ask a second person to count what was kept aside, or to leave it out."""
    round_ = load_round(contest_id, round_id, "judging.decide")
    form = offer_late(LateForm(), round_)
    if form.validate_on_submit():
        ids, count = [uuid.UUID(i) for i in form.ids.data or []], request.form.get("decision") == "count"
        if try_verb(form, lambda: service.ask_late_marks(
                round_id, ids, count=count, reason=form.reason.data or "", actor=current_actor(), at=now())):
            flash(_("已提出申请，等待另一人批准。"), "success")
            return redirect(url_for("judging.late", contest_id=contest_id, round_id=round_id), 303)
    return late_page(round_, form), form.status
