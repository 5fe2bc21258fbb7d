"""The check of sums: a sample drawn by a recorded seed, checked by a scorekeeper, signed by the supervisor."""

import secrets
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from competition.contests.models import Event
from competition.core import approvals, audit
from competition.core.actors import Actor
from competition.core.approvals import Approval, CarryOut
from competition.core.database import db, get, prepared
from competition.core.errors import NotFound, RuleBroken
from competition.results import queries, rules, shown
from competition.results.inputs import Settled, settle, take_mark
from competition.results.models import SumCheck, SumSample, SumSignature
from competition.results.standing import Computed, EventSide

SIGN = "results.sign_sums"


@dataclass(frozen=True)
class SumState:
    """How far the check of one event's sums is; ``sample`` is the newest one that still fits the marks."""

    key: str
    name: str
    event_id: uuid.UUID
    needs_check: bool
    is_locked: bool
    sample: SumSample | None
    checks: Mapping[uuid.UUID, SumCheck]
    signature: SumSignature | None
    is_stale: bool

    @property
    def total(self) -> int:
        """How many works are in the sample."""
        return len(self.sample.works) if self.sample else 0

    @property
    def errors(self) -> int:
        """How many of them were found wrong."""
        return sum(not check.is_right for check in self.checks.values())

    @property
    def is_done(self) -> bool:
        """Every work of the sample was checked."""
        return self.sample is not None and len(self.checks) == self.total

    @property
    def must_check_all(self) -> bool:
        """Too many errors in a sample: every work must be checked."""
        return self.sample is not None and not self.sample.is_full and rules.must_check_all(self.total, self.errors)

    @property
    def is_signed(self) -> bool:
        """The supervisor has signed."""
        return self.signature is not None

    @property
    def blocks(self) -> bool:
        """Errors were found and nobody has settled them."""
        return self.errors > 0 and not self.is_signed


def sum_states(computed: Computed) -> list[SumState]:
    """The state of each event of a contest."""
    samples = queries.samples_of(computed.contest.id)
    ids = [sample.id for sample in samples.values()]
    checks, signatures = queries.checks_of(ids), queries.signatures_of(ids)
    found = []
    for key, side in computed.sides.items():
        newest = samples.get(side.event.id)
        fits = newest is not None and newest.marks_digest == side.marks_digest
        found.append(SumState(
            key, side.event.name, side.event.id, computed.rulebook.event(key).judged, side.is_locked, newest if fits else None,
            checks.get(newest.id, {}) if newest and fits else {}, signatures.get(newest.id) if newest and fits else None,
            newest is not None and not fits,
        ))
    return found


def state_of(computed: Computed, event_id: uuid.UUID) -> tuple[SumState, EventSide]:
    """The state of one event; raises NotFound for one that has no sums."""
    for state in sum_states(computed):
        if state.event_id == event_id and state.needs_check:
            return state, computed.sides[state.key]
    raise NotFound(_("这个项目没有需要抽查的统分。"))


def draw_sample(event_id: uuid.UUID, *, actor: Actor, at: datetime, everything: bool = False, seed: str | None = None) -> SumSample:
    """Choose which works are checked: the first ten and at least 15 % of the rest, or ``everything``.

    Raises RuleBroken: round_open, already_drawn.
    """
    def prepare() -> Callable[[], SumSample]:
        settled = _settle(get(Event, event_id))
        return lambda: _draw(settled, event_id, everything, seed or secrets.token_hex(16), actor, at)

    return prepared(prepare)


def _settle(event: Event) -> Settled:
    return settle(take_mark(event.contest_id), [f"event:{event.key}"])


def _draw(settled: Settled, event_id: uuid.UUID, everything: bool, seed: str, actor: Actor, at: datetime) -> SumSample:
    settled.check()
    computed, contest_id = settled.computed, settled.computed.contest.id
    state, side = state_of(computed, event_id)
    if not side.is_locked:
        raise RuleBroken(_("评分还没有锁定，不能抽查统分。"), code="round_open")
    if state.sample is not None and not (everything and state.must_check_all):
        raise RuleBroken(_("已经抽取过抽查名单；评分没有变化时不重新抽取。"), code="already_drawn")
    picked = _pick(computed, side, seed, everything)
    sample = SumSample(
        contest_id=contest_id, event_id=event_id, seed=seed, marks_digest=side.marks_digest, is_full=everything,
        works=[{"work": p.work, "code": side.works[uuid.UUID(p.work)].code, "why": p.why} for p in picked],
        by_id=actor.id, by_name=actor.name, at=at,
    )
    db.session.add(sample)
    db.session.flush()
    audit.record("results.draw_sample", actor=actor, subject=("event", event_id), at=at, chain=contest_id,
                 details={"sample": str(sample.id), "seed": seed, "works": len(picked), "full": everything,
                          "marks": side.marks_digest})
    return sample


def _pick(computed: Computed, side: EventSide, seed: str, everything: bool) -> list[rules.Picked]:
    rows = computed.rows(f"event:{side.event.key}")
    ranked = [(str(side.work_of[row.entry]), row.rank) for row in rows if row.rank is not None and row.entry in side.work_of]
    if everything:
        return [rules.Picked(work, "all") for work, _rank in ranked]
    return rules.pick(ranked, seed)


