"""List the stops that are left of each moment's way, and when each is expected to be passed."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from training.features.codes import UNKNOWN_TIME
from training.features.compiled import compiled
from training.features.moment_state import MomentState

__all__ = ["WayStops", "stops_left"]

Whole = npt.NDArray[np.int64]
NONE: Final = int(UNKNOWN_TIME)


@dataclass(frozen=True, slots=True)
class WayStops:
    """Hold stops of all moments one after another: the moment, the facility (numbered as in the scans), the planned arrival in microseconds."""

    moment: Whole
    facility: Whole
    arrives: Whole


def stops_left(state: MomentState) -> WayStops:
    """Give where the legs left end, by the plan as known at each moment; the leg to the door and legs without a time are left out."""
    legs = state.legs
    return WayStops(
        *stops_loop(legs.start, legs.sequence, legs.known, legs.to_facility, legs.arrives, state.row, state.at, state.plan.done)
    )


@compiled
def stops_loop(  # noqa: PLR0917 - vectors side by side
    start: Whole, sequence: Whole, known: Whole, to_facility: Whole, arrives: Whole, row: Whole, at: Whole, done: Whole
) -> tuple[Whole, Whole, Whole]:
    most = longest = 0
    for i in range(len(row)):
        legs = start[row[i] + 1] - start[row[i]]
        most, longest = most + legs, max(longest, legs)
    plan = np.empty(longest, dtype=np.int64)
    moment, facility, when = np.empty(most, dtype=np.int64), np.empty(most, dtype=np.int64), np.empty(most, dtype=np.int64)
    found = 0
    for i in range(len(row)):
        legs = 0
        for j in range(start[row[i]], start[row[i] + 1]):
            if known[j] > at[i]:
                continue
            if legs > 0 and sequence[plan[legs - 1]] == sequence[j]:
                plan[legs - 1] = j
            else:
                plan[legs] = j
                legs += 1
        for k in range(done[i], legs):
            if to_facility[plan[k]] >= 0 and arrives[plan[k]] != NONE:
                moment[found], facility[found], when[found] = i, to_facility[plan[k]], arrives[plan[k]]
                found += 1
    return moment[:found], facility[:found], when[:found]
