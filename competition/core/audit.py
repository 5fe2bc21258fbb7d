"""Who did what, when and why: one hash chain per contest and one for the system.

A row is a canonical JSON line; its hash covers the hash before it. Personal values enter the line
only as salted commitments: erasing the salt erases the value's trace, and the chain stays good.
"""

import hashlib
import hmac
import json
import secrets
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from flask_babel import lazy_gettext as _
from sqlalchemy import Index, Table, Text, UniqueConstraint, bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from competition.core.actors import Actor
from competition.core.database import Model, WithId, db
from competition.core.statements import Statement

SYSTEM_CHAIN = "system"
GENESIS = "0" * 64


class AuditChain(Model):
    """The head of a chain; its row is the lock under which the next row is written."""

    __unaudited__ = "The head of a chain moves with every audit row."
    chain: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int]
    digest: Mapped[str]


class AuditRow(Model):
    """One act. Never changed, never removed."""

    __unaudited__ = "The audit row itself."
    __table_args__ = (Index("ix_audit_row_subject", "subject_kind", "subject_id"),)
    chain: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    act: Mapped[str] = mapped_column(index=True)
    actor_kind: Mapped[str]
    actor_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    subject_kind: Mapped[str]
    subject_id: Mapped[str]
    line: Mapped[str] = mapped_column(Text)
    digest: Mapped[str]

    @property
    def details(self) -> dict[str, Any]:
        """What the line says beyond the columns."""
        found: dict[str, Any] = json.loads(self.line)["details"]
        return found

    @property
    def reason(self) -> str | None:
        """Why, in the words of who acted."""
        found: str | None = json.loads(self.line).get("reason")
        return found


class AuditSalt(WithId, Model):
    """The salt of one personal value in one line; deleting it makes the commitment meaningless."""

    __unaudited__ = "Belongs to an audit row; erasing one erases a person's trace and is audited by the erasure."
    __table_args__ = (UniqueConstraint("chain", "seq", "field"),)
    chain: Mapped[str]
    seq: Mapped[int]
    field: Mapped[str]
    salt: Mapped[str]


