"""What travels between tablets and the server. Unknown fields and oversized values are refused."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, model_validator

from competition.judging.rules import MOST_EVENTS, DeviceEvent
from competition.judging.schemas_evidence import Signature
from competition.judging.schemas_reports import Count, Report, Strict

# However wrong a tablet's clock is; further away no database follows.
Instant = Annotated[AwareDatetime, Field(ge=datetime(1900, 1, 1, tzinfo=UTC), le=datetime(9000, 1, 1, tzinfo=UTC))]
Short = Annotated[str, Field(max_length=80)]


class PublicKey(Strict):
    """The public half of the key that a tablet signs with: ECDSA on P-256, as a JWK."""

    kty: Literal["EC"]
    crv: Literal["P-256"]
    x: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{43}$")]
    y: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{43}$")]


class OpenSeat(Strict):
    """A seat card and its PIN. ``previous``: the token this tablet had before, if any; ``key``: its public key, which a
    tablet on plain http has not."""

    card: Annotated[str, Field(min_length=1, max_length=120)]
    pin: Annotated[str, Field(min_length=1, max_length=12)]
    label: Short = ""
    previous: Annotated[str, Field(max_length=100)] | None = None
    key: PublicKey | None = None


class SeatOpened(Strict):
    """The tablet's id and token. The token goes into ``Authorization: Device <token>``."""

    device: UUID
    token: str
    expires_at: datetime
    seat: UUID
    seat_number: int
    panel: str
    at: datetime


class EventIn(Strict):
    """One event. ``uuid`` is made on the tablet before the first try to send; ``device_seq`` counts
    from 1 without gaps. ``value`` of a hand_in is the sheet's text: ``key/attempt=value`` sorted by
    key and joined by ``;``; of a comment the words, of a photo the SHA-256 of its bytes (they come by an address of their own),
    of a keep the reason for keeping the marks of what was asked about (``criterion``: the group or criterion, "" for the whole sheet).
    ``signature`` belongs to a hand_in. ``base_version`` is the version of the mark that the tablet saw; where it saw none, that of
    the sheet as the server last told it (0: never); of a keep the prompt's ``asked_seq``. ``rulebook`` is that of the round
    (``RoundPack``) by which the tablet showed the sheet: an event is kept aside where the round is marked by a version with
    another sheet by then."""

    uuid: UUID
    device_seq: Annotated[int, Field(ge=1, le=1_000_000_000)]
    seat: UUID
    work: UUID
    kind: Literal["mark", "withdraw", "hand_in", "comment", "photo", "keep"] = "mark"
    criterion: Annotated[str, Field(max_length=40)] = ""
    attempt: Annotated[int, Field(ge=1, le=99)] = 1
    value: Annotated[str, Field(max_length=4000)] = ""
    base_version: Count = 0
    at: Instant | None = None
    signature: Signature | None = None
    rulebook: Annotated[str, Field(pattern=r"^[0-9a-f]{0,80}$")] = ""

    @model_validator(mode="after")
    def _signs_a_sheet(self) -> "EventIn":
        if self.signature is not None and self.kind != "hand_in":
            raise ValueError("signature_without_hand_in")
        return self

    def to_event(self) -> DeviceEvent:
        """As the rules know it."""
        return DeviceEvent(self.uuid, self.device_seq, self.seat, self.work, self.kind, self.criterion, self.attempt,
                           self.value, self.base_version, self.at, self.signature.text() if self.signature else "", self.rulebook)


class EventsIn(Strict):
    """Up to 200 events, in the order of ``device_seq``."""

    events: Annotated[list[EventIn], Field(min_length=1, max_length=MOST_EVENTS)]
    report: Report = Report()


class AnswerOut(Strict):
    """What became of one event. Only ``accepted`` and ``repeated`` may leave the tablet's outbox."""

    uuid: UUID
    result: Literal["accepted", "repeated", "conflict", "refused", "quarantined"]
    version: int | None
    value: str
    code: str
    message: str
    details: dict[str, Any]


