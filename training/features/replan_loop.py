"""The loop that walks the rest of each way from departure to departure."""

from typing import Final

import numpy as np
import numpy.typing as npt

from training.features.codes import UNKNOWN_TIME
from training.features.compiled import compiled, inlined

__all__ = ["QUICK", "SLOW", "replan_loop"]

Whole = npt.NDArray[np.int64]
Real = npt.NDArray[np.float64]

NONE: Final = int(UNKNOWN_TIME)
MINUTE: Final = 60_000_000
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
DAY_MINUTES: Final = 1440
WEEK: Final = 7 * DAY_MINUTES
MOST_LEGS: Final = 1001
QUICK: Final = 75 * MINUTE
SLOW: Final = 150 * MINUTE
"""What a stop takes at least, and what it takes on a busy evening: sorting and loading (our choice; the trees weigh the two)."""
STAY: Final = 15 * MINUTE
"""Two scans at one place so far apart are an arrival and a departure."""
UNHEARD: Final = 20 * MINUTE
"""A departure may be so old without having been heard."""
BACK: Final = 4 * HOUR
"""From a failed visit until the parcel can be loaded again."""
MOST_TRIES: Final = 14
KNOWN_DAYS: Final = 300
"""Days around the moment for which days of rest are surely listed, whatever the other moments are."""


@inlined
def next_departure(  # noqa: PLR0917 - compiled: plain numbers and vectors
    planned: int, ready: int, at: int, first: int, end: int, shift: int, minutes: Whole, since: Whole, rest: Whole, rests: int
) -> int:
    """Give the first departure not before ``ready``: by the timetable ``minutes[first:end]`` as known at ``at``, or else daily at the planned hour."""
    known = False
    for k in range(first, end):
        known = known or since[k] <= at
    if not known:
        return planned + (max(ready - planned, 0) + DAY - 1) // DAY * DAY
    earliest, found = ready, ready // MINUTE * MINUTE
    for _ in range(MOST_TRIES):
        now = ((found + shift) // MINUTE + 3 * DAY_MINUTES) % WEEK
        place, wait = first + int(np.searchsorted(minutes[first:end], now)), 0
        for _step in range(end - first + 1):
            if place == end:
                place, wait = first, WEEK
            if since[place] <= at:
                break
            place += 1
        found += (minutes[place] - now + wait) * MINUTE
        today = (found + shift) // DAY
        spot = np.searchsorted(rest, today)
        if rests == 0 or spot == len(rest) or rest[spot] != today or abs(today - at // DAY) > KNOWN_DAYS:
            break
        found = (today + 1) * DAY - shift
    # The own plan names a vehicle too, also where nobody else takes it.
    return min(found, planned) if planned >= earliest else found


@compiled
def replan_loop(  # noqa: C901, PLR0912, PLR0915, PLR0917 - one plain loop over vectors
    start: Whole,
    sequence: Whole,
    known: Whole,
    from_facility: Whole,
    to_facility: Whole,
    leaves: Whole,
    arrives: Whole,
    hop: Whole,
    offset: Whole,
    resting: Whole,
    table_start: Whole,
    table: Whole,
    since_known: Whole,
    rest: Whole,
    row: Whole,
    at: Whole,
    facility: Whole,
    since: Whole,
    until: Whole,
    possession: Whole,
    out: Whole,
    failed: Whole,
    stop: int,
) -> tuple[Real, Real]:
    rows = len(row)
    ends, slack = np.full(rows, np.nan), np.full(rows, np.nan)
    plan = np.empty(MOST_LEGS, dtype=np.int64)
    for i in range(rows):
        legs, whole, now = 0, True, at[i]
        for j in range(start[row[i]], start[row[i] + 1]):
            if known[j] > now:
                continue
            if legs > 0 and sequence[plan[legs - 1]] == sequence[j]:
                plan[legs - 1] = j
            elif legs < MOST_LEGS:
                plan[legs] = j
                legs += 1
        done = 0
        for k in range(legs):
            whole = whole and leaves[plan[k]] != NONE and arrives[plan[k]] != NONE
            if facility[i] >= 0 and to_facility[plan[k]] == facility[i]:
                done = k + 1
            elif facility[i] >= 0 and from_facility[plan[k]] == facility[i]:
                done = k
        if legs < 2 or not whole or done >= legs:
            continue
        last = plan[legs - 1]
        if out[i] != NONE and (failed[i] == NONE or failed[i] < out[i]):
            ends[i] = (out[i] + arrives[last] - leaves[last] - now) / HOUR
            continue
        visited = failed[i] != NONE
        first = legs - 1 if visited else done
        tightest, reached, gone = np.inf, now, False
        here_since = since[i] if facility[i] >= 0 else NONE
        if not visited and done == 0 and possession[i] != NONE:
            gone, reached = True, possession[i] + arrives[plan[0]] - leaves[plan[0]]
        elif not visited and here_since != NONE and done < legs - 1 and until[i] - here_since >= STAY:
            gone, reached = True, until[i] + arrives[plan[done]] - leaves[plan[done]]
        if gone:
            first += 1
            if done < legs - 1:
                reached = max(reached, now)
        for k in range(first, legs):
            leg = plan[k]
            if visited:
                earliest = max(failed[i] + BACK, now - UNHEARD)
                ready = earliest
            elif k == done:
                earliest = now - UNHEARD
                if here_since != NONE and done > 0:
                    earliest = max(earliest, here_since + stop)
                ready = max(earliest, leaves[leg]) if done == 0 or stop == SLOW else earliest
            else:
                earliest = reached + stop
                ready = max(earliest, leaves[leg]) if stop == SLOW else earliest
            number = hop[leg]
            begin, end = (table_start[number], table_start[number + 1]) if number >= 0 else (0, 0)
            left = next_departure(leaves[leg], ready, now, begin, end, offset[leg], table, since_known, rest, resting[leg])
            if not visited:
                tightest = min(tightest, (left - ready if k == done else left - earliest) / HOUR)
            reached = left + arrives[leg] - leaves[leg]
        ends[i] = (reached - now) / HOUR
        if tightest < np.inf:
            slack[i] = tightest
    return ends, slack
