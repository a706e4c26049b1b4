"""Make rows and matrices of models by hand; what matters is an argument, the rest is one zone, one lane, one stage."""

import numpy as np

from data.domain.statuses import PROGRESS, Status
from training.features.matrix import FeatureColumn, FeatureMatrix
from training.models.lanes import LaneSummaries
from training.models.problem import Outcomes, Problem, Rows

MONDAY_NOON = 1_780_315_200_000_000  # 2026-06-01 12:00 UTC
HOUR = 3_600_000_000
FAR = np.iinfo(np.int64).max // 2


def words(n, word):
    return np.full(n, word, dtype=object)


def make_rows(n, *, at=None, **given):
    known = {
        "shipment_ids": np.array([f"S{number}" for number in range(n)], dtype=object),
        "at": np.full(n, MONDAY_NOON) if at is None else np.asarray(at, dtype=np.int64),
        "age_hours": np.zeros(n),
        "held_hours": np.full(n, np.nan),
        "promise_hours": np.full(n, np.nan),
        "plan_hours": np.full(n, np.nan),
        "planned_minutes": np.full(n, np.nan),
        "distance_km": np.full(n, np.nan),
        "stage": np.full(n, PROGRESS[Status.IN_TRANSIT]),
        "timezone": words(n, "America/New_York"),
        "country": words(n, "US"),
        "service": words(n, "swift|ground"),
        "origin": words(n, "MEM"),
        "destination": words(n, "EWR"),
        "origin_region": words(n, "TN"),
        "destination_region": words(n, "NJ"),
    }
    return Rows(**(known | given))


def make_matrix(**columns):
    described = tuple(FeatureColumn(name, "history", monotone=1 if name.startswith("level") else 0) for name in columns)
    return FeatureMatrix(np.stack(list(columns.values()), axis=1).astype(float), described)


def no_summaries():
    return LaneSummaries(*(np.empty(0, dtype=object),) * 4, *(np.empty(0),) * 4)


def make_problem(rows, hours, delivered=None):
    n = len(rows)
    return Problem(
        rows, Outcomes(np.asarray(hours, float), np.ones(n, bool) if delivered is None else delivered, np.full(n, FAR)), no_summaries()
    )
