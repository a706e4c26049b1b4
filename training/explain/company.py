"""Ask the journal what others show of a vehicle that a parcel should have taken: whether it ran in time, had room, and whom the line had reached.

A parcel that stood longer than planned looks the same whatever held it. Others tell it apart. Who left together with others, none of whom had left when
it was due, waited for a late vehicle. Whom a vehicle left behind that was as full as any, or for which those who reached the stop later were ready, had no room on it.
Else it stood in line.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from training.explain.journal import KEPT_MICROS, Journal, Stays
from training.explain.stood import HOUR, MINUTE, Lost

__all__ = ["Company", "Missed", "company_of"]

EARLY, TOGETHER = 75 * MINUTE, 25 * MINUTE
"""Scanners' clocks may be wrong by an hour: a departure seen this much before its time is that one; scans of one hop this close together are one vehicle."""
IN_TIME = 15 * MINUTE
FULL = 0.85
"""Share of the largest load of a hop from which a vehicle is full; scans go missing."""
FEWEST_LOADED, FEWEST_VEHICLES = 5, 10
"""Nobody knows how much a vehicle holds of which fewer were seen, or which never carried so many."""
LINE_BACK = 12 * HOUR
SURE = 2
"""So many must have come as far in the line: one scan may be wrong."""
AHEAD_HOURS = 0.3
"""Who reached the stop this much later and left in time was behind it in the line."""
LATE, LATEST = 75 * MINUTE, 48 * HOUR
"""A vehicle that leaves less than this after its time is not late; one that leaves more than this after is another one."""


@dataclass(frozen=True, slots=True)
class Missed:
    """Hold a vehicle that left without the parcel: when (microseconds), its ``load`` as a share of the largest of the hop (NaN where unknown).

    ``line_hours`` says how much later (negative: earlier) than the parcel those had reached the stop whom the line had served by then; NaN where nobody was seen.
    """

    at: int
    load: float
    line_hours: float


@dataclass(frozen=True, slots=True)
class Company:
    """Hold what others show, as of a moment: the vehicles that left without the parcel, and how many others left with it."""

    missed: tuple[Missed, ...]
    together: int

    @property
    def evidence(self) -> tuple[str, ...]:
        """Name it in numbers: whose parcels they were is nobody's business."""
        seen = ((len(self.missed), "vehicle", "without"), (self.together, "parcel", "with"))
        return tuple(f"others:{count} {thing}{'' if count == 1 else 's'} seen leaving {how} it" for count, thing, how in seen if count)

    def tells(self, left: int, second: int | None, *, origin: bool) -> bool:
        """Say whether this tells more than the parcel's own scans.

        Nobody seen leaving in time, and several together later, is a late vehicle; but at a stop with few parcels a vehicle may have run without any, when
        all left by the next time of the timetable, ``second``.
        """
        return bool(self.missed) or (self.together > 0 and (origin or second is None or left < second - EARLY))

    def lost(self, due: int, left: int, following: Callable[[int], int | None], *, may_be_full: bool) -> Lost:
        """Share the hours from ``due`` until it left (or now): each wait ends with the next vehicle. ``following`` is the timetable of the hop.

        ``may_be_full`` is false where others do not tell a full vehicle from the line before it.
        """
        if not self.missed:
            return Lost(0.0, 0.0, (left - due) / HOUR)
        taken = planned(self.missed[-1].at + EARLY, left, following)
        ends = [*(max(one.at, due) for one in self.missed[1:]), taken]
        in_line = no_room = 0.0
        for one, start, end in zip(self.missed, (due, *ends), ends, strict=False):
            if may_be_full and (one.load >= FULL or one.line_hours > AHEAD_HOURS):
                no_room += (end - start) / HOUR
            else:
                in_line += (end - start) / HOUR
        return Lost(in_line, no_room, (left - taken) / HOUR)


def planned(since: int, left: int, following: Callable[[int], int | None]) -> int:
    """Give when the vehicle that left at ``left`` should have: the last time of the timetable before; itself when it was not late, or nobody knows."""
    taken, upcoming = left, following(max(since, left - LATEST))
    while upcoming is not None and upcoming <= left + IN_TIME:
        taken, upcoming = upcoming, following(upcoming + MINUTE)
    return taken if left - taken >= LATE else left


def company_of(journal: Journal, hop: str, stop: tuple[str, str], *, reached: int, due: int, left: int | None, at: int) -> Company | None:
    """Give what others show by ``at`` of a vehicle of a hop that was ``due``, to a parcel that reached the stop and left it (``None``: not yet).

    ``stop`` is the facility and the mode of the vehicle. ``None`` where nothing was heard of the hop, or not since it was due.
    """
    at = at if journal.until is None else min(at, journal.until)
    stays = journal.hops.get(hop)
    times = np.empty(0, dtype=np.int64) if stays is None else stays.left[(stays.known <= at) & (stays.left >= at - KEPT_MICROS)]
    if not len(times) or due > at:
        return None
    begins = np.concatenate([[0], np.flatnonzero(np.diff(times) > TOGETHER) + 1])
    loads, vehicles = np.diff(np.concatenate([begins, [len(times)]])), times[begins]
    gone = np.flatnonzero((vehicles >= due - EARLY) & (vehicles < (at if left is None else left) - TOGETHER))
    largest, line = int(loads.max()), journal.stops.get(stop)
    told = largest >= FEWEST_LOADED and len(loads) >= FEWEST_VEHICLES
    missed = tuple(
        Missed(when, load / largest if told else float("nan"), line_hours(line, reached, max(when, due), at))
        for when, load in zip(vehicles[gone].tolist(), loads[gone].tolist(), strict=True)
    )
    # its own scan of leaving is among them
    together = 0 if left is None else max(int((np.abs(times - left) <= TOGETHER).sum()) - 1, 0)
    return Company(missed, together)


def line_hours(stays: Stays | None, reached: int, gone_by: int, at: int) -> float:
    if stays is None:
        return float("nan")
    first, last = np.searchsorted(stays.reached, [reached - LINE_BACK, gone_by + 1])
    served = (stays.left[first:last] <= gone_by + IN_TIME) & (stays.known[first:last] <= at)
    came = stays.reached[first:last][served]
    return float((came[-SURE] - reached) / HOUR) if len(came) >= SURE else float("nan")
