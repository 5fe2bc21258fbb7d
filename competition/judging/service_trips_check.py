"""What a file that comes home may write: rows of its own trip, and nothing in the place of what belongs to others.

Who knows the passphrase can write any file. So each row has to hang, by every key that it has, on the rounds, works and seats that
were lent; and a row that is here is only renewed when it hangs on them as well.
"""

import uuid
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from competition.contests.models import RulebookVersion
from competition.core.approvals import KINDS
from competition.core.database import db
from competition.core.errors import RuleBroken
from competition.judging import queries_trips as trips
from competition.judging.models import Device
from competition.judging.queries_trips import SOURCES, Load
from competition.judging.rules_trips import Row, Tables
from competition.judging.service_trip_rows import Guard
from competition.judging.service_trips import TAKE_BACK

DECIDED = ("approved", "refused", "withdrawn", "expired")
Keys = Mapping[str, set[str]]


def foreign(name: str) -> RuleBroken:
    """Why a file is refused whole."""
    return RuleBroken(_("文件里有不属于这些轮次的内容（%(table)s），没有写入。", table=name), code="trip_foreign", status=422)


@dataclass(frozen=True)
class Scope:
    """What belongs to a trip: of each table the keys that are here, and those that a new row may name."""

    load: Load
    here: Keys
    new: Keys

    @classmethod
    def of(cls, load: Load, tables: Tables) -> "Scope":
        """Before anything is written. A tablet that home knows is the source of nothing new."""
        settings, judged, sources = trips.setting_rows(load), trips.judged_rows(load), trips.source_rows(load)
        versions = select(RulebookVersion.id).where(RulebookVersion.contest_id == load.contest.id)
        sitters = {row["account_id"] for row in settings["sitter"]} - {None}
        own = {name: _ids(settings[name]) for name in ("event", "panel", "seat", "work")} | {
            "contest": {str(load.contest.id)}, "round": {str(r) for r in load.rounds}, "account": _ids(settings["account"]) | sitters,
            "rulebook_version": {str(v) for v in db.session.scalars(versions)}}
        here = own | {name: _ids(rows) for name, rows in {**judged, **sources, "stored_file": trips.files_of(judged)}.items()}
        came = {name: _ids(tables.get(name, ())) for name in (*judged, *SOURCES, "stored_file")}
        known = select(Device.id).where(Device.id.in_([uuid.UUID(key) for key in came["device"]]))
        came["device"] -= {str(key) for key in db.session.scalars(known)}
        return cls(load, here, own | {name: came[name] | (here.get(name, set()) if name != "device" else set()) for name in came})

    def guard(self, name: str) -> Guard:
        """Who is asked for each row of a table."""
        if name == "approval":
            return self._approval
        if name == "stored_file":
            return partial(_same, name)
        return partial(self._source if name in SOURCES else self._row, name)

    def _row(self, name: str, row: Row, old: Row | None) -> bool:
        for column, target in _keys_of(name):
            moved = old is None or old[column] != row[column]
            named = [(row[column], self.new if moved else self.here)] + ([(old[column], self.here)] if old is not None else [])
            if any(key is not None and key not in keys.get(target, set()) for key, keys in named):
                raise foreign(name)
        return True

    def _source(self, name: str, row: Row, old: Row | None) -> bool:
        """A tablet that home knows stays as it is here."""
        return old is None and (name == "device" or row["device_id"] in self.new["device"]) and self._row(name, row, None)

    def _approval(self, row: Row, old: Row | None) -> bool:
        """What two people decided on the arena machine about these rounds; never in the place of what was asked here."""
        about = {"round": self.new["round"], "seat": self.new["seat"], "handover": self.new["handover"]}.get(row["subject_kind"], set())
        of_round = row["payload"].get("round") if isinstance(row["payload"], dict) else None
        is_ours = (row["subject_id"] in about and row["chain"] == str(self.load.contest.id) and row["state"] in DECIDED
                   and row["kind"].startswith("judging.") and row["kind"] in KINDS and row["kind"] != TAKE_BACK
                   and (of_round is None or of_round in self.new["round"]))
        if not is_ours:
            raise foreign("approval")
        return _same("approval", row, old)


def _ids(rows: Any) -> set[str]:
    return {row["id"] for row in rows if "id" in row}


def _keys_of(name: str) -> list[tuple[str, str]]:
    """The columns of a table that name rows of another one, with its name."""
    return [(key.parent.name, key.column.table.name) for key in trips.table(name).foreign_keys]


def _same(name: str, row: Row, old: Row | None) -> bool:
    """It is not here, or exactly as it came."""
    if old is not None and old != row:
        raise foreign(name)
    return old is None


def check_rows(tables: Tables) -> None:
    """Every row is one of its table here."""
    for name in (*trips.judged_tables(), "stored_file", "sitter", "approval", "audit_row", "audit_salt"):
        for row in tables.get(name, ()):
            trips.read_row(name, row)


def check_files(content: dict[str, Any]) -> None:
    """The stored files are pictures that a photo of these rounds names, each with its bytes; no other bytes are in the file."""
    tables = content["tables"]
    named = {row["file_id"] for row in tables.get("photo", ())}
    rows = tables.get("stored_file", [])
    fits = all(row["id"] in named and row["sensitivity"] == "internal" and row["media_type"].startswith("image/")
               and row["size"] == _size(content["files"].get(row["sha256"], "")) for row in rows)
    if not fits or {row["sha256"] for row in rows} != content["files"].keys():
        raise foreign("stored_file")


def _size(body: str) -> int:
    try:
        return len(b64decode(body, validate=True))
    except ValueError:
        return -1
