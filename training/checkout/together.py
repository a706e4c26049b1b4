"""Say when the last of several parcels arrives: the distribution of a maximum whose parts hang together."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from data.domain.errors import InvalidFact
from training.distribution import RemainingTime

__all__ = ["DRAWS", "last_of"]

Floats = npt.NDArray[np.float64]

DRAWS = 4096
"""Points of the quasi-random sample (a power of two, Sobol 1967; scrambled once by a fixed seed): the level of a quantile is off by less than 0.003."""
KNOTS = np.concatenate([[0.0], (np.arange(256) + 0.5) / 256, [1.0]])
MOST_PARCELS = 64


def last_of(each: RemainingTime, correlation: Floats) -> RemainingTime:
    """Give the distribution (one row) of the hours until the last of *n* parcels has come, all counted from one moment.

    ``each`` holds the parcels' own distributions; a Gaussian copula with ``correlation`` (n, n) joins them: the identity means that they know
    nothing of each other, ones that they come early or late together. The same question gives the same bits. One parcel is
    answered by its own distribution. Raises `InvalidFact` without parcels, for more than 64, and for a matrix that does not fit.
    """
    n = len(each)
    if not 1 <= n <= MOST_PARCELS:
        raise InvalidFact(f"{n} parcels: the last of 1 to {MOST_PARCELS} can be told; ask about fewer at once.")
    if correlation.shape != (n, n):
        raise InvalidFact(f"a correlation of shape {correlation.shape} does not fit {n} parcels; give one of ({n}, {n}).")
    if n == 1:
        return each
    from scipy.special import ndtr  # late: a page that shows no order needs no scipy

    reached = ndtr(normal_draws(n) @ root(correlation).T)
    hours = np.stack([np.interp(reached[:, i], each.mass[i], each.hours[i]) for i in range(n)])
    last = np.sort(hours.max(axis=0))
    latest = each.hours.max()  # where the slowest one is sure to have come, all have
    inside = last[((np.arange(256) + 0.5) / 256 * DRAWS).astype(np.int64)]
    return RemainingTime.of(np.concatenate([last[:1], inside, [latest]]), KNOTS)


def root(correlation: Floats) -> Floats:
    """Give a square root of a correlation matrix, also where parcels hang together completely and no triangular one exists."""
    values, vectors = np.linalg.eigh(correlation)
    found: Floats = vectors * np.sqrt(np.maximum(values, 0.0))
    return found


@lru_cache(maxsize=MOST_PARCELS)
def normal_draws(n: int) -> Floats:
    from scipy.special import ndtri
    from scipy.stats import qmc

    draws: Floats = ndtri(qmc.Sobol(n, rng=np.random.default_rng(20261122)).random(DRAWS))
    draws.setflags(write=False)
    return draws
