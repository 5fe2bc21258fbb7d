"""The database: one session, one transaction per act, nothing written outside of it.

SQLite is opened so that what was answered survives a power cut: WAL with ``synchronous=FULL``,
foreign keys, a busy time-out, and ``BEGIN IMMEDIATE`` for every transaction that writes (a
deferred one that reads first and writes later fails at once under WAL, whatever the time-out).
"""

import json
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from types import ModuleType
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from flask import Flask, current_app, g
from flask_babel import lazy_gettext as _
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, DateTime, Dialect, Engine, MetaData, Uuid, event, select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import DeclarativeBase, Mapped, ORMExecuteState, Session, mapped_column, registry
from sqlalchemy.types import TypeDecorator

from competition.core import guard
from competition.core.config import ROOT, Settings
from competition.core.errors import Moved, NotFound, ShownOnly
from competition.core.guard import UnauditedChange as UnauditedChange
from competition.core.guard import WriteOutsideAtomic as WriteOutsideAtomic
from competition.core.turns import turn

try:
    import pysqlite3.dbapi2 as _bundled

    SQLITE: ModuleType = _bundled
except ImportError:
    SQLITE = sqlite3

# Below this two processes can corrupt a WAL database when a checkpoint meets a commit.
SQLITE_FLOOR = (3, 51, 3)
BUSY_MS = 10_000


class UtcDateTime(TypeDecorator[datetime]):
    """Instants: aware in Python, UTC in the database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant without a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """All tables. A change of any needs an audit row in the same transaction, unless the model says
    in ``__unaudited__`` why it does not."""

    __unaudited__: ClassVar[str | None] = None
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    registry = registry(
        metadata=metadata,
        type_annotation_map={
            datetime: UtcDateTime(),
            uuid.UUID: Uuid(),
            dict[str, Any]: JSON(),
            list[str]: JSON(),
            list[dict[str, Any]]: JSON(),
        },
    )


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})
migrate = Migrate(directory=str(ROOT / "competition" / "migrations"), render_as_batch=True, compare_type=True)

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


class ReadyJson(str):
    """The text for a JSON column, made before the lock: stored as it is. For bulk inserts only, since an object
    would go on holding the text instead of what it says."""

    __slots__ = ()

    @classmethod
    def of(cls, value: Any) -> "ReadyJson":
        """The text of plain data."""
        return cls(json.dumps(value, ensure_ascii=False))


def _to_json(value: Any) -> str:
    return value if isinstance(value, ReadyJson) else json.dumps(value)


class WithId:
    """A random key: it travels, is blind and may be public."""

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)


def engine_options(settings: Settings) -> dict[str, Any]:
    """What ``create_engine`` is given for this database. Errors quote no values: they can be personal."""
    if settings.is_sqlite:
        return {"json_serializer": _to_json, "module": SQLITE, "connect_args": {"timeout": BUSY_MS / 1000}, "hide_parameters": True}
    return {"json_serializer": _to_json, "pool_pre_ping": True, "hide_parameters": True}


def _on_connect(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    # The time-out comes first: switching to WAL needs a lock of its own.
    cursor.execute(f"PRAGMA busy_timeout={BUSY_MS}")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    # Random keys touch pages all over an index: 2 MB of cache, the default, would write them twice.
    cursor.execute("PRAGMA cache_size=-65536")
    cursor.execute("PRAGMA temp_store=MEMORY")
    mode, level = (cursor.execute(f"PRAGMA {p}").fetchone()[0] for p in ("journal_mode", "synchronous"))
    cursor.close()
    if (mode, level) not in (("wal", 2), ("memory", 2)):
        raise RuntimeError(f"SQLite is not durable here: journal_mode={mode}, synchronous={level}")


def _on_begin(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def init_database(app: Flask, settings: Settings) -> None:
    """Bind the database to the application and hang the guards on it."""
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(settings)
    db.init_app(app)
    migrate.init_app(app, db)
    with app.app_context():
        if settings.is_sqlite:
            listen_sqlite(db.engine)
        guard.listen(db.engine, KnownTables())


class KnownTables(dict[str, guard.Known]):
    """Our tables by name, read from the models when a name is asked for that is not known yet."""

    def __contains__(self, name: object) -> bool:
        if not super().__contains__(name):
            for mapper in Base.registry.mappers:
                model = mapper.class_
                self[model.__tablename__] = guard.Known(model.__name__, model.__unaudited__ is None)
        return super().__contains__(name)


def listen_sqlite(engine: Engine) -> None:
    """Durable pragmas on every connection, our own BEGIN on every transaction."""
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)


@contextmanager
def atomic() -> Iterator[Session]:
    """One act, one transaction. An inner call joins the outer one.

    What was read before is read again: the rule is checked under the lock, not on an old copy.
    """
    if g.get("shown_only"):
        raise ShownOnly(_("还没有提交。请核对后再提交。"))
    session = db.session()
    if session.info.get("atomic"):
        yield session
        return
    if session.in_transaction():
        session.rollback()
    callbacks: list[Callable[[], None]] = []
    with _turn_to_write():
        session.info.update(atomic=True, after_commit=callbacks)
        try:
            connection = session.connection(execution_options={"immediate": True})
            yield session
            session.flush()
            guard.check(connection)
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info["atomic"] = False
    for callback in callbacks:
        callback()


def _turn_to_write() -> AbstractContextManager[None]:
    """On SQLite one writes at a time, and who has to wait asks again after ever longer pauses, in no order. So the processes of a
    machine queue before they ask, and the kernel wakes the next at once. What keeps writers apart still is SQLite's lock."""
    settings: Settings = current_app.extensions["settings"]
    return turn(settings.instance / "turns", "write", 1) if settings.is_sqlite else nullcontext()


