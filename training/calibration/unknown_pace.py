"""Make distributions unsure of the pace at which the network will work: a month has thousands of shipments and one level.

A model knows the shape of its own errors, not whether the coming weeks are a fifth faster or slower. Each distribution becomes the mean of itself over a
log-normal pace that all shipments share (a shared frailty; Vaupel, Manton, Stallard 1979).
"""

import numpy as np
import numpy.typing as npt

__all__ = ["unsure"]

Floats = npt.NDArray[np.float64]

NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(9)


def unsure(levels: Floats, spread: float) -> Floats:
    """Give the mean of ``levels`` (any shape, 0..1) over paces of which the logarithm has the standard deviation ``spread`` around 0.

    A pace is the ratio of arrivals to what had been said, 2 is twice as fast. 0 and 1 stay, order is kept, late levels move most.
    """
    open_still = (1.0 - levels[..., None]) ** np.exp(spread * NODES)
    found: Floats = 1.0 - open_still @ (WEIGHTS / WEIGHTS.sum())
    return np.clip(found, 0.0, 1.0)
