"""Name the models worth trying on a problem, simple ones first, and fit one by its name."""

import numpy as np

from data.domain.errors import TooLittleData
from training.features.matrix import FeatureMatrix
from training.models.baselines import BASELINES, Baseline
from training.models.hazard import HORIZON_DAYS, MAX_PERSON_DAYS, DailyHazard
from training.models.model import Model
from training.models.plan_offset import PlanOffset, anchor_hours
from training.models.problem import Problem
from training.models.ratio import LaneRatio

__all__ = ["candidate_kinds", "fit_kind"]

SHORTEST_HAZARD_HOURS = 30.0
"""Median duration from which the day is the natural step; below, minutes count and the ratio model answers them."""
LONGEST_RATIO_HOURS = 120.0
"""Median duration beyond which hazard or plan serve, and the ratio model would only cost time."""
FEWEST_FOR_TREES = 300
TRIAL_PERSON_DAYS = 150_000


def candidate_kinds(problem: Problem) -> tuple[str, ...]:
    """Give kinds by what the facts hold: baselines always, a hazard for days, a ratio for minutes, an offset where there is a timetable.

    Decided by durations and columns, never by the name of a data set.
    """
    came = problem.outcomes.delivered & (problem.outcomes.hours > 0)
    hours = problem.outcomes.hours[came]
    if len(hours) < FEWEST_FOR_TREES:
        return BASELINES
    median, slow = float(np.median(hours)), float(np.quantile(hours, 0.97))
    kinds = list(BASELINES)
    by_days = median >= SHORTEST_HAZARD_HOURS and slow <= HORIZON_DAYS * 24
    timetable = np.isfinite(problem.rows.plan_hours[came]).mean() > 0.9
    planned = timetable or (not by_days and np.isfinite(anchor_hours(problem.rows)[came]).mean() > 0.9)
    if planned:
        kinds.append("plan_offset")
    if median <= LONGEST_RATIO_HOURS and not planned:
        kinds.append("lane_ratio")
    if by_days:
        kinds.append("daily_hazard")
    return tuple(kinds)


def fit_kind(
    kind: str, features: FeatureMatrix, problem: Problem, *, seed: int = 1, thorough: bool = True, whole_rows: int | None = None
) -> Model | None:
    """Fit one kind; ``None`` when the facts do not hold what it needs. Trials need not be ``thorough``.

    ``whole_rows`` counts the rows of the problem that a trial stands for: it is shaped as the model of all of them will be.
    """
    if kind == "daily_hazard":
        return DailyHazard.fit(features, problem, max_days=MAX_PERSON_DAYS if thorough else TRIAL_PERSON_DAYS, seed=seed)
    if kind == "lane_ratio":
        return LaneRatio.fit(features, problem, seed=seed, thorough=thorough, whole_rows=whole_rows)
    if kind == "plan_offset":
        try:
            return PlanOffset.fit(features, problem, seed=seed, thorough=thorough)
        except TooLittleData:
            return None
    return Baseline.fit(kind, problem, seed=seed)
