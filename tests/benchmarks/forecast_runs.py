"""List the runs of the forecast bench, and do one of them: the product, its rivals on the same rows, and what the pictures need.

Splits are the protocol's validation origins inside the shared rows (see `training/benchmark`); nothing is chosen by what they score.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from data.domain.errors import DoorcastError
from data.sources.datasets.dataset import Dataset
from serving.cli.benchmark_simulated import simulated_report
from training.benchmark.examples import Examples
from training.benchmark.learners import LEARNERS
from training.benchmark.rivals import rival_said, rival_scores
from training.benchmark.run import run_benchmark
from training.benchmark.scoring import point_scores
from training.benchmark.sketches import sketch
from training.stopwatch import Stopwatch

__all__ = ["RUNS", "SETS", "Run", "do"]

Progress = Callable[[str, int, int], None]
Floats = npt.NDArray[np.float64]
SHOWN = "lightgbm"
"""The rival that has windows, is refitted and stands in the pictures: the commonest choice."""
PREDICTIONS = "legs_published_predictions.parquet"
AUTHORS_MODELS = {"M1_lookup": "corridor table", "M2_tabular": "GBM", "M3_graph": "GBM + graph"}


@dataclass(frozen=True, slots=True)
class Run:
    """Name one run: the set, the judged days (empty: a fifth by id), the protocol, whether it is one of several rolling origins, and whether
    ``--quick`` does it."""

    dataset: str
    since: str = ""
    until: str = ""
    protocol: str = "frozen"
    refit_days: int | None = None
    origin: bool = False
    quick: bool = False

    @property
    def key(self) -> str:
        """Give a name that is safe as a file name."""
        parts = (self.dataset, self.since, self.until, self.protocol, f"refit{self.refit_days}" if self.refit_days else "")
        return "_".join(part for part in parts if part)


RUNS = (
    Run("sendy_logistics", quick=True),
    Run("amazon_delivery", quick=True),
    Run("delhivery", "2018-09-30", quick=True),
    Run("delhivery", "2018-09-30", protocol="online", refit_days=1),
    Run("scms_delivery_history", "2013-05-01", quick=True),
    Run("scms_delivery_history", "2013-05-01", protocol="online"),
    Run("nycflights13", "2013-09-01", "2013-11-01", quick=True),
    Run("nycflights13", "2013-09-01", "2013-11-01", protocol="online"),
    Run("olist", "2017-11-01", "2017-12-01", origin=True),
    Run("olist", "2018-01-01", "2018-02-01", origin=True),
    Run("olist", "2018-03-01", "2018-04-01", origin=True),
    Run("olist", "2018-04-01", "2018-05-01", origin=True, quick=True),
    Run("olist", "2018-05-01", "2018-05-25", origin=True),
    Run("olist", "2018-04-01", "2018-05-25"),
    Run("olist", "2018-04-01", "2018-05-25", protocol="online"),
    Run("olist", "2018-04-01", "2018-05-25", protocol="online", refit_days=7),
    Run("simulated", protocol="online", quick=True),
)
SETS = tuple(dict.fromkeys(run.dataset for run in RUNS))


def do(run: Run, root: Path, progress: Progress) -> dict[str, Any]:
    """Give the record of a run as plain JSON values. ``root`` holds a folder for each set."""
    watch = Stopwatch()
    if run.dataset == "simulated":
        with watch.lap("all"):
            report = simulated_report(orders=12_000, days=70, seed=7, draws=200, progress=progress)
        return {"run": asdict(run), "report": report, "rivals": {}, "authors": {}, "sketch": {}, "seconds": round(watch.seconds["all"], 1)}
    kept: list[tuple[Any, ...]] = []
    with watch.lap("all"):
        report = run_benchmark(
            run.dataset,
            root / run.dataset,
            protocol=run.protocol,
            refit_days=run.refit_days,
            since=day(run.since),
            until=day(run.until),
            progress=progress,
            told=lambda *what: kept.append(what),
        )
    train, test, learnt, judged, said = kept.pop()
    rivals, answers = beside(run, train, test, learnt, judged, progress=progress)
    return {
        "run": asdict(run),
        "report": report,
        "rivals": rivals,
        "authors": authors(root / run.dataset / PREDICTIONS, judged, unit=test.task.unit),
        "sketch": sketch(test, judged, said, answers),
        "seconds": round(watch.seconds["all"], 1),
    }


def beside(
    run: Run, train: Dataset, test: Dataset, learnt: Examples, judged: Examples, *, progress: Progress
) -> tuple[dict[str, Any], dict[str, tuple[Floats, Floats]]]:
    """Let the rivals answer the same rows; give their scores, and medians and risks of the one that the pictures show."""
    scores: dict[str, Any] = {}
    answers = {}
    watch, names = Stopwatch(), rivals_of(run)
    for place, name in enumerate(names):
        progress(f"rival {name}", place, len(names))
        shown = name == SHOWN
        windows = shown and run.protocol == "frozen"
        with watch.lap(name):
            try:
                said = rival_said(name, train, test, learnt, judged, refit_days=run.refit_days, windows=windows)
            except ModuleNotFoundError as missing:
                scores[name] = {"left_out": f"{missing.name} is not installed"}
                continue
        found = rival_scores(said, judged, moments=test.task.moments, unit=test.task.unit)
        scores[name] = {"moments": found, "seconds": round(watch.seconds[name], 1)}
        if shown:
            answers[name] = (said.quantiles[:, 1], said.late)
    return scores, answers


def rivals_of(run: Run) -> tuple[str, ...]:
    """Name the rivals of a run: all of them for frozen runs, one where it is refitted or judged again beside the origins of its set."""
    judged_before = not run.origin and any(other.origin for other in RUNS if other.dataset == run.dataset)
    return (SHOWN,) if run.protocol != "frozen" or judged_before else tuple(LEARNERS)


def authors(path: Path, judged: Examples, *, unit: str) -> dict[str, Any]:
    """Score what the author of a published model said of these very rows, where he gave it away; nothing where he did not."""
    if not path.is_file():
        return {}
    key = pl.format("{}/{}/{}", "trip_uuid", "source_center", "destination_center").alias("shipment_id")
    table = pl.read_parquet(path).select(key, *AUTHORS_MODELS).unique("shipment_id", keep="first", maintain_order=True)
    asked = pl.DataFrame({"shipment_id": judged.moments.shipment_ids.astype(str)})
    found = asked.join(table, on="shipment_id", how="left", maintain_order="left")
    if missing := found[next(iter(AUTHORS_MODELS))].null_count():
        raise DoorcastError(f"{path.name} lacks {missing} of {len(judged)} judged rows; its ids no longer match the adapter's.")
    return {name: point_scores(judged.y, np.asarray(found[column]), unit=unit) for column, name in AUTHORS_MODELS.items()}


def day(text: str) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None