def check_sums(
    sample_id: uuid.UUID, work_ids: list[uuid.UUID], *, is_right: bool, found: str = "", actor: Actor, at: datetime
) -> list[SumCheck]:
    """A scorekeeper summed these works by hand: right, or what was ``found`` instead (a sentence).

    Raises RuleBroken: sample_stale, sample_signed, found_required, not_in_sample.
    """
    def prepare() -> Callable[[], list[SumCheck]]:
        settled = _settle_sample(get(SumSample, sample_id))
        return lambda: _check(settled, sample_id, list(dict.fromkeys(work_ids)), is_right, found.strip(), actor, at)

    return prepared(prepare)


def _settle_sample(sample: SumSample) -> Settled:
    return _settle(get(Event, sample.event_id))


def _check(
    settled: Settled, sample_id: uuid.UUID, work_ids: list[uuid.UUID], is_right: bool, found: str, actor: Actor, at: datetime
) -> list[SumCheck]:
    settled.check()
    sample = get(SumSample, sample_id, lock=True)
    state, _side = state_of(settled.computed, sample.event_id)
    if state.sample is None or state.sample.id != sample_id:
        raise RuleBroken(_("评分在抽取之后又有变化，这份抽查名单已作废，请重新抽取。"), code="sample_stale")
    if state.is_signed:
        raise RuleBroken(_("监督已签认这份抽查，不能再改。"), code="sample_signed")
    if not is_right and not found:
        raise RuleBroken(_("请写明手工合计得到的结果和不符之处。"), code="found_required", status=422, field="found")
    if not work_ids or not set(work_ids) <= {uuid.UUID(item["work"]) for item in sample.works}:
        raise RuleBroken(_("请从抽查名单中选择作品。"), code="not_in_sample", status=422)
    checks = [SumCheck(sample_id=sample_id, work_id=work, is_right=is_right, found=found, by_id=actor.id, by_name=actor.name, at=at)
              for work in work_ids]
    db.session.add_all(checks)
    db.session.flush()
    audit.record("results.check_sums", actor=actor, subject=("sum_sample", sample_id), at=at, chain=sample.contest_id,
                 reason=found or None, details={"works": [str(c.work_id) for c in checks], "right": is_right})
    return checks


def ask_signature(sample_id: uuid.UUID, *, reason: str, actor: Actor, at: datetime) -> Approval:
    """Ask the supervisor to sign a finished sample. Raises RuleBroken: sample_open, sums_wrong."""
    def prepare() -> Callable[[], Approval]:
        settled = _settle_sample(get(SumSample, sample_id))
        return lambda: _ask(settled, sample_id, reason, actor, at)

    return prepared(prepare)


def _ask(settled: Settled, sample_id: uuid.UUID, reason: str, actor: Actor, at: datetime) -> Approval:
    sample = get(SumSample, sample_id)
    asked = approvals.ask(SIGN, subject=("sum_sample", sample_id), payload=_signable(settled, sample), reason=reason, actor=actor, at=at,
                          chain=sample.contest_id)
    settled.check()
    return asked


def check_signable(state: SumState, sample: SumSample) -> None:
    """Raise RuleBroken (sample_open) unless the sample is in force, whole and not signed yet."""
    if state.sample is None or state.sample.id != sample.id or not state.is_done or state.is_signed:
        raise RuleBroken(_("抽查名单还没有全部核对，或已经作废、已经签认。"), code="sample_open")


def _signable(settled: Settled, sample: SumSample) -> dict[str, Any]:
    """What is signed; raises unless the sample is whole and not spoilt by errors."""
    state, _side = state_of(settled.computed, sample.event_id)
    check_signable(state, sample)
    if state.must_check_all:
        raise RuleBroken(_("错误超过 5%，必须全部复核，不能签认这份抽查。"), code="sums_wrong")
    return {"sample": str(sample.id), "event": state.name, "checked": state.total, "errors": state.errors,
            "checks": sorted(str(check.id) for check in state.checks.values())}


def _describe(payload: dict[str, Any]) -> str:
    return str(_("签认“%(event)s”的统分抽查：核对 %(n)s 份，发现错误 %(errors)s 份。", event=payload["event"],
                 n=payload["checked"], errors=payload["errors"]))


def _prepare(approval: Approval) -> CarryOut:
    settled = _settle_sample(get(SumSample, uuid.UUID(approval.payload["sample"])))
    return lambda approval, actor, at: _sign(settled, approval, actor, at)


def _sign(settled: Settled, approval: Approval, actor: Actor, at: datetime) -> None:
    settled.check()
    sample = get(SumSample, uuid.UUID(approval.payload["sample"]), lock=True)
    if _signable(settled, sample) != approval.payload:
        raise RuleBroken(_("抽查记录在申请之后又有变化，请撤回后重新申请。"), code="sample_moved")
    db.session.add(SumSignature(
        sample_id=sample.id, checked=approval.payload["checked"], errors=approval.payload["errors"], asked_by=approval.asked_by,
        signed_by=actor.own_id, signed_name=actor.name, at=at,
    ))
    audit.record("results.sign_sums", actor=actor, subject=("sum_sample", sample.id), at=at, chain=sample.contest_id,
                 details={"asked_by": str(approval.asked_by), "checked": approval.payload["checked"], "errors": approval.payload["errors"]})


approvals.register(approvals.Kind(SIGN, lazy_gettext("签认统分抽查"), "results.sign_sums", _describe, prepare=_prepare, show=shown.sums))
