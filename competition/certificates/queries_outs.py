"""Reads for handing out: the valid certificates of a batch in their order, who fetched them, how names are read."""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from typing import Any, cast

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased, selectinload

from competition.accounts.pinyin import spoken_name
from competition.certificates import rules_outs
from competition.certificates.models import Batch, Certificate
from competition.certificates.models_outs import HandOut, OwnSheet, SpokenName
from competition.certificates.rules_labels import LabelSheet
from competition.certificates.rules_outs import Called
from competition.core.database import db
from competition.core.errors import NotFound

SLICE = 500
_HELD = and_(HandOut.certificate_id == Certificate.id, HandOut.undone_at.is_(None))


def held(batch_id: uuid.UUID) -> Select[Certificate, HandOut]:
    """The valid certificates of a batch in its order, each with its note that it was fetched.

    Where one was corrected, the newest of its chain stands in its place, whatever batch that came with.
    """
    chain = select(Certificate.id.label("id"), Certificate.superseded_by.label("later"), Certificate.position.label("place")).where(
        Certificate.batch_id == batch_id).cte("chain", recursive=True)
    newer = aliased(Certificate)
    chain = chain.union_all(select(newer.id, newer.superseded_by, chain.c.place).where(newer.id == chain.c.later))
    return select(Certificate, HandOut).join(chain, chain.c.id == Certificate.id).outerjoin(HandOut, _HELD).where(
        Certificate.state == "issued").order_by(chain.c.place)


def fetcher() -> ColumnElement[str]:
    """``rules_outs.group_of`` as the database says it."""
    given = [func.nullif(Certificate.data[name].as_string(), "") for name in ("代表团", "单位")]
    return func.coalesce(*given, "")


def listed(batch_id: uuid.UUID, *, text: str = "", group: str = "", state: str = "") -> Select[Any]:
    """The same, found by part of a name or number, by who fetches, by whether it was fetched (``yes``, ``no``)."""
    query = cast(Select[Any], held(batch_id))
    if word := text.strip():
        query = query.where(or_(Certificate.name.contains(word, autoescape=True),
                                Certificate.number.contains(word.upper(), autoescape=True)))
    if group:
        query = query.where(fetcher() == group)
    if state in ("yes", "no"):
        query = query.where(HandOut.id.is_not(None) if state == "yes" else HandOut.id.is_(None))
    return query


def groups_of(batch_id: uuid.UUID) -> list[tuple[str, int, int]]:
    """Who fetches of this batch: name, how many certificates, how many of them are fetched; in the order of the batch."""
    found: dict[str, list[int]] = {}
    query = held(batch_id).with_only_columns(fetcher(), case((HandOut.id.is_not(None), 1), else_=0))
    for group, is_fetched in db.session.execute(query):
        counts = found.setdefault(group, [0, 0])
        counts[0] += 1
        counts[1] += is_fetched
    return [(group, all_, fetched) for group, (all_, fetched) in found.items()]


def all_held(batch_id: uuid.UUID) -> list[Certificate]:
    """The valid certificates of a batch."""
    # Their batches by themselves: joined, each line would bring the whole list of ten thousand with it once more.
    return list(db.session.scalars(held(batch_id).options(selectinload(Certificate.batch))).unique())


def check_some(count: int) -> None:
    """Raise NotFound where a paper would be empty."""
    if not count:
        raise NotFound(_("这批证书里还没有有效的证书，签发以后再来打印。"))


def hand_outs_of(certificate_id: uuid.UUID) -> list[HandOut]:
    """What was noted of a certificate, newest first."""
    query = select(HandOut).where(HandOut.certificate_id == certificate_id)
    return list(db.session.scalars(query.order_by(HandOut.noted_at.desc(), HandOut.id)))


def get_hand_out(certificate: Certificate, hand_out_id: uuid.UUID) -> HandOut:
    """A note of this certificate; raises NotFound."""
    found = db.session.get(HandOut, hand_out_id)
    if found is None or found.certificate_id != certificate.id:
        raise NotFound(_("没有找到这条领取记录。"))
    return found


@dataclass(frozen=True)
class OnStage:
    """One certificate in the order of the stage with the names that are called."""

    certificate: Certificate
    called: list[Called]


def on_stage(batch: Batch) -> list[tuple[tuple[str, str], list[OnStage]]]:
    """The order of the ceremony: for what (event and award), and who, the first prize last."""
    found = all_held(batch.id)
    read = readings(batch.contest.host_union_id, found)
    lines = [(rules_outs.called_for(one.kind, one.data),
              OnStage(one, [read[key_of(one), name] for name in rules_outs.names_called(one.subject_kind, one.data)])) for one in found]
    return rules_outs.in_reverse(lines)


def key_of(certificate: Certificate) -> uuid.UUID:
    """Whose names these are: the subject; where none is known the certificate itself."""
    return certificate.subject_id or certificate.id


def readings(union_id: uuid.UUID, certificates: Iterable[Certificate]) -> dict[tuple[uuid.UUID, str], Called]:
    """How each name is read: as somebody of this union checked it, else as its workbook says, else as it is usually read."""
    wanted = {(key_of(one), name): rules_outs.listed_pinyin(one.subject_kind, one.data)
              for one in certificates for name in rules_outs.names_called(one.subject_kind, one.data)}
    kept = {(one.subject_id, one.name): one.pinyin for one in _kept(union_id, {subject for subject, _name in wanted}) if one.pinyin}
    return {key: _called(key[1], kept.get(key), listed) for key, listed in wanted.items()}


def _called(name: str, checked: str | None, listed: str) -> Called:
    if checked or listed:
        return Called(name, checked or listed, bool(checked), not checked)
    return Called(name, rules_outs.proposed(spoken_name(name)), False)


def _kept(union_id: uuid.UUID, subjects: Collection[uuid.UUID]) -> list[SpokenName]:
    found, ids = list[SpokenName](), list(subjects)
    for start in range(0, len(ids), SLICE):
        query = select(SpokenName).where(SpokenName.union_id == union_id, SpokenName.subject_id.in_(ids[start:start + SLICE]))
        found += db.session.scalars(query)
    return found


def own_sheet_of(union_id: uuid.UUID) -> LabelSheet | None:
    """The sheet of labels that a union measured last."""
    kept = db.session.get(OwnSheet, union_id)
    return LabelSheet(**{each.name: getattr(kept, each.name) for each in fields(LabelSheet)}) if kept else None


def in_batch(batch_id: uuid.UUID, ids: Collection[uuid.UUID]) -> list[Certificate]:
    """Those of ``ids`` that are valid certificates of this batch, in their order; nobody else ends or hands them out meanwhile."""
    db.session.execute(select(Certificate.id).where(Certificate.id.in_(ids)).order_by(Certificate.id).with_for_update())
    return list(db.session.scalars(held(batch_id).where(Certificate.id.in_(ids)).execution_options(populate_existing=True)).unique())
