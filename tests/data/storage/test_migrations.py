"""Migrations lead to exactly the tables that the program knows."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from data.domain.errors import InvalidFact
from data.storage.engine import open_engines
from data.storage.migrate import migrate, migrations
from data.storage.store import open_store
from data.storage.tables import APPEND_ONLY, METADATA
from tests.data.storage.known_facts import known_facts


def test_the_migrated_schema_is_the_metadata(empty_url: str) -> None:
    """Alembic finds no difference of tables, columns, types, indexes or keys after the migrations have run."""
    open_store(empty_url).close()

    engines = open_engines(empty_url)
    with engines.reader.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, METADATA)
        tables = set(sa.inspect(connection).get_table_names())
    engines.dispose()

    assert differences == []
    assert tables == {*METADATA.tables, "alembic_version"}


def test_column_definitions_are_equal_to_the_letter(tmp_path: Path) -> None:
    """SQLite's own account of each table is the same whether migrations or the metadata made it."""
    open_store(f"sqlite:///{tmp_path / 'migrated.sqlite3'}").close()
    made = sa.create_engine(f"sqlite:///{tmp_path / 'made.sqlite3'}")
    METADATA.create_all(made)

    accounts = []
    for engine in (made, sa.create_engine(f"sqlite:///{tmp_path / 'migrated.sqlite3'}")):
        with engine.connect() as connection:
            accounts.append({name: list(connection.exec_driver_sql(f"PRAGMA table_info({name})")) for name in METADATA.tables})
        engine.dispose()

    assert accounts[0] == accounts[1]


def test_opening_again_keeps_everything(url: str) -> None:
    """A second opening finds nothing to migrate and all rows where they were."""
    with open_store(url) as store:
        store.facts.add(known_facts(), source="test")
        counts = store.counts()

    with open_store(url) as store:
        assert store.counts() == counts


def test_a_newer_schema_is_refused(sqlite_url: str) -> None:
    """A database that a newer program has migrated is left alone, with a clear message."""
    open_store(sqlite_url).close()
    engines = open_engines(sqlite_url)
    with engines.writer.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engines.dispose()

    with pytest.raises(InvalidFact, match="9999"):
        open_store(sqlite_url)


def test_down_and_up_again(empty_url: str) -> None:
    """Every migration can be taken back, guards included, and run again."""
    open_store(empty_url).close()
    engines = open_engines(empty_url)
    config = migrations()

    with engines.writer.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        left = set(sa.inspect(connection).get_table_names())
        migrated = migrate(connection)
    engines.dispose()

    assert left == {"alembic_version"}
    assert migrated
    with open_store(empty_url) as store:
        store.facts.add(known_facts(), source="test")
        assert set(APPEND_ONLY) <= set(store.counts())


def test_migrations_do_not_read_the_tables_of_today() -> None:
    """History is written out: a migration that imported tables.py would change when the program does."""
    folder = Path(str(migrations().get_main_option("script_location"))) / "versions"

    for path in sorted(folder.glob("v*.py")):
        assert "storage.tables" not in path.read_text()
        assert "facts.schema" not in path.read_text()


def test_tables_of_another_program_are_left_alone(sqlite_url: str) -> None:
    """A database with our names and without our schema is no database of ours."""
    engines = open_engines(sqlite_url)
    with engines.writer.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE orders (x INTEGER)")
    engines.dispose()

    with pytest.raises(InvalidFact, match=r"orders.* of another program"):
        open_store(sqlite_url)


@pytest.mark.parametrize("url", ["postgresql+psycopg://u:p@host:abc/x", "no address", "foo://"])
def test_an_address_that_cannot_be_read_is_told_without_its_password(url: str) -> None:
    """The kinds of addresses that are known are named."""
    with pytest.raises(InvalidFact, match="use sqlite:///file") as refused:
        open_store(url)

    assert "u:p" not in str(refused.value)
