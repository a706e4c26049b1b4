"""Walk from the usual forecast of a lane to the forecast of one shipment, one group of facts at a time; the steps add up to the difference.

The groups follow the order in which they come to be known (asymmetric Shapley values, Frye, Rowat, Feige 2020): the days of the calendar,
what is sent, the way, the promise, how the lane did lately; then what happened since; then how busy the stops are and the weather ahead.
Nothing is averaged over other orders, so every step is an answer of the model to a question that can be said in words.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from data.facts.facts import Facts
from training.distribution import RemainingTime
from training.explain.start import start_columns, start_rows, usual_week
from training.features.matrix import FeatureMatrix
from training.models.problem import Rows
from training.models.usual import UsualRows

__all__ = ["JOURNEY", "STEPS", "Walks", "walk"]

Floats = npt.NDArray[np.float64]
Answer = Callable[[FeatureMatrix, Rows], RemainingTime]

JOURNEY = "journey"
STEPS = ("calendar", "parcel", "route", "promise", "history", JOURNEY, "facility", "weather")
AHEAD = ("facility", "weather")
"""Groups that are answered at the moment itself, after the journey."""
HOUR = 3_600_000_000


@dataclass(frozen=True, slots=True)
class Walks:
    """Hold *n* walks: ``usual`` hours from creation to the usual arrival, ``steps`` (n, 8) hours by `STEPS`, ``unlike`` the usual rows of now."""

    usual: Floats
    steps: Floats
    unlike: Floats


def walk(answer: Answer, facts: Facts, features: FeatureMatrix, rows: Rows, *, median_hours: Floats, usual: UsualRows) -> Walks:
    """Walk *n* shipments; the usual hours and all steps add up to age plus ``median_hours``, the median that was forecast."""
    started = start_rows(rows)
    age = (rows.at - started.at) / HOUR
    at_start = start_columns(facts, started, features)
    groups = np.array([column.group for column in features.columns], dtype=object)
    ordinary, ordinary_now = usual.of(started), usual.of(rows)
    plain = declared(started, features, ordinary)
    asked: list[tuple[Floats, Rows]] = [(ordinary, day) for day in usual_week(plain)]
    known = np.zeros(len(groups), dtype=bool)
    for step in STEPS[: STEPS.index(JOURNEY)]:
        known |= groups == step
        plain = given(step, plain, started)
        asked.append((np.where(known, at_start.values, ordinary), plain))
    for step in (JOURNEY, *AHEAD[:-1]):
        hidden = np.isin(groups, AHEAD[AHEAD.index(step) + 1 :] if step in AHEAD else AHEAD)
        asked.append((np.where(hidden, ordinary_now, features.values), rows))
    stacked = FeatureMatrix(np.asfortranarray(np.vstack([values for values, _ in asked])), features.columns)
    hours = answer(stacked, joined([part for _, part in asked])).quantile((0.5,))[:, 0].reshape(len(asked), len(rows)).T
    week, starts, moments = hours[:, :7].mean(axis=1), hours[:, 7:12], hours[:, 12:] + age[:, None]
    path = np.column_stack([week, starts, moments, median_hours + age])
    return Walks(week, np.diff(path, axis=1), ordinary_now)


def declared(rows: Rows, features: FeatureMatrix, ordinary: Floats) -> Rows:
    """Give rows whose way and promise are the usual ones where the usual row knows them."""
    position = {column.name: index for index, column in enumerate(features.columns)}

    def usual(name: str, otherwise: Floats) -> Floats:
        values = ordinary[:, position[name]]
        return np.where(np.isnan(values), otherwise, values)

    return replace(
        rows,
        distance_km=usual("route.distance_km", rows.distance_km),
        planned_minutes=usual("route.planned_minutes", rows.planned_minutes),
        promise_hours=usual("promise.shop_hours", rows.promise_hours),
        plan_hours=usual("progress.hours_to_planned_end", rows.plan_hours),
    )


def given(step: str, rows: Rows, true: Rows) -> Rows:
    """Give rows of which what models read beside the features takes its true value at a step."""
    if step == "calendar":
        return replace(rows, at=true.at, country=true.country)
    if step == "route":
        return replace(rows, distance_km=true.distance_km, planned_minutes=true.planned_minutes, plan_hours=true.plan_hours)
    return replace(rows, promise_hours=true.promise_hours) if step == "promise" else rows


def joined(parts: list[Rows]) -> Rows:
    return Rows(*(np.concatenate([getattr(part, name) for part in parts]) for name in Rows.__dataclass_fields__))
