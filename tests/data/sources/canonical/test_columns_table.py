"""The documentation of the canonical folder is the schema itself."""

from pathlib import Path

from data.facts.schema import TABLES
from data.sources.canonical.columns_table import columns_table, describe

README = Path(__file__).parents[4] / "data" / "sources" / "README.md"


def test_every_column_is_described():
    """Each column of each table is described once, with attributes where they are allowed."""
    described = [(d.table, d.column) for d in describe() if d.column != "attr_…"]

    assert described == [(name, column.name) for name, table in TABLES.items() for column in table.columns]
    assert [d.table for d in describe() if d.column == "attr_…"] == ["orders", "shipments"]


def test_the_readme_is_up_to_date():
    """The table in the README is the one that `doorcast data columns --markdown` prints."""

    assert columns_table() in README.read_text(encoding="utf-8")
