"""The lines of the register that an issue writes, made before the database is held: numbers, codes, frozen data as text."""

import secrets
import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from competition.certificates import queries_numbers, rules, rules_numbers
from competition.certificates.models import Batch
from competition.certificates.plan import Plan, Planned
from competition.contests.models import Contest
from competition.core.crypto import blind_index, seal
from competition.core.database import ReadyJson


@dataclass(frozen=True)
class Numbers:
    """Which numbers a batch gets: the series, the first serial in it, and with how many digits it is written."""

    series: str
    first: int
    digits: int


@dataclass(frozen=True)
class Lines:
    """A batch's lines of the register, a mapping of columns for each, without the moment of their issue; what they stand on is
    compared under the lock."""

    batch_id: uuid.UUID
    made: Plan
    numbers: Numbers
    rows: list[dict[str, Any]]

    def at(self, at: datetime) -> list[dict[str, Any]]:
        """The lines as they are written at this moment."""
        return [{**row, "issued_at": at} for row in self.rows]

    def told(self) -> dict[str, Any]:
        """What the record says of them."""
        return {"count": len(self.rows), "first": self.rows[0]["number"], "last": self.rows[-1]["number"],
                "data": rules.digest_of([row["data_digest"] for row in self.rows])}


def make_lines(batch: Batch, scope: str, made: Plan, numbers: Numbers) -> Lines:
    """Everybody's line, in the order of the ceremony."""
    shared = {
        "series": numbers.series, "kind": batch.template.kind, "scope": scope, "contest_id": batch.contest_id, "batch_id": batch.id,
        "state": "issued"}
    rows = [{**shared, **_line(batch, planned, numbers, position)} for position, planned in enumerate(made.people)]
    return Lines(batch.id, made, numbers, rows)


def _line(batch: Batch, planned: Planned, numbers: Numbers, position: int) -> dict[str, Any]:
    serial, code, key = numbers.first + position, new_code(), uuid.uuid4()
    number = rules_numbers.number_of(numbers.series, serial, numbers.digits)
    data = {**planned.data, "证书编号": number}
    return {
        "id": key, "number": number, "serial": serial, "position": position, "subject_kind": planned.subject_kind,
        "subject_id": planned.subject_id, "row_id": planned.row_id, "name": data["姓名"], "data": ReadyJson.of(data),
        "data_digest": rules.digest_of([number, batch.template.digest, data]), "code_hash": blind_index("certificate_code", code),
        "code_sealed": seal(code, "certificate", "code", key)}


def series_of(contest: Contest, batch: Batch) -> tuple[str, int]:
    """The series that a batch counts in, and with how many digits; the year is that of the day on the certificates."""
    numbering = queries_numbers.numbering_of(contest.host_union_id)
    kind, year = batch.template.kind, date.fromisoformat(batch.settings["dated_on"]).year
    letter = numbering.letters.get(kind) or rules.KIND_CODES[kind]
    return numbering.series(contest.host_union.region_code, year, contest.code, letter), numbering.digits


def new_code() -> str:
    """100 random bits in 20 characters that can be typed."""
    drawn = secrets.randbits(5 * rules_numbers.CODE_LENGTH)
    return "".join(rules_numbers.ALPHABET[drawn >> 5 * place & 31] for place in range(rules_numbers.CODE_LENGTH))
