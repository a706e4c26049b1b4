"""Migrations lead to exactly the tables that the program knows."""

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from polars.testing import assert_frame_equal

from data.domain.errors import InvalidFact
from data.facts.facts import Facts
from data.facts.schema import TABLES
from data.storage.columns import to_rows
from data.storage.engine import open_engines
from data.storage.migrate import migrate, migrations
from data.storage.store import open_store
from data.storage.tables import APPEND_ONLY, METADATA
from tests.data.storage.known_facts import known_facts

WEATHER = ("weather_observations", "weather_forecasts")


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


def test_weather_of_an_old_database_is_kept_and_can_be_completed(empty_url: str) -> None:
    """Rows stored before there was humidity come through unchanged, with the new columns unknown; new rows fill them, old ones are still recognised."""
    facts = known_facts()
    new = ("humidity_percent", "pressure_hpa", "wind_gust_kph", "wind_direction_deg")
    old = replace(facts, **{name: getattr(facts, name).with_columns(pl.lit(None, pl.Float64()).alias(c) for c in new) for name in WEATHER})
    engines = open_engines(empty_url)
    with engines.writer.begin() as connection:
        config = migrations()
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        for table in ("facilities", *WEATHER):
            there = sa.Table(table, sa.MetaData(), autoload_with=connection)
            assert not set(new) & set(there.c.keys())
            rows = [dict(zip(TABLES[table].schema, row, strict=True)) for row in to_rows(table, getattr(old, table))]
            connection.execute(sa.insert(there), [{column.name: row[column.name] for column in there.c} for row in rows])
    engines.dispose()

    with open_store(empty_url) as store:
        read = store.facts.read()
        again = store.facts.add(old, source="test")
        later = facts.weather_observations.with_columns(observation_id="later-" + pl.col("observation_id"))
        completed = store.facts.add(Facts.of({"weather_observations": later}), source="test")
        humid = store.facts.read().weather_observations.filter(pl.col("observation_id") == "later-W1")["humidity_percent"].item()

    for table in WEATHER:
        key = TABLES[table].key
        assert_frame_equal(getattr(read, table).sort(key), getattr(old, table).sort(key), check_exact=True)
    assert [again.tables[table].unchanged for table in WEATHER] == [3, 1]
    assert (completed.tables["weather_observations"].new, humid) == (3, 81.25)


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
