"""What becomes of an event from a tablet: taken, refused, kept aside. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from competition.contests.naming import named
from competition.core.characters import fault_in
from competition.core.formats import joined
from competition.judging.rules import (
    HAND_IN,
    KEEP,
    MARK,
    MOST_OF_A_REASON,
    REMARKING,
    WITHDRAW,
    DeviceEvent,
    Result,
    needed_attempts,
    sheet_text,
    slot,
)
from competition.judging.rules_endings import ENDED, TAKEN_OVER
from competition.judging.rules_evidence import EVIDENCE, MOST_NOTES_ASIDE, evidence_fault
from competition.scoring.inputs import MarkRefused, canonical_value
from competition.scoring.model import Criterion


@dataclass(frozen=True)
class Situation:
    """All that decides about one new event: its device, its round, its sheet as they are."""

    device_id: UUID
    seat_id: UUID
    is_live: bool
    seq_is_free: bool
    round_state: str
    is_excused: bool
    sheet_state: str
    marks: Mapping[str, Mapping[str, Any]]
    criteria: Sequence[Criterion]
    end_code: str = TAKEN_OVER
    is_away: bool = False
    needs_signature: bool = False
    # Of a judge who was told of lying apart: the criteria that may be marked again, and every part that was asked about,
    # with the version at which it was.
    again: Collection[str] = ()
    asked: Collection[tuple[str, int]] = ()
    # The event was made by a version of the rulebook in which its criterion, or its sheet, is another one.
    other_rules: bool = False
    # The version at which marks were last moved from or to the sheet; 0: never.
    moved_seq: int = 0
    # How many comments and photos of the tablet lie aside; asked about such events only.
    notes_aside: int = 0


@dataclass(frozen=True)
class Verdict:
    """``result`` and, when it is not plain acceptance, why; ``value`` in canonical form."""

    result: Result
    code: str = ""
    message: str = ""
    value: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


def as_live(here: Situation) -> Situation:
    """The same for a sheet of paper: it sits on no seat, so none can take the seat from it, and it is signed by hand."""
    return replace(here, is_live=True, needs_signature=False)


def take(event: DeviceEvent, here: Situation) -> Verdict:
    """What becomes of a new event (one whose uuid the server does not have yet)."""
    return _place(event, here) or _evidence(event) or _round(event, here) or _rules(event, here) or _sheet(event, here)


def _refused(code: str, message: Any, **details: Any) -> Verdict:
    return Verdict("refused", code, str(message), details=details)


def _place(event: DeviceEvent, here: Situation) -> Verdict | None:
    if any(fault_in(text) in ("control", "surrogate") for text in (event.criterion, event.value)):
        return _refused("event.characters", _("这一项里有看不见的控制字符，没有记录，请重新输入。"))
    if event.seat_id != here.seat_id:
        return _refused("seat.other", _("这一项属于另一个座位，请用那个座位的平板上传。"))
    if not here.seq_is_free:
        return _refused("event.seq_taken", _("这台平板的同一序号已有另一项内容，请交裁判长核对。"))
    return None


def _evidence(event: DeviceEvent) -> Verdict | None:
    """A comment or photo that could never be taken is not kept aside either."""
    fault = evidence_fault(event.kind, event.value) if event.kind in EVIDENCE else None
    return _refused(*fault) if fault else None


def _round(event: DeviceEvent, here: Situation) -> Verdict | None:
    if not here.is_live:
        return _aside(event, here, *ENDED[here.end_code])
    if here.round_state == "locked":
        return _aside(event, here, "round.locked", _("本轮已锁定，这一项已另存，由裁判长处理。"))
    if here.round_state != "open":
        return _refused("round.closed", _("本轮尚未开始评分，请等待裁判长开放。"))
    return None


def _aside(event: DeviceEvent, here: Situation, code: str, sentence: Any) -> Verdict:
    """Marks are kept aside whatever their number; of notes no more than somebody can decide about."""
    if event.kind in EVIDENCE and here.notes_aside >= MOST_NOTES_ASIDE:
        return _refused("evidence.aside", _("这台平板另存待处理的备注和照片已有 %(n)s 项，这一项没有收下，还在平板上。"
                                            "请先由裁判长处理另存项。", n=here.notes_aside))
    return Verdict("quarantined", code, str(sentence))


def _rules(event: DeviceEvent, here: Situation) -> Verdict | None:
    """A figure means what the sheet said before the judge: by another sheet it is never read without a word."""
    if not here.other_rules or event.kind in EVIDENCE:
        return None
    said = _("评分规则已改版，这一项是按原来的评分表评的，已另存，由裁判长处理。请按现在的评分表重新评。")
    return Verdict("quarantined", "rulebook.other", str(said))


def _sheet(event: DeviceEvent, here: Situation) -> Verdict:
    if here.is_away:
        return _refused("work.away", _("这件作品登记为缺考或弃权，没有计入。选手在场的，请裁判长联系检录处更正后再评。"))
    if here.is_excused:
        return _refused("sheet.excused", _("这件作品已登记为免评或回避，不用评分。"))
    if event.kind == KEEP:
        return _keep(event, here)
    is_again = event.kind in (MARK, WITHDRAW) and event.criterion in here.again
    if here.sheet_state == "handed_in" and not is_again:
        if event.kind == HAND_IN and event.value == sheet_text(here.marks):
            # The same sheet handed in once more, by an impatient second tap: nothing is wrong, nothing changes.
            return Verdict("repeated", value=event.value)
        return _refused("sheet.handed_in", _("这件作品的评分已提交。如需修改，请裁判长退回。"))
    if event.kind == HAND_IN:
        return _hand_in(event, here)
    if here.sheet_state == REMARKING and event.kind in (MARK, WITHDRAW) and not is_again:
        return _refused("criterion.not_again", _("这一项不在请您复核的范围内，原来提交的分数有效。如需修改，请裁判长退回。"))
    return _on_criterion(event, here)


def _keep(event: DeviceEvent, here: Situation) -> Verdict:
    """The marks stay as they were handed in, and why."""
    if (event.criterion, event.base_version) not in here.asked:
        return _refused("spread.not_asked", _("这件作品没有请您复核的提示，不用填写理由。"))
    if here.sheet_state != "handed_in":
        return _refused("spread.not_handed_in", _("这件作品的评分还没有提交。请先提交，再写明维持原分的理由。"))
    reason = event.value.strip()
    if not 1 <= len(reason) <= MOST_OF_A_REASON:
        return _refused("spread.reason", _("请写明维持原分的理由，不超过 %(n)s 个字。", n=MOST_OF_A_REASON))
    return Verdict("accepted", value=reason)


def _on_criterion(event: DeviceEvent, here: Situation) -> Verdict:
    criterion = next((c for c in here.criteria if c.key == event.criterion), None)
    if criterion is None:
        return _refused("criterion.unknown", _("评分表中没有这一项，请刷新评分表。"))
    if not 1 <= event.attempt <= criterion.attempts:
        return _refused("attempt.unknown", _("这一项没有第 %(n)s 次。", n=event.attempt))
    if event.kind in EVIDENCE:
        return Verdict("accepted", value=event.value)
    return _mark(event, criterion, here)


def _mark(event: DeviceEvent, criterion: Criterion, here: Situation) -> Verdict:
    try:
        value = canonical_value(criterion, event.value) if event.kind == MARK else ""
    except MarkRefused as refusal:
        return _refused(refusal.code, _("%(name)s：%(why)s", name=named(criterion.name), why=refusal.say(gettext)))
    mark = here.marks.get(event.slot)
    if event.base_version < here.moved_seq:
        held = {"held": mark["value"]} if mark else {}
        return Verdict("conflict", "sheet.moved", str(_("打这个分之后，裁判长移动过这张评分表，没有计入。请核对作品，重新评分。")), value,
                       {"yours": value, "version": here.moved_seq, **held})
    if mark and mark["device"] != str(here.device_id) and mark["version"] > event.base_version:
        return Verdict("conflict", "mark.stale", str(_("另一台平板已给这一项评分，请核对后由裁判长处理。")), value,
                       {"yours": value, "held": mark["value"], "version": mark["version"]})
    return Verdict("accepted", value=value)


def _hand_in(event: DeviceEvent, here: Situation) -> Verdict:
    lacking = [named(c.name) for c in here.criteria
               if any(slot(c.key, n) not in here.marks for n in range(1, needed_attempts(c) + 1))]
    if lacking:
        return _refused("sheet.incomplete", _("还有 %(n)s 项没有分数：%(names)s。", n=len(lacking), names=joined(lacking)),
                        missing=lacking)
    held = sheet_text(here.marks)
    if event.value != held:
        return _refused("sheet.differs", _("平板上的分数与服务器收到的不一致，没有提交。请核对各项分数后再提交。"), held=held)
    if here.needs_signature and not event.signature:
        return _refused("sheet.unsigned", _("本裁判组要求手写签名，没有提交。请在平板上签名后再提交。"))
    return Verdict("accepted", value=held)
