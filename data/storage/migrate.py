"""Bring a database to the newest schema, with the migrations that are packaged beside this file."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from data.domain.errors import InvalidFact
from data.storage.tables import METADATA

__all__ = ["migrate", "migrations"]


def migrations() -> Config:
    """Give the Alembic configuration of this store; it names the folder of migrations and no database."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def migrate(connection: Connection) -> bool:
    """Run the missing migrations inside the caller's transaction; give whether there were any.

    Raises `InvalidFact` for a database whose schema is newer than this program, or that holds tables of our names and no schema of ours.
    """
    config = migrations()
    scripts = ScriptDirectory.from_config(config)
    head = scripts.get_current_head()
    current = MigrationContext.configure(connection).get_current_revision()
    if current == head:
        return False
    if current is not None and current not in {script.revision for script in scripts.walk_revisions()}:
        raise InvalidFact(f"the database has schema {current!r}, which this program ({head!r}) does not know; use a newer Doorcast.")
    if current is None and (strange := sorted(set(sa.inspect(connection).get_table_names()) & set(METADATA.tables))):
        raise InvalidFact(f"the database holds tables {strange[:3]} of another program; give Doorcast a database of its own.")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    return True
