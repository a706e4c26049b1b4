"""Follow the pace of the network while outcomes stream in: whether shipments arrive faster or slower than was said.

Every forecast names bounds by which a share of such shipments will have come. When a bound falls due, everybody still open at the one before it
tells: has it come in between? So slow shipments answer at the same hour as fast ones. Feedback at delivery would see the fast ones first and make
the median worse (MODELLING 1.5). Arrivals are compared with the chances that had been said for the same stretches, and the whole
distribution is moved by that one ratio, as in Cox's proportional hazards: windows, median and delay risk stay of one piece.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from training.calibration.level_map import KNOTS

__all__ = ["BoundFeedback", "paced"]

Floats = npt.NDArray[np.float64]

HALF_LIFE_DAYS = 4.0
GAIN = 0.8
PRIOR_ARRIVALS = 50.0
"""Measured on Olist, mean of five months, single fit, at purchase (2026-11-22): no feedback 5.27 days, ECE of the late risk .046, 80 % windows cover 74.5 %;
each level moved by its own share of hits and the risk by a shift of its log odds (the recipe of MODELLING 2.6 and 2.7) 5.20, .042, 75.7 %; the pace
5.21, .028, 77 %, and the risk stays the survival of the shown distribution. Gains of .5 to 1 and half-lives of 3 to 6 days differ by less than .015 days."""
DAY_MICROS = 86_400_000_000
FORGOTTEN_HALF_LIVES = 12.0
INNER = KNOTS[1:-1]
WATCHED = int(np.searchsorted(INNER, 0.8, side="right"))
"""Bounds above 80 % are left out: they fall due late, and the parcels that never come (one in twenty of Olist's orders) would be asked there again and
again. Olist as above: all bounds 5.20 days, up to 90 % 5.195, up to 80 % 5.19."""


@dataclass(frozen=True, slots=True)
class BoundFeedback:
    """Hold for each instant at which a bound fell due what had been expected and what came, in order of time.

    ``due_at`` (m,) are instants (microseconds since 1970 UTC); ``expected`` (m,) is the chance to arrive in the stretch that ended there
    that had been said to those still open at its start, ``came`` (m,) whether they did.
    Bounds that are not due yet are never looked at, so they may hold the future of a replay without leaking it.
    """

    due_at: npt.NDArray[np.int64]
    expected: Floats
    came: Floats

    @classmethod
    def nothing(cls) -> "BoundFeedback":
        """Give feedback of nobody."""
        return cls(np.empty(0, dtype=np.int64), np.empty(0), np.empty(0))

    @classmethod
    def of(cls, at: npt.NDArray[np.int64], bound_hours: Floats, delivered_hours: Floats) -> "BoundFeedback":
        """Make feedback of moments (n,), the bounds (n, k) said in hours at the inner `KNOTS`, and the hours (n,) to delivery (infinite while open)."""
        # Bounds at the same hour are one: an atom is reached as a whole, and one that goes on above the last watched level is not asked about.
        alone = np.hstack([bound_hours[:, :-1] < bound_hours[:, 1:], np.ones((len(at), 1), dtype=bool)])[:, :WATCHED]
        bounds = bound_hours[:, :WATCHED]
        by_bound = delivered_hours[:, None] <= bounds
        asked = alone & ~before(by_bound & alone)
        reached = before(np.where(alone, INNER[:WATCHED], 0.0))
        chance = ((INNER[:WATCHED] - reached) / (1 - reached))[asked]
        due = (at[:, None] + np.round(bounds * 3_600_000_000).astype(np.int64))[asked]
        order = np.argsort(due, kind="stable")
        return cls(due[order], chance[order], by_bound[asked][order].astype(float))

    def known_by(self, until: int) -> "BoundFeedback":
        """Give what fell due up to an instant: what came later is not known yet."""
        end = int(np.searchsorted(self.due_at, until, side="right"))
        return BoundFeedback(self.due_at[:end], self.expected[:end], self.came[:end])

    def and_also(self, other: "BoundFeedback") -> "BoundFeedback":
        """Give this feedback and another's, in order of time."""
        due = np.concatenate([self.due_at, other.due_at])
        order = np.argsort(due, kind="stable")
        expected, came = np.concatenate([self.expected, other.expected]), np.concatenate([self.came, other.came])
        return BoundFeedback(due[order], expected[order], came[order])

    def pace_at(self, now: int, *, usual: float = 1.0) -> float:
        """Give the ratio of arrivals to expectation from the bounds that were due by ``now``: 1 as said, 2 twice as fast; ``usual`` without any."""
        begin = now - round(FORGOTTEN_HALF_LIVES * HALF_LIFE_DAYS * DAY_MICROS)
        low, high = np.searchsorted(self.due_at, [begin, now], side="right")
        weight = 0.5 ** ((now - self.due_at[low:high]) / (HALF_LIFE_DAYS * DAY_MICROS))
        came = float((weight * self.came[low:high]).sum())
        expected = float((weight * self.expected[low:high]).sum())
        return (came + PRIOR_ARRIVALS * usual) / (expected + PRIOR_ARRIVALS)


def paced(pace: Floats) -> Floats:
    """Give (n, 25) the levels at `KNOTS` when arrivals come at ``pace`` (n,) times the said hazard, as far as that is believed (`GAIN`)."""
    levels: Floats = 1.0 - (1.0 - KNOTS[None, :]) ** (pace[:, None] ** GAIN)
    return levels


def before(along: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Give the largest value to the left of each place in its row, 0 or false in the first."""
    return np.hstack([np.zeros_like(along[:, :1]), np.maximum.accumulate(along, axis=1)[:, :-1]])
