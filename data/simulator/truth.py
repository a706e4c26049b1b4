"""Hold what truly happened in a simulation. No model may read it: training never imports `data.simulator`."""

from dataclasses import dataclass, fields
from pathlib import Path

import polars as pl

__all__ = ["Truth", "read_truth", "write_truth"]


@dataclass(frozen=True, slots=True)
class Truth:
    """Hold the truth as tables. All instants are UTC; a null instant never came.

    - ``shipments``: outcome, ``planned_delivered_at``, ``ended_at``, ``delay_hours`` and its causes ``<cause>_hours`` (null unless
      delivered), the warehouse, the door's lat and lon.
    - ``stops``: each visit of a facility: arrived, taken from the queue, sorted, departed, and the planned times.
    - ``moves``: each movement: from and to (null = the door), mode, departed, arrived. Positions by the minute follow from these
      (`data.simulator.positions`).
    - ``queues``: by facility and hour: parcels that arrived, that were taken, and that wait at the end of the hour.
    - ``storms``: birth, end, track, radius and peak severity of each storm.
    - ``charges``: the causes of the delay so far (``<cause>_hours``) whenever a delivered shipment ``reached`` or ``left`` a facility or was at a ``door``.
    """

    shipments: pl.DataFrame
    stops: pl.DataFrame
    moves: pl.DataFrame
    queues: pl.DataFrame
    storms: pl.DataFrame
    charges: pl.DataFrame


def write_truth(truth: Truth, folder: Path) -> tuple[Path, ...]:
    """Write one Parquet file for each table and give their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for item in fields(truth):
        paths.append(folder / f"{item.name}.parquet")
        getattr(truth, item.name).write_parquet(paths[-1])
    return tuple(paths)


def read_truth(folder: Path) -> Truth:
    """Read what `write_truth` wrote."""
    return Truth(**{item.name: pl.read_parquet(folder / f"{item.name}.parquet") for item in fields(Truth)})
