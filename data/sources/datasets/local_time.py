"""Turn the naive local times of a data set into instants, and count the ones that a change of clocks makes doubtful."""

import polars as pl

from data.facts.schema import INSTANT
from data.sources.datasets.dataset import Defect

__all__ = ["clock_defects", "end_of_day", "to_utc"]

_GAP = pl.duration(hours=1)


def to_utc(column: str, zone: str) -> pl.Expr:
    """Read a naive local time in its zone, as UTC.

    A time that happened twice (clocks went back) is taken as the first; a time that never was (clocks went forward) as if
    the clock had not been changed yet. Both kinds are counted by `clock_defects`.
    """
    return _first(pl.col(column), zone).cast(INSTANT).alias(column)


def end_of_day(column: str, zone: str) -> pl.Expr:
    """Give the last microsecond (UTC) of the local day of a naive local time."""
    last = pl.col(column).dt.truncate("1d") + pl.duration(days=1) - pl.duration(microseconds=1)
    # The last of two: a day whose 23:59 comes twice ends at the second one.
    return last.dt.replace_time_zone(zone, ambiguous="latest", non_existent="null").dt.convert_time_zone("UTC").cast(INSTANT).alias(column)


def clock_defects(frame: pl.DataFrame, columns: list[str], *, zone: str, table: str) -> tuple[Defect, ...]:
    """Count local times that happened twice or never, over all columns."""
    twice = never = 0
    for column in columns:
        times = frame[column].drop_nulls()
        first = times.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
        last = times.dt.replace_time_zone(zone, ambiguous="latest", non_existent="null")
        twice += int((first != last).sum())
        never += first.null_count()
    return (
        Defect("ambiguous_local_time", table, twice, f"local time that {zone} had twice (clocks went back)", "the first of the two"),
        Defect(
            "nonexistent_local_time",
            table,
            never,
            f"local time that {zone} skipped (clocks went forward)",
            "read with the offset before the jump",
        ),
    )


def _first(local: pl.Expr, zone: str) -> pl.Expr:
    at = local.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    moved = (local + _GAP).dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    return pl.coalesce(at, moved).dt.convert_time_zone("UTC")
