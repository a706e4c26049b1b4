"""Check whole canonical tables at once: every rule that a value, a row or a table can break.

The same checks judge a user's folder, the facts of every adapter and the simulator. A **breach** is one row of a frame: ``row`` (position in the
checked frame), ``column``, ``value`` (as text, null when missing) and ``rule`` (a word of `RULES`).
"""

from collections.abc import Iterator
from zoneinfo import available_timezones

import polars as pl

from data.domain.scans import EARLIEST, LATEST
from data.facts.facts import Facts
from data.facts.references import orphans, repeated
from data.facts.schema import INSTANT, TABLES, Column

__all__ = ["BREACHES", "ROW_RULES", "SHOWN_CHARACTERS", "breaches", "check_facts"]

BREACHES: dict[str, pl.DataType] = {"row": pl.Int64(), "column": pl.String(), "value": pl.String(), "rule": pl.String()}
LONGEST_TEXT = 10_000
SHOWN_CHARACTERS = 200
"""Of a refused value, so many characters are shown; the whole row is in the quarantine."""
CONTROL = r"[\x00-\x1f\x7f-\x{9f}]"

NOT_BEFORE = {
    "legs": (("planned_departure_at", "planned_arrival_at"),),
    "weather_observations": (("observed_at", "available_at"),),
    "weather_forecasts": (("issued_at", "available_at"),),
}
"""Columns of times of which the second never lies before the first. Scans are not among them: a wrong clock is a fact, too."""

ROW_RULES = ("pair", "nowhere", "order_of_times", "correction")
"""Rules about several values of one row."""

Rule = tuple[str, str, pl.Expr]
"""Column, word of the rule, and when it is broken."""


def breaches(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Give every breach of a value or row rule in a frame that conforms to its table; keys and references are not looked at.

    Vectorised: the cost of a clean frame is one pass over each column.
    """
    rules = [rule for column in TABLES[table].columns for rule in _value_rules(column)]
    rules += list(_attribute_rules(frame))
    rules += list(_row_rules(table))
    broken = frame.select(rule.fill_null(value=False).any().alias(str(i)) for i, (_, _, rule) in enumerate(rules)).row(0)
    numbered = frame.with_columns(pl.int_range(pl.len(), dtype=pl.Int64()).alias("\x00row"))
    found = [
        numbered.filter(rule).select(
            pl.col("\x00row").alias("row"),
            pl.lit(column).alias("column"),
            pl.col(column).cast(pl.String()).str.slice(0, SHOWN_CHARACTERS).alias("value"),
            pl.lit(word).alias("rule"),
        )
        for (column, word, rule), is_broken in zip(rules, broken, strict=True)
        if is_broken
    ]
    return pl.concat([pl.DataFrame(schema=BREACHES), *found])


def check_facts(facts: Facts) -> pl.DataFrame:
    """Give every breach of every rule in whole facts, references included: ``table`` and the columns of a breach."""
    found = []
    for table, frame in facts.tables():
        mine = [
            breaches(table, frame),
            repeated(table, frame),
            orphans(table, frame, lambda parent: getattr(facts, parent)[TABLES[parent].key]),
        ]
        found.append(pl.concat(mine).select(pl.lit(table).alias("table"), *BREACHES))
    return pl.concat(found)


def _value_rules(column: Column) -> Iterator[Rule]:
    value = pl.col(column.name)
    if not column.nullable:
        yield column.name, "required", value.is_null()
    if column.dtype == INSTANT:
        yield column.name, "instant_range", ~value.dt.year().is_between(EARLIEST, LATEST - 1)
    elif column.dtype == pl.Float64():
        yield column.name, "number", ~value.is_finite()
    elif column.dtype == pl.String():
        yield from _text_rules(column.name)
    if column.low is not None or column.high is not None:
        low = value < column.low if column.low is not None else pl.lit(value=False)
        high = value > column.high if column.high is not None else pl.lit(value=False)
        # NaN compares as larger than everything; it is told of by "number" alone.
        yield column.name, "range", (low | high) & value.is_finite()
    if column.choices is not None:
        yield column.name, "choice", ~value.is_in(sorted(column.choices))
    if column.name.endswith("timezone"):
        yield column.name, "timezone", ~value.is_in(sorted(available_timezones()))
    if column.name.endswith("country"):
        yield column.name, "country", ~value.str.contains(r"^[A-Z]{2}$")


def _text_rules(name: str) -> Iterator[Rule]:
    yield name, "characters", pl.col(name).str.contains(CONTROL)
    yield name, "length", pl.col(name).str.len_bytes() > LONGEST_TEXT


def _attribute_rules(frame: pl.DataFrame) -> Iterator[Rule]:
    for name, dtype in frame.schema.items():
        if name.startswith("attr_"):
            if dtype.is_float():
                yield name, "number", ~pl.col(name).is_finite()
            elif dtype == pl.String():
                yield from _text_rules(name)


def _row_rules(table: str) -> Iterator[Rule]:
    names = TABLES[table].schema
    for lat in (name for name in names if name.endswith("lat")):
        lon = lat.removesuffix("lat") + "lon"
        yield lat, "pair", pl.col(lat).is_null() != pl.col(lon).is_null()
        yield lat, "nowhere", (pl.col(lat) == 0) & (pl.col(lon) == 0)
    for first, second in NOT_BEFORE.get(table, ()):
        yield second, "order_of_times", pl.col(second) < pl.col(first)
    if table == "scans":
        corrected = pl.col("corrects_scan_id")
        yield "corrects_scan_id", "correction", (pl.col("voids") & corrected.is_null()) | (corrected == pl.col("scan_id"))
