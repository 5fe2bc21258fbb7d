"""People, their accounts, what they may do, and where they are signed in."""

import uuid
from datetime import date, datetime

from sqlalchemy import ColumnElement, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.core.database import Model, WithId
from competition.organisations.models import Union


class Person(WithId, Model):
    """A human being. Identity is the blind index of document type, country and number.

    A person known from a roster may have no more than the index and the masked number. Of one who had the
    own data erased (``erased_at``) the row is left, empty.
    """

    __table_args__ = (UniqueConstraint("document_index"),)
    name: Mapped[str] = mapped_column(index=True)
    name_pinyin: Mapped[str] = mapped_column(default="", index=True)
    name_bo: Mapped[str | None]
    sex: Mapped[str | None]
    birth_on: Mapped[date | None]
    document_type: Mapped[str | None]
    document_country: Mapped[str | None]
    document_sealed: Mapped[str | None]
    document_index: Mapped[str | None]
    document_masked: Mapped[str | None]
    phone_sealed: Mapped[str | None]
    phone_index: Mapped[str | None] = mapped_column(index=True)
    phone_masked: Mapped[str | None]
    created_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]


class Account(WithId, Model):
    """A way to sign in. A contestant's login is the blind index of a phone; staff have a chosen name.

    The phone itself is sealed beside it, so that its owner can see what was typed; accounts older than that have none.
    ``erased_at``: its owner had the own data erased; nobody signs in with it again.
    """

    login: Mapped[str] = mapped_column(unique=True)
    phone_sealed: Mapped[str | None]
    phone_masked: Mapped[str | None]
    display_name: Mapped[str]
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    password_hash: Mapped[str]
    password_version: Mapped[int] = mapped_column(default=1)
    locale: Mapped[str] = mapped_column(default="zh_Hans_CN")
    is_active: Mapped[bool] = mapped_column(default=True)
    must_change_password: Mapped[bool] = mapped_column(default=False)
    failed_count: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    totp_sealed: Mapped[str | None]
    totp_since: Mapped[datetime | None]
    totp_step: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]
    person: Mapped["Person | None"] = relationship()
    grants: Mapped[list["Grant"]] = relationship(back_populates="account", foreign_keys="Grant.account_id")


class Grant(WithId, Model):
    """A role in a scope. ``scope_kind``: system, union, contest or event. Ends, never deleted."""

    __table_args__ = (Index("ix_grant_scope", "scope_kind", "scope_id"),)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"), index=True)
    role: Mapped[str]
    scope_kind: Mapped[str]
    scope_id: Mapped[uuid.UUID | None]
    valid_from: Mapped[datetime]
    valid_to: Mapped[datetime | None]
    granted_by: Mapped[uuid.UUID | None]
    approved_by: Mapped[uuid.UUID | None]
    account: Mapped["Account"] = relationship(back_populates="grants", foreign_keys=[account_id])

    @classmethod
    def in_force(cls, at: datetime) -> ColumnElement[bool]:
        """The condition that a role holds at an instant; it is over at the instant of ``valid_to``."""
        return (cls.valid_from <= at) & (cls.valid_to.is_(None) | (cls.valid_to > at))


class SignIn(WithId, Model):
    """A session on the server; the cookie holds the token, the row its hash."""

    __unaudited__ = "Sessions come, are used and end all day; what matters of them is kept as security rows."
    token_hash: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"), index=True)
    password_version: Mapped[int]
    device: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    account: Mapped["Account"] = relationship()


class RecoveryCode(WithId, Model):
    """Stands in for the second factor once, when the phone is lost."""

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"), index=True)
    code_hash: Mapped[str]
    used_at: Mapped[datetime | None]


class PhoneCode(WithId, Model):
    """Six figures sent to a phone: for a new password, or to prove a new phone. ``account_id`` for the latter."""

    purpose: Mapped[str]
    login: Mapped[str] = mapped_column(index=True)
    account_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"))
    phone_sealed: Mapped[str | None]
    code_sealed: Mapped[str | None]
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class HelpRequest(WithId, Model):
    """Somebody asks a union's clerk: ``kind`` password, phone, document or correction. ``state``: open, done, refused.

    ``code`` is what the person says at the office. The person and the account are found when it is handled.
    ``wanted_sealed``: what a correction should say, as JSON (``service_correct.Wanted``).
    """

    __table_args__ = (Index("ix_help_request_union_state", "union_id", "state"),)
    code: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default="open")
    union_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("union.id"))
    name: Mapped[str]
    document_sealed: Mapped[str]
    document_index: Mapped[str] = mapped_column(index=True)
    document_masked: Mapped[str]
    phone_sealed: Mapped[str]
    phone_masked: Mapped[str]
    account_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"))
    note: Mapped[str]
    wanted_sealed: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(index=True)
    decided_by: Mapped[uuid.UUID | None]
    decided_name: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    reason: Mapped[str | None]
    union: Mapped["Union"] = relationship()


class OneTimeLink(WithId, Model):
    """A link that works once: first administrator, invitation, new password."""

    token_hash: Mapped[str] = mapped_column(unique=True)
    purpose: Mapped[str]
    account_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Consent(WithId, Model):
    """That a person agreed to a text, known by its hash.

    ``channel``: web, or paper for who has no phone; then ``recorded_by`` says who put it on record and ``paper``
    on which paper it was signed, where it lies.
    """

    account_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"), index=True)
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    purpose: Mapped[str]
    text_version: Mapped[str]
    text_digest: Mapped[str]
    channel: Mapped[str]
    recorded_by: Mapped[uuid.UUID | None]
    recorded_name: Mapped[str] = mapped_column(default="")
    paper: Mapped[str] = mapped_column(default="")
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
