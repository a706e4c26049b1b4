"""Choose the moments from which a model without hazard may learn: those old enough that slow shipments have arrived too."""

import logging

import numpy as np
import numpy.typing as npt

from data.domain.errors import TooLittleData
from training.models.physics import Physics
from training.models.problem import HOUR_MICROS, Problem

__all__ = ["mature", "ripe"]

LOG = logging.getLogger(__name__)

FEWEST = 30
LEAST_CHANCE = 0.5
"""The chance to have been heard of by the cut that a moment of its age and way must have. Delhivery, three origins and three seeds of the medians
(2026-11-26): by the age that 95 % of all durations have 31.47 minutes, within 15 % .565, median error 11.30; .5 by the own way 31.51, .571, 10.82; .8
31.74, .569, 11.02 (weighted by one over the chance); every known one 31.47, .573, 10.95."""


def mature(problem: Problem) -> npt.NDArray[np.intp]:
    """Give the positions of delivered moments that are older than 95 % of all known durations.

    Moments of the last days have a label only if they were fast; learning from them as they are is the most expensive mistake
    measured (MODELLING 1.1). Sets whose shipments are all delivered, and quickly, lose next to nothing. Raises `TooLittleData`.
    """
    outcomes, at = problem.outcomes, problem.rows.at
    came = outcomes.delivered & (outcomes.hours > 0)
    if came.sum() < FEWEST:
        raise TooLittleData(f"only {int(came.sum())} moments have a delivery known by the cut; at least {FEWEST} are needed.")
    if outcomes.delivered.all():
        return np.flatnonzero(came)
    q95_micros = np.quantile(outcomes.hours[came], 0.95) * HOUR_MICROS
    last_known = float(at.max())
    old = came & (at <= last_known - q95_micros)
    if old.sum() < FEWEST:
        LOG.warning("the period is shorter than the slowest shipments: learning from delivered ones only, which makes forecasts too fast")
        return np.flatnonzero(came)
    return np.flatnonzero(old)


def ripe(problem: Problem) -> npt.NDArray[np.intp]:
    """Give the positions of delivered moments old enough for their own way: short ones count sooner, long ones later.

    `mature` waits as long for a way of an hour as for one across the country, and where those are slow it leaves out half a day of everything. Here the
    undisturbed hours of each way (`Physics`) and the spread of ratios to them, both of mature moments, say how likely a moment of its age would be known.
    Raises `TooLittleData`.
    """
    sure = mature(problem)
    outcomes, rows = problem.outcomes, problem.rows
    if outcomes.delivered.all():
        return sure
    undisturbed = Physics.fit(rows.take(sure), outcomes.hours[sure]).hours(rows)
    ratios = np.sort(outcomes.hours[sure] / undisturbed[sure])
    age_hours = (rows.at.max() - rows.at) / HOUR_MICROS
    chance = np.searchsorted(ratios, age_hours / undisturbed, side="right") / len(ratios)
    old = outcomes.delivered & (outcomes.hours > 0) & (chance >= LEAST_CHANCE)
    return np.flatnonzero(old) if old.sum() >= FEWEST else sure
