"""The verbs of handing out: note who fetched what, take a note back, keep how a name is read. Raises RuleBroken."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import delete, select, update

from competition.certificates import queries_outs, rules_outs
from competition.certificates.models import Batch, Certificate
from competition.certificates.models_outs import HandOut, OwnSheet, SpokenName
from competition.certificates.rules_labels import LabelSheet
from competition.core import audit
from competition.core.actors import Actor
from competition.core.database import atomic, db, find, get
from competition.core.errors import RuleBroken
from competition.core.formats import in_zone
from competition.organisations.models import Union

MOST = 500


def note_hand_outs(
    batch_id: uuid.UUID, ids: Collection[uuid.UUID], *, fetched_by: str, fetched_on: date, note: str, actor: Actor, at: datetime,
) -> list[HandOut]:
    """These certificates were fetched. One that was fetched already, or holds no more, stops all of it."""
    if not ids:
        raise RuleBroken(_("请先在名单里勾选被领走的证书。"), code="nothing_chosen", status=422)
    if len(ids) > MOST:
        raise RuleBroken(_("一次最多登记 %(n)s 份，请分几次登记。", n=MOST), code="too_many", status=422)
    with atomic() as session:
        batch = get(Batch, batch_id, lock=True)
        if fetched_on > in_zone(at, batch.contest.zone).date():
            raise RuleBroken(_("领取日期不能在今天之后。"), code="future", status=422, field="fetched_on")
        found = queries_outs.in_batch(batch_id, ids)
        if len(found) != len(set(ids)):
            raise RuleBroken(_("所选的证书里有已撤销、已替换或不属于这一批的，没有登记。请刷新名单后再选。"), code="not_held")
        taken = session.scalars(select(HandOut.certificate_id).where(HandOut.certificate_id.in_(ids), HandOut.undone_at.is_(None))).all()
        if taken:
            number = next(one.number for one in found if one.id in taken)
            raise RuleBroken(_("证书 %(number)s 已登记为领取，没有重复登记。", number=number), code="fetched")
        made = [HandOut(certificate_id=one.id, fetched_by=fetched_by, fetched_on=fetched_on, note=note, noted_by=actor.id, noted_at=at)
                for one in found]
        session.add_all(made)
        session.flush()
        audit.record("certificates.hand_out", actor=actor, subject=("batch", batch_id), at=at, chain=batch.contest_id,
                     details={"count": len(made), "certificates": [one.number for one in found], "on": fetched_on.isoformat()})
    return made


def undo_hand_out(hand_out_id: uuid.UUID, reason: str, *, actor: Actor, at: datetime) -> HandOut:
    """It was noted by mistake; the note stays with the reason."""
    with atomic():
        found = get(HandOut, hand_out_id, lock=True)
        if found.undone_at is not None:
            raise RuleBroken(_("这条领取记录已经撤回。"), code="undone")
        certificate = get(Certificate, found.certificate_id)
        found.undone_by, found.undone_at, found.undone_reason = actor.id, at, reason
        audit.record("certificates.hand_out_undone", actor=actor, subject=("certificate", certificate.id), at=at,
                     chain=certificate.contest_id, details={"number": certificate.number}, reason=reason)
    return found


def keep_readings(batch: Batch, typed: Mapping[tuple[uuid.UUID, str], str], *, actor: Actor, at: datetime) -> int:
    """Keep how these names are read, by subject and name; an empty text gives a name its usual reading back. How many changed.

    Names that are not called in this batch are refused. Raises RuleBroken.
    """
    union_id, changed = batch.contest.host_union_id, 0
    with atomic() as session:
        get(Batch, batch.id, lock=True)
        known = queries_outs.readings(union_id, queries_outs.all_held(batch.id))
        if typed.keys() - known.keys():
            raise RuleBroken(_("名单在您打开页面之后有变化，没有保存。请刷新后再改。"), code="not_called")
        for (subject, name), text in typed.items():
            pinyin = _read(text)
            if pinyin == known[subject, name].pinyin:
                continue
            kept = find(SpokenName, union_id=union_id, subject_id=subject, name=name)
            if kept is None:
                kept = SpokenName(union_id=union_id, subject_id=subject, name=name)
                session.add(kept)
            kept.pinyin, kept.changed_by, kept.changed_at = pinyin, actor.id, at
            changed += 1
        if changed:
            db.session.flush()
            audit.record("certificates.spoken", actor=actor, subject=("batch", batch.id), at=at, chain=batch.contest_id,
                         details={"count": changed})
    return changed


def _read(text: str) -> str:
    try:
        return rules_outs.read_pinyin(text)
    except ValueError as error:
        raise RuleBroken(str(error), code="pinyin", status=422) from error


def forget_outs(subject_ids: Collection[uuid.UUID], names: Collection[str], word: str) -> None:
    """Within the caller's act: how the name of somebody is read is forgotten; where it stands as who fetched, ``word`` is left."""
    session = db.session()
    session.execute(delete(SpokenName).where(SpokenName.subject_id.in_(subject_ids)))
    session.execute(update(HandOut).where(HandOut.fetched_by.in_(names)).values(fetched_by=word, note=""))


def note_labels(batch: Batch, count: int, what: str, *, own: LabelSheet | None = None, actor: Actor, at: datetime) -> None:
    """Labels with these many names were printed; ``own``: on a sheet of the union's own, which is kept for the next time."""
    with atomic() as session:
        if own is not None:
            union_id = batch.contest.host_union_id
            get(Union, union_id, lock=True)
            session.merge(OwnSheet(union_id=union_id, changed_by=actor.id, changed_at=at, **asdict(own)))
        audit.record("certificates.labels", actor=actor, subject=("batch", batch.id), at=at, chain=batch.contest_id,
                     details={"count": count, "what": what, **({"sheet": asdict(own)} if own else {})})
