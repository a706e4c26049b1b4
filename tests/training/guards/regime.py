"""Replay a set as if everything had suddenly become faster, and compare a model that goes on learning with one that does not."""

from dataclasses import replace
from datetime import datetime

import numpy as np
import polars as pl

from data.sources.datasets.dataset import Dataset, moments_frame
from tests.training.guards.bent import hurried, sooner
from training.benchmark.examples import Examples, examples_of
from training.benchmark.frozen import run_frozen
from training.benchmark.holdout import between
from training.benchmark.online import run_online
from training.benchmark.said import Said
from training.stopwatch import Stopwatch

__all__ = ["LEVEL", "MOST_WORSE", "errors", "hurried_rows", "regime_errors"]

LEVEL = 0.6
"""How long everything takes after the shift, against before (MODELLING 2.10)."""
MOST_WORSE = 1.05
"""Online may be at most this much worse than frozen."""


def regime_errors(
    whole: Dataset, since: datetime, until: datetime, *, level: float = LEVEL, refit_days: int | None = None
) -> dict[str, dict[str, float]]:
    """Give the mean absolute error in the unit of the task, by moment: frozen and online, on what came after ``since`` at another level.

    Both models learn the same from before ``since``. ``level`` 1 replays what really happened.
    """
    changed = replace(whole, facts=hurried(whole.facts, since, level), moments=hurried_rows(whole, since, level))
    train, test = between(changed, since, until)
    learnt, judged = examples_of(train, flag="trains"), examples_of(test, flag="scored")
    _, frozen = run_frozen(train, test, learnt, judged, cut=since, progress=None, watch=Stopwatch())
    _, online = run_online(train, test, learnt, judged, cut=since, refit_days=refit_days, progress=None, watch=Stopwatch())
    return {"frozen": errors(judged, frozen), "online": errors(judged, online)}


def hurried_rows(whole: Dataset, cut: datetime, level: float) -> pl.DataFrame:
    """Give the rows of a set whose facts were `hurried`: moments and labels after the cut move with the scans, promises stay."""
    born = whole.facts.shipments.select("shipment_id", base=pl.max_horizontal("created_at", pl.lit(cut).dt.cast_time_unit("us")))
    clocks = ("at", "delivered_at", "label_known_at", "label_usable_at")
    moved = whole.moments.join(born, on="shipment_id", how="left", maintain_order="left").with_columns(
        *(sooner(name, level) for name in clocks)
    )
    return moments_frame([moved.drop("base", "counts_from", "y", "late")], whole.task)


def errors(judged: Examples, said: Said) -> dict[str, float]:
    """Give the mean absolute error of the medians by moment, and of all."""
    miss = np.abs(said.median - judged.y)
    return {**{str(name): float(miss[judged.name == name].mean()) for name in np.unique(judged.name)}, "all": float(miss.mean())}
