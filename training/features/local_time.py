"""Turn UTC instants into local ones, zone by zone."""

from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import numpy.typing as npt
import polars as pl

from data.facts.schema import INSTANT
from training.features.codes import UNKNOWN_TIME, Codes

__all__ = ["is_zone", "local_micros", "zone_codes"]


@cache
def is_zone(name: str) -> bool:
    """Say whether a text names a time zone (IANA); anything may stand in a hostile file."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def zone_codes(*candidates: pl.Series) -> tuple[tuple[str, ...], npt.NDArray[np.int64]]:
    """Give the distinct zones of some columns of equal length, UTC first, and for each row the first real zone among its candidates.

    A row without any is read as UTC: its calendar is then that of nobody, but the same for all.
    """
    named = [column.cast(pl.String) for column in candidates]
    found = sorted({text for column in named for text in column.drop_nulls().unique().to_list() if is_zone(text)} - {"UTC"})
    zones = ("UTC", *found)
    numbers = Codes(zones)
    chosen = np.full(named[0].len(), -1, dtype=np.int64)
    for column in named:
        chosen = np.where(chosen >= 0, chosen, numbers.of(column))
    return zones, np.maximum(chosen, 0)


def local_micros(at: npt.NDArray[np.int64], zones: tuple[str, ...], zone: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Give the wall-clock time at each instant as microseconds since 1970-01-01 local; unknown instants stay `UNKNOWN_TIME`."""
    local = np.full(len(at), UNKNOWN_TIME, dtype=np.int64)
    for number in np.unique(zone):
        chosen = np.flatnonzero((zone == number) & (at != UNKNOWN_TIME))
        name = zones[int(number)]
        clock = pl.Series("at", at[chosen]).cast(INSTANT)
        local[chosen] = clock.dt.convert_time_zone(name).dt.replace_time_zone(None).to_physical().to_numpy()
    return local
