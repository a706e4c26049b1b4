"""Let the constant and the lane table answer like a predictor, so that they are judged by the same code."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from data.facts.facts import Facts
from data.facts.moments import Moments, micros
from training.distribution import RemainingTime
from training.features.matrix import FeatureMatrix
from training.models.baselines import Baseline
from training.models.gather import gather, outcomes_known_by
from training.models.lanes import LaneSummaries
from training.models.problem import Problem

__all__ = ["KINDS", "BaselineAnswers"]

KINDS = ("constant", "lane_table", "plan")
"""``plan``: the arrival planned by the legs, where at least half of the rows have one."""


@dataclass(frozen=True, slots=True)
class BaselineAnswers:
    """Hold one fitted baseline; it looks at no feature."""

    baseline: Baseline

    @classmethod
    def fit_all(cls, facts: Facts, moments: Moments, *, cut: datetime, seed: int = 1) -> "dict[str, BaselineAnswers]":
        """Learn every baseline from moments and the outcomes known by ``cut``."""
        known_by = micros(cut)
        problem = Problem(gather(facts, moments), outcomes_known_by(facts, moments, known_by), LaneSummaries.of(facts, known_by=known_by))
        fitted = {kind: Baseline.fit(kind, problem, seed=seed) for kind in KINDS}
        return {kind: cls(baseline) for kind, baseline in fitted.items() if baseline is not None}

    def distribution(self, facts: Facts, moments: Moments) -> RemainingTime:
        """Give the remaining time of each moment."""
        rows = gather(facts, moments)
        return self.baseline.predict(FeatureMatrix(np.empty((len(moments), 0)), ()), rows)
