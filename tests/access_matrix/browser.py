"""A credential at the application's door, and the statements that its request made in the database."""

import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.test import Client, TestResponse

from competition.core.clock import now
from competition.core.counting import STORE
from competition.core.database import db
from tests.writes import written


@dataclass
class Door:
    """The application on its world: asks as somebody, notes which tables were written, puts the world back."""

    app: Flask
    kept: Path
    written: list[str] = field(default_factory=list)

    @property
    def file(self) -> Path:
        return Path(self.app.extensions["settings"].instance) / "test.db"

    def keep(self) -> None:
        """The world as it is now is the one to come back to."""
        with self.app.app_context():
            db.session.remove()
            with db.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            db.engine.dispose()
        shutil.copy(self.file, self.kept)
        self._link(self.files, self.kept.with_suffix(".files"))

    def restore(self) -> None:
        """Back to the world that was kept."""
        with self.app.app_context():
            db.engine.dispose()
        for left in self.file.parent.glob("test.db-*"):
            left.unlink()
        shutil.copy(self.kept, self.file)
        self._link(self.kept.with_suffix(".files"), self.files)

    @property
    def files(self) -> Path:
        return self.file.parent / "files"

    @staticmethod
    def _link(source: Path, target: Path) -> None:
        """What lies in one folder lies in the other too: what an act dropped is there again."""
        for path in source.rglob("*"):
            there = target / path.relative_to(source)
            if path.is_file() and not there.exists():
                there.parent.mkdir(parents=True, exist_ok=True)
                os.link(path, there)

    def ask(self, method: str, path: str, *, session: str | None = None, device: str | None = None, **more: Any) -> TestResponse:
        """One request of a fresh browser with this credential; ``written`` then says what it wrote."""
        self.app.extensions[STORE].reset()
        headers = ({"Authorization": device} if device else {}) | more.pop("headers", {})
        if session:
            headers["Cookie"] = f"{self.app.config['SESSION_COOKIE_NAME']}={self.cookie(session)}"
        client = Client(self.app, TestResponse, use_cookies=False)
        with written() as self.written:
            return client.open(path, method=method, headers=headers, **more)

    def cookie(self, token: str) -> str:
        """The signed cookie of a sign-in."""
        signer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
        return str(signer.dumps({"_user_id": token, "_fresh": True, "seen": int(now().timestamp())}))
