"""Follow each stream of forecasts (a stage, a kind of lane) by its own feedback, shrunk to that of all."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce

import numpy as np
import numpy.typing as npt

from training.calibration.bound_feedback import INNER, BoundFeedback, paced
from training.calibration.level_map import KNOTS
from training.distribution import RemainingTime

__all__ = ["Following"]

Floats = npt.NDArray[np.float64]
Words = npt.NDArray[np.object_]
DAY_MICROS = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Following:
    """Hold the feedback of each stream by name."""

    streams: Mapping[str, BoundFeedback]

    @classmethod
    def of(cls, said: RemainingTime, at: npt.NDArray[np.int64], streams: Words, delivered_hours: Floats, *, known_by: int) -> "Following":
        """Learn from forecasts: what was ``said`` at ``at`` (n,), in which stream, and the hours to delivery, infinite while open at ``known_by``.

        Instants are microseconds since 1970 UTC. ``said`` is the model's own word, before any following.
        """
        bounds = said.quantile(INNER)
        found = {}
        for name in np.unique(streams.astype(str)):
            rows = np.flatnonzero(streams == name)
            found[str(name)] = BoundFeedback.of(at[rows], bounds[rows], delivered_hours[rows]).known_by(known_by)
        return cls(found)

    def and_also(self, other: "Following") -> "Following":
        """Give this feedback and another's together, stream by stream."""
        nothing = BoundFeedback.nothing()
        names = {**self.streams, **other.streams}
        return Following({name: self.streams.get(name, nothing).and_also(other.streams.get(name, nothing)) for name in names})

    def apply(self, said: RemainingTime, at: npt.NDArray[np.int64], streams: Words) -> RemainingTime:
        """Move each distribution by the pace of its stream as it was known when the day (UTC) of its moment began."""
        if not self.streams or not len(said):
            return said
        return said.recalibrated(KNOTS, paced(self.pace(at, streams)))

    def pace(self, at: npt.NDArray[np.int64], streams: Words) -> Floats:
        """Give (n,) the pace of each row: arrivals to expectation, 1 as said."""
        everything = reduce(BoundFeedback.and_also, self.streams.values())
        names, stream = np.unique(streams.astype(str), return_inverse=True)
        days, day = np.unique(at // DAY_MICROS, return_inverse=True)
        cells, cell = np.unique(np.stack([day, stream]), axis=1, return_inverse=True)
        overall = [everything.pace_at(int(one * DAY_MICROS)) for one in days]
        found = [
            self.streams[names[which]].pace_at(int(days[when] * DAY_MICROS), usual=overall[when])
            if names[which] in self.streams
            else overall[when]
            for when, which in cells.T
        ]
        return np.array(found)[cell]
