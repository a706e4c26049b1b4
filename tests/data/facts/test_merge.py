"""Facts of several sources become one."""

from datetime import UTC, datetime

import polars as pl

from data.facts.facts import Facts
from data.facts.merge import merge

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)


def orders(*ids: str, merchant: str | None = None, **attributes: object) -> Facts:
    rows = [{"order_id": i, "ordered_at": AT, "merchant": merchant, **attributes} for i in ids]
    return Facts.of({"orders": pl.DataFrame(rows, schema_overrides={"merchant": pl.String()})})


def test_the_first_part_wins():
    """A key known to two parts keeps the row of the first."""
    merged = merge(orders("A", merchant="first"), orders("A", "B", merchant="second"))

    assert merged.orders.select("order_id", "merchant").rows() == [("A", "first"), ("B", "second")]


def test_attributes_are_united():
    """A part without a declared attribute has nulls in it."""
    merged = merge(orders("A", attr_weight=2.0), orders("B", attr_vehicle="van"))

    assert merged.orders.select("attr_vehicle", "attr_weight").rows() == [(None, 2.0), ("van", None)]


def test_merging_nothing_new_changes_nothing():
    """Facts merged with themselves are themselves."""
    facts = orders("A", "B", attr_weight=2.0)

    assert merge(facts, facts).orders.equals(facts.orders)