Result = TypeVar("Result")
TRIES = 4


def prepared(prepare: Callable[[], Callable[[], Result]]) -> Result:
    """Do what is heavy before the lock: ``prepare`` reads and computes, writes nothing, and gives the act.

    The act runs in one ``atomic()``. It first asks whether what was read still holds, and raises
    :class:`Moved` when it does not: then all is prepared anew, a few times. Inside an act that is already
    under way there is no "before", and both are done where they stand.
    """
    session = db.session()
    if session.info.get("atomic"):
        return prepare()()
    for _again in range(TRIES - 1):
        try:
            return _prepare_and_act(session, prepare)
        except Moved:
            continue
    return _prepare_and_act(session, prepare)


def _prepare_and_act(session: Session, prepare: Callable[[], Callable[[], Result]]) -> Result:
    # Nothing that was loaded earlier may pass for what is read now.
    session.rollback()
    act = prepare()
    with atomic():
        return act()


def after_commit(callback: Callable[[], None]) -> None:
    """Run ``callback`` once the surrounding ``atomic()`` has committed; never when it has not."""
    db.session().info["after_commit"].append(callback)


def _inside(session: Session, changed: type[Any] | None) -> None:
    # The guard of the statements would see it too; here the trace still shows who did it.
    if not session.info.get("atomic"):
        raise WriteOutsideAtomic(f"{changed.__name__ if changed else 'a table'} changed outside of atomic()")


@event.listens_for(Session, "before_flush")
def _guard_flush(session: Session, _context: object, _instances: object) -> None:
    for thing in [*session.new, *session.deleted, *(o for o in session.dirty if session.is_modified(o))]:
        _inside(session, type(thing))


@event.listens_for(Session, "do_orm_execute")
def _guard_bulk(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        mapper = state.bind_mapper
        _inside(state.session, mapper.class_ if mapper else None)


T = TypeVar("T", bound=Base)
# How a row is held until the commit: against others who hold or change it, not against rows that only name it. The database
# holds the row for a moment for each of those, and two acts would wait for each other for nothing.
HOLD: dict[str, Any] = {"key_share": True}


def get(model: type[T], key: Any, *, lock: bool = False) -> T:
    """The row, or :class:`NotFound`. With ``lock`` it is read again and held until the commit."""
    found = db.session.get(model, key, with_for_update=HOLD if lock else None, populate_existing=lock) if key else None
    if found is None:
        raise NotFound(_("没有找到这条记录，它可能已被移走，或您无权查看。"))
    return found


def find(model: type[T], **values: Any) -> T | None:
    """The one row with these values, or None."""
    return db.session.scalars(select(model).filter_by(**values)).one_or_none()
