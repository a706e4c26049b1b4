"""Run the frozen protocol: trained once, history stops at the cut."""

from datetime import datetime

from data.sources.datasets.dataset import Dataset
from training.benchmark.examples import Examples
from training.benchmark.said import Said, said_of
from training.fit import Progress, fit_predictor
from training.predictor import Predictor
from training.stopwatch import Stopwatch

__all__ = ["run_frozen"]


def run_frozen(
    train: Dataset, test: Dataset, learnt: Examples, judged: Examples, *, cut: datetime, progress: Progress | None, watch: Stopwatch
) -> tuple[Predictor, Said]:
    """Fit on the first data set as known at the cut and answer for every judged row, looking at its own scans up to its moment."""
    predictor = fit_predictor(
        train.facts,
        learnt.moments,
        cut=cut,
        outcomes=learnt.outcomes,
        time_ordered=train.task.time_ordered,
        frozen=train.task.time_ordered,
        progress=progress,
        watch=watch,
    )
    with watch.lap("score"):
        said = predictor.distribution(test.facts, judged.moments)
    return predictor, said_of(said, judged, seconds_per_unit=test.task.seconds_per_unit)
