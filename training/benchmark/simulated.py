"""Benchmark the product on a simulated network, beside the oracle: what nobody could do better, even knowing the network's full state.

The simulator itself is not seen from here: its facts, its truth and the oracle's answers come in as plain tables and arrays.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from data.domain.errors import TooLittleData
from data.domain.orders import PromiseKind
from data.domain.statuses import PROGRESS, TERMINAL, Status
from data.facts.facts import Facts
from data.facts.moments import Moments
from training.distribution import RemainingTime
from training.features.build import build
from training.features.matrix import FEATURES_VERSION, FeatureMatrix
from training.fit import Progress, fit_predictor
from training.history.history import History
from training.models.baselines import Baseline
from training.models.gather import gather, newest, outcomes_known_by
from training.models.lanes import LaneSummaries
from training.models.problem import HOUR_MICROS, Problem, Rows
from training.moments import choose_moments, moments_between
from training.pipeline import worth_learning
from training.predictor import Predictor
from training.stopwatch import Stopwatch

__all__ = ["LEVELS", "Asked", "run_simulated", "simulated_scores"]

Floats = npt.NDArray[np.float64]

LEVELS = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
HORIZONS = ((6.0, "below 6 h"), (24.0, "6 to 24 h"), (48.0, "1 to 2 d"), (96.0, "2 to 4 d"), (168.0, "4 to 7 d"), (np.inf, "7 d and more"))
FEWEST_IN_CELL = 300
COVERED = (0.75, 0.85)
"""What the 80 % window must cover in every cell with at least 300 rows."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Hold what the oracle was asked and said: *n* moments after the cut of shipments that were open in truth.

    ``hours`` (n,) is the true time to the delivery, NaN for what was never delivered; ``oracle`` (n, levels) its quantiles at `LEVELS`.
    """

    moments: Moments
    hours: Floats
    oracle: Floats

    def take(self, rows: npt.NDArray[np.intp]) -> "Asked":
        """Give some rows, by position."""
        return Asked(Moments(self.moments.shipment_ids[rows], self.moments.at[rows]), self.hours[rows], self.oracle[rows])


def run_simulated(
    facts: Facts, asked: Asked, *, cut: datetime, progress: Progress | None = None, watch: Stopwatch | None = None
) -> dict[str, Any]:
    """Train on what was heard before the cut, answer the oracle's moments with live history, and give the report as plain JSON values.

    Judged are shipments that were delivered in the end and not heard to be over at the moment. Raises `TooLittleData` without any.
    """
    watch = watch or Stopwatch()
    learnt = moments_between(choose_moments(facts, until=cut), None, cut, most=worth_learning(facts))
    predictor = fit_predictor(facts, learnt, cut=cut, progress=progress, watch=watch)
    with watch.lap("score"):
        rows = gather(facts, asked.moments)
        over = np.isin(rows.stage, [PROGRESS[status] for status in TERMINAL])
        judged = np.flatnonzero((asked.hours > 0) & ~over & np.isfinite(asked.oracle).all(axis=1))
        if not len(judged):
            raise TooLittleData("no moment of the oracle belongs to a shipment that was delivered later; simulate more orders.")
        asked, rows = asked.take(judged), rows.take(judged)
        said = live(predictor, facts, asked.moments, rows)
        others = baseline_quantiles(facts, learnt, cut, asked.moments, rows)
        report = simulated_scores(asked, rows, said.quantile(LEVELS), others)
    return {
        "dataset": "simulated",
        "cut": cut.isoformat(),
        "n_train": predictor.about["moments"],
        **report,
        "seconds": {part: round(watch.seconds.get(part, 0.0), 3) for part in ("features", "train", "score")},
        "feature_set": f"{FEATURES_VERSION}/{predictor.schema_hash}",
        "model_version": predictor.version,
        "choice": predictor.about["choice"],
    }


def live(predictor: Predictor, facts: Facts, moments: Moments, rows: Rows) -> RemainingTime:
    """Answer with a history of all facts, looked up as it was known at each moment."""
    history = History.build(facts, vocabulary=predictor.vocabulary)
    return predictor.answer(build(facts, moments, history=history, vocabulary=predictor.vocabulary), rows)


def baseline_quantiles(facts: Facts, learnt: Moments, cut: datetime, moments: Moments, rows: Rows) -> dict[str, Floats]:
    """Give what the lane table, the plan and the carrier's date say; the last two are one instant at every level."""
    at_cut = round(cut.timestamp()) * 1_000_000
    problem = Problem(gather(facts, learnt), outcomes_known_by(facts, learnt, at_cut), LaneSummaries.of(facts, known_by=at_cut))
    found = {
        "plan": np.tile(rows.plan_hours[:, None], len(LEVELS)),
        "carrier_date": np.tile(carrier_hours(facts, moments)[:, None], len(LEVELS)),
    }
    table = Baseline.fit("lane_table", problem)
    if table is not None:
        found["lane_table"] = table.predict(FeatureMatrix(np.empty((len(rows), 0)), ()), rows).quantile(LEVELS)
    return found


