"""Judge a predictor on moments after everything it learnt from, beside the baselines that anybody could have without it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import polars as pl

from data.domain.errors import TooLittleData
from data.facts.facts import Facts
from data.facts.moments import Moments
from training import metrics
from training.calibration.level_map import KNOTS, product_limit
from training.evaluation.judged import Answering, judge, judgeable
from training.evaluation.scores import late_scores, point_scores, time_scores, with_groups

__all__ = ["FEWEST_JUDGED", "Evaluation", "evaluate"]

FEWEST_JUDGED = 30
"""Delivered moments below which no judgement is given: a coverage of 80 % then has a standard error above 7 points."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Hold one judgement: ``rows`` as `judge` gives them and ``scores`` as plain JSON (hours and shares)."""

    rows: pl.DataFrame
    scores: dict[str, Any]


def evaluate(
    predictor: Answering,
    facts: Facts,
    moments: Moments,
    *,
    known_by: datetime,
    baselines: Mapping[str, Answering] | None = None,
) -> Evaluation:
    """Judge a predictor on moments with the outcomes heard by ``known_by``.

    ``predictor`` must be the object loaded back from a bundle: what is judged is what serves. ``baselines`` are further predictors (constant,
    lane table); the shop's promise and the carrier's date are added from the facts. Raises `TooLittleData` below 30 delivered moments.
    """
    moments, after_delivery = judgeable(facts, moments, known_by=known_by)
    rows = judge(predictor, facts, moments, known_by=known_by)
    delivered = int(rows["hours"].is_not_null().sum())
    if delivered < FEWEST_JUDGED:
        raise TooLittleData(
            f"{delivered} of {rows.height} moments kept for judging had been delivered by {known_by:%Y-%m-%d %H:%M} UTC, {FEWEST_JUDGED} are needed; "
            "wait for more deliveries or bring an older history."
        )
    others = {name: judge(other, facts, moments, known_by=known_by) for name, other in (baselines or {}).items()}
    scores = {
        "unit": "hours",
        "judged_from": rows["at"].min().isoformat(),  # type: ignore[union-attr]  # not empty
        "judged_to": rows["at"].max().isoformat(),  # type: ignore[union-attr]  # not empty
        "known_by": known_by.isoformat(),
        "moments": rows.height,
        "shipments": rows["shipment_id"].n_unique(),
        "still_open": rows.height - delivered,
        "heard_after_delivery": after_delivery,
        "time": with_groups(rows, time_scores),
        "late": with_groups(rows, late_scores),
        "pit": pit_histogram(rows),
        "reliability": reliability(rows),
        "baselines": {**dated_baselines(rows), **{name: summary(frame) for name, frame in others.items()}},
    }
    return Evaluation(rows, scores)


def summary(frame: pl.DataFrame) -> dict[str, Any]:
    return {"time": time_scores(frame), "late": late_scores(frame)}


def dated_baselines(rows: pl.DataFrame) -> dict[str, Any]:
    """Score the shop's promise and the carrier's date as if they were forecasts, beside the model on the very same rows."""
    found = {}
    for name, column in (("promise", "promise_hours"), ("carrier_date", "carrier_date_hours")):
        both = rows.filter(pl.col("hours").is_not_null() & pl.col(column).is_not_null())
        if both.height:
            truth = both["hours"].to_numpy()
            found[name] = {
                "time": point_scores(truth, both[column].to_numpy()),
                "model_on_the_same_rows": point_scores(truth, both["q50"].to_numpy()),
            }
    return found


def pit_histogram(rows: pl.DataFrame) -> list[float]:
    """Give the share of outcomes in each tenth of the said distribution: 0.1 everywhere when the distribution is right.

    Shipments still open count up to the level that they had reached (product limit): among delivered ones alone even a right distribution
    looks too late, because the mass of the lost ones is missing.
    """
    arrived = product_limit(rows["reached"].to_numpy(), rows["hours"].is_not_null().to_numpy())
    tenths = np.interp(np.arange(0, 1.01, 0.1), KNOTS, arrived)
    tenths[0] = 0.0  # an outcome at the very start of its distribution belongs to the first tenth
    return [float(share) for share in np.diff(tenths)]


def reliability(rows: pl.DataFrame) -> list[dict[str, float]]:
    """Give said and true shares of lateness in ten equal-count bins."""
    known = rows.filter(pl.col("late").is_not_null() & pl.col("late_probability").is_not_null())
    if known.is_empty():
        return []
    bins = metrics.reliability_bins(known["late"].to_numpy(), known["late_probability"].to_numpy(), bins=10)
    return [{"said": float(said), "came": float(came), "n": float(n)} for said, came, n in zip(*bins, strict=True)]
