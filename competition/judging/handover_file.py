"""The file in which a tablet without a network hands over its events: see ``docs/handover.md``. Pure."""

import hashlib
import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar
from uuid import UUID

from flask_babel import lazy_gettext as _
from pydantic import BaseModel, Field, ValidationError

from competition.core.characters import fault_in
from competition.core.errors import RuleBroken
from competition.judging.schemas import EventIn, Instant
from competition.judging.schemas_reports import Count, Strict

Shape = TypeVar("Shape", bound=BaseModel)
FORMAT, VERSION = "judging-handover", 1
MOST_BYTES = 8 * 1024 * 1024
MOST_EVENTS = 20_000
# What is signed begins with this, so that no signature for anything else can ever pass for one.
SIGNED_AS = f"{FORMAT} {VERSION}\n"
# A letter for each hexadecimal digit, none of which looks or is read out like another.
CODE_LETTERS = str.maketrans("0123456789abcdef", "23456789ACFHKPXY")


def in_letters(digest: str) -> str:
    """The first 64 bits of a hexadecimal hash in letters, four by four."""
    letters = digest[:16].translate(CODE_LETTERS)
    return "-".join(letters[at:at + 4] for at in range(0, 16, 4))


class Body(Strict):
    """What a tablet says: who it is, and the events of its outbox in the order of ``device_seq``.

    ``about`` is for people only. ``last_made`` is the highest number the tablet has given; ``stuck`` names the events
    that the server did not take when they came the ordinary way.
    """

    device: UUID
    seat: UUID
    rounds: Annotated[list[UUID], Field(max_length=50)]
    about: Annotated[str, Field(max_length=400)] = ""
    made_at: Instant
    app_version: Annotated[str, Field(max_length=40)] = ""
    last_made: Count
    events: Annotated[list[EventIn], Field(min_length=1, max_length=MOST_EVENTS)]
    stuck: Annotated[list[UUID], Field(max_length=MOST_EVENTS)] = []


class Cover(Strict):
    """The file itself: ``body`` is a text, so that what is signed is exactly what is read."""

    format: Literal["judging-handover"]
    version: Literal[1]
    body: str
    signature: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{86}$")] | None


@dataclass(frozen=True)
class HandoverFile:
    """A file that was read; nothing of it is verified yet."""

    text: str
    signature: str | None
    body: Body

    @property
    def signed_bytes(self) -> bytes:
        """What the signature is over."""
        return (SIGNED_AS + self.text).encode()

    @property
    def digest(self) -> str:
        """The hash of all that was brought."""
        return hashlib.sha256(f"{self.text}\n{self.signature or ''}".encode()).hexdigest()

    @property
    def code(self) -> str:
        """Sixteen letters that tablet and page both show: 64 bits of SHA-256, so that nobody makes another text that has them."""
        return in_letters(hashlib.sha256(self.signed_bytes).hexdigest())


def read(data: bytes) -> HandoverFile:
    """The file; raises RuleBroken with a sentence for whoever brought it."""
    if len(data) > MOST_BYTES:
        raise _refused(_("文件超过 8 MB，不是平板导出的评分交接文件。"), "handover_large")
    cover = _shaped(Cover, _parsed(data))
    return HandoverFile(cover.body, cover.signature, body_of(cover.body))


def body_of(text: str) -> Body:
    """What the signed text says."""
    body = _shaped(Body, _parsed(text.encode()))
    _check_events(body.events)
    return body


def _parsed(data: bytes) -> Any:
    try:
        return json.loads(data.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise _refused(_("这不是平板导出的评分交接文件，或文件已损坏。请在平板上重新导出。"), "handover_unreadable") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key twice")
    return found


def _no_number(name: str) -> Any:
    raise ValueError(name)


def _shaped(shape: type[Shape], said: Any) -> Shape:
    if isinstance(said, dict) and said.get("format") == FORMAT and said.get("version") != VERSION:
        raise _refused(_("这份文件来自更新的平板页面，本系统还读不了。请先更新系统。"), "handover_version")
    try:
        return shape.model_validate(said)
    except ValidationError as error:
        raise _refused(_("文件的内容不符合评分交接文件的格式，没有读取。请在平板上重新导出。"), "handover_content") from error


def _check_events(events: Sequence[EventIn]) -> None:
    seqs = [event.device_seq for event in events]
    is_ordered = all(a < b for a, b in itertools.pairwise(seqs))
    if not is_ordered or len({event.uuid for event in events}) != len(events):
        raise _refused(_("文件里的评分项序号重复或顺序不对，没有读取。请在平板上重新导出。"), "handover_order")
    if any(fault_in(text) in ("control", "surrogate") for event in events for text in (event.criterion, event.value)):
        raise _refused(_("文件的内容不符合评分交接文件的格式，没有读取。请在平板上重新导出。"), "handover_content")


def _refused(sentence: Any, code: str) -> RuleBroken:
    return RuleBroken(sentence, code=code, status=422, field="files")