# Every act passes here: statements that are made once, without the cost of objects that nobody looks at.
_CHAINS = cast(Table, AuditChain.__table__)
_HEAD = Statement(select(_CHAINS.c.seq, _CHAINS.c.digest).where(_CHAINS.c.chain == bindparam("name")).with_for_update())
_BEGIN: dict[str, Callable[[Table], Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_MOVE = Statement(_CHAINS.update().where(_CHAINS.c.chain == bindparam("name")))
_APPEND, _SALT = (Statement(cast(Table, model.__table__).insert()) for model in (AuditRow, AuditSalt))


@dataclass(frozen=True)
class Entry:
    """An act before it has its place in the chain (also used by bulk loading)."""

    act: str
    actor: Actor
    subject_kind: str
    subject_id: str
    at: datetime
    details: Mapping[str, Any]
    personal: Mapping[str, str]
    reason: str | None


def canonical(value: Any) -> str:
    """JSON with sorted keys, no blanks; numbers other than integers must come as text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def link(previous: str, line: str) -> str:
    """The hash of a row: it covers the row before."""
    return hashlib.sha256(b"\x01" + previous.encode() + line.encode()).hexdigest()


def commit_personal(salt: str, value: str) -> str:
    """What a line says of a personal value."""
    return "hmac:" + hmac.new(salt.encode(), value.encode(), hashlib.sha256).hexdigest()


# Whoever wants to hear of every act, within its transaction: (chain, act).
listeners: list[Callable[[uuid.UUID | None, str], None]] = []


def listen(hear: Callable[[uuid.UUID | None, str], None]) -> None:
    """Hear of every act; asking again (a second application in one process) changes nothing."""
    if hear not in listeners:
        listeners.append(hear)


def record(
    act: str,
    *,
    actor: Actor,
    subject: tuple[str, Any],
    at: datetime,
    chain: uuid.UUID | None = None,
    details: Mapping[str, Any] | None = None,
    personal: Mapping[str, str] | None = None,
    reason: str | None = None,
) -> None:
    """Write one row in the surrounding transaction.

    ``chain`` is the contest's id, or None for the system's chain. ``details`` holds ids, codes and
    figures; whatever says who a person is goes to ``personal``.
    """
    record_many([Entry(act, actor, subject[0], str(subject[1]), at, details or {}, personal or {}, reason)], chain=chain)


def record_many(entries: Sequence[Entry], *, chain: uuid.UUID | None = None) -> None:
    """Append several rows to one chain in one go; none leave it as it is."""
    if not entries:
        return
    session = db.session()
    # What the rows tell of is in the database before them; a fault in it shows here.
    session.flush()
    connection, name = session.connection(), str(chain) if chain else SYSTEM_CHAIN
    found = _HEAD.row(connection, {"name": name})
    if found is None:
        # Two acts may both be a chain's first: the later one waits for the earlier one's head, and goes on from there.
        begin = _BEGIN[connection.dialect.name](_CHAINS).on_conflict_do_nothing()
        connection.execute(begin, {"chain": name, "seq": 0, "digest": GENESIS})
        found = _HEAD.row(connection, {"name": name})
    seq, digest = found or (0, GENESIS)
    rows, salts = list[dict[str, Any]](), list[dict[str, Any]]()
    for entry in entries:
        row, own = _next_row(name, seq, digest, entry)
        seq, digest = row["seq"], row["digest"]
        rows.append(row)
        salts += own
    _MOVE.write(connection, {"name": name, "seq": seq, "digest": digest})
    _APPEND.write(connection, *rows)
    if salts:
        _SALT.write(connection, *salts)
    for hear in listeners:
        for entry in entries:
            hear(chain, entry.act)


def _next_row(chain: str, before: int, previous: str, entry: Entry) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    seq = before + 1
    salts = {name: secrets.token_hex(16) for name in sorted(entry.personal)}
    line = canonical(
        {
            "seq": seq,
            "at": entry.at.astimezone(UTC).isoformat(),
            "act": entry.act,
            "actor": [entry.actor.kind, str(entry.actor.id) if entry.actor.id else None],
            "subject": [entry.subject_kind, entry.subject_id],
            "details": entry.details,
            "personal": {name: commit_personal(salt, entry.personal[name]) for name, salt in salts.items()},
            "reason": entry.reason,
        }
    )
    row = {
        "chain": chain, "seq": seq, "at": entry.at, "act": entry.act, "actor_kind": entry.actor.kind,
        "actor_id": entry.actor.id, "subject_kind": entry.subject_kind, "subject_id": entry.subject_id,
        "line": line, "digest": link(previous, line),
    }
    return row, [{"id": uuid.uuid4(), "chain": chain, "seq": seq, "field": name, "salt": salt} for name, salt in salts.items()]


def erase_salts(subjects: Iterable[tuple[str, Any]]) -> int:
    """Within the caller's act, which leaves its own row: what the rows about these things say of personal values can be
    compared with no value any more. The rows themselves and the chains stay as they are; returns how many salts are gone."""
    gone, session = 0, db.session()
    for kind, key in subjects:
        here = select(AuditRow.seq).where(AuditRow.subject_kind == kind, AuditRow.subject_id == str(key),
                                          AuditRow.chain == AuditSalt.chain, AuditRow.seq == AuditSalt.seq).correlate(AuditSalt)
        done = session.execute(delete(AuditSalt).where(here.exists()).execution_options(synchronize_session=False))
        gone += int(getattr(done, "rowcount", 0))
    return gone


@dataclass(frozen=True)
class Broken:
    """The first row of a chain that does not follow from the one before; ``why`` is a sentence."""

    chain: str
    seq: int
    why: Any


@dataclass(frozen=True)
class Proof:
    """One chain walked to its end: how many rows follow from one another, and the first that does not."""

    chain: str
    rows: int
    broken: Broken | None


def prove(session: Session | None = None) -> Iterator[Proof]:
    """Walk every chain: those with a head and those of which only rows are left.

    ``session``: of another database (a backup that was opened), instead of the application's.
    """
    session = session or db.session()
    heads = {head.chain: (head.seq, head.digest) for head in session.scalars(select(AuditChain))}
    for chain in sorted(heads.keys() | set(session.scalars(select(AuditRow.chain).distinct()))):
        yield _prove_chain(session, chain, heads.get(chain))


def is_whole(rows: Iterable[AuditRow]) -> bool:
    """Do these rows follow from one another, from the first row of a chain on? For a chain that comes from another machine."""
    previous = GENESIS
    for number, row in enumerate(rows, 1):
        if _why_broken(row, number, previous):
            return False
        previous = row.digest
    return True


def verify(session: Session | None = None) -> Iterator[Broken]:
    """The first broken row of each chain that is not whole."""
    return (proof.broken for proof in prove(session) if proof.broken)


def _rows(session: Session, chain: str) -> Iterator[AuditRow]:
    # From below the first number: a row that was put in front is read too.
    seq = -(2**31)
    while True:
        query = select(AuditRow).where(AuditRow.chain == chain, AuditRow.seq > seq).order_by(AuditRow.seq).limit(1000)
        found = list(session.scalars(query))
        if not found:
            return
        yield from found
        seq = found[-1].seq
        session.expunge_all()


def _prove_chain(session: Session, chain: str, head: tuple[int, str] | None) -> Proof:
    if head is None:
        return Proof(chain, 0, Broken(chain, 1, _("没有登记链尾，这条链的登记被删除")))
    previous, whole = GENESIS, 0
    for row in _rows(session, chain):
        why = _why_broken(row, whole + 1, previous)
        if why is None and row.seq > head[0]:
            # Acts go on while we read (PostgreSQL shows them): what the head does not know now, no act wrote.
            head = _head_now(session, chain) or head
            why = _("链尾与登记不符，登记的最后一行之后还有内容") if row.seq > head[0] else None
        if why:
            return Proof(chain, whole, Broken(chain, min(row.seq, whole + 1), why))
        previous, whole = row.digest, whole + 1
    if head != (whole, previous):
        return Proof(chain, whole, Broken(chain, whole + 1, _("链尾与登记不符，登记的最后一行不在这里")))
    return Proof(chain, whole, None)


def _head_now(session: Session, chain: str) -> tuple[int, str] | None:
    found = session.execute(select(AuditChain.seq, AuditChain.digest).where(AuditChain.chain == chain)).one_or_none()
    return (found.seq, found.digest) if found else None


def _why_broken(row: AuditRow, expected: int, previous: str) -> Any:
    if row.seq != expected:
        return _("缺少一行，或序号被改动")
    if link(previous, row.line) != row.digest:
        return _("该行内容与其校验值不符")
    return None if _columns_match(row) else _("该行的列与其内容不一致")


def _columns_match(row: AuditRow) -> bool:
    said = json.loads(row.line)
    # A line that we never wrote may lack what ours have.
    return bool(said.keys() >= {"act", "seq", "at", "actor", "subject"}) and bool(
        said["act"] == row.act
        and said["seq"] == row.seq
        and said["at"] == row.at.astimezone(UTC).isoformat()
        and said["actor"] == [row.actor_kind, str(row.actor_id) if row.actor_id else None]
        and said["subject"] == [row.subject_kind, row.subject_id]
    )


def history(subject_kind: str, subject_id: Any, limit: int = 100) -> list[AuditRow]:
    """What was done to one thing, newest first."""
    query = select(AuditRow).where(AuditRow.subject_kind == subject_kind, AuditRow.subject_id == str(subject_id))
    return list(db.session.scalars(query.order_by(AuditRow.at.desc(), AuditRow.seq.desc()).limit(limit)))


def head_digest(chain: uuid.UUID | None) -> str:
    """The hash at the end of a chain: what a publication quotes as its inputs' state."""
    name = str(chain) if chain else SYSTEM_CHAIN
    found: str | None = db.session.scalar(select(AuditChain.digest).where(AuditChain.chain == name))
    return found or GENESIS
