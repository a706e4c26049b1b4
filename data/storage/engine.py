"""Open connections by the rules of each engine.

SQLite: WAL, ``synchronous=FULL``, one writing connection that also checkpoints; every other connection is ``query_only`` and
never checkpoints. PostgreSQL needs no such rules.
"""

import sqlite3
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import ArgumentError

from data.domain.errors import InvalidFact, Unavailable
from data.storage.turnstile import Turnstile

__all__ = ["Engines", "canonical_json", "open_engines"]

PATIENCE_SECONDS = 60.0
"""How long a writer waits for another process; one slice of a bulk import takes about 2 s."""

WRITER_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "wal_autocheckpoint=1000",
    "journal_size_limit=67108864",
    "cache_size=-131072",
    "temp_store=MEMORY",
)
READER_PRAGMAS = ("query_only=ON", "wal_autocheckpoint=0", "cache_size=-16384", "temp_store=MEMORY")


@dataclass(frozen=True, slots=True)
class Engines:
    """Hold the two doors of one database. ``turnstile`` is ``None`` where the engine itself orders its writers."""

    writer: sa.Engine
    reader: sa.Engine
    turnstile: Turnstile | None

    @property
    def address(self) -> str:
        """Name the database for messages, without its password."""
        return self.writer.url.render_as_string(hide_password=True)

    def turn(self) -> AbstractContextManager[None]:
        """Wait for the right to write."""
        return self.turnstile.entered() if self.turnstile else nullcontext()

    def dispose(self) -> None:
        """Close every connection."""
        self.reader.dispose()
        if self.writer is not self.reader:
            self.writer.dispose()


def canonical_json(value: object) -> str:
    """Give the one JSON text of a value: keys sorted, no spaces. Callers have refused what is not finite."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def open_engines(url: str) -> Engines:
    """Open ``sqlite:///file`` or ``postgresql+psycopg://…``; raises `InvalidFact` for any other address."""
    try:
        address = sa.make_url(url)
    except (ArgumentError, ValueError) as error:
        raise InvalidFact("the database address cannot be read; use sqlite:///file or postgresql+psycopg://user@host/name.") from error
    if address.drivername in {"sqlite", "sqlite+pysqlite"}:
        if not address.database or address.database == ":memory:":
            raise InvalidFact("a store needs a file, because several connections share it; use sqlite:///file.")
        return _sqlite(Path(address.database))
    if address.drivername == "postgresql+psycopg":
        return _postgresql(address)
    raise InvalidFact(f"databases of kind {address.drivername!r} are not supported; use sqlite:///file or postgresql+psycopg://….")


def _sqlite(path: Path) -> Engines:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(f"the folder {path.parent} of the database cannot be made: {error}.") from error
    address = sa.URL.create("sqlite+pysqlite", database=str(path))
    # isolation_level None: the sqlite3 module begins nothing by itself; the "begin" events below do.
    arguments = {"timeout": PATIENCE_SECONDS, "isolation_level": None, "check_same_thread": False}
    json = {"json_serializer": canonical_json, "json_deserializer": orjson.loads}
    writer = sa.create_engine(address, connect_args=arguments, pool_size=1, max_overflow=0, **json)
    reader = sa.create_engine(address, connect_args=arguments, pool_size=8, max_overflow=56, **json)
    _prepare(writer, WRITER_PRAGMAS, "BEGIN IMMEDIATE")
    _prepare(reader, READER_PRAGMAS, "BEGIN")
    return Engines(writer, reader, Turnstile(path, patience_seconds=PATIENCE_SECONDS))


def _prepare(engine: sa.Engine, pragmas: tuple[str, ...], begin: str) -> None:
    def on_connect(connection: sqlite3.Connection, _record: Any) -> None:
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}").close()

    def on_begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", on_begin)


def _postgresql(address: sa.URL) -> Engines:
    engine = sa.create_engine(
        address,
        pool_pre_ping=True,
        pool_size=8,
        max_overflow=56,
        json_serializer=canonical_json,
        json_deserializer=orjson.loads,
    )
    return Engines(engine, engine, None)
