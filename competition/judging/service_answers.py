"""The key of a theory paper: put in by one person while nobody's answers are there, changed by two afterwards."""

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import func, select

from competition.contests.models import Round
from competition.contests.naming import named
from competition.core import approvals, audit, sheets
from competition.core.actors import Actor
from competition.core.approvals import Approval
from competition.core.crypto import seal
from competition.core.database import atomic, db, get
from competition.core.errors import RuleBroken
from competition.judging.figures_sheet import CODE_HEAD, KEY_ROW
from competition.judging.models_answers import AnswerKey
from competition.judging.queries import locked_rounds
from competition.judging.queries_answers import Points, current_key, effect, event_of, has_answers, key_of, opened
from competition.judging.rules_answers import Key, changed, heads, item, lines_of, typed
from competition.judging.service_rounds import hold_round
from competition.judging.shown import round_behind
from competition.scoring.criteria import MarkRefused
from competition.scoring.exact import text
from competition.scoring.paper import ANSWERS, Paper, Section

CHANGE_KEY = "judging.change_answer_key"
_SHOWN_MOST = 200


def set_key(round_id: uuid.UUID, answers: Mapping[str, str], *, reason: str, actor: Actor, at: datetime) -> bool:
    """Put the key of the round's paper in, ``answers`` by section as typed; whether it is another one than before.

    Another key in place of one needs a reason. Refused once answers were entered: then two people change it.
    """
    with atomic():
        round_, paper = _hold(round_id)
        key, before = _read(paper, answers), current_key(round_.event_id)
        if before is not None and opened(before) == key:
            return False
        if has_answers(round_.event_id):
            raise RuleBroken(_("已有选手的答题记录，更改标准答案就是更改成绩，请申请由第二人批准。"), code="key_in_use")
        if before is not None and not reason.strip():
            raise RuleBroken(_("标准答案已录入过，更改请写明理由。"), code="reason_required", status=422, field="reason")
        row = _add(round_, key, reason, actor, at)
        row.taken_at = at
        audit.record("judging.set_answer_key", actor=actor, subject=("round", round_id), at=at, chain=round_.contest_id,
                     reason=reason.strip() or None, details={"number": row.number})
    return True


def ask_key(round_id: uuid.UUID, answers: Mapping[str, str], *, reason: str, actor: Actor, at: datetime) -> Approval:
    """Ask a second person to change a key by which answers are marked; the request says how many works it changes."""
    with atomic():
        round_, paper = _hold(round_id)
        key, before = _read(paper, answers), current_key(round_.event_id)
        if before is not None and opened(before) == key:
            raise RuleBroken(_("和现在的标准答案完全一样，不需要更改。"), code="key_same", status=422)
        row = _add(round_, key, reason, actor, at)
        works = effect(round_.event_id, paper, key)
        payload = {"round": str(round_id), "name": round_.name, "key": str(row.id), "number": row.number,
                   "before": before.number if before else 0, "works": len(works), "effect": _digest(works)}
        audit.record("judging.propose_answer_key", actor=actor, subject=("round", round_id), at=at, chain=round_.contest_id,
                     reason=reason.strip() or None, details={"number": row.number, "works": len(works)})
        return approvals.ask(CHANGE_KEY, subject=("round", round_id), payload=payload, reason=reason, actor=actor, at=at,
                             chain=round_.contest_id)


def preview_key(round_id: uuid.UUID, answers: Mapping[str, str]) -> list[str]:
    """What another key would change, in words: questions and points. Nothing is kept. Raises RuleBroken for what is no key."""
    round_ = get(Round, round_id)
    paper = _paper(round_)
    key = _read(paper, answers)
    return [*question_lines(paper, key_of(round_.event_id), key), *point_lines(round_.event_id, paper, key)]


def _hold(round_id: uuid.UUID) -> tuple[Round, Paper]:
    state = hold_round(round_id)
    round_ = get(Round, round_id)
    rounds = list(db.session.scalars(select(Round.id).where(Round.event_id == round_.event_id)))
    if state.state == "locked" or locked_rounds(rounds):
        raise RuleBroken(_("本轮已锁定，不能再更改标准答案。如需更改，请先申请解锁。"), code="round_locked")
    return round_, _paper(round_)


def _paper(round_: Round) -> Paper:
    paper = event_of(round_).paper
    if paper is None:
        raise RuleBroken(_("评分规则中没有这个项目的试卷结构，不能录入标准答案。"), code="no_paper", status=422)
    return paper


def _read(paper: Paper, answers: Mapping[str, str]) -> Key:
    """The whole key in canonical form; refused at the field of the section that is wrong."""
    found = {}
    for section in paper.sections:
        try:
            found[section.key] = section.accepted(typed(section, answers.get(section.key, "")))
        except MarkRefused as refusal:
            raise RuleBroken(_("%(section)s：%(fault)s", section=named(section.name), fault=refusal.say(_)), code=refusal.code, status=422,
                             field=ANSWERS + section.key) from refusal
    return found


