"""Run the online protocol: history grows as outcomes become known, levels follow the feedback, models are refitted on a schedule."""

from datetime import UTC, datetime, timedelta

import numpy as np
import numpy.typing as npt

from data.sources.datasets.dataset import Dataset
from training.benchmark.examples import Examples
from training.benchmark.joined import joined
from training.benchmark.said import Said, said_of
from training.calibration.bound_feedback import BoundFeedback
from training.calibration.level_map import KNOTS
from training.calibration.risk_shift import RiskShift, shifted
from training.distribution import RemainingTime
from training.fit import Progress, fit_predictor
from training.predictor import Predictor
from training.stopwatch import Stopwatch

__all__ = ["run_online"]

HOUR_MICROS = 3_600_000_000
DAY_MICROS = 24 * HOUR_MICROS


def run_online(
    train: Dataset,
    test: Dataset,
    learnt: Examples,
    judged: Examples,
    *,
    cut: datetime,
    refit_days: int | None,
    progress: Progress | None,
    watch: Stopwatch,
) -> tuple[Predictor, Said]:
    """Answer every judged row with what was known at its moment; a model fitted at ``c`` answers for [c, c + refit_days).

    Moments before the cut go to the first model. Gives the last predictor and everything that was said.
    """
    facts = joined(train.facts, test.facts)
    candidates = learnt if refit_days is None else learnt.and_also(judged)
    parts: list[tuple[npt.NDArray[np.intp], RemainingTime]] = []
    predictor = None
    for begin, end, rows in stretches(judged.moments.at, cut, refit_days):
        if not len(rows) and predictor is not None:
            continue
        predictor = fit_predictor(facts, candidates.moments, cut=begin, outcomes=candidates.outcomes, progress=progress, watch=watch)
        with watch.lap("score"):
            parts.append((rows, predictor.knowing(facts).distribution(facts, judged.take(rows).moments)))
        if progress and refit_days is not None:
            progress(f"scored up to {end:%Y-%m-%d}", len(parts), len(parts))
    assert predictor is not None  # noqa: S101 - the first stretch always fits
    order = np.argsort(np.concatenate([rows for rows, _ in parts]), kind="stable")
    raw = RemainingTime.stack([said for _, said in parts]).take(order)
    with watch.lap("score"):
        return predictor, followed(raw, judged, test.task.seconds_per_unit)


def stretches(at: npt.NDArray[np.int64], cut: datetime, refit_days: int | None) -> list[tuple[datetime, datetime, npt.NDArray[np.intp]]]:
    """Cut the judged rows into stretches of one model each: (from, until, positions)."""
    if refit_days is None:
        return [(cut, datetime.max.replace(tzinfo=UTC), np.arange(len(at)))]
    start = round(cut.timestamp()) * 1_000_000
    number = np.maximum((at - start) // (refit_days * DAY_MICROS), 0)
    step = timedelta(days=refit_days)
    return [(cut + one * step, cut + (one + 1) * step, np.flatnonzero(number == one)) for one in range(int(number.max()) + 1)]


def followed(raw: RemainingTime, judged: Examples, seconds_per_unit: float) -> Said:
    """Correct the levels and the shown risk day by day with the feedback of each moment's own stream."""
    at = judged.moments.at
    hours = np.where(judged.outcomes.delivered, judged.outcomes.hours, np.inf)
    adjusted, shift = np.tile(KNOTS, (len(at), 1)), np.zeros(len(at))
    risk = raw.survival(judged.promise_hours)
    bounds = raw.quantile(KNOTS[1:-1])
    promised = np.isfinite(judged.promise_hours)
    for name in np.unique(judged.name.astype(str)):
        stream = np.flatnonzero(judged.name == name)
        feedback = BoundFeedback.of(at[stream], bounds[stream], hours[stream])
        kept = stream[promised[stream]]
        due = at[kept] + np.round(judged.promise_hours[kept] * HOUR_MICROS).astype(np.int64)
        risks = RiskShift(due, risk[kept], hours[kept] > judged.promise_hours[kept])
        for day in np.unique(at[stream] // DAY_MICROS):
            rows = stream[at[stream] // DAY_MICROS == day]
            adjusted[rows] = feedback.levels_at(int(day * DAY_MICROS))
            shift[rows] = risks.at(int(day * DAY_MICROS))
    said = said_of(raw.recalibrated(KNOTS, adjusted), judged, seconds_per_unit=seconds_per_unit)
    return Said(said.quantiles, np.where(promised, shifted(risk, shift), np.nan))
