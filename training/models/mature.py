"""Choose the moments from which a model without hazard may learn: those old enough that slow shipments have arrived too."""

import logging

import numpy as np
import numpy.typing as npt

from data.domain.errors import TooLittleData
from training.models.problem import Problem

__all__ = ["mature"]

LOG = logging.getLogger(__name__)

FEWEST = 30


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
    q95_micros = np.quantile(outcomes.hours[came], 0.95) * 3_600_000_000
    last_known = float(at.max())
    old = came & (at <= last_known - q95_micros)
    if old.sum() < FEWEST:
        LOG.warning("the period is shorter than the slowest shipments: learning from delivered ones only, which makes forecasts too fast")
        return np.flatnonzero(came)
    return np.flatnonzero(old)
