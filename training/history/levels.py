"""Fix what the history follows: kinds of outcome, the keys that they are told apart by, and how fast they fade."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain

import numpy as np
import numpy.typing as npt

from training.features.vocabulary import Vocabulary

__all__ = [
    "DAY_HOURS",
    "FACILITY_PLAN",
    "LEVELS",
    "RAW_HOURS",
    "REFERENCE",
    "START_HOUR",
    "Kind",
    "Level",
    "Plan",
    "Track",
    "cohort_plan",
    "flat",
    "followed",
    "level_named",
    "shipment_plan",
]

DAY_HOURS = 24.0
RAW_HOURS = (5 * DAY_HOURS, 20 * DAY_HOURS, 60 * DAY_HOURS)
"""Half-lives of the global level of every kind (5, 20 and 60 days did the work of recency weights on Olist, 2026-11)."""

REFERENCE = 1
"""Every outcome is compared with the global level of this half-life (20 days) at the time when it became known."""

START_HOUR = "start_hour"
"""The level whose code is the local hour of the start itself: it hangs on the moment, not on the shipment."""

SLOW, FAST = (60 * DAY_HOURS,), (1.0, 3.0, DAY_HOURS)
DENSE = (5 * DAY_HOURS, 60 * DAY_HOURS)
PLACE = (20 * DAY_HOURS, 60 * DAY_HOURS)


@dataclass(frozen=True, slots=True)
class Level:
    """Describe a key: the coarser key that it is shrunk to, and by how many pseudo-outcomes."""

    name: str
    parent: str | None
    pseudo: float


LEVELS: dict[str, Level] = {
    level.name: level
    for level in (
        Level("all", None, 8.0),
        Level("origin_region", "all", 20.0),
        Level("destination_region", "all", 20.0),
        Level("region_pair", "destination_region", 20.0),
        Level("origin_place", "origin_region", 8.0),
        Level("destination_place", "destination_region", 8.0),
        Level("lane", "region_pair", 4.0),
        Level("lane_service", "lane", 8.0),
        Level("carrier", "all", 20.0),
        Level("carrier_service", "carrier", 20.0),
        Level("merchant", "all", 8.0),
        Level("start_hour", "all", 20.0),
        Level("facility", "all", 8.0),
        Level("hop", "facility", 8.0),
    )
}
"""Keys by name. An attribute's entity (``entity:shipments.attr_rider``) is shrunk to everything by `ENTITY_PSEUDO`."""

ENTITY_PSEUDO = 8.0
OPTIONAL = frozenset({"carrier", "carrier_service", "lane_service", "merchant"})
PLACES_ONLY = frozenset({"facility", "hop"})


@dataclass(frozen=True, slots=True)
class Track:
    """Follow one key with some half-lives (hours). ``support`` adds the weight of the key's own outcomes against the pseudo-outcomes."""

    level: str
    half_lives: tuple[float, ...]
    support: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """Describe one kind of outcome.

    ``ratio`` kinds (durations) are compared with the global level by division, the others (logarithms, offsets, shares) by
    subtraction. ``monotone`` is the sign of a higher level's effect on the remaining time.
    """

    name: str
    ratio: bool
    monotone: int
    tracks: tuple[Track, ...]
    group: str = "history"
    absolute: bool = True


@dataclass(frozen=True, slots=True)
class Plan:
    """Hold the kinds of one ledger and its levels, in the order of the ledger's codes."""

    kinds: tuple[Kind, ...]
    levels: tuple[str, ...]

    def number_of(self, kind: str) -> int:
        """Give the number of a kind."""
        return [k.name for k in self.kinds].index(kind)

    def slots(self) -> list[tuple[Kind, Track, float]]:
        """Give every (kind, track, half-life) in order."""
        return [(kind, track, hours) for kind in self.kinds for track in kind.tracks for hours in track.half_lives]


@dataclass(frozen=True, slots=True)
class FlatPlan:
    """Hold a plan as arrays for compiled loops.

    For every slot (kind, track, half-life): its level, the slot that it is shrunk to (-1: the root), half-life in hours, pseudo-outcomes, and the
    column of its support (-1: not asked for). For every kind: its first slot, the number of its slots, whether it is a ratio.
    """

    level: npt.NDArray[np.int64]
    parent: npt.NDArray[np.int64]
    hours: npt.NDArray[np.float64]
    pseudo: npt.NDArray[np.float64]
    support: npt.NDArray[np.int64]
    kind_first: npt.NDArray[np.int64]
    kind_slots: npt.NDArray[np.int64]
    kind_ratio: npt.NDArray[np.bool_]


@cache
def flat(plan: Plan) -> FlatPlan:
    """Give a plan as arrays."""
    slots = plan.slots()
    level_of = {name: number for number, name in enumerate(plan.levels)}
    counts = np.array([sum(kind is k for k, _, _ in slots) for kind in plan.kinds], dtype=np.int64)
    supported = np.array([track.support for _, track, _ in slots], dtype=np.bool_)
    return FlatPlan(
        np.array([level_of[track.level] for _, track, _ in slots], dtype=np.int64),
        np.array([parent_slot(slots, position) for position in range(len(slots))], dtype=np.int64),
        np.array([hours for _, _, hours in slots]),
        np.array([level_named(track.level).pseudo for _, track, _ in slots]),
        np.where(supported, np.cumsum(supported) - 1, -1),
        np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int64),
        counts,
        np.array([kind.ratio for kind in plan.kinds]),
    )


