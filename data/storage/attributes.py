"""Keep the user's own columns: declared once by name and kind, stored as one JSON object in each row."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

import orjson
import polars as pl
import sqlalchemy as sa
from sqlalchemy import Connection

from data.domain.errors import InvalidTable
from data.facts.facts import Facts
from data.facts.schema import ATTRIBUTE_PREFIX, WITH_ATTRIBUTES, attribute_columns
from data.storage.engine import canonical_json
from data.storage.keep import upsert
from data.storage.tables import DECLARATIONS
from data.storage.text import storable

__all__ = ["Declared", "Kind", "attribute_frame", "attribute_json", "declare_attributes", "declared"]


class Kind(StrEnum):
    """Say what an attribute holds."""

    NUMBER = "number"
    WHOLE = "whole"
    FLAG = "flag"
    TEXT = "text"


Declared = Mapping[str, Kind]
"""Kinds of the attributes of one table, by name without ``attr_``."""

DTYPES: dict[Kind, pl.DataType] = {Kind.NUMBER: pl.Float64(), Kind.WHOLE: pl.Int64(), Kind.FLAG: pl.Boolean(), Kind.TEXT: pl.String()}


def kind_of(table: str, name: str, dtype: pl.DataType) -> Kind | None:
    """Give the kind of a polars column; ``None`` for a column of nothing but nulls, which declares nothing."""
    if dtype == pl.Null():
        return None
    if dtype == pl.Boolean():
        return Kind.FLAG
    if dtype.is_integer():
        return Kind.WHOLE
    if dtype.is_float():
        return Kind.NUMBER
    if dtype == pl.String() or isinstance(dtype, pl.Categorical | pl.Enum):
        return Kind.TEXT
    raise InvalidTable(f"table {table}: attribute {name} is of type {dtype}; attributes are numbers, flags or text.")


def declared(connection: Connection) -> dict[str, dict[str, Kind]]:
    """Give the declared attributes of every table that may carry some."""
    kinds: dict[str, dict[str, Kind]] = {table: {} for table in sorted(WITH_ATTRIBUTES)}
    for table, name, kind in connection.execute(sa.select(DECLARATIONS).order_by(DECLARATIONS.c.table_name, DECLARATIONS.c.name)):
        kinds[table][name] = Kind(kind)
    return kinds


def declare_attributes(connection: Connection, facts: Facts) -> None:
    """Declare the attributes that facts bring; whole numbers may widen to numbers, nothing else changes kind.

    Raises `InvalidTable` when an attribute is already declared with another kind; then nothing is declared.
    """
    known = declared(connection)
    news = []
    for table, kinds in known.items():
        frame: pl.DataFrame = getattr(facts, table)
        for column in attribute_columns(frame):
            name, kind = column.removeprefix(ATTRIBUTE_PREFIX), kind_of(table, column, frame.schema[column])
            old = kinds.get(name)
            if kind is None or old is kind or (old is Kind.NUMBER and kind is Kind.WHOLE):
                continue
            if old is not None and (old, kind) != (Kind.WHOLE, Kind.NUMBER):
                raise InvalidTable(f"table {table}: attribute {column} is declared as {old}, but now holds {kind}; give it another name.")
            news.append({"table_name": table, "name": storable("attribute", name), "kind": kind.value})
    upsert(connection, DECLARATIONS, news)


def attribute_json(frame: pl.DataFrame) -> list[str]:
    """Give the attributes of each row of a frame as canonical JSON, nulls left out."""
    columns = attribute_columns(frame)
    if not columns:
        return ["{}"] * frame.height
    names = [column.removeprefix(ATTRIBUTE_PREFIX) for column in columns]
    rows = frame.select(columns).iter_rows()
    return [canonical_json({name: value for name, value in zip(names, row, strict=True) if value is not None}) for row in rows]


def attribute_frame(texts: Sequence[str], kinds: Declared) -> pl.DataFrame:
    """Give the attributes as typed columns ``attr_…``, one for each declared name; the inverse of `attribute_json`."""
    rows = [orjson.loads(text) for text in texts]
    columns = {}
    for name in sorted(kinds):
        values = [row.get(name) for row in rows]
        if kinds[name] is Kind.NUMBER:  # written as a whole number before the attribute widened
            values = [value if value is None else float(value) for value in values]
        columns[f"{ATTRIBUTE_PREFIX}{name}"] = pl.Series(values, dtype=DTYPES[kinds[name]])
    return pl.DataFrame(columns)