def _add(round_: Round, key: Key, reason: str, actor: Actor, at: datetime) -> AnswerKey:
    newest = db.session.scalar(select(func.max(AnswerKey.number)).where(AnswerKey.event_id == round_.event_id)) or 0
    row = AnswerKey(id=uuid.uuid4(), contest_id=round_.contest_id, event_id=round_.event_id, number=newest + 1, reason=reason.strip(),
                    by_id=actor.id, by_name=actor.name, at=at)
    row.answers_sealed = seal(json.dumps(key, ensure_ascii=False), "answer_key", "answers", row.id)
    db.session.add(row)
    db.session.flush()
    return row


def _change(approval: Approval, actor: Actor, at: datetime) -> None:
    payload = approval.payload
    with atomic():
        round_, paper = _hold(uuid.UUID(payload["round"]))
        before, row = current_key(round_.event_id), get(AnswerKey, uuid.UUID(payload["key"]))
        works = effect(round_.event_id, paper, opened(row))
        if (before.number if before else 0) != payload["before"] or _digest(works) != payload["effect"]:
            raise RuleBroken(_("申请之后标准答案或答题记录又有变化，请撤回后重新申请。"), code="key_moved")
        row.taken_at, row.second_id, row.second_name = at, actor.id, actor.name
        audit.record("judging.change_answer_key", actor=actor, subject=("round", round_.id), at=at, chain=approval.chain,
                     reason=approval.reason, details={"asked_by": str(approval.asked_by), "number": row.number, "works": len(works)})


def _digest(works: Sequence[tuple[str, Points, Points]]) -> str:
    """What a request would change, to be compared."""
    return hashlib.sha256("\n".join(f"{code}|{was}|{now}" for code, was, now in works).encode()).hexdigest()


def _describe(payload: dict[str, Any]) -> str:
    facts = {"name": payload["name"], "n": payload["number"], "m": payload["works"]}
    return str(_("更改“%(name)s”的标准答案（第 %(n)s 版），%(m)s 件作品的得分随之改变", **facts))


def _lines(payload: dict[str, Any]) -> list[str]:
    """Which questions have another key, and whose points are others; by work code."""
    round_, row = get(Round, uuid.UUID(payload["round"])), get(AnswerKey, uuid.UUID(payload["key"]))
    paper = event_of(round_).paper
    if paper is None or row.taken_at is not None:
        return []
    return [*question_lines(paper, key_of(round_.event_id), opened(row)), *point_lines(round_.event_id, paper, opened(row))]


def question_lines(paper: Paper, before: Key, after: Key) -> list[str]:
    """Every question whose key is another, in words."""
    return [str(_("%(section)s第 %(n)s 题：%(before)s → %(after)s", section=named(section.name), n=number, before=was or "—", after=now))
            for section, number, was, now in changed(paper, before, after)]


def point_lines(event_id: uuid.UUID, paper: Paper, after: Key) -> list[str]:
    """Every work whose points are others, in words; of very many the first."""
    works = effect(event_id, paper, after)
    lines = [str(_("作品 %(code)s：%(before)s → %(after)s", code=code, before="—" if was is None else text(was),
                   after="—" if now is None else text(now))) for code, was, now in works[:_SHOWN_MOST]]
    return [*lines, *([str(_("另有 %(n)s 件作品", n=len(works) - _SHOWN_MOST))] if len(works) > _SHOWN_MOST else [])]


def open_change(round_id: uuid.UUID, at: datetime) -> Approval | None:
    """The request to change the key that somebody can still decide."""
    return approvals.open_request(CHANGE_KEY, round_id, at=at)


def key_template(round_id: uuid.UUID) -> bytes:
    """A workbook for the key: one column for each question, one row."""
    round_ = get(Round, round_id)
    paper = event_of(round_).paper
    sections = paper.sections if paper is not None else ()
    key = key_of(round_.event_id)
    row = [KEY_ROW, *(one for section in sections for one in key.get(section.key, "," * (section.count - 1)).split(","))]
    note = "选择题写字母，判断题写 T 或 F（或 对、错）；几个答案都算对时用“|”隔开；题目作废写 *。"
    return sheets.write_table(f"{round_.name} {KEY_ROW}", [CODE_HEAD, *(head for one in sections for head in heads(one))], [row],
                              taken=None, note=note)


def read_key(round_id: uuid.UUID, data: bytes) -> dict[str, str]:
    """The key of a filled-in workbook, by section as it is typed; nothing is kept of it yet."""
    paper = event_of(get(Round, round_id)).paper
    table = sheets.read_table(data)
    head = next((row for row in table[:5] if CODE_HEAD in row), None)
    key = next((row for row in table if KEY_ROW in row), None)
    if paper is None or head is None or key is None:
        raise RuleBroken(_("没有找到“%(row)s”这一行。请用下载的模板填写。", row=KEY_ROW), code="no_key_row", status=422, field="file")
    return {section.key: _typed_row(section, head, key) for section in paper.sections}


def _typed_row(section: Section, head: list[str], row: list[str]) -> str:
    missing = [name for name in heads(section) if name not in head]
    if missing:
        raise RuleBroken(_("表格里没有“%(head)s”这一列。请用下载的模板填写。", head=missing[0]), code="no_header", status=422, field="file")
    cells = [row[at] if (at := head.index(name)) < len(row) else "" for name in heads(section)]
    return lines_of(section, ",".join(item(section, cell) for cell in cells))


approvals.register(approvals.Kind(
    CHANGE_KEY, lazy_gettext("更改标准答案"), "judging.approve_answer_key", _describe, _change, _lines, show=round_behind))
