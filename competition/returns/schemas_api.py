"""What travels between other systems and the server. Unknown fields and oversized values are refused."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from competition.returns.rules_api import MOST_EVIDENCE, MOST_PARTS, MOST_PEOPLE

Month = Annotated[str, Field(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$", examples=["2026-05"])]
Period = Annotated[str, Field(pattern=r"^(20[0-9]{2}(-(0[1-9]|1[0-2]))?|S20[0-9]{2})$", examples=["2026", "2026-05", "S2026"])]
Scope = Annotated[str, Field(pattern=r"^(all|[0-9]{6}|u:[0-9a-f-]{32,36})?$", examples=["", "630200", "all"])]
Heads = Annotated[int, Field(ge=0, le=10_000_000)]
Words = Annotated[str, Field(max_length=100)]
Dimension = Literal["", "industry", "ownership", "unit_kind", "worker_group", "sex", "age_band", "kind", "level", "flagship", "held_in"]


class Strict(BaseModel):
    """Nothing but the named fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ErrorOut(Strict):
    """A refusal: a stable code, a sentence for the person, plain data."""

    code: str
    message: str
    details: dict[str, Any]


class PageQuery(Strict):
    """Lists come in pages of 30, counted from 1."""

    page: Annotated[int, Field(ge=1, le=100_000)] = 1


class ReturnsQuery(PageQuery):
    """``month``: those of one month alone."""

    month: Month | None = None


class ContestOut(Strict):
    """An activity that can be reported about. ``code`` names it."""

    code: str
    name: str
    kind: str
    level: str
    starts_on: date
    ends_on: date


class ContestsOut(Strict):
    """One page."""

    contests: list[ContestOut]
    page: int
    pages: int
    total: int


class BeginIn(Strict):
    """A new return. ``union``: the reporting union's id, the token's own or one below; without it the token's own."""

    contest: Annotated[str, Field(min_length=1, max_length=40)]
    month: Month
    kind: Literal["roster", "bulk"]
    union: UUID | None = None


class CorrectIn(Strict):
    """Why what counts is replaced. ``kind``: of another kind than what it replaces it begins without people; ``void``: nobody took part
    after all."""

    kind: Literal["roster", "bulk", "void"] | None = None
    reason: Annotated[str, Field(min_length=1, max_length=500)]


class PersonIn(Strict):
    """Somebody who took part. ``number``: of the identity card, or of the document that ``kind`` names. ``union``: id or name of the union
    of the person, if it is not the return's own but one below; ``region``: six digits (GB/T 2260); ``day``: of the return's month."""

    name: Words
    number: Annotated[str, Field(max_length=40)]
    kind: Literal["", "居民身份证", "港澳台居民居住证", "护照", "外国人永久居留身份证"] = ""
    unit: Words = ""
    union: Words = ""
    region: Annotated[str, Field(pattern=r"^([0-9]{6})?$")] = ""
    group: Annotated[str, Field(max_length=20)] = ""
    ownership: Literal["", "公有制", "非公有制"] = ""
    sex: Literal["", "男", "女"] = ""
    day: date | None = None


class RosterIn(Strict):
    """One part of a roster, at most 2,000 people. ``delivery``: one name for all parts of a roster, made by the sender. With the last part
    the whole takes the place of the roster that the return had."""

    delivery: UUID
    part: Annotated[int, Field(ge=1, le=MOST_PARTS)] = 1
    parts: Annotated[int, Field(ge=1, le=MOST_PARTS)] = 1
    people: Annotated[list[PersonIn], Field(min_length=1, max_length=MOST_PEOPLE)]


class RosterOut(Strict):
    """What of a roster is there. ``repeated``: people who were in an earlier part; ``taken``: it is the return's roster now."""

    delivery: UUID
    parts: int
    received: list[int]
    people: int
    repeated: int
    taken: bool


class Evidence(Strict):
    """A PDF, JPEG or PNG, as base64."""

    name: Annotated[str, Field(min_length=1, max_length=100)]
    data: Annotated[str, Field(min_length=1, max_length=MOST_EVIDENCE, pattern=r"^[A-Za-z0-9+/]+={0,2}$")]


class BulkIn(Strict):
    """Heads without names, how many of them are registered by name too, and on what that rests. Without ``evidence`` the one that the
    return has stays."""

    heads: Annotated[int, Field(ge=1, le=10_000_000)]
    overlap: Heads
    evidence: Evidence | None = None


class MeasuresIn(Strict):
    """What an activity brought besides people: pieces and items; ``benefit`` in hundredths of 10,000 yuan."""

    suggestions: Heads = 0
    suggestions_adopted: Heads = 0
    innovations: Heads = 0
    inventions: Heads = 0
    methods: Heads = 0
    patents: Heads = 0
    benefit: Annotated[int, Field(ge=0, le=1_000_000_000)] = 0
    promotions: Heads = 0
    titles: Heads = 0
    units: Heads = 0


class StepOut(Strict):
    """Something that was done with a return; ``reason`` is there where it was given back."""

    verdict: str
    union: str | None
    by: str
    reason: str | None
    at: datetime


class ReturnLine(Strict):
    """A return of a list."""

    id: UUID
    contest: str
    union: UUID
    union_name: str
    month: str
    kind: str
    version: int
    state: str


class ReturnOut(ReturnLine):
    """A return as it stands. ``state``: draft, submitted, returned (given back, ``reason`` says why), counted, superseded, discarded."""

    waiting_at: str | None
    reason: str | None
    people: int | None
    heads: int | None
    overlap: int | None
    measures: dict[str, int]
    steps: list[StepOut]


class ReturnsOut(Strict):
    """One page."""

    returns: list[ReturnLine]
    page: int
    pages: int
    total: int
