"""Sheets of paper become marks: keyed by two people who do not see each other's figures, compared cell by cell."""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from competition.contests.models import Round
from competition.core import audit
from competition.core.actors import Actor
from competition.core.approvals import are_same_person
from competition.core.crypto import new_token, token_hash
from competition.core.database import atomic, db, find, get
from competition.core.errors import RuleBroken
from competition.core.languages import on_record
from competition.judging import rules, rules_paper, rules_taking
from competition.judging.models import Device, RoundState, Sheet
from competition.judging.models_paper import PaperKeying, PaperSheet
from competition.judging.queries import is_excused
from competition.judging.queries_paper import OnPaper, find_open, last_keyings, set_aside, sheet_of
from competition.judging.rules import DeviceEvent
from competition.judging.rules_taking import Situation, Verdict
from competition.judging.service_marks import Intake
from competition.judging.service_rounds import hold_round


def key_sheet(round_id: uuid.UUID, number: str, typed: Mapping[str, str], *, actor: Actor, at: datetime) -> PaperSheet:
    """Take what one person keyed from a sheet (``typed``: by the fields of its boxes).

    The first keying waits; the second, by another person, is compared with it: equal ones become marks, differing ones wait
    for either of the two to put his own right; where too much differs both are dropped. Every keying stays. Raises RuleBroken
    with a sentence for each wrong box.
    """
    with atomic() as session:
        state = hold_round(round_id)
        found = sheet_of(get(Round, round_id), number)
        check_keyable(found, state)
        values = rules_paper.keyed(found.lines, typed)
        sheet = find_open(found.seat.id, found.work.id, lock=True)
        if sheet is None:
            sheet = PaperSheet(round_id=round_id, seat_id=found.seat.id, work_id=found.work.id, rulebook_id=found.rulebook.id,
                               begun_at=at)
            session.add(sheet)
            session.flush()
        check_turn(sheet, actor)
        _add(sheet, values, actor, at)
        differing = _compare(sheet, len(found.lines), at)
        audit.record("judging.key_paper", actor=actor, subject=("work", found.work.id), at=at, chain=found.work.contest_id,
                     details={"seat": found.seat.number, "number": str(found.number), "keying": len(sheet.keyings),
                              "state": sheet.state, "differing": differing})
        state.version += 1
        if sheet.state == rules_paper.TAKEN:
            _take(found, sheet, values, state, at)
    return sheet


def check_keyable(found: OnPaper, state: RoundState | None) -> None:
    """Raise unless the sheet may be keyed: the round is open, the work is marked, and it was not keyed already."""
    if state is None or state.state != "open":
        locked = state is not None and state.state == "locked"
        raise RuleBroken(_("本轮已锁定，不能录入纸质评分表。如需补录，请申请解锁。") if locked else _("本轮还没有开放评分，不能录入。"),
                         code="round_not_open")
    if found.work.away is not None:
        raise RuleBroken(_("这件作品登记为缺考或弃权，不用录入。选手在场的，请裁判长联系检录处更正。"), code="work_away")
    if is_excused(found.round.id, found.seat.id, found.work.id):
        raise RuleBroken(_("这张评分表已登记为免评或回避，不用录入。"), code="sheet_excused")
    held = find(Sheet, seat_id=found.seat.id, work_id=found.work.id)
    if held is not None and held.state == "handed_in" and not has_tablet_marks(held):
        raise RuleBroken(_("这张评分表已录入并提交。需要更正的，请裁判长退回后重新录入。"), code="sheet_handed_in")
    if any((one.seat_id, one.work_id) == (found.seat.id, found.work.id) for one in set_aside(found.round.id)):
        raise RuleBroken(_("这张评分表已录入两遍，与平板上的评分并存，等待裁判长处理。"), code="sheet_aside")


def has_tablet_marks(sheet: Sheet | None) -> bool:
    """Does the seat hold marks for the work that were given on a tablet?"""
    devices = {uuid.UUID(mark["device"]) for mark in sheet.marks.values()} if sheet is not None else set()
    tablets = select(Device.id).where(Device.id.in_(devices), Device.kind != "paper")
    return bool(devices) and db.session.scalars(tablets.limit(1)).first() is not None


def check_turn(sheet: PaperSheet, actor: Actor) -> None:
    """Raise unless it is this person's turn to key: two different people, and only they put it right."""
    if actor.id is None:
        raise RuleBroken(_("请用本人的账号录入。"), code="no_account")
    people = [keying.by_id for keying in last_keyings(sheet)]
    if len(people) == 1 and are_same_person(actor.id, people[0]):
        raise RuleBroken(_("您已录入过这张表。第二遍请由另一人用本人的账号录入。"), code="same_person")
    if len(people) == 2 and actor.id not in people:
        raise RuleBroken(_("这张表已有两人录入。不一致的格子，请由其中一人对照纸面更正。"), code="two_keyed")


def _add(sheet: PaperSheet, values: dict[str, str], actor: Actor, at: datetime) -> None:
    sheet.keyings.append(PaperKeying(sheet_id=sheet.id, number=len(sheet.keyings) + 1, marks=values, by_id=actor.id,
                                     by_name=actor.name, at=at))
    db.session.flush()


