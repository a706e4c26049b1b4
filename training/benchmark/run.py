"""Benchmark the product on a real data set: its own import, features, models and calibration, judged by a fixed protocol."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from data.domain.errors import InvalidFact, TooLittleData
from data.facts.moments import micros
from data.sources.datasets.catalogue import open_dataset
from data.sources.datasets.dataset import Dataset
from training.benchmark.baselines import baseline_scores
from training.benchmark.examples import Examples, examples_of
from training.benchmark.frozen import run_frozen
from training.benchmark.groups import groups_of
from training.benchmark.holdout import between, hold_out
from training.benchmark.online import run_online
from training.benchmark.said import Said
from training.benchmark.scoring import late_scores, scores
from training.features.matrix import FEATURES_VERSION
from training.fit import Progress
from training.stopwatch import Stopwatch

__all__ = ["PROTOCOLS", "Told", "run_benchmark"]

PROTOCOLS = ("frozen", "online")
Told = Callable[[Dataset, Dataset, Examples, Examples, Said], None]
"""What was learnt from and judged (sets, then rows), and what was said of every judged row."""


def run_benchmark(
    name: str,
    train_folder: Path,
    test_folder: Path | None = None,
    *,
    protocol: str = "frozen",
    refit_days: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    progress: Progress | None = None,
    watch: Stopwatch | None = None,
    told: Told | None = None,
) -> dict[str, Any]:
    """Train on one folder, score the other, and give the report as plain JSON values.

    The cut is the earliest prediction moment that is scored. Frozen: nothing known later enters the model or its history. Online: each row is
    answered with everything known at its moment, refitted every ``refit_days`` if given. Without a second folder ``since`` and ``until`` (UTC) choose
    the shipments of the first that are judged; what is later is left out. Sets without an order in time know one protocol only, frozen.
    ``told`` is called once with the rows behind the scores.
    Raises `NotFound` for an unknown data set, `InvalidTable` for a bad folder, `TooLittleData` when there is nothing to learn or judge.
    """
    if protocol not in PROTOCOLS:
        raise InvalidFact(f"the protocol {protocol!r} is not known; use one of {', '.join(PROTOCOLS)}.")
    if refit_days is not None and (protocol != "online" or refit_days < 1):
        raise InvalidFact(f"refitting every {refit_days} days needs --protocol online and at least one day.")
    watch = watch or Stopwatch()
    with watch.lap("import"):
        train, test = opened(name, train_folder, test_folder, since=since, until=until)
        learnt, judged = examples_of(train, flag="trains"), examples_of(test, flag="scored")
    if not len(judged) or not len(learnt):
        raise TooLittleData(
            f"{name}: {len(learnt)} rows to learn from and {len(judged)} to judge; both are needed, so check the files of the folders."
        )
    if protocol == "online" and not train.task.time_ordered:
        raise InvalidFact(f"{name} has no order in time, so nothing can be known online; use --protocol frozen.")
    cut = test.earliest()
    if protocol == "frozen":
        predictor, said = run_frozen(train, test, learnt, judged, cut=cut, progress=progress, watch=watch)
    else:
        predictor, said = run_online(train, test, learnt, judged, cut=cut, refit_days=refit_days, progress=progress, watch=watch)
    if told is not None:
        told(train, test, learnt, judged, said)
    with watch.lap("score"):
        moments, late = judge(test, judged, said)
        baselines = baseline_scores(train, test, learnt, judged, cut=micros(cut))
    return {
        "dataset": name,
        "protocol": protocol,
        "refit_days": refit_days,
        "cut": cut.isoformat(),
        "n_train": predictor.about["moments"],
        "n_test": len(judged),
        "unit": test.task.unit,
        "moments": moments,
        "late": late,
        "baselines": baselines,
        "seconds": {part: round(watch.seconds.get(part, 0.0), 3) for part in ("import", "features", "train", "score")},
        "feature_set": f"{FEATURES_VERSION}/{predictor.schema_hash}",
        "model_version": predictor.version,
        "choice": predictor.about["choice"],
    }


def opened(
    name: str, train_folder: Path, test_folder: Path | None, *, since: datetime | None = None, until: datetime | None = None
) -> tuple[Dataset, Dataset]:
    """Open both folders; or judge the shipments of the first in [since, until), or a fifth of it."""
    if since is None and until is not None:
        raise InvalidFact(f"judging until {until:%Y-%m-%d} needs --since, the day on which judging begins.")
    if since is not None and test_folder is not None:
        raise InvalidFact("--since parts one folder in two; leave --test out, or part the folders yourself.")
    train = open_dataset(name, train_folder)
    if test_folder is None:
        return hold_out(train) if since is None else between(train, since, until)
    return train, open_dataset(name, test_folder, static=train_folder)


def judge(test: Dataset, judged: Examples, said: Said) -> tuple[dict[str, Any], dict[str, Any]]:
    """Score each moment apart."""
    moments, late = {}, {}
    for name in test.task.moments:
        rows: npt.NDArray[np.intp] = np.flatnonzero(judged.name == name)
        if not len(rows):
            continue
        part, some = judged.take(rows), said.take(rows)
        moments[name] = scores(part.y, some, unit=test.task.unit, groups=groups_of(test, part))
        if (risk := late_scores(part.late, some.late, rank=some.rank)) is not None:
            late[name] = risk
    return moments, late
