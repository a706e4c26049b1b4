"""Say what every adapter of a real data set gives: its task, its facts, the moments to predict at, and its defects."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from data.domain.errors import InvalidTable
from data.facts.facts import Facts
from data.facts.schema import INSTANT

__all__ = ["MOMENTS", "Dataset", "Defect", "Task", "moments_frame"]

MOMENTS: dict[str, pl.DataType] = {
    "shipment_id": pl.String(),
    "moment": pl.String(),
    "at": INSTANT,
    "scored": pl.Boolean(),
    "trains": pl.Boolean(),
    "counts_from": INSTANT,
    "delivered_at": INSTANT,
    "label_known_at": INSTANT,
    "label_usable_at": INSTANT,
    "y": pl.Float64(),
    "promised_at": INSTANT,
    "late": pl.Boolean(),
    "ended_otherwise": pl.Boolean(),
    "group": pl.String(),
}
"""Columns of ``Dataset.moments``, one row for each pair of shipment and moment that exists.

``at``               when the prediction is made
``scored``           the protocol scores this row when it stands in the second folder
``trains``           the protocol trains on this row when it stands in the first folder (an open one counts as censored)
``counts_from``      the instant that ``y`` counts from: ``at``, except for flights, where it is the planned arrival
``delivered_at``     when the first ``delivered`` scan happened; null while unknown
``label_known_at``   when that was heard (the scan's ``received_at``)
``label_usable_at``  from when the protocol lets a model learn from it; what `MODELLING` fixes for the set, see each adapter
``y``                the truth in the unit of the task, as the protocol defines it (Olist counts local time across a DST change)
``promised_at``      the shop's promise; null where the set has none
``late``             truth of "delivered after the promise"; null while unknown or without a promise
``ended_otherwise``  hindsight: cancelled, diverted, never delivered. May filter training rows; never a feature
``group``            a label for grouped scores (Delhivery: ``seen`` or ``cold`` corridor); null where the set has none
"""


@dataclass(frozen=True, slots=True)
class Task:
    """Describe what is predicted: the ``unit`` of y (days, minutes, seconds), the names of the moments in order of time."""

    name: str
    unit: str
    moments: tuple[str, ...]
    time_ordered: bool
    timezone: str

    @property
    def seconds_per_unit(self) -> float:
        """Give the length of the unit in seconds."""
        return {"days": 86_400.0, "minutes": 60.0, "seconds": 1.0}[self.unit]


@dataclass(frozen=True, slots=True)
class Defect:
    """Count one kind of dirt: what it means and what was done with it. None is repaired in silence."""

    code: str
    table: str
    count: int
    meaning: str
    treatment: str


@dataclass(frozen=True, slots=True)
class Dataset:
    """Hold a real data set as facts. ``moments`` has the columns of `MOMENTS`; ``defects`` name every kind looked for, also with count 0."""

    task: Task
    facts: Facts
    moments: pl.DataFrame
    defects: tuple[Defect, ...]

    def earliest(self, moment: str | None = None) -> datetime:
        """Give the earliest prediction moment that is scored; raises `InvalidTable` when there is none."""
        rows = self.moments.filter("scored")
        if moment is not None:
            rows = rows.filter(pl.col("moment") == moment)
        first = rows["at"].min()
        if not isinstance(first, datetime):
            raise InvalidTable(f"{self.task.name} has no scored row{f' at {moment}' if moment else ''}; check that labels are present.")
        return first


def moments_frame(frames: Sequence[pl.DataFrame], task: Task) -> pl.DataFrame:
    """Put the rows of several moments together and complete what follows from the rest.

    Each frame has at least ``shipment_id, moment, at, scored, trains, delivered_at, label_known_at``. Where absent, ``counts_from``
    is ``at``, ``label_usable_at`` is ``label_known_at``, ``y`` is delivered minus counts_from, ``late`` follows from the promise.
    """
    complete = []
    for frame in frames:
        rows = frame
        for name, default in (
            ("counts_from", pl.col("at")),
            ("label_usable_at", pl.col("label_known_at")),
            ("promised_at", pl.lit(None, dtype=INSTANT)),
            ("ended_otherwise", pl.lit(value=False)),
            ("group", pl.lit(None, dtype=pl.String())),
        ):
            if name not in rows.columns:
                rows = rows.with_columns(default.alias(name))
        if "y" not in rows.columns:
            elapsed = (pl.col("delivered_at") - pl.col("counts_from")).dt.total_microseconds()
            rows = rows.with_columns((elapsed / (1e6 * task.seconds_per_unit)).alias("y"))
        if "late" not in rows.columns:
            rows = rows.with_columns((pl.col("delivered_at") > pl.col("promised_at")).alias("late"))
        complete.append(rows.select(pl.col(name).cast(dtype) for name, dtype in MOMENTS.items()))
    return pl.concat(complete)
