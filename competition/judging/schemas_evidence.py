"""What travels of signatures, comments and photos."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, model_validator

from competition.judging.rules_evidence import MOST_ACROSS, MOST_NUMBERS, MOST_STROKES, signature_fault, signature_text
from competition.judging.schemas_reports import Strict

Across = Annotated[int, Field(strict=True, ge=0, le=MOST_ACROSS)]
Stroke = Annotated[list[Across], Field(min_length=2, max_length=MOST_NUMBERS)]


class Signature(Strict):
    """A signature as it was written: ``strokes`` of x, y, x, y … on a field of ``w`` × ``h``."""

    w: Annotated[int, Field(strict=True, ge=50, le=MOST_ACROSS)]
    h: Annotated[int, Field(strict=True, ge=20, le=MOST_ACROSS)]
    strokes: Annotated[list[Stroke], Field(min_length=1, max_length=MOST_STROKES)]

    @model_validator(mode="after")
    def _can_be_drawn(self) -> "Signature":
        fault = signature_fault(self.w, self.h, self.strokes)
        if fault is not None:
            raise ValueError(fault)
        return self

    def text(self) -> str:
        """As the rules know it."""
        return signature_text(self.w, self.h, self.strokes)


class NoteOut(Strict):
    """A comment or a photo of the own seat; ``is_kept``: the bytes of the photo are here."""

    uuid: UUID
    kind: Literal["comment", "photo"]
    criterion: str
    attempt: int
    value: str
    at: datetime
    is_kept: bool


class OwnOut(Strict):
    """What the own seat added to its marks of one work."""

    signature: Signature | None
    notes: list[NoteOut]


class PhotoOut(Strict):
    """The bytes with this hash are kept: the tablet may let go of its own."""

    uuid: UUID
    hash: str
