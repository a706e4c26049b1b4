"""Describe the columns of the canonical folder in words, from the schema itself."""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from data.facts.references import required_references
from data.facts.schema import INSTANT, TABLES, WITH_ATTRIBUTES, Column

__all__ = ["Described", "columns_table", "describe"]


@dataclass(frozen=True, slots=True)
class Described:
    """Say of one column what a file must hold."""

    table: str
    column: str
    holds: str
    required: bool
    meaning: str


def describe() -> Iterator[Described]:
    """Give every canonical column, tables in the order of import; the attributes of a user come last in their table."""
    for name, table in TABLES.items():
        for column in table.columns:
            yield Described(name, column.name, _holds(column), not column.nullable, _meaning(name, column))
        if name in WITH_ATTRIBUTES:
            yield Described(name, "attr_…", "number or text", False, "any column of your own, known from the creation of the row on")


def columns_table() -> str:
    """Give one Markdown table of all columns; it stands in data/sources/README.md, and a test compares."""
    lines = ["| table | column | holds | needed | meaning |", "|---|---|---|---|---|"]
    lines += [f"| {d.table} | {d.column} | {d.holds} | {'yes' if d.required else ''} | {d.meaning} |" for d in describe()]
    return "\n".join(lines)


def _holds(column: Column) -> str:
    if column.choices is not None:
        return "one of: " + ", ".join(sorted(column.choices))
    if column.dtype == INSTANT:
        return "time with offset"
    if column.dtype == pl.Boolean():
        return "true or false"
    if column.dtype in {pl.Float64(), pl.Int64()}:
        kind = "whole number" if column.dtype == pl.Int64() else "number"
        return f"{kind} {column.low:,.0f} … {column.high:,.0f}" if column.low is not None and column.high is not None else kind
    return "text"


def _meaning(table: str, column: Column) -> str:
    parts = [column.meaning] if column.meaning else []
    if column.name == TABLES[table].key:
        parts.append("the id; unique")
    if parent := TABLES[table].references.get(column.name):
        parts.append(f"{'a row of' if column.name in required_references(table) else 'usually a row of'} {parent}")
    return "; ".join(parts)
