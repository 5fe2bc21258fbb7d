"""Templates, batches, and the register of certificates."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, event, inspect, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.contests.models import Contest
from competition.core.database import Model, WithId
from competition.core.files import StoredFile
from competition.core.jobs import Job
from competition.core.names import Named
from competition.results.models import Publication, PublishedRow


class Template(WithId, Named, Model):
    """A design: ``layout`` holds blocks and texts with placeholders from a fixed list. A row never changes: a change is a
    new version. ``union_id`` owns it (empty: ours, ready-made)."""

    __table_args__ = (UniqueConstraint("key", "version"),)
    key: Mapped[str]
    version: Mapped[int]
    kind: Mapped[str]
    layout: Mapped[dict[str, Any]]
    digest: Mapped[str]
    union_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("union.id"))
    created_by: Mapped[uuid.UUID | None]
    created_at: Mapped[datetime]


class NumberRule(Model):
    """How a union numbers its certificates; without one the program's own way holds.

    ``rule``: ``{issuer, parts, digits, letters}`` (``rules_numbers.Numbering``). A change holds from the next batch
    on: issued numbers stay.
    """

    union_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("union.id"), primary_key=True)
    rule: Mapped[dict[str, Any]]
    changed_by: Mapped[uuid.UUID | None]
    changed_at: Mapped[datetime]


class NumberSeries(Model):
    """The next serial of a series ``issuer-year-contest-kind``: the row is the lock, no gap, no double."""

    series: Mapped[str] = mapped_column(primary_key=True)
    next_serial: Mapped[int]


class Batch(WithId, Model):
    """Certificates issued together.

    ``state``: prepared, waiting (for the second person), approved (the register is written, the paper
    to be made), issued (all paper is made), failed (some could not be printed), discarded.
    ``settings`` holds ``dated_on`` (the day on the certificates), ``rows`` (the published rows it is
    for, in the order of the ceremony), ``problems`` (who is left out, and why), ``base_url`` (what the
    QR codes begin with, from the issue on).
    """

    contest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contest.id"), index=True)
    publication_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("publication.id"), index=True)
    template_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("template.id"))
    title: Mapped[str]
    state: Mapped[str] = mapped_column(default="prepared", index=True)
    settings: Mapped[dict[str, Any]]
    job_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("job.id"))
    merged_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    zip_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    prepared_by: Mapped[uuid.UUID | None]
    approved_by: Mapped[uuid.UUID | None]
    created_at: Mapped[datetime]
    issued_at: Mapped[datetime | None]
    contest: Mapped["Contest"] = relationship()
    publication: Mapped["Publication | None"] = relationship()
    template: Mapped["Template"] = relationship()
    job: Mapped["Job | None"] = relationship()
    merged: Mapped["StoredFile | None"] = relationship(foreign_keys=[merged_id])
    zip: Mapped["StoredFile | None"] = relationship(foreign_keys=[zip_id])


class Certificate(WithId, Model):
    """One line of the register; never changed but for its state and its finished file.

    ``data`` is the frozen plain text that is printed and that the verification page shows; ``name`` is
    the name in it, for the register's search. ``scope`` is the publication's: a person or team has one
    valid certificate of a kind from it. ``state``: issued, superseded, revoked; the last two end it, at
    ``ended_at`` with ``end_reason``. The typable code (100 bits) is looked up by its hash and kept
    sealed so that the paper can be made.
    """

    __table_args__ = (
        UniqueConstraint("series", "serial"),
        UniqueConstraint("batch_id", "position"),
        Index("uq_certificate_valid", "contest_id", "kind", "scope", "subject_id", unique=True,
              sqlite_where=text("state = 'issued'"), postgresql_where=text("state = 'issued'")),
    )
    number: Mapped[str] = mapped_column(unique=True)
    series: Mapped[str]
    serial: Mapped[int]
    kind: Mapped[str]
    scope: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    name: Mapped[str] = mapped_column(index=True)
    contest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contest.id"), index=True)
    batch_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("batch.id"), index=True)
    row_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("published_row.id"), index=True)
    position: Mapped[int]
    data: Mapped[dict[str, Any]]
    data_digest: Mapped[str]
    code_hash: Mapped[str] = mapped_column(unique=True)
    code_sealed: Mapped[str]
    state: Mapped[str] = mapped_column(default="issued", index=True, active_history=True)
    superseded_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("certificate.id"), active_history=True)
    end_reason: Mapped[str | None] = mapped_column(Text)
    ended_at: Mapped[datetime | None]
    file_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("stored_file.id"), active_history=True)
    error: Mapped[str | None] = mapped_column(Text)
    issued_at: Mapped[datetime]
    contest: Mapped["Contest"] = relationship()
    batch: Mapped["Batch"] = relationship()
    row: Mapped["PublishedRow | None"] = relationship()
    file: Mapped["StoredFile | None"] = relationship()
    successor: Mapped["Certificate | None"] = relationship(remote_side="Certificate.id")


class SigningKey(Model):
    """A key that QR codes and the list of revoked certificates are signed with (Ed25519).

    ``kid`` names it in every code (``26A``: the first of 2026). ``private_sealed`` opens with the installation's field
    keys only. ``retired_at``: signs nothing more. ``distrusted_at``: somebody else may have it, nothing that it signed counts.
    """

    kid: Mapped[str] = mapped_column(primary_key=True)
    public: Mapped[str]
    private_sealed: Mapped[str]
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    distrusted_at: Mapped[datetime | None]


# What may still happen to a line of the register; a file comes once and stays.
CHANGING = frozenset({"state", "superseded_by", "end_reason", "ended_at", "file_id", "error"})


class FrozenChanged(RuntimeError):
    """A programming error: what an issued certificate says was changed, or its line removed."""


@event.listens_for(Certificate, "before_update")
def _stays_as_issued(_mapper: Any, _connection: Any, certificate: Certificate) -> None:
    known = inspect(certificate)
    for column in known.mapper.column_attrs:
        history = known.attrs[column.key].history
        if not history.has_changes():
            continue
        before = history.deleted[0] if history.deleted else None
        if column.key not in CHANGING or (column.key in ("file_id", "superseded_by") and before is not None):
            raise FrozenChanged(column.key)
        if column.key == "state" and before not in (None, "issued"):
            raise FrozenChanged("state")


@event.listens_for(Certificate, "before_delete")
def _stays(_mapper: Any, _connection: Any, certificate: Certificate) -> None:
    raise FrozenChanged("delete")


@event.listens_for(Template, "before_update")
def _is_a_version(_mapper: Any, _connection: Any, template: Template) -> None:
    if any(attribute.history.has_changes() for attribute in inspect(template).attrs):
        raise FrozenChanged("template")


@event.listens_for(Template, "before_delete")
def _stays_a_version(_mapper: Any, _connection: Any, template: Template) -> None:
    raise FrozenChanged("template")
