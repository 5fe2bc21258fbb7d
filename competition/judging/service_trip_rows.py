"""How the rows of a trip are put into a file, and written on the other side. Inside the act of ``service_trips``."""

import hashlib
import uuid
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from competition.contests.models import Round
from competition.core import files
from competition.core.crypto import new_token, token_hash
from competition.core.database import db, get
from competition.core.errors import RuleBroken
from competition.core.files import StoredFile
from competition.core.formats import joined
from competition.judging import queries_trips as trips
from competition.judging import rules_trips as rules
from competition.judging.models_trips import ArenaTrip
from competition.judging.queries_trips import Load
from competition.judging.rules_trips import Row, Tables, plain

# Asked for each row that came, with the one of the same key that is here: may it be written? Raises for what is not the trip's.
Guard = Callable[[Row, Row | None], bool]


def file_content(kind: str, trip: ArenaTrip, load: Load, tables: Tables, **more: Any) -> dict[str, Any]:
    """What is sealed: the rows, their sums, the bytes of the photos that they name, and ``more``."""
    stored = trips.files_of(tables)
    bodies = {row["sha256"]: b64encode(get(StoredFile, uuid.UUID(row["id"])).read()).decode() for row in stored}
    tables = {**tables, "stored_file": stored}
    return {"kind": kind, "trip": str(trip.id), "contest": str(load.contest.id), "machine": trip.machine, "base": trip.base,
            "rounds": [str(r) for r in load.rounds], "tables": tables, "sums": rules.sums(tables), "files": bodies, **more}


def rounds_in(content: dict[str, Any]) -> list[Round]:
    """The rounds that a file names, in order; those that are not here are missing."""
    ids = [uuid.UUID(r) for r in content["rounds"]]
    return list(db.session.scalars(select(Round).where(Round.id.in_(ids)).order_by(Round.id)))


def check_sums(content: dict[str, Any]) -> None:
    """The file has the shape of its kind, and its tables are those that the other side counted and hashed."""
    rules.check_shape(content)
    if wrong := rules.unequal(rules.sums(content["tables"]), content["sums"]):
        raise RuleBroken(_("文件里的内容与登记的校验值不符（%(tables)s），没有写入。", tables=joined(wrong)), code="trip_sums", status=422)


def check_equal(wanted: dict[str, Any], rows: Tables) -> None:
    """After writing: what stands here is what stood there, table by table."""
    here = rules.sums({**rows, "stored_file": trips.files_of(rows)})
    names = [name for name in rules.unequal(wanted, here) if name in wanted]
    if names:
        raise RuleBroken(_("写入后与另一台主机不一致（%(tables)s），全部撤销，没有写入。", tables=joined(names)), code="trip_unequal")


def only_new(_row: Row, old: Row | None) -> bool:
    """What is here stays."""
    return old is None


def write_rows(name: str, rows: Sequence[Row], guard: Guard = only_new) -> list[Row]:
    """Write the rows that ``guard`` lets pass: new ones, or in the place of those that are here. Returns them."""
    columns, session, written = trips.table(name), db.session(), []
    keys = list(columns.primary_key)
    for row in rows:
        read = trips.read_row(name, row)
        mine = [key == read[key.name] for key in keys]
        found = session.execute(select(columns).where(*mine)).mappings().one_or_none()
        old = None if found is None else {key: plain(value) for key, value in found.items()}
        if not guard(row, old):
            continue
        written.append(row)
        if old is None:
            session.execute(columns.insert().values(**_own(name, read)))
        elif old != row:
            session.execute(columns.update().where(*mine).values(read))
    session.expire_all()
    return written


def _own(name: str, read: Row) -> Row:
    """What a row needs of its own here: a source of marks has a token that nobody holds."""
    return read | {"token_hash": token_hash(new_token())} if name == "device" else read


def keep_files(content: dict[str, Any]) -> None:
    """Put the photos on disk. Raises RuleBroken for bytes that are not those of their hash."""
    for digest, body in content["files"].items():
        try:
            data = b64decode(body, validate=True)
        except ValueError:
            data = b""
        if hashlib.sha256(data).hexdigest() != digest:
            raise RuleBroken(_("文件里的一张照片与登记的校验值不符，没有写入。"), code="trip_sums", status=422)
        files.write_bytes(data)
