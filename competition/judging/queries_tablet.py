"""What a tablet is given: its rounds, criteria, works, and the own sheets. Never another judge's mark."""

import hashlib
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from math import prod

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from competition.arena.work_queries import list_works
from competition.arena.works import Work
from competition.contests.models import Round
from competition.contests.naming import named
from competition.core.database import db
from competition.judging import rules, schemas, schemas_evidence
from competition.judging.models import Device, Excusal, Panel, RoundState, Seat, Sheet, SheetReturn
from competition.judging.models_spread import SpreadPrompt
from competition.judging.queries import excusals_of_round, round_state, rounds_of_panel, rules_of_round
from competition.judging.queries_evidence import signed_events, valid_signatures
from competition.judging.queries_moves import moves_at, notes_lying, told_words
from competition.judging.queries_rulebooks import rulebook_digests
from competition.judging.queries_seats import sitters_now
from competition.judging.queries_spread import open_prompts
from competition.judging.rules_spread import Part, parts_of
from competition.scoring import exact
from competition.scoring.criteria import Grades
from competition.scoring.each import ONE_BY_ONE
from competition.scoring.faults import Faults
from competition.scoring.model import Criterion, Event


def pack(device: Device, at: datetime) -> schemas.PackOut:
    """Everything for the seat of a tablet."""
    seat = device.seat
    sitter = sitters_now([seat.id]).get(seat.id)
    rounds = [_round(seat, round_) for round_ in rounds_of_panel(seat.panel_id)]
    return schemas.PackOut(device=device.id, seat=seat.id, seat_number=seat.number, judge=sitter.name if sitter else "",
                           panel=seat.panel.name, needs_signature=seat.panel.needs_signature, last_seq=device.last_seq, at=at,
                           rounds=rounds)


def _round(seat: Seat, round_: Round) -> schemas.RoundPack:
    version, event = rules_of_round(round_, db.session.get(RoundState, round_.id))
    info = round_state(round_.id)
    works, excusals = list_works(round_.id), excusals_of_round(round_.id)
    return schemas.RoundPack(
        id=round_.id, name=round_.title, contest=round_.contest.name, state=info.here, version=info.version,  # type: ignore[arg-type]
        works_tag=works_tag(works, excusals, seat.panel), rulebook=version.digest, rulebook_number=version.number,
        time_limit_s=event.time_limit_s, criteria=[_criterion(c, event) for c in rules.sheet_criteria(event, seat.panel.criteria)],
        works=[_work(work, seat, excusals) for work in works], sheets=sheets_since(seat.id, round_.id, -1),
    )


def _criterion(criterion: Criterion, event: Event) -> schemas.CriterionOut:
    marking = criterion.marking
    each = getattr(marking, "each", ONE_BY_ONE)
    return schemas.CriterionOut(
        key=criterion.key, name=named(criterion.name), text=named(criterion.text), kind=criterion.kind, max=_text(criterion.max),
        low=_text(getattr(marking, "low", exact.ZERO)), step=_maybe(criterion.step), input_max=_maybe(criterion.input_max),
        attempts=criterion.attempts, needed=rules.needed_attempts(criterion),
        take=criterion.take,  # type: ignore[arg-type]
        weight=_weight(criterion, event), unit=named(criterion.unit), levels=[named(level) for level in criterion.levels],
        options=_options(criterion), groups=[named(event.group(key).name) for key in criterion.groups],
        per=_maybe(getattr(marking, "per", None)),
        cap=_maybe(getattr(marking, "cap", None)), zero_from=getattr(marking, "zero_from", None),
        each=each.size, started=each.started, places=getattr(marking, "places", None),
    )


def _options(criterion: Criterion) -> list[schemas.OptionOut]:
    marking = criterion.marking
    if isinstance(marking, Grades):
        each = zip(marking.names, marking.texts, marking.grades, strict=True)
        return [schemas.OptionOut(name=named(n), text=named(t), points=_text(p), most=None, zero_from=None, each=1, started=False)
                for n, t, p in each]
    if isinstance(marking, Faults):
        return [schemas.OptionOut(name=named(k.name), text="", points=_text(k.per), most=str(k.most), zero_from=k.zero_from,
                                  each=k.each.size, started=k.each.started)
                for k in marking.kinds]
    return []


def _weight(criterion: Criterion, event: Event) -> str:
    """What a point of it is worth on the sheet, where that is one decimal number."""
    around = [event.group(key) for key in criterion.groups]
    weight = prod((group.weight for group in around), start=criterion.weight)
    said = _text(weight)
    return "" if "/" in said or any(group.cap is not None for group in around) else said


def _text(value: Decimal | Fraction) -> str:
    return exact.text(value.normalize() if isinstance(value, Decimal) else value)


def _maybe(value: Decimal | Fraction | None) -> str | None:
    return None if value is None else _text(value)


def _work(work: Work, seat: Seat, excusals: Iterable[Excusal]) -> schemas.WorkOut:
    reasons = [x.reason for x in excusals if x.covers(seat.id, work.id)]
    return schemas.WorkOut(id=work.id, code=work.code, batch=work.batch, station=work.station, away=work.away,  # type: ignore[arg-type]
                           excused=reasons[0] if reasons else None)


