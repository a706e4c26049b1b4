"""Hold the remaining time of many shipments as distributions: the one object that all answers are read from."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from data.domain.errors import InvalidFact

__all__ = ["RemainingTime"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RemainingTime:
    """Hold *n* piecewise-linear distribution functions of the hours from each moment to the door.

    ``hours`` (n, g) are the knots, never falling along a row; ``mass`` (n, g) is the probability of having arrived by each knot, never
    falling, and 1 at the last knot. A positive ``mass[:, 0]`` is an atom at the first knot; equal hours at two knots are an atom too. Windows,
    medians, late probabilities and reasons are all read from here, so they can never contradict each other.
    """

    hours: Floats
    mass: Floats

    def __post_init__(self) -> None:
        if self.hours.ndim != 2 or self.hours.shape != self.mass.shape or self.hours.shape[1] < 1:
            raise InvalidFact(f"a distribution needs two (n, g) arrays of one shape, got {self.hours.shape} and {self.mass.shape}.")
        if len(self.hours) and not (np.isfinite(self.hours).all() and np.isfinite(self.mass).all()):
            raise InvalidFact("a distribution holds NaN or infinity; a model must answer finite hours for every row.")

    def __len__(self) -> int:
        return len(self.hours)

    @classmethod
    def of(cls, hours: npt.ArrayLike, mass: npt.ArrayLike) -> "RemainingTime":
        """Make distributions of knots and masses, each (g,) shared by all rows or (n, g); the order is enforced, the last mass set to 1."""
        knots, reached = np.broadcast_arrays(np.atleast_2d(np.asarray(hours, float)), np.atleast_2d(np.asarray(mass, float)))
        reached = np.maximum.accumulate(np.clip(reached, 0.0, 1.0), axis=1)
        reached[:, -1] = 1.0
        return cls(np.maximum.accumulate(knots, axis=1), reached)

    @classmethod
    def of_quantiles(cls, levels: Sequence[float] | Floats, hours: Floats) -> "RemainingTime":
        """Make distributions of quantiles: ``hours`` (n, m) at ascending ``levels`` (m,), which lie strictly inside (0, 1).

        Crossing quantiles are sorted. Below the lowest and above the highest level the distance to the neighbour is continued
        once for each halving of the tail that is left, five times; the last knot holds what remains.
        """
        at = np.asarray(levels, float)
        inside = np.sort(hours, axis=1)
        below, above = inside[:, 1:2] - inside[:, :1], inside[:, -1:] - inside[:, -2:-1]
        low, high = at[0] / (at[1] - at[0]), (1 - at[-1]) / (at[-1] - at[-2])
        steps = np.arange(1, 6)
        upper = inside[:, -1:] + above * high * steps
        knots = np.hstack([np.maximum(inside[:, :1] - below * low, np.minimum(inside[:, :1], 0.0)), inside, upper])
        tail = 1 - (1 - at[-1]) * 0.5 ** np.append(steps[:-1], np.inf)
        return cls.of(knots, np.concatenate([[0.0], at, tail]))

    @classmethod
    def stack(cls, parts: Sequence["RemainingTime"]) -> "RemainingTime":
        """Join several sets of distributions below each other; shorter grids repeat their last knot."""
        width = max(part.hours.shape[1] for part in parts)
        widen = [((0, 0), (0, width - part.hours.shape[1])) for part in parts]
        hours = [np.pad(part.hours, pad, mode="edge") for part, pad in zip(parts, widen, strict=True)]
        mass = [np.pad(part.mass, pad, mode="edge") for part, pad in zip(parts, widen, strict=True)]
        return cls(np.vstack(hours), np.vstack(mass))

    def take(self, rows: npt.NDArray[np.intp] | npt.NDArray[np.bool_]) -> "RemainingTime":
        """Give some rows, by position or mask."""
        return RemainingTime(self.hours[rows], self.mass[rows])

    def quantile(self, levels: Sequence[float] | Floats) -> Floats:
        """Give (n, m) hours: for each level the first time by which at least that mass has arrived."""
        columns = []
        rows = np.arange(len(self))
        for level in levels:
            right = np.minimum((self.mass < level - 1e-12).sum(axis=1), self.mass.shape[1] - 1)
            left = np.maximum(right - 1, 0)
            low, high = self.mass[rows, left], self.mass[rows, right]
            share = np.where(high > low, (level - low) / np.where(high > low, high - low, 1.0), 1.0)
            start = self.hours[rows, left]
            columns.append(start + (self.hours[rows, right] - start) * np.clip(share, 0.0, 1.0))
        return np.stack(columns, axis=1) if columns else np.empty((len(self), 0))

    def arrived(self, hours: Floats) -> Floats:
        """Give (n,) the probability of having arrived by some hours (n,) after each moment; NaN hours give NaN."""
        rows = np.arange(len(self))
        after = (self.hours <= hours[:, None]).sum(axis=1)
        right = np.minimum(after, self.hours.shape[1] - 1)
        left = np.maximum(after - 1, 0)
        start, width = self.hours[rows, left], self.hours[rows, right] - self.hours[rows, left]
        share = np.where(width > 0, (hours - start) / np.where(width > 0, width, 1.0), 0.0)
        inside = self.mass[rows, left] + (self.mass[rows, right] - self.mass[rows, left]) * np.clip(share, 0.0, 1.0)
        reached = np.where(after == 0, 0.0, np.where(after == self.hours.shape[1], 1.0, inside))
        return np.where(np.isnan(hours), np.nan, reached)

    def survival(self, hours: Floats) -> Floats:
        """Give (n,) the probability of still being open some hours (n,) after each moment; at the promise this is the delay risk."""
        return 1.0 - self.arrived(hours)

    def mean(self) -> Floats:
        """Give (n,) the expected hours."""
        middle = (self.hours[:, 1:] + self.hours[:, :-1]) / 2
        mean: Floats = self.mass[:, 0] * self.hours[:, 0] + (np.diff(self.mass, axis=1) * middle).sum(axis=1)
        return mean

    def given_open(self, elapsed_hours: Floats) -> "RemainingTime":
        """Condition on being still open ``elapsed_hours`` (n,) later, counted from then: every hour without news is free information.

        A row whose whole mass lies before that has outlived its model; its remaining time is an atom at zero.
        """
        gone = self.arrived(elapsed_hours)[:, None]
        left = 1.0 - gone
        alive = left > 1e-9
        mass = np.where(alive, (self.mass - gone) / np.where(alive, left, 1.0), 1.0)
        return RemainingTime.of(np.maximum(self.hours - elapsed_hours[:, None], 0.0), mass)

    def recalibrated(self, levels: Floats, adjusted: Floats) -> "RemainingTime":
        """Replace each mass by its calibrated value: the piecewise-linear map from ``levels`` to ``adjusted``, both from 0 to 1.

        ``adjusted`` is (m,) for all rows or (n, m) row by row.
        """
        if adjusted.ndim == 1:
            return RemainingTime.of(self.hours, np.interp(self.mass, levels, adjusted))
        right = np.clip(np.searchsorted(levels, self.mass, side="right"), 1, len(levels) - 1)
        share = (self.mass - levels[right - 1]) / (levels[right] - levels[right - 1])
        low = np.take_along_axis(adjusted, right - 1, axis=1)
        return RemainingTime.of(self.hours, low + (np.take_along_axis(adjusted, right, axis=1) - low) * share)