def carrier_hours(facts: Facts, moments: Moments) -> Floats:
    """Give the hours to the carrier's own date as it was told last; NaN where it told none."""
    asked = pl.DataFrame({"row": np.arange(len(moments)), "shipment_id": moments.shipment_ids.astype(str), "at": moments.at}).with_columns(
        pl.col("at").cast(pl.Datetime("us", "UTC"))
    )
    told = facts.promises.filter(pl.col("kind") == str(PromiseKind.CARRIER))
    last = newest(asked, told, "promised_at", ["known_at", "promise_id"])
    frame = asked.join(last, on="row", how="left", maintain_order="left")
    hours = frame.select(h=(pl.col("promised_at") - pl.col("at")).dt.total_microseconds() / HOUR_MICROS)["h"]
    return hours.fill_null(float("nan")).to_numpy()


def simulated_scores(asked: Asked, rows: Rows, ours: Floats, others: dict[str, Floats]) -> dict[str, Any]:
    """Score quantiles (n, levels) beside the oracle's: mean pinball loss in hours, all and by stage and said horizon, and coverage by cell."""
    truth = asked.hours
    loss, best = pinball_hours(truth, ours), pinball_hours(truth, asked.oracle)
    covered = (ours[:, LEVELS.index(0.1)] <= truth) & (truth <= ours[:, LEVELS.index(0.9)])
    median = LEVELS.index(0.5)
    stage = np.array([str(list(Status)[rank]) for rank in rows.stage], dtype=object)
    horizon = horizons(ours[:, median])
    carrier = np.array([name.split("|")[0] for name in rows.service], dtype=object)
    groups = {
        "stage": ratios(stage, loss, best),
        "said_horizon": ratios(horizon, loss, best),
        "oracle_horizon": ratios(horizons(asked.oracle[:, median]), loss, best),
        "carrier": ratios(carrier, loss, best),
    }
    cells = {
        **coverages("carrier", carrier, covered),
        **coverages("stage", stage, covered),
        **coverages("horizon", horizon, covered),
        **coverages("carrier x stage x horizon", carrier + " / " + stage + " / " + horizon, covered),
    }
    return {
        "n_test": len(truth),
        "pinball_hours": {
            "doorcast": float(loss.mean()),
            "oracle": float(best.mean()),
            **{name: told(truth, quantiles) for name, quantiles in others.items()},
        },
        "ratio": float(loss.mean() / best.mean()),
        "mae_hours": {
            "doorcast": float(np.abs(ours[:, median] - truth).mean()),
            "oracle": float(np.abs(asked.oracle[:, median] - truth).mean()),
        },
        "by": groups,
        "coverage": float(covered.mean()),
        "cells": cells,
        "cells_out_of_range": sorted(name for name, cell in cells.items() if not COVERED[0] <= cell["coverage"] <= COVERED[1]),
    }


def pinball_hours(truth: Floats, quantiles: Floats) -> Floats:
    """Give (n,) the pinball loss averaged over `LEVELS`, in hours."""
    gap, levels = truth[:, None] - quantiles, np.array(LEVELS)
    loss: Floats = np.maximum(levels * gap, (levels - 1) * gap).mean(axis=1)
    return loss


def told(truth: Floats, quantiles: Floats) -> dict[str, float]:
    """Score an answer that is not there for every row, with the share of rows that have it."""
    known = np.isfinite(quantiles).all(axis=1)
    loss = float(pinball_hours(truth[known], quantiles[known]).mean()) if known.any() else float("nan")
    return {"loss": loss, "share": float(known.mean())}


def horizons(hours: Floats) -> npt.NDArray[np.object_]:
    names = np.array([name for _, name in HORIZONS], dtype=object)
    return names[np.searchsorted([bound for bound, _ in HORIZONS[:-1]], hours, side="right")]


def ratios(names: npt.NDArray[np.object_], loss: Floats, best: Floats) -> dict[str, dict[str, float]]:
    """Give for each name the count, both losses, their ratio and the share of the whole gap that arises there."""
    gap = float((loss - best).sum())
    found = {}
    for name in np.unique(names.astype(str)):
        rows = names == name
        ours, oracle = float(loss[rows].mean()), float(best[rows].mean())
        share = float((loss[rows] - best[rows]).sum() / gap) if gap else 0.0
        found[str(name)] = {"n": int(rows.sum()), "doorcast": ours, "oracle": oracle, "ratio": ours / oracle, "share_of_gap": share}
    return found


def coverages(kind: str, names: npt.NDArray[np.object_], covered: npt.NDArray[np.bool_]) -> dict[str, dict[str, float]]:
    """Give the coverage of the 80 % window in every cell with at least 300 rows."""
    found = {}
    for name in np.unique(names.astype(str)):
        rows = names == name
        if rows.sum() >= FEWEST_IN_CELL:
            found[f"{kind}: {name}"] = {"n": int(rows.sum()), "coverage": float(covered[rows].mean())}
    return found
