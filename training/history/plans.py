"""Fix what the history follows. Edit here to follow something new."""

from collections.abc import Sequence
from functools import cache
from itertools import chain

from training.features.vocabulary import Vocabulary
from training.history.levels import DAY_HOURS, LEVELS, START_HOUR, START_WEEK_HOUR, Kind, Plan, Track

__all__ = ["CREATED_DAYS", "FACILITY_PLAN", "POSSESSED_DAYS", "cohort_plan", "followed", "shipment_plan"]

SLOW, FAST = (60 * DAY_HOURS,), (1.0, 3.0, DAY_HOURS)
DENSE = (5 * DAY_HOURS, 60 * DAY_HOURS)
PLACE = (20 * DAY_HOURS, 60 * DAY_HOURS)

OPTIONAL = frozenset({"carrier", "carrier_service", "lane_service", "merchant"})
PLACES_ONLY = frozenset({"facility", "hop"})


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
    week_hour = Track(START_WEEK_HOUR, SLOW)
    pace = (Track("origin_place", SLOW), Track("destination_place", SLOW), Track("lane", SLOW, support=True), Track("lane_service", SLOW))
    network = tuple(Track(name, FAST) for name in ("all", "origin_place", "destination_place", "carrier"))
    kinds = (
        Kind("total", True, 1, (*regions, *carriers, *lanes, origin, merchant, *each)),
        Kind("handling", True, 1, (regions[0], carriers[1], origin, merchant, *each)),
        Kind("transit", True, 1, (*regions, *carriers, *lanes, *each)),
        Kind("late", False, 1, (*regions, *carriers, *lanes, origin, merchant, *each)),
        Kind("promise_offset", False, 1, (regions[1], carriers[1], lanes[0], origin, merchant, *each)),
        Kind("pace", False, 1, (*regions, *carriers, *pace, merchant, hour, week_hour, *each)),
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
