"""What is written as a canonical folder is read back as the same facts."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.domain.errors import InvalidTable
from data.facts.facts import Facts
from data.sources.canonical.read import read_folder
from data.sources.canonical.write import write_folder

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)

texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20)
"""Text that a table may hold: no control characters, no lone surrogates; commas, quotes and blanks welcome."""
instants = st.integers(0, 10**15).map(lambda micros: datetime(1990, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros))
orders = st.fixed_dictionaries(
    {
        "order_id": texts,
        "ordered_at": instants,
        "merchant": st.none() | texts,
        "attr_weight": st.none() | st.floats(allow_nan=False, allow_infinity=False),
        "attr_kind": st.none() | texts.map(lambda text: f"kind {text}"),
    }
)


folders = st.lists(orders, min_size=1, max_size=8, unique_by=lambda row: row["order_id"])


def there_and_back(rows, folder, format_):
    types = {"merchant": pl.String(), "attr_weight": pl.Float64(), "attr_kind": pl.String()}
    facts = Facts.of({"orders": pl.DataFrame(rows, schema_overrides=types)})
    write_folder(facts, folder, format=format_)
    read = read_folder(folder)
    empty = [name for name in ("attr_kind", "attr_weight") if facts.orders[name].null_count() == facts.orders.height]

    assert read.errors.is_empty()
    assert read.facts.orders.equals(facts.orders.drop(empty))


@settings(deadline=None, max_examples=60)
@given(rows=folders)
def test_facts_survive_csv(tmp_path_factory, rows):
    """Any valid orders, with any text, time and attribute, come back exactly from text."""
    there_and_back(rows, tmp_path_factory.mktemp("canonical"), "csv")


@settings(deadline=None, max_examples=8)
@given(rows=folders)
def test_facts_survive_parquet(tmp_path_factory, rows):
    """Any valid orders come back exactly from Parquet; few examples, each is tried in a child process first."""
    there_and_back(rows, tmp_path_factory.mktemp("canonical"), "parquet")


def test_writing_again_replaces_the_other_format(tmp_path):
    """A folder written in one format and then in the other holds each table once, and empty tables not at all."""
    facts = Facts.of({"orders": pl.DataFrame({"order_id": ["O1"], "ordered_at": [AT]})})
    write_folder(facts, tmp_path, format="csv")
    write_folder(facts, tmp_path, format="parquet")

    assert [path.name for path in tmp_path.iterdir()] == ["orders.parquet"]


def test_an_unknown_format_is_refused(tmp_path):
    """A format that is none of ours lists those that are."""
    with pytest.raises(InvalidTable, match="parquet, csv"):
        write_folder(Facts.of({}), tmp_path, format="xlsx")
