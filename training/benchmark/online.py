"""Run the online protocol: history grows as outcomes become known, levels follow the feedback, models are refitted on a schedule."""

from datetime import UTC, datetime, timedelta

import numpy as np
import numpy.typing as npt

from data.domain.errors import TooLittleData
from data.facts.facts import Facts
from data.facts.moments import micros
from data.sources.datasets.dataset import Dataset
from training.benchmark.examples import Examples, examples_of
from training.benchmark.joined import joined
from training.benchmark.said import Said, said_of
from training.calibration.following import Following
from training.calibration.groups import calibration_groups
from training.distribution import RemainingTime
from training.features.build import build
from training.fit import Progress, fit_predictor
from training.history.history import History
from training.models.gather import gather
from training.predictor import Predictor
from training.stopwatch import Stopwatch

__all__ = ["run_online"]

DAY_MICROS = 86_400_000_000
WARM_UP = timedelta(days=28)
"""A service does not begin on the day of the cut: a model of four weeks before (at most a fifth of the time known) has been giving feedback until then."""
WARM_SHARE = 0.2


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

    Moments before the cut go to the first model. The kind of model is chosen at the cut and kept by the refits. Gives the last predictor and
    everything that was said.
    """
    facts = joined(train.facts, test.facts)
    seen = with_unscored(judged, test)
    candidates = learnt if refit_days is None else learnt.and_also(seen)
    first = fit_predictor(facts, candidates.moments, cut=cut, outcomes=candidates.outcomes, progress=progress, watch=watch)
    with watch.lap("score"):
        told = warmed_up(first, facts, learnt, cut=cut, watch=watch)
    parts: list[Answers] = []
    predictor = first
    for begin, end, rows in stretches(seen.moments.at, cut, refit_days):
        if not len(rows):
            continue
        if begin > cut:
            predictor = fit_predictor(facts, candidates.moments, cut=begin, outcomes=candidates.outcomes, like=first, watch=watch)
        with watch.lap("score"):
            parts.append(live_answers(predictor, facts, seen, rows))
        if progress and refit_days is not None:
            progress(f"scored up to {end:%Y-%m-%d}", len(parts), len(parts))
    with watch.lap("score"):
        order = np.argsort(np.concatenate([rows for rows, _, _ in parts]), kind="stable")
        raw = RemainingTime.stack([said for _, said, _ in parts]).take(order)
        streams = np.concatenate([words for _, _, words in parts])[order]
        came = np.where(seen.outcomes.delivered, seen.outcomes.hours, np.inf)
        # All outcomes of a replay are at hand; a bound counts from the day after it fell due.
        told = told.and_also(Following.of(raw, seen.moments.at, streams, came, known_by=np.iinfo(np.int64).max))
        scored = np.arange(len(judged))
        own = raw.take(scored)
        said = told.apply(own, judged.moments.at, streams[scored])
    return predictor, said_of(said, judged, seconds_per_unit=test.task.seconds_per_unit, unpaced=own)


def with_unscored(judged: Examples, test: Dataset) -> Examples:
    """Give the judged rows, then those that are not scored, such as orders that never arrived: a service sees them too and cannot know."""
    others = examples_of(test, flag="trains")
    scored = set(zip(judged.moments.shipment_ids.tolist(), judged.name.tolist(), strict=True))
    new = [row for row, key in enumerate(zip(others.moments.shipment_ids.tolist(), others.name.tolist(), strict=True)) if key not in scored]
    return judged.and_also(others.take(np.array(new, dtype=np.intp)))


Answers = tuple[npt.NDArray[np.intp], RemainingTime, npt.NDArray[np.object_]]


def live_answers(predictor: Predictor, facts: Facts, examples: Examples, rows: npt.NDArray[np.intp]) -> Answers:
    """Answer some rows with a history of all facts, looked up as it was known at each moment; and name the stream of each."""
    moments = examples.take(rows).moments
    history = History.build(facts, vocabulary=predictor.vocabulary)
    known = gather(facts, moments)
    said = predictor.answer(build(facts, moments, history=history, vocabulary=predictor.vocabulary), known)
    return rows, said, calibration_groups(predictor.model, known)


def warmed_up(first: Predictor, facts: Facts, learnt: Examples, *, cut: datetime, watch: Stopwatch) -> Following:
    """Give the feedback that a model of the weeks before had given by the cut; nothing where there is too little to fit one."""
    newest = micros(cut)
    span = newest - int(learnt.moments.at.min(initial=newest))
    begin = cut - min(WARM_UP, timedelta(microseconds=WARM_SHARE * span))
    rows = np.flatnonzero((learnt.moments.at >= micros(begin)) & (learnt.moments.at < newest))
    if not len(rows):
        return Following({})
    try:
        earlier = fit_predictor(facts, learnt.moments, cut=begin, outcomes=learnt.outcomes, like=first, watch=watch)
    except TooLittleData:
        return Following({})
    outcomes = learnt.outcomes.take(rows).as_of(newest, learnt.moments.at[rows])
    _, said, streams = live_answers(earlier, facts, learnt, rows)
    came = np.where(outcomes.delivered, outcomes.hours, np.inf)
    return Following.of(said, learnt.moments.at[rows], streams, came, known_by=newest)


def stretches(at: npt.NDArray[np.int64], cut: datetime, refit_days: int | None) -> list[tuple[datetime, datetime, npt.NDArray[np.intp]]]:
    """Cut the judged rows into stretches of one model each: (from, until, positions)."""
    if refit_days is None:
        return [(cut, datetime.max.replace(tzinfo=UTC), np.arange(len(at)))]
    start = round(cut.timestamp()) * 1_000_000
    number = np.maximum((at - start) // (refit_days * DAY_MICROS), 0)
    step = timedelta(days=refit_days)
    return [(cut + one * step, cut + (one + 1) * step, np.flatnonzero(number == one)) for one in range(int(number.max()) + 1)]
