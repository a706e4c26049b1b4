"""Check what holds between rows: ids that came twice, and rows that point to nobody."""

from collections.abc import Callable

import polars as pl

from data.facts.schema import TABLES

__all__ = ["orphans", "repeated", "required_references"]


def required_references(table: str) -> dict[str, str]:
    """Give the columns that must name a known row, and the table of it.

    An optional reference may name a facility that nobody has described yet: a scan is never refused for that.
    """
    optional = {column.name for column in TABLES[table].columns if column.nullable}
    return {column: parent for column, parent in TABLES[table].references.items() if column not in optional}


def repeated(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Give a breach for every row whose id came before in the frame; rows without an id are not looked at."""
    key = TABLES[table].key
    again = frame.select(pl.int_range(pl.len(), dtype=pl.Int64()).alias("row"), pl.col(key)).filter(pl.col(key).is_not_null())
    again = again.filter(~pl.col(key).is_first_distinct())
    return again.select("row", pl.lit(key).alias("column"), pl.col(key).alias("value"), pl.lit("duplicate").alias("rule"))


def orphans(table: str, frame: pl.DataFrame, known: Callable[[str], pl.Series], *, optional: bool = False) -> pl.DataFrame:
    """Give a breach for every reference to an id that ``known(parent table)`` does not hold.

    With ``optional`` the optional references are looked at instead of the required ones.
    """
    required = required_references(table)
    looked_at = {c: p for c, p in TABLES[table].references.items() if (c not in required) == optional}
    found = [pl.DataFrame(schema={"row": pl.Int64(), "column": pl.String(), "value": pl.String(), "rule": pl.String()})]
    for column, parent in looked_at.items():
        rows = frame.select(pl.int_range(pl.len(), dtype=pl.Int64()).alias("row"), pl.col(column).alias("value")).drop_nulls("value")
        lost = rows.join(known(parent).to_frame("value"), on="value", how="anti", maintain_order="left")
        found.append(lost.select("row", pl.lit(column).alias("column"), "value", pl.lit("reference").alias("rule")))
    return pl.concat(found)
