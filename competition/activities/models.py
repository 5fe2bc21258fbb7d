"""Activities that unions declare: the declaration beside its contest, its stages, what was collected, how units were evaluated."""

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.activities.rules import standing
from competition.activities.rules_sheets import total
from competition.contests.models import Contest
from competition.core.database import Model, WithId
from competition.core.files import StoredFile
from competition.organisations.models import Union


class Declaration(WithId, Model):
    """What a union declares beyond what a contest says anyway. ``state``: see rules.

    ``route``: the unions that decide, as the tree was when it was submitted; ``waiting_at``: whose turn it is. ``rhythm`` and
    ``named_stages``: when stages are reported. ``sheet``: the score sheet of the evaluation, none before it is set.
    """

    contest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contest.id"), unique=True)
    state: Mapped[str] = mapped_column(default="draft", index=True)
    route: Mapped[list[str]] = mapped_column(default=list)
    waiting_at: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("union.id"), index=True)
    aim: Mapped[str] = mapped_column(Text)
    measures: Mapped[str] = mapped_column(Text)
    expected_heads: Mapped[int]
    rhythm: Mapped[str]
    named_stages: Mapped[str] = mapped_column(Text, default="")
    sheet: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    evaluated_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    contest: Mapped["Contest"] = relationship()
    waits_for: Mapped["Union | None"] = relationship()
    stages: Mapped[list["StageReport"]] = relationship(order_by="StageReport.position", back_populates="declaration")

    @property
    def standing(self) -> str:
        """The one word for where it is; a key of rules.STATES."""
        return standing(self.state, self.contest.phase, self.contest.condition)


class DeclarationStep(WithId, Model):
    """Something that was done with an activity, by whom and why. Only added. ``about``: the stage, where it is about one."""

    declaration_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("declaration.id"), index=True)
    union_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("union.id"))
    verdict: Mapped[str]
    about: Mapped[str] = mapped_column(default="")
    reason: Mapped[str | None] = mapped_column(Text)
    by_id: Mapped[uuid.UUID | None]
    by_name: Mapped[str]
    at: Mapped[datetime]
    union: Mapped["Union | None"] = relationship()


class StageReport(WithId, Model):
    """What was done in a stage, and what it brought. ``state``: see rules_stages; ``measures``: whole numbers by
    rules.MEASURES, as ``rules.in_units`` reads them."""

    __table_args__ = (UniqueConstraint("declaration_id", "position"),)
    declaration_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("declaration.id"), index=True)
    position: Mapped[int]
    name: Mapped[str]
    due_on: Mapped[date] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(default="open", index=True)
    text: Mapped[str] = mapped_column(Text, default="")
    measures: Mapped[dict[str, Any]] = mapped_column(default=dict)
    submitted_at: Mapped[datetime | None]
    declaration: Mapped["Declaration"] = relationship(back_populates="stages")


class Achievement(WithId, Model):
    """A result of the 五小: what it is, whose, whether it was put to use. ``benefit``: hundredths of 10,000 yuan. ``pledged_by``: who said
    that it is true."""

    declaration_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("declaration.id"), index=True)
    title: Mapped[str]
    kind: Mapped[str]
    unit: Mapped[str]
    summary: Mapped[str] = mapped_column(Text, default="")
    is_adopted: Mapped[bool] = mapped_column(default=False)
    benefit: Mapped[int] = mapped_column(default=0)
    pledged_by: Mapped[str]
    pledged_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Assessment(WithId, Model):
    """The evaluation of one unit: points by the item of the sheet, remarks, the honour that is recommended."""

    __table_args__ = (UniqueConstraint("declaration_id", "unit"),)
    declaration_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("declaration.id"), index=True)
    unit: Mapped[str]
    scores: Mapped[dict[str, Any]]
    remark: Mapped[str] = mapped_column(Text, default="")
    honour: Mapped[str] = mapped_column(default="")
    by_name: Mapped[str]
    at: Mapped[datetime]

    @property
    def total(self) -> Decimal:
        """The points together."""
        return total(self.scores)


class ActivityFile(WithId, Model):
    """Evidence of a stage, a result or an evaluation (``owner_id``), cleaned when it came."""

    declaration_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("declaration.id"), index=True)
    owner_id: Mapped[uuid.UUID] = mapped_column(index=True)
    file_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stored_file.id"))
    added_at: Mapped[datetime]
    file: Mapped["StoredFile"] = relationship()
