"""Hold what was wrong with single rows: where it stands, what it is, which rule it breaks, and what to do."""

import polars as pl

from data.facts.rules import RULES

__all__ = ["ROW_ERRORS", "located", "no_errors", "sentence"]

ROW_ERRORS: dict[str, pl.DataType] = {
    "table": pl.String(),
    "file": pl.String(),
    "line": pl.Int64(),
    "column": pl.String(),
    "value": pl.String(),
    "rule": pl.String(),
}
"""One row for each breach. ``line`` is the line of a CSV file on which the row begins (the header is line 1), or the number of a Parquet row (from 1);
``value`` is null when it is missing; ``rule`` is a word of `data.facts.rules.RULES`."""


def no_errors() -> pl.DataFrame:
    """Give an empty table of errors."""
    return pl.DataFrame(schema=ROW_ERRORS)


def located(breaches: pl.DataFrame, lines: pl.Series, *, table: str, file: str) -> pl.DataFrame:
    """Give breaches (with the row of a frame) as errors with the line of the file; ``lines`` are those of the frame."""
    return breaches.select(
        pl.lit(table).alias("table"),
        pl.lit(file).alias("file"),
        lines.gather(breaches["row"]).cast(pl.Int64()).alias("line"),
        pl.col("column"),
        pl.col("value"),
        pl.col("rule"),
    )


def sentence(rule: str) -> str:
    """Say what a rule wants."""
    return RULES[rule]
