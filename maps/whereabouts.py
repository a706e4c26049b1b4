"""Say where on the rest of its way a parcel probably is between two scans.

A few hundred ways on which the parcel may have gone on since its last scan are laid out, by the same fixed draws each time: it stays at a stop as long as
parcels do there, travels as fast as they do, and comes to the door as the forecast says. Each way counts by how probable it is that nothing was
heard of it: a scan that should have been heard an hour ago speaks against it, though some are never made. A band is the shortest part of the way that
holds enough of them.

Hours count from now; kilometres from the last stop that was seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from data.facts.passage_habits import LEVELS, SLACK_HOURS, PassageHabits, Spread, slack_class

__all__ = ["Band", "Hop", "Whereabouts", "whereabouts"]

Floats = npt.NDArray[np.float64]

WAYS = 400
TRUCK_KMH, AIR_KMH = 70.0, 500.0
"""Travel speeds where no plan says how long a leg takes (our choice)."""
BACK_HOURS = 8.0
"""A van that found nobody is back within so many hours: a delivery round (our choice)."""
BAND_LEVELS = (0.9, 0.5)


@dataclass(frozen=True, slots=True)
class Hop:
    """Hold one stop and the leg that follows it: planned times in hours from now (``None`` without a plan), length in km.

    The leg to the door is drawn up to the edge of the door's area only; ``hidden_km`` are the rest of it.
    """

    mode: str
    length_km: float
    planned_departure: float | None = None
    planned_arrival: float | None = None
    first: bool = False
    to_door: bool = False
    hidden_km: float = 0.0


@dataclass(frozen=True, slots=True)
class Band:
    """Hold the kilometres between which the parcel is with at least probability ``level``; with ``chance`` by what was laid out."""

    level: float
    start_km: float
    end_km: float
    chance: float


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Hold the bands (widest first, each within the one before), the most probable kilometre, and the hop at whose start it stands, if at any."""

    bands: tuple[Band, ...]
    most_probable_km: float
    stands_at: int | None


def whereabouts(
    hops: Sequence[Hop],
    *,
    arrived: float | None,
    left: float | None,
    habits: PassageHabits,
    door: Sequence[tuple[float, float]] = (),
    failed: float | None = None,
) -> Whereabouts | None:
    """Give the bands of a parcel seen last at the start of the first hop: it ``arrived`` there or ``left`` it so many hours ago (as a negative number).

    ``door`` are quantiles of the arrival as (level, hours from now); ``failed`` is when an attempt at the door failed. ``None`` without a way to go.
    """
    if not hops or (arrived is None and left is None):
        return None
    ends = [0.0, *accumulate(hop.length_km for hop in hops)]
    if failed is not None:
        back = np.clip(-failed / (BACK_HOURS * levels_of(0)), 0, 1)
        return read(ends[-1] - back * hops[-1].length_km, np.ones(WAYS), [*ends[:-2], ends[-2]])
    place, chance = np.full(WAYS, ends[-1]), np.ones(WAYS)
    on_the_way = np.ones(WAYS, dtype=bool)
    here = np.full(WAYS, arrived if arrived is not None else left)
    for number, hop in enumerate(hops):
        seen_to_leave = number == 0 and left is not None
        start = np.full(WAYS, left) if seen_to_leave else leaving(hop, here, habits, number)
        reached = coming(hop, start, habits, number)
        if hop.to_door and door:
            reached = np.maximum(drawn_at(door, levels_of(2 * number + 1)), 1e-3)
            if not seen_to_leave:
                start = np.maximum(reached - draw(habits.rounds, 2 * number), here)
        if not seen_to_leave:
            chance *= silence(start, habits, "out" if hop.to_door else "left_first" if hop.first else "left")
        if not hop.to_door:
            chance *= silence(reached, habits, "arrived")
        waits, travels = on_the_way & (start > 0), on_the_way & (start <= 0) & (reached > 0)
        place[waits] = ends[number]
        share = np.clip(-start / np.maximum(reached - start, 1e-6), 0.0, 1.0)
        place[travels] = ends[number] + np.minimum((hop.length_km + hop.hidden_km) * share[travels], hop.length_km)
        on_the_way &= reached <= 0
        here = reached
    return read(place, chance, ends[:-1] if hops[-1].to_door else ends)


def leaving(hop: Hop, here: Floats, habits: PassageHabits, number: int) -> Floats:
    """Give when each way leaves a stop that it came to at ``here``."""
    place = "first" if hop.first else "later"
    at = levels_of(2 * number)
    if hop.planned_departure is None:
        return here + np.maximum(draw_at(habits.stay(place, hop.mode), at), 0.0)
    slack = hop.planned_departure - here
    classes = np.searchsorted(SLACK_HOURS, slack, side="right")
    start = np.empty(WAYS)
    for one in np.unique(classes):
        rows = classes == one
        name = slack_class(float(slack[rows][0]))
        start[rows] = np.maximum(here[rows], hop.planned_departure) + draw_at(habits.stay(place, hop.mode, name), at[rows])
    return np.maximum(start, here)


