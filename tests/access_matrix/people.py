"""The columns of the access table: who asks, with what role, where, and by what credential."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Column:
    """One kind of person. ``scope``: where the role is held (``own``: the three contests of the own county;
    ``event``: one event of them). ``title`` heads the column of the printed table."""

    key: str
    title: str
    role: str = ""
    scope: Literal["", "system", "union", "own", "event"] = ""
    credential: Literal["none", "session", "device", "token"] = "session"


COLUMNS = (
    Column("nobody", "no sign-in", credential="none"),
    Column("tablet", "tablet", credential="device"),
    Column("token", "another system that may read and report", credential="token"),
    Column("read_token", "another system that may only read", credential="token"),
    Column("contestant", "contestant"),
    Column("team_leader", "team leader", "team_leader", "own"),
    Column("judge", "judge", "judge", "own"),
    Column("chief_judge", "chief judge", "chief_judge", "own"),
    Column("event_chief", "chief judge of one event", "chief_judge", "event"),
    Column("scorekeeper", "scorekeeper", "scorekeeper", "own"),
    Column("timekeeper", "timekeeper", "timekeeper", "own"),
    Column("coding_judge", "coding judge", "coding_judge", "own"),
    Column("check_in_judge", "check-in judge", "check_in_judge", "own"),
    Column("supervisor", "supervisor", "supervisor", "own"),
    Column("organizer", "organizer of contests", "organizer", "own"),
    Column("county_organizer", "organizer of a county", "organizer", "union"),
    Column("all_organizer", "organizer everywhere", "organizer", "system"),
    Column("clerk", "clerk of a county", "clerk", "union"),
    Column("county_leader", "looking leader of a county", "leader", "union"),
    Column("all_leader", "looking leader everywhere", "leader", "system"),
    Column("auditor", "auditor", "auditor", "system"),
    Column("security_officer", "security officer", "security_officer", "system"),
    Column("administrator", "administrator", "administrator", "system"),
)
BY_KEY = {column.key: column for column in COLUMNS}

# People whose right is over or has not begun. Each held every role of the table for the whole system, so that
# nothing but what ended it can be why an address stays shut.
BARRED = {
    "disabled": "account closed, its sign-in still in the browser",
    "expired": "account past its last day",
    "signed_out": "sign-in ended on the server",
    "timed_out": "sign-in past its last hour",
    "new_password": "password changed elsewhere since",
}
ROLELESS = {"lapsed": "every role past its last day, in a running sign-in", "early": "every role begins tomorrow"}
# Holds every role for the whole system: no door is shut to it, so what it meets is what stands behind the doors.
EVERYBODY = "everybody"
# Tablets: the first two are answered as if nobody asked.
DEAD_TABLETS = {"dead_tablet": "device token past its last hour", "no_tablet": "a device token that nobody gave out",
                "dead_token": "token of another system past its last day", "revoked_token": "a revoked one"}