def _compare(sheet: PaperSheet, cells: int, at: datetime) -> list[str]:
    """Set the state that follows from what both keyed; the slots in which they differ."""
    last = last_keyings(sheet)
    if len(last) < 2:
        return []
    found = rules_paper.differing(last[0].marks, last[1].marks)
    sheet.state = rules_paper.DIFFERS if found else rules_paper.TAKEN
    if rules_paper.is_hopeless(len(found), cells, len(sheet.keyings)):
        sheet.state, sheet.ended_at = rules_paper.DROPPED, at
        with on_record():
            sheet.reason = str(_("两人录入相差太多，自动作废重录"))
    return found


def drop_paper(sheet_id: uuid.UUID, *, reason: str, actor: Actor, at: datetime) -> PaperSheet:
    """Begin the keying of a sheet anew, with other people: what was keyed stays in the record and counts for nothing."""
    if not reason.strip():
        raise RuleBroken(_("请写明理由，它会和这次操作一起保存。"), code="reason_required", status=422, field="reason")
    with atomic():
        state = hold_round(get(PaperSheet, sheet_id).round_id)
        sheet = get(PaperSheet, sheet_id, lock=True)
        if sheet.state not in rules_paper.UNFINISHED:
            raise RuleBroken(_("这张表已经录入完毕，不能作废重录。"), code="paper_finished")
        sheet.state, sheet.reason, sheet.ended_at = rules_paper.DROPPED, reason.strip(), at
        state.version += 1
        audit.record("judging.drop_paper", actor=actor, subject=("work", sheet.work_id), at=at, chain=sheet.work.contest_id,
                     reason=sheet.reason, details={"seat": sheet.seat.number, "keyings": len(sheet.keyings)})
    return sheet


# ---- the way in: as events, like those of a tablet -------------------------------------------------------------


def _take(found: OnPaper, sheet: PaperSheet, values: Mapping[str, str], state: RoundState, at: datetime) -> None:
    session = db.session()
    held = find(Sheet, seat_id=sheet.seat_id, work_id=sheet.work_id)
    aside = has_tablet_marks(held)
    device = _source(found, sheet, at)
    events = _events(found, device, values, {} if aside or held is None else held.marks, state.version)
    sheet.state, sheet.ended_at = rules_paper.ASIDE if aside else rules_paper.TAKEN, at
    session.flush()
    intake = PaperIntake(session.connection(), device.id, events, at)
    intake.aside = aside
    answers = [intake.answer(event) for event in events]
    refused = next((a for a in answers if a.result not in ("accepted", "quarantined")), None)
    if refused is not None:
        raise RuleBroken(refused.message, code=refused.code)
    intake.finish()
    for written in (state, device, *([held] if held else [])):
        # Rows that were written as plain rows are read anew.
        session.expire(written)
    # What was keyed hands a sheet in like a tablet does: judges may lie apart now.
    intake.look_for_spreads()


def _source(found: OnPaper, sheet: PaperSheet, at: datetime) -> Device:
    """What the events name as their source: a device that nobody holds and that never is live."""
    device = Device(kind="paper", seat_id=sheet.seat_id, token_hash=token_hash(new_token()), label=str(found.number)[:80], opened_at=at,
                    expires_at=at - timedelta(seconds=1), replaced_at=at, end_code="paper", missing=[], last_seq=0)
    db.session.add(device)
    db.session.flush()
    sheet.device_id = device.id
    return device


def _events(
    found: OnPaper, device: Device, values: Mapping[str, str], held: Mapping[str, object], base: int
) -> list[DeviceEvent]:
    """A mark for each value, a withdrawal for what an earlier keying had beside them, and the handing in."""
    said = [(rules.MARK, key, values[key]) for line in found.lines if (key := line.slot) in values]
    said += [(rules.WITHDRAW, key, "") for key in sorted(set(held) - set(values))]
    events = [
        DeviceEvent(uuid.uuid5(device.id, key), n, found.seat.id, found.work.id, kind, *rules.slot_parts(key), value, base)
        for n, (kind, key, value) in enumerate(said, 1)
    ]
    text = rules.sheet_text(values)
    return [*events, DeviceEvent(uuid.uuid5(device.id, rules.HAND_IN), len(events) + 1, found.seat.id, found.work.id, rules.HAND_IN,
                                 value=text, base_version=base)]


class PaperIntake(Intake):
    """The events of one sheet of paper: taken like those of a live tablet, or kept ``aside`` where a tablet's marks are held."""

    aside = False

    def judge(self, event: DeviceEvent, here: Situation) -> Verdict:
        """What two people keyed alike never overwrites what was given on a tablet."""
        if self.aside:
            return Verdict("quarantined", rules_paper.CONFLICT, _("平板上已有评分，纸质评分表另存，由裁判长处理。"), event.value)
        return rules_taking.take(event, rules_taking.as_live(here))

    def finish(self) -> None:
        """Write all of it; the act is on record as the keying."""
        self.tablet.last_seq = len(self.events)
        self.new.write(self.connection, self.tablet)