def coming(hop: Hop, start: Floats, habits: PassageHabits, number: int) -> Floats:
    """Give when each way that left at ``start`` comes to the next stop."""
    if hop.to_door:
        return start + np.maximum(draw(habits.rounds, 2 * number + 1), 0.1)
    planned = None
    if hop.planned_departure is not None and hop.planned_arrival is not None:
        planned = hop.planned_arrival - hop.planned_departure
    if planned is None or planned <= 0:
        planned = max(0.2, hop.length_km / (AIR_KMH if hop.mode == "air" else TRUCK_KMH))
    return start + planned * np.maximum(draw(habits.pace(hop.mode), 2 * number + 1), 0.1)


def silence(happened: Floats, habits: PassageHabits, kind: str) -> Floats:
    """Give the probability that nothing was heard yet of something that happened then; 1 for what lies ahead."""
    missing = habits.missing.get(kind, habits.missing.get("left", 0.05))
    unheard = 1.0 - np.interp(-happened, habits.heard_after, LEVELS, left=0.0, right=1.0 - 0.3 * (1 - LEVELS[-1]))
    return np.where(happened > 0, 1.0, missing + (1 - missing) * unheard)


def levels_of(dimension: int) -> Floats:
    """Give the levels of one draw for every way: evenly spread, and independent of the other draws (a Kronecker sequence)."""
    turn = np.sqrt([2.0, 3.0, 5.0, 7.0, 11.0, 13.0, 17.0, 19.0, 23.0, 29.0, 31.0, 37.0, 41.0, 43.0])[dimension % 14]
    levels: Floats = ((np.arange(WAYS) + 0.5) * turn) % 1.0
    return levels


def draw(spread: Spread, dimension: int) -> Floats:
    return draw_at(spread, levels_of(dimension))


def draw_at(spread: Spread, at: Floats) -> Floats:
    """Read a spread at some levels; its upper tail goes on as far again for every further factor of e in rarity."""
    values: Floats = np.interp(at, LEVELS, spread)
    tail = at > LEVELS[-1]
    step = max(spread[-1] - spread[-3], 0.0)
    values[tail] += step * np.log((1 - LEVELS[-1]) / np.maximum(1 - at[tail], 1e-6))
    return values


def drawn_at(quantiles: Sequence[tuple[float, float]], at: Floats) -> Floats:
    """Read a forecast's quantiles (level, hours from now) at some levels; below the lowest down to now, above the highest as far again."""
    known = [(0.0, 0.0), *quantiles]
    top, middle = known[-1], known[len(known) // 2]
    known.append((1.0, top[1] + max(top[1] - middle[1], 0.5)))
    levels, hours = zip(*known, strict=True)
    values: Floats = np.interp(at, levels, np.maximum.accumulate(hours))
    return values


def read(place: Floats, chance: Floats, stops: Sequence[float]) -> Whereabouts:
    """Read the bands and the most probable place from the ways."""
    order = np.argsort(place, kind="stable")
    at, weight = place[order], chance[order] / chance.sum()
    bands, low, high = [], 0, WAYS - 1
    for level in BAND_LEVELS:
        low, high = shortest(at, weight, level, low, high)
        bands.append(Band(level, float(at[low]), float(at[high]), float(weight[(at >= at[low]) & (at <= at[high])].sum())))
    masses = [float(weight[np.abs(at - stop) < 1e-6].sum()) for stop in stops]
    most = int(np.argmax(masses)) if masses else 0
    if masses and masses[most] >= 0.5:
        return Whereabouts(tuple(bands), stops[most], most)
    middle = float(at[np.searchsorted(np.cumsum(weight), 0.5)])
    return Whereabouts(tuple(bands), min(max(middle, bands[-1].start_km), bands[-1].end_km), None)


def shortest(at: Floats, weight: Floats, level: float, low: int, high: int) -> tuple[int, int]:
    """Give first and last way of the shortest stretch between ``low`` and ``high`` that holds ``level`` of all the weight."""
    upto = np.concatenate([[0.0], np.cumsum(weight)])
    firsts = np.arange(low, high + 1)
    lasts = np.maximum(np.searchsorted(upto, upto[firsts] + level - 1e-9) - 1, firsts)
    fitting = lasts <= high
    if not fitting.any():
        return low, high
    shortest_one = int(np.argmin(np.where(fitting, at[np.minimum(lasts, high)] - at[firsts], np.inf)))
    return int(firsts[shortest_one]), int(lasts[shortest_one])
