"""A sheet goes to its right work: chosen, seen before and after, signed for with a reason."""

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from competition.arena.work_queries import list_works
from competition.contests.models import Round
from competition.contests.naming import named
from competition.core.access import act, current_actor
from competition.core.clock import now
from competition.core.errors import RuleBroken
from competition.core.forms import try_verb
from competition.judging import queries, rules, service, words
from competition.judging.forms import MoveForm
from competition.judging.pages import Answer, blueprint, load_round
from competition.judging.service_moves import Pair
from competition.scoring.model import Event


@blueprint.get("/rounds/<uuid:round_id>/works/<uuid:work_id>/move")
@act("judging.decide")
def move(contest_id: uuid.UUID, round_id: uuid.UUID, work_id: uuid.UUID) -> str:
    """Whose sheet, and which work it belongs to; once both are chosen, both sheets before and after."""
    round_ = load_round(contest_id, round_id, "judging.decide")
    return move_page(round_, work_id, MoveForm(formdata=None, data=request.args.to_dict()))


def move_page(round_: Round, work_id: uuid.UUID, form: MoveForm) -> str:
    """The page, with the form as it stands."""
    work = queries.get_work(round_.id, work_id)
    offer(form, round_, work_id)
    pair, refusal = chosen(round_, work_id, form)
    if pair is not None:
        form.seen.data, form.swap.data = pair.seen, "1" if pair.is_swap else ""
    _version, event = queries.rules_of_round(round_, queries.state_row(round_.id))
    return render_template(
        "judging/move.html", contest=round_.contest, round=round_, work=work, form=form, pair=pair, refusal=refusal,
        lines=preview(pair, event) if pair else [], marked=bool(form.seat.choices))


def offer(form: MoveForm, round_: Round, work_id: uuid.UUID) -> MoveForm:
    """The seats that gave the work marks, and the other works."""
    sheets = queries.sheets_of_work(work_id)
    seats = [seat for seat in queries.seats_of_round(round_.id) if seat.id in sheets and sheets[seat.id].marks]
    form.seat.choices = [("", _("请选择")), *((str(seat.id), _("%(n)s 号裁判", n=seat.number)) for seat in seats)] if seats else []
    others = ((str(other.id), _("%(code)s（%(batch)s 批 %(n)s 号工位）", code=other.code, batch=other.batch, n=other.station))
              for other in list_works(round_.id) if other.id != work_id)
    form.to.choices = [("", _("请选择")), *others]
    return form


def chosen(round_: Round, work_id: uuid.UUID, form: MoveForm) -> tuple[Pair | None, RuleBroken | None]:
    """Both sheets once seat and work are chosen, and why they cannot be moved."""
    if not all(any(value and is_chosen for value, _label, is_chosen, *_more in field.iter_choices()) for field in (form.seat, form.to)):
        return None, None
    pair = service.read_pair(round_.id, uuid.UUID(form.seat.data), work_id, uuid.UUID(form.to.data))
    if pair is None:
        return None, None
    return pair, service.why_not(pair, queries.round_state(round_.id).state, now())


def preview(pair: Pair, event: Event) -> list[dict[str, Any]]:
    """Each criterion of the seat's sheet: what both sheets hold now, and what they would."""
    lines = []
    for criterion in rules.sheet_criteria(event, pair.seat.panel.criteria):
        for attempt in range(1, criterion.attempts + 1):
            slot = rules.slot(criterion.key, attempt)
            here, there = (words.value_words(criterion, rules.value_of(marks[slot])) if slot in marks else "—"
                           for marks in (pair.marks, pair.others))
            if attempt == 1 or (here, there) != ("—", "—"):
                name = named(criterion.name)
                lines.append({"name": name if criterion.attempts == 1 else _("%(what)s（第 %(n)s 次）", what=name, n=attempt),
                              "here": here, "there": there})
    return lines


@blueprint.post("/rounds/<uuid:round_id>/works/<uuid:work_id>/move")
@act("judging.decide")
def move_sheet(contest_id: uuid.UUID, round_id: uuid.UUID, work_id: uuid.UUID) -> Answer:
    """Move it, or exchange both, as the preview showed them."""
    round_ = load_round(contest_id, round_id, "judging.decide")
    queries.get_work(round_id, work_id)
    form = offer(MoveForm(), round_, work_id)
    swap = form.swap.data == "1"
    if form.validate_on_submit() and try_verb(form, lambda: service.move_sheet(
            round_id, uuid.UUID(form.seat.data), work_id, uuid.UUID(form.to.data), swap=swap, seen=form.seen.data or "",
            reason=form.reason.data or "", actor=current_actor(), at=now())):
        flash(_("已对调。两张评分表都退给裁判员确认。") if swap else _("已移动。两张评分表都退给裁判员确认。"), "success")
        return redirect(url_for("judging.work", contest_id=contest_id, round_id=round_id, work_id=uuid.UUID(form.to.data)), 303)
    return move_page(round_, work_id, form), form.status
