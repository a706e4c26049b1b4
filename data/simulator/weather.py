"""Let storms move across the map, and say what weather they make.

The true severity at a point and moment is the sum over storms of peak, envelope in time and bell in space, multiplied; 1 is a storm that
closes roads. Everything that weather does (slow trucks, late planes, slow hubs, late vans, what a gauge measures) is read from it.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from data.simulator.clock import MINUTES_PER_DAY, SimulatorClock
from data.simulator.compiled import outer

__all__ = ["KM_PER_DEGREE", "Storms", "severity", "storms_of"]

KM_PER_DEGREE = 111.2
STORMS_PER_DAY = 1.0
"""New systems per day over the contiguous states, of which about three are alive at a time (our choice; winter has more)."""


class Storms(NamedTuple):
    """Hold storm tracks, one entry per storm: times in minutes, speeds in degrees per minute, radius in km, peak severity."""

    begins: npt.NDArray[np.float64]
    lasts: npt.NDArray[np.float64]
    lat: npt.NDArray[np.float64]
    lon: npt.NDArray[np.float64]
    lat_speed: npt.NDArray[np.float64]
    lon_speed: npt.NDArray[np.float64]
    radius_km: npt.NDArray[np.float64]
    peak: npt.NDArray[np.float64]


def storms_of(clock: SimulatorClock, rng: np.random.Generator) -> Storms:
    """Draw the storms of a simulation: mostly west to east, stronger and more often in winter."""
    day_of_year = np.array([day.timetuple().tm_yday for day in clock.dates])
    rate = STORMS_PER_DAY * (1 + 0.35 * np.cos(2 * np.pi * (day_of_year - 20) / 365.25))
    born = np.repeat(np.arange(-3, clock.days), np.concatenate([rng.poisson(STORMS_PER_DAY, 3), rng.poisson(rate)]))
    n = len(born)
    lat = rng.uniform(28, 47, n)
    kph = rng.uniform(18, 48, n)
    heading = rng.normal(0.15, 0.35, n)  # radians north of east
    return Storms(
        begins=(born + rng.random(n)) * MINUTES_PER_DAY,
        lasts=rng.uniform(1.5, 4.5, n) * MINUTES_PER_DAY,
        lat=lat,
        lon=rng.uniform(-124, -78, n),
        lat_speed=kph * np.sin(heading) / KM_PER_DEGREE / 60,
        lon_speed=kph * np.cos(heading) / (KM_PER_DEGREE * np.cos(np.radians(lat))) / 60,
        radius_km=rng.uniform(180, 480, n),
        peak=0.35 + rng.gamma(2.2, 0.3, n),
    )


@outer
def severity(  # pragma: no cover - compiled
    lat: npt.NDArray[np.float64], lon: npt.NDArray[np.float64], minute: npt.NDArray[np.float64], storms: Storms
) -> npt.NDArray[np.float64]:
    """Give the true severity (0 = calm, 1 = roads close) at points and moments of equal shape (n,)."""
    out = np.zeros(minute.shape[0])
    for i in range(minute.shape[0]):
        for s in range(storms.begins.shape[0]):
            age = minute[i] - storms.begins[s]
            if age <= 0 or age >= storms.lasts[s]:
                continue
            north = (lat[i] - storms.lat[s] - storms.lat_speed[s] * age) * KM_PER_DEGREE
            reach = 3 * storms.radius_km[s]
            if abs(north) > reach:
                continue
            east = (lon[i] - storms.lon[s] - storms.lon_speed[s] * age) * KM_PER_DEGREE * np.cos(np.radians(lat[i]))
            square = (north * north + east * east) / (storms.radius_km[s] * storms.radius_km[s])
            if square < 9:
                out[i] += storms.peak[s] * np.sin(np.pi * age / storms.lasts[s]) * np.exp(-square)
    return out
