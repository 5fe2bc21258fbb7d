"""Is the backup key kept somewhere else too? A sealed backup without its key is worth nothing."""

import json
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from competition.core import audit
from competition.core.actors import Actor
from competition.core.config import Settings
from competition.core.database import atomic
from competition.operations.catalogue import write_text
from competition.operations.sealing import Keys

KEPT = "key-kept.json"


def key_name(keys: Keys) -> str:
    """The public half: it may be shown, and tells keys apart."""
    return keys.public


def _path(settings: Settings) -> Path:
    return settings.backup_folder / KEPT


def who_keeps(settings: Settings, keys: Keys | None) -> dict[str, Any] | None:
    """Who said when that the present key is kept elsewhere; None when nobody did."""
    with suppress(OSError, ValueError, TypeError, KeyError):
        said = json.loads(_path(settings).read_text(encoding="utf-8"))
        if keys is not None and said["key"] == key_name(keys):
            return {"at": datetime.fromisoformat(said["at"]), "who": str(said["who"]), "where": str(said["where"])}
    return None


def note_kept(settings: Settings, keys: Keys, *, where: str, actor: Actor, at: datetime) -> None:
    """Somebody says that the backup key and the field keys are kept elsewhere, and where."""
    with atomic():
        audit.record("operations.key_kept", actor=actor, subject=("backup_key", key_name(keys)), at=at, details={"where": where})
        said = {"key": key_name(keys), "at": at.isoformat(), "who": actor.name, "where": where}
        settings.backup_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_text(_path(settings), json.dumps(said, ensure_ascii=False))
