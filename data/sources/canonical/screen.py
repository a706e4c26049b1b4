"""Sift typed tables: good rows become facts, each broken one is told of and kept aside with everything that hangs on it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from data.facts.checks import BREACHES, ROW_RULES, SHOWN_CHARACTERS, breaches
from data.facts.facts import Facts, conform
from data.facts.references import orphans
from data.facts.schema import TABLES
from data.sources.canonical.row_errors import located, no_errors

__all__ = ["Counted", "Known", "Raw", "Screened", "nobody", "screen"]

Known = Callable[[str, Sequence[str]], frozenset[str]]
"""Say which of some ids of a table are known elsewhere, such as in the store."""


def nobody(table: str, ids: Sequence[str]) -> frozenset[str]:
    """Know no row besides those of the folder."""
    del table, ids
    return frozenset()


@dataclass(frozen=True, slots=True)
class Raw:
    """Hold one table before it is sifted.

    ``typed`` has canonical columns (missing nullable ones may be missing), ``source`` the same rows as they came, ``lines`` where they stand;
    ``unread`` are the breaches found while reading values.
    """

    file: str
    typed: pl.DataFrame
    source: pl.DataFrame
    lines: pl.Series
    unread: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Counted:
    """Count the rows of one table: read, good, folded into an equal row before, and refused."""

    rows: int
    good: int
    folded: int
    refused: int


@dataclass(frozen=True, slots=True)
class Screened:
    """Hold the good rows as facts, the errors (`ROW_ERRORS`), the refused rows as they came, and the counts of each table.

    ``refused`` maps a table to its rows as they came, with the line of each; ``unknown_optional`` counts references to
    facilities nobody described, which are no errors.
    """

    facts: Facts
    errors: pl.DataFrame
    refused: dict[str, pl.DataFrame]
    counts: dict[str, Counted]
    unknown_optional: dict[str, int]


def screen(tables: Mapping[str, Raw], known: Known = nobody) -> Screened:
    """Sift all tables, parents before children: a row whose required parent is missing or was refused is refused, too."""
    good: dict[str, pl.DataFrame] = {}
    errors, refused, counts, vague = [no_errors()], {}, {}, {}
    ids: dict[str, pl.Series] = {name: pl.Series(table.key, [], dtype=pl.String()) for name, table in TABLES.items()}
    for name in TABLES:
        if name not in tables:
            continue
        raw = tables[name]
        typed = conform(name, raw.typed)
        found = _value_breaches(name, typed, raw.unread)
        found = pl.concat([found, _orphans(name, typed, ids, known)])
        standing = _without(typed.with_row_index("\x00row"), found)
        standing, again, folded = _one_for_each_id(name, standing)
        found = pl.concat([found, again])
        rows = found["row"].unique().sort()
        errors.append(located(_as_it_came(found, raw.source).sort("row", maintain_order=True), raw.lines, table=name, file=raw.file))
        if len(rows):
            refused[name] = raw.source[rows.to_list()]
        good[name] = standing.drop("\x00row")
        ids[name] = good[name][TABLES[name].key]
        counts[name] = Counted(typed.height, standing.height, folded, len(rows))
        vague[name] = orphans(name, good[name], lambda parent: ids[parent], optional=True).height
    return Screened(Facts.of(good), pl.concat(errors), refused, counts, {name: count for name, count in vague.items() if count})


def _value_breaches(table: str, typed: pl.DataFrame, unread: pl.DataFrame) -> pl.DataFrame:
    """Give all breaches of values and rows; what follows only from a value that could not be read is not told of."""
    found = breaches(table, typed)
    if unread.is_empty():
        return found
    alone = found.filter(~(pl.col("rule").is_in(ROW_RULES) & pl.col("row").is_in(unread["row"].implode())))
    return pl.concat([unread, alone.join(unread, on=["row", "column"], how="anti", maintain_order="left")])


def _as_it_came(found: pl.DataFrame, source: pl.DataFrame) -> pl.DataFrame:
    """Show each refused value as it stands in the file, not as it was understood."""
    parts = [
        part.with_columns(source[column].gather(part["row"]).cast(pl.String()).str.slice(0, SHOWN_CHARACTERS).alias("value"))
        for (column,), part in found.group_by("column", maintain_order=True)
        if isinstance(column, str) and column in source.columns
    ]
    return pl.concat([*parts, found.filter(~pl.col("column").is_in(source.columns))])


def _orphans(table: str, typed: pl.DataFrame, ids: Mapping[str, pl.Series], known: Known) -> pl.DataFrame:
    lost = orphans(table, typed, lambda parent: ids[parent])
    if lost.is_empty():
        return lost
    parents = TABLES[table].references
    elsewhere = [
        pl.DataFrame(
            {"column": column, "value": sorted(known(parents[column], part["value"].unique().to_list()))},
            schema={"column": pl.String(), "value": pl.String()},
        )
        for (column,), part in lost.group_by("column", maintain_order=True)
        if isinstance(column, str)
    ]
    return lost.join(pl.concat(elsewhere), on=["column", "value"], how="anti", maintain_order="left")


def _without(numbered: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    if found.is_empty():
        return numbered
    return numbered.join(
        found.select(pl.col("row").cast(pl.UInt32)).unique(), left_on="\x00row", right_on="row", how="anti", maintain_order="left"
    )


def _one_for_each_id(table: str, numbered: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, int]:
    """Give one row for each id, breaches for rows with a known id and other content, and how many equal rows were folded."""
    key = TABLES[table].key
    first = numbered.filter(pl.col(key).is_first_distinct())
    if first.height == numbered.height:
        return numbered, pl.DataFrame(schema=BREACHES), 0
    later = numbered.filter(~pl.col(key).is_first_distinct())
    others = [name for name in numbered.columns if name not in (key, "\x00row")]
    pairs = later.join(first, on=key, how="left", suffix="\x00first", maintain_order="left")
    differs = pairs.filter(pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}\x00first")) for name in others))
    again = differs.select(
        pl.col("\x00row").cast(pl.Int64()).alias("row"),
        pl.lit(key).alias("column"),
        pl.col(key).alias("value"),
        pl.lit("duplicate").alias("rule"),
    )
    return first, again, later.height - differs.height