def parent_slot(slots: Sequence[tuple[Kind, Track, float]], position: int) -> int:
    """Find the slot that a slot is shrunk to: the nearest followed ancestor, with the shortest half-life that is not shorter; -1 without one."""
    kind, track, hours = slots[position]
    level = level_named(track.level).parent
    while level is not None:
        candidates = [(h, i) for i, (k, t, h) in enumerate(slots) if k is kind and t.level == level and h >= hours]
        if candidates:
            return min(candidates)[1]
        level = level_named(level).parent
    return -1


def level_named(name: str) -> Level:
    return Level(name, "all", ENTITY_PSEUDO) if name.startswith("entity:") else LEVELS[name]


def followed(vocabulary: Vocabulary) -> tuple[str, ...]:
    """Give the levels that are followed only where they differ: with one carrier, its level would repeat the global one."""
    varied = vocabulary.varied
    optional = {
        "carrier": "carrier" in varied,
        "carrier_service": "service" in varied,
        "lane_service": bool({"carrier", "service"} & {*varied}),
        "merchant": "merchant" in varied,
    }
    return (*(level for level, differs in optional.items() if differs), *(f"entity:{name}" for name in vocabulary.entities))


@cache
def shipment_plan(optional: tuple[str, ...]) -> Plan:
    """Give what is followed of whole shipments: durations, lateness, offsets to promise and plan, pace against the planned minutes."""
    each = tuple(Track(name, SLOW) for name in optional if name.startswith("entity:"))
    regions = (Track("origin_region", DENSE), Track("destination_region", DENSE), Track("region_pair", SLOW))
    carriers = (Track("carrier", DENSE), Track("carrier_service", DENSE))
    lanes = (Track("destination_place", SLOW), Track("lane", SLOW), Track("lane_service", SLOW))
    origin, merchant, hour = Track("origin_place", PLACE), Track("merchant", PLACE), Track(START_HOUR, SLOW)
    pace = (Track("origin_place", SLOW), Track("destination_place", SLOW), Track("lane", SLOW, support=True), Track("lane_service", SLOW))
    network = tuple(Track(name, FAST) for name in ("all", "origin_place", "destination_place", "carrier"))
    kinds = (
        Kind("total", True, 1, (*regions, *carriers, *lanes, origin, merchant, *each)),
        Kind("handling", True, 1, (regions[0], carriers[1], origin, merchant, *each)),
        Kind("transit", True, 1, (*regions, *carriers, *lanes, *each)),
        Kind("late", False, 1, (*regions, *carriers, *lanes, origin, merchant, *each)),
        Kind("promise_offset", False, 1, (regions[1], carriers[1], lanes[0], origin, merchant, *each)),
        Kind("pace", False, 1, (*regions, *carriers, *pace, merchant, hour, *each)),
        Kind("rushed", False, -1, (origin, merchant, *each)),
        Kind("arrival_offset", False, 1, (*network, *regions, *carriers, *lanes, origin, hour, *each)),
        Kind("departure_offset", False, 1, (*network, carriers[0], origin, hour, *each)),
    )
    levels = tuple(level for level in LEVELS if level not in OPTIONAL | PLACES_ONLY or level in optional)
    named = tuple(track.level for track in each)
    kept = {*levels, *named}
    return Plan(
        tuple(Kind(k.name, k.ratio, k.monotone, merged([track for track in k.tracks if track.level in kept])) for k in kinds),
        (*levels, *named),
    )


def merged(tracks: Sequence[Track]) -> tuple[Track, ...]:
    """Put the half-lives of tracks that follow the same key together, parents before children."""
    order = [*LEVELS, *dict.fromkeys(track.level for track in tracks if track.level not in LEVELS)]
    together = []
    for level in order:
        same = [track for track in tracks if track.level == level]
        if same:
            together.append(Track(level, tuple(sorted({*chain.from_iterable(t.half_lives for t in same)})), any(t.support for t in same)))
    return tuple(together)


CREATED_DAYS = (3, 5, 7, 10, 14, 21)
POSSESSED_DAYS = (1, 2, 3, 5, 7, 10)


@cache
def cohort_plan() -> Plan:
    """Give the delivered shares followed: of what was created (or picked up) n days ago, the share that has been delivered by now."""
    tracks = (Track("all", (5 * DAY_HOURS,)), Track("destination_region", (20 * DAY_HOURS,)))
    created = tuple(
        Kind(f"delivered_in_{days}_days", False, -1, tracks[: 2 if days in {7, 14} else 1], absolute=False) for days in CREATED_DAYS
    )
    moved = tuple(Kind(f"moved_in_{days}_days", False, -1, tracks[: 2 if days in {3, 7} else 1], absolute=False) for days in POSSESSED_DAYS)
    return Plan((*created, *moved), ("all", "destination_region"))


FACILITY_PLAN = Plan(
    (
        Kind("dwell", True, 1, (Track("all", (DAY_HOURS,)), Track("facility", (DAY_HOURS, 20 * DAY_HOURS))), "facility"),
        Kind(
            "left_in_24_hours", False, -1, (Track("all", (DAY_HOURS,)), Track("facility", (DAY_HOURS, 20 * DAY_HOURS))), "facility", False
        ),
        Kind(
            "hop",
            True,
            1,
            (Track("all", (DAY_HOURS,)), Track("facility", (DAY_HOURS, 20 * DAY_HOURS)), Track("hop", (20 * DAY_HOURS,))),
            "facility",
        ),
    ),
    ("all", "facility", "hop"),
)
"""What is followed of facilities: hours inside, the share gone within a day, hours to the next facility."""
