"""Put a shipment back to the start of its way: what was known of days and promises when its label was made."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from data.domain.statuses import PROGRESS, Status
from data.facts.facts import Facts
from data.facts.moments import Moments
from training.features.calendar import add_calendar
from training.features.matrix import ColumnSink, FeatureMatrix
from training.features.moment_state import state_of
from training.features.promise_columns import add_promises
from training.models.problem import Rows

__all__ = ["DATED", "start_columns", "start_rows", "usual_week"]

HOUR, DAY = 3_600_000_000, 86_400_000_000
DATED = frozenset({"calendar", "promise"})
"""Groups of columns that hang on the moment, and are known of every moment without any history."""


def start_rows(rows: Rows) -> Rows:
    """Give the same shipments at their creation: no scan yet, hours to promise and plan counted from then."""
    age = np.maximum(np.nan_to_num(rows.age_hours), 0.0)
    return replace(
        rows,
        at=rows.at - np.round(age * HOUR).astype(np.int64),
        age_hours=np.minimum(rows.age_hours, 0.0),
        held_hours=np.full(len(rows), np.nan),
        promise_hours=rows.promise_hours + age,
        plan_hours=rows.plan_hours + age,
        stage=np.full(len(rows), PROGRESS[Status.UNKNOWN], dtype=np.int64),
    )


def start_columns(facts: Facts, started: Rows, features: FeatureMatrix) -> FeatureMatrix:
    """Give the features of now with calendar and promises as they were at the start. No history is asked: it may begin later."""
    sink = ColumnSink(len(started))
    state = state_of(facts, Moments(started.shipment_ids, started.at))
    add_calendar(sink, state)
    add_promises(sink, state)
    dated = sink.matrix()
    position = {column.name: index for index, column in enumerate(features.columns)}
    values = features.values.copy()
    values[:, [position[name] for name in dated.names]] = dated.values
    return FeatureMatrix(values, features.columns)


def usual_week(rows: Rows) -> tuple[Rows, ...]:
    """Give the same rows on each day of one week without holidays: their mean is what is usual whatever the day."""
    nowhere: npt.NDArray[np.object_] = np.full(len(rows), "", dtype=object)
    return tuple(replace(rows, at=rows.at - day * DAY, country=nowhere) for day in range(7))