def works_tag(works: Iterable[Work], excusals: Iterable[Excusal], panel: Panel) -> str:
    """Changes whenever the list of works does, or what is asked of who marks them: the tablet then fetches its pack anew."""
    said = [f"{w.id}{w.code}{w.batch}.{w.station}{w.away or ''}" for w in works] + [str(x.id) for x in excusals]
    said += ["signed"] if panel.needs_signature else []
    return hashlib.sha256("|".join(said).encode()).hexdigest()[:16]


def sheets_since(seat_id: uuid.UUID, round_id: uuid.UUID, version: int) -> list[schemas.SheetOut]:
    """The own sheets that changed after a version of the round."""
    query = select(Sheet).where(Sheet.seat_id == seat_id, Sheet.round_id == round_id, Sheet.version > version)
    found = list(db.session.scalars(query.order_by(Sheet.version)))
    reasons, signed = _reasons(found), signed_events(found)
    return [_sheet(sheet, reasons, signed.get((sheet.seat_id, sheet.work_id))) for sheet in found]


def _reasons(sheets: list[Sheet]) -> dict[uuid.UUID, str]:
    back = [sheet.id for sheet in sheets if sheet.state == "disputed"]
    if not back:
        return {}
    query = select(SheetReturn).where(SheetReturn.sheet_id.in_(back)).order_by(SheetReturn.version)
    found = list(db.session.scalars(query))
    moved = moves_at({sheet.id: sheet.work_id for sheet in sheets}, found)
    return {row.sheet_id: told_words(moved[row.id], row) if row.id in moved else row.reason for row in found}


def _sheet(sheet: Sheet, reasons: Mapping[uuid.UUID, str], signed: uuid.UUID | None) -> schemas.SheetOut:
    marks = {key: schemas.MarkOut(value=mark["value"], version=mark["version"]) for key, mark in sheet.marks.items()}
    return schemas.SheetOut(
        work=sheet.work_id, state=sheet.state, version=sheet.version, marks=marks,  # type: ignore[arg-type]
        check_code=sheet.check_code, handed_in_at=sheet.handed_in_at, returned_reason=reasons.get(sheet.id), signed=signed)


def own(seat_id: uuid.UUID, work_id: uuid.UUID) -> schemas_evidence.OwnOut:
    """What a seat added to its marks of one work: the signature that holds, the comments and photos of the sheet that lies there."""
    sheets = list(db.session.scalars(select(Sheet).where(Sheet.seat_id == seat_id, Sheet.work_id == work_id)))
    signed = valid_signatures(sheets).get((seat_id, work_id))
    drawn = schemas_evidence.Signature(w=signed.width, h=signed.height, strokes=signed.strokes) if signed else None
    notes = [schemas_evidence.NoteOut(uuid=n.id, kind=n.kind, criterion=n.criterion, attempt=n.attempt, value=n.value, at=n.at,  # type: ignore[arg-type]
                             is_kept=n.is_kept or n.is_over) for n in notes_lying(seat_id, db.session.get_one(Work, work_id))]
    return schemas_evidence.OwnOut(signature=drawn, notes=notes)


def prompts_now(device: Device) -> list[schemas.PromptOut]:
    """What the judge of this tablet is asked to look at once more; nothing for a tablet that lost its seat."""
    prompts = [] if device.replaced_at is not None else open_prompts(device.seat_id)
    events = {round_id: _rules(round_id) for round_id in {prompt.round_id for prompt in prompts}}
    return [_prompt(prompt, part) for prompt in prompts for part in parts_of(events[prompt.round_id]) if part.key == prompt.part]


def _rules(round_id: uuid.UUID) -> Event:
    return rules_of_round(db.session.get_one(Round, round_id, options=[joinedload(Round.event)]), db.session.get(RoundState, round_id))[1]


def _prompt(prompt: SpreadPrompt, part: Part) -> schemas.PromptOut:
    return schemas.PromptOut(id=prompt.id, work=prompt.work_id, part=part.key, asked_seq=prompt.asked_seq, name=named(part.name),
                             criteria=list(part.criteria),
                             ordered=prompt.decision.reason if prompt.decision is not None else None)


def rounds_now(device: Device, known: Mapping[uuid.UUID, int]) -> list[schemas.RoundNow]:
    """Where the rounds of a tablet stand, with what changed since the versions it knows; nothing for one that lost its seat."""
    now: list[schemas.RoundNow] = []
    if device.replaced_at is not None:
        return now
    rounds = rounds_of_panel(device.seat.panel_id)
    digests = rulebook_digests({round_.id: round_.contest_id for round_ in rounds})
    for round_ in rounds:
        info, since = round_state(round_.id), known.get(round_.id, -1)
        tag = works_tag(list_works(round_.id), excusals_of_round(round_.id), device.seat.panel) if info.version != since else ""
        sheets = sheets_since(device.seat_id, round_.id, since) if info.version > since else []
        now.append(schemas.RoundNow(id=round_.id, state=info.here, version=info.version, works_tag=tag,  # type: ignore[arg-type]
                                    rulebook=digests[round_.id], sheets=sheets))
    return now