class EventsOut(Strict):
    """One answer per event in the order of the request, given after the commit. ``why`` says why the tablet is
    live no more; ``server``: the usual one, or one that stands in the arena."""

    answers: list[AnswerOut]
    last_seq: int
    missing: list[int]
    is_live: bool
    why: str
    at: datetime
    server: Literal["main", "arena"] = "main"


class RoundSeen(Strict):
    """Which version of a round the tablet knows."""

    id: UUID
    version: Count


class StateIn(Strict):
    """The tablet's report, and what it knows of its rounds."""

    report: Report = Report()
    rounds: Annotated[list[RoundSeen], Field(max_length=50)] = []


class MarkOut(Strict):
    """A mark as the server holds it."""

    value: str
    version: int


class SheetOut(Strict):
    """A sheet of the own seat as the server holds it. ``signed``: the hand-in that holds, where it has a signature."""

    work: UUID
    state: Literal["scoring", "handed_in", "disputed", "remarking"]
    version: int
    marks: dict[str, MarkOut]
    check_code: str | None
    handed_in_at: datetime | None
    returned_reason: str | None
    signed: UUID | None


class PromptOut(Strict):
    """This judge lies apart from the others on a work: mark ``criteria`` again, or keep the marks with a reason (an event
    ``keep`` with ``part`` as its criterion and ``asked_seq`` as its base_version). Nothing says from whom, how far, or what others
    gave. ``ordered``: what the chief judge wrote, who has all of the panel mark again."""

    id: UUID
    work: UUID
    part: str
    asked_seq: int
    name: str
    criteria: list[str]
    ordered: str | None


class RoundNow(Strict):
    """Where a round stands, by which rulebook it is marked, and the own sheets that changed since the version the tablet knew."""

    id: UUID
    state: Literal["closed", "open", "locked", "away"]
    version: int
    works_tag: str
    rulebook: str
    sheets: list[SheetOut]


class StateOut(Strict):
    """What the server knows at this moment. ``why`` says why the tablet is live no more; it then hears of no round."""

    at: datetime
    is_live: bool
    why: str
    last_seq: int
    missing: list[int]
    rounds: list[RoundNow]
    prompts: list[PromptOut]
    server: Literal["main", "arena"] = "main"


class OptionOut(Strict):
    """A grade, or a kind of fault: what it is worth, or what each (or ``each`` so many, ``started``: also of those left over) costs
    and from how many on all is lost."""

    name: str
    text: str
    points: str | None
    most: str | None
    zero_from: int | None
    each: int
    started: bool


class CriterionOut(Strict):
    """A criterion as the tablet shows it. Numbers are text: no mark ever is a float.

    ``weight``: of a point on the whole sheet, "" where it depends on more than this; ``groups``: names of the headings above it;
    ``zero_from``: so many faults of one kind and nothing is left.
    """

    key: str
    name: str
    text: str
    kind: str
    max: str
    low: str
    step: str | None
    input_max: str | None
    attempts: int
    needed: int
    take: Literal["last", "best", "sum"]
    weight: str
    unit: str
    levels: list[str]
    options: list[OptionOut]
    groups: list[str]
    per: str | None
    cap: str | None
    zero_from: int | None
    each: int
    started: bool
    places: int | None


class WorkOut(Strict):
    """A work: a code at a station. Nothing leads to who made it. ``away``: nobody works there, nothing is marked."""

    id: UUID
    code: str
    batch: int
    station: int
    away: Literal["ABSENT", "WITHDRAWN"] | None
    excused: str | None


class RoundPack(Strict):
    """All that a tablet needs to mark a round."""

    id: UUID
    name: str
    contest: str
    state: Literal["closed", "open", "locked", "away"]
    version: int
    works_tag: str
    rulebook: str
    rulebook_number: int
    time_limit_s: int | None
    criteria: list[CriterionOut]
    works: list[WorkOut]
    sheets: list[SheetOut]


class PackOut(Strict):
    """The seat and its rounds."""

    device: UUID
    seat: UUID
    seat_number: int
    judge: str
    panel: str
    needs_signature: bool
    last_seq: int
    at: datetime
    rounds: list[RoundPack]


class ErrorOut(Strict):
    """A refusal: a stable code, a sentence for the person, plain data."""

    code: str
    message: str
    details: dict[str, Any]
