"""Score the answers that need no trees on the same rows: constant, promise, plan, router, lane table."""

from typing import Any

import numpy as np

from data.domain.errors import TooLittleData
from data.facts.facts import received_by
from data.sources.datasets.dataset import Dataset
from training.benchmark.examples import Examples
from training.benchmark.scoring import point_scores
from training.fit import instant_of
from training.models.baselines import BASELINES, Baseline
from training.models.gather import gather
from training.models.lanes import LaneSummaries
from training.models.mature import mature
from training.models.problem import Problem

__all__ = ["baseline_scores"]


def baseline_scores(train: Dataset, test: Dataset, learnt: Examples, judged: Examples, *, cut: int) -> dict[str, Any]:
    """Give name → moment → scores; a baseline that a set does not tell (no promise, no plan) is left out."""
    ordered, unit = train.task.time_ordered, test.task.unit
    facts = received_by(train.facts, instant_of(cut)) if ordered else train.facts
    known = learnt.outcomes.as_of(cut, learnt.moments.at) if ordered else learnt.outcomes
    usable = (known.hours > 0) & ((learnt.moments.at < cut) | (not ordered))
    summaries = LaneSummaries.of(facts, known_by=cut)
    scores: dict[str, Any] = {}
    for moment in test.task.moments:
        before, after = np.flatnonzero(usable & (learnt.name == moment)), np.flatnonzero(judged.name == moment)
        if not len(after):
            continue
        some, part = learnt.take(before), judged.take(after)
        problem = Problem(gather(facts, some.moments), known.take(before), summaries)
        rows = gather(test.facts, part.moments)
        for kind in BASELINES:
            try:
                baseline = Baseline.fit(kind, problem)
            except TooLittleData:
                continue
            if baseline is None:
                continue
            if kind == "constant":
                # The best constant in the unit that is scored: for flights a delay, not a duration.
                point = np.full(len(part), float(np.median(some.y[mature(problem)])))
            else:
                point = (baseline.point(rows) - part.ahead_hours) * 3600 / test.task.seconds_per_unit
            scores.setdefault(kind, {})[moment] = point_scores(part.y, point, unit=unit)
    return scores
