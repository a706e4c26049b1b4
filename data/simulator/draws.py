"""Draw random numbers inside compiled loops by address: (seed, shipment, purpose) always gives the same number.

A hash (splitmix64, Steele, Lea and Flood 2014) instead of a stream: the order in which parcels meet at a hub cannot change
anybody else's luck, so one changed parameter moves only what it touches.
"""

import numpy as np

from data.simulator.compiled import outer

__all__ = ["AGAIN", "MOST_TRIES", "exponential", "normal", "uniform"]

AGAIN, MOST_TRIES = 5000, 60
"""Distance between the addresses of repeated draws of one thing, and how often it is repeated at most until it fits what is known."""


@outer
def uniform(seed: int, shipment: int, purpose: int) -> float:  # pragma: no cover - compiled
    """Draw from the open interval (0, 1)."""
    z = np.uint64(seed) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(shipment) * np.uint64(0xD1B54A32D192ED03)
    z += np.uint64(purpose) * np.uint64(0x8CB92BA72F3D8DD7) + np.uint64(0x2545F4914F6CDD1D)
    for _ in range(2):
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return (np.float64(z >> np.uint64(12)) + 0.5) * 2.0**-52


@outer
def normal(seed: int, shipment: int, purpose: int) -> float:  # pragma: no cover - compiled
    """Draw from the standard normal (Box and Muller); uses ``purpose`` and ``purpose + 1000``."""
    radius = np.sqrt(-2 * np.log(uniform(seed, shipment, purpose)))
    return float(radius * np.cos(2 * np.pi * uniform(seed, shipment, purpose + 1000)))


@outer
def exponential(seed: int, shipment: int, purpose: int) -> float:  # pragma: no cover - compiled
    """Draw from the exponential with mean 1."""
    return float(-np.log(uniform(seed, shipment, purpose)))
