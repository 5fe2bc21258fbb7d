"""An erasure outlives a restore: backups hold what was erased after them, so who was erased is kept beside them.

The list stands in the folder of the backups and travels with it: ids of accounts and instants, nothing that says who it
was. Each line is sealed with the key of this installation's indexes, so that nobody erases a stranger by writing a line.
"""

import hmac
import json
import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy import select

from competition.accounts.models import Account
from competition.core.config import Settings
from competition.core.crypto import blind_index
from competition.core.database import db, find
from competition.operations.catalogue import write_text

LIST = "erasures.json"
Again = Callable[[uuid.UUID, datetime], bool]
AGAIN: list[Again] = []
log = structlog.get_logger()


def do_again(again: Again) -> None:
    """Hang up what erases an account once more and says whether there was anything to erase."""
    AGAIN[:] = [again]


def note(settings: Settings) -> int:
    """Write down everybody who was erased so far, those too that only the list knows any more; returns how many."""
    known = listed(settings.backup_folder)
    rows = db.session.execute(select(Account.id, Account.erased_at).where(Account.erased_at.is_not(None)))
    known.update((account_id, at.isoformat()) for account_id, at in rows if at is not None)
    lines = [{"account": str(key), "at": at, "seal": _seal(str(key), at)} for key, at in sorted(known.items())]
    if lines:
        settings.backup_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_text(settings.backup_folder / LIST, json.dumps(lines, indent=1))
    return len(lines)


def note_quietly(settings: Settings) -> None:
    """The same after an act that stands whatever becomes of the list; the next backup writes it."""
    try:
        note(settings)
    except OSError as error:
        log.error("erasures not listed", error=type(error).__name__)


def listed(folder: Path) -> dict[uuid.UUID, str]:
    """Who is on the list of this folder, and when it was; lines that another installation or nobody sealed are left out."""
    found: dict[uuid.UUID, str] = {}
    with suppress(OSError, ValueError, TypeError):
        for line in json.loads((folder / LIST).read_text(encoding="utf-8")):
            with suppress(KeyError, ValueError, TypeError):
                if hmac.compare_digest(str(line["seal"]), _seal(str(line["account"]), str(line["at"]))):
                    found[uuid.UUID(line["account"])] = str(line["at"])
    return found


def _seal(account: str, at: str) -> str:
    return blind_index("erasure", f"{account}|{at}")


def apply(settings: Settings, *beside: Path, at: datetime) -> int:
    """Erase once more whoever is on the list (of the backups' folder, or of one ``beside``) and stands whole in the database,
    because a backup brought him back; returns how many."""
    wanted = {key for folder in (settings.backup_folder, *beside) for key in listed(folder)}
    whole = [key for key in sorted(wanted) if (account := find(Account, id=key)) is not None and account.erased_at is None]
    done = sum(again(key, at) for again in AGAIN for key in whole)
    note(settings)
    return done
