"""Measure how often a simulated parcel truly was where the page said it probably is."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
from rich.console import Console
from rich.table import Table
from shapely.geometry import LineString, Point
from shapely.ops import nearest_points

from data.simulator.positions import true_position, true_track
from data.simulator.truth import Truth
from maps.assemble import assemble
from maps.position import outside
from maps.view import JourneyView, Line
from serving.journeys import by_road
from serving.replaying.world import ReplayedJourney, ReplayedWorld

__all__ = ["print_whereabouts", "whereabouts_report"]

TOLERANCE_KM = 1.0
"""How far from a band the true place's foot on the drawn way may lie: lines are simplified by 400 m, on legs across the country by 1 km."""
PLACE_KM = 5.0
"""A band up to this long stands for a place (its shortest length is 4 km), a longer one for a stretch of the way."""


def whereabouts_report(world: ReplayedWorld, *, minutes: int, tell: Callable[[str, int, int], None]) -> dict[str, Any]:
    """Look at each journey at ``minutes`` random minutes between possession and delivery, and see whether the true place lies in the bands.

    The drawn way is not the vehicle's own (vans fly straight, planes too), so the true place is first moved to the nearest point of the way that is drawn,
    which ends at the edge of the door's area; it lies in a band if that point does, to 1 km.
    """
    random = np.random.default_rng(int(str(world.about["seed"])))
    rows: list[dict[str, Any]] = []
    without = 0
    for number, journey in enumerate(world.journeys):
        if number % 20 == 0:
            tell("looking", number, len(world.journeys))
        shipment_id = journey.facts.shipment.shipment_id
        mine = pl.col("shipment_id") == shipment_id
        truth = replace(world.truth, shipments=world.truth.shipments.filter(mine), moves=world.truth.moves.filter(mine))
        track = true_track(truth, shipment_id)
        if not track:
            continue
        span = (journey.delivered_at - track[0][0]).total_seconds()
        for share in random.random(minutes).tolist():
            at = track[0][0] + timedelta(seconds=span * share)
            seen = look(journey, truth, at)
            without += seen is None
            if seen is not None:
                rows.append({**seen, "vehicle": vehicle(track, at)})
    return {**world.about, "minutes": len(rows) + without, "without_position": without, **scores(rows)}


def look(journey: ReplayedJourney, truth: Truth, at: datetime) -> dict[str, Any] | None:
    """Compare what the page shows at a moment with the truth; ``None`` where it shows no position."""
    view = assemble(journey.facts, now=at, router=by_road)
    if view.position is None:
        return None
    here = true_position(truth, view.shipment_id, at)
    last = len(view.stops) - 1
    way = [outside(leg.line, view.door) if view.door and leg.to_stop == last else leg.line for leg in view.legs]
    foot = min((nearest(here, line) for line in way), key=lambda point: away_km(here, (point,)))
    bands = {f"{band.level:.0%}": band for band in view.position.bands}
    inside = {name: away_km(foot, band.line) <= TOLERANCE_KM for name, band in bands.items()}
    return {
        "stage": view.status.value,
        "drawn": "place" if length_of(bands["90%"].line) <= PLACE_KM else "stretch",
        "since_scan": since_scan(view),
        **{f"in_{name}": inside[name] for name in bands},
        **{f"said_{name}": band.chance for name, band in bands.items()},
        **{f"km_{name}": length_of(band.line) for name, band in bands.items()},
    }


def since_scan(view: JourneyView) -> str:
    hours = (view.seen_at - max(event.heard_at for event in view.timeline)).total_seconds() / 3600
    return "below 2 h" if hours < 2 else "2 to 8 h" if hours < 8 else "8 to 24 h" if hours < 24 else "24 h and more"


def vehicle(track: list[Any], at: datetime) -> str:
    """Say what truly carries the parcel: a mode, or ``stands``."""
    return next((mode for departed, arrived, mode, *_ in track if departed <= at < arrived), "stands")


def flat(point: tuple[float, float], around: tuple[float, float]) -> tuple[float, float]:
    """Give a point in km east and north of another one, on a plane: exact enough where it matters, near the other one."""
    east = (point[1] - around[1] + 180) % 360 - 180
    return east * 111.32 * float(np.cos(np.radians(around[0]))), (point[0] - around[0]) * 110.57


def shape(line: Line, around: tuple[float, float]) -> LineString | Point:
    points = [flat(point, around) for point in line]
    return LineString(points) if len(points) > 1 else Point(points[0])


def away_km(here: tuple[float, float], line: Line) -> float:
    return float(shape(line, here).distance(Point(0, 0)))


def nearest(here: tuple[float, float], line: Line) -> tuple[float, float]:
    """Give the point of a line that is nearest to a place."""
    east, north = nearest_points(shape(line, here), Point(0, 0))[0].coords[0]
    return here[0] + north / 110.57, here[1] + east / (111.32 * float(np.cos(np.radians(here[0]))))


def length_of(line: Line) -> float:
    return float(LineString([flat(point, line[0]) for point in line]).length) if len(line) > 1 else 0.0


def scores(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Give for all minutes and by stage, true vehicle, what is drawn and hours since the last scan: how often each band held the parcel, and what it said."""
    groups: dict[str, dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        for kind in ("stage", "vehicle", "drawn", "since_scan"):
            groups[kind][row[kind]].append(row)
    by = {kind: {name: cell(members) for name, members in sorted(found.items())} for kind, found in groups.items()}
    return {"all": cell(rows), "by": by}


def cell(rows: list[dict[str, Any]]) -> dict[str, float]:
    figures: dict[str, float] = {"n": len(rows)}
    for level in ("90%", "50%"):
        for what in ("in", "said", "km"):
            figures[f"{what}_{level}"] = float(np.mean([row[f"{what}_{level}"] for row in rows])) if rows else float("nan")
    return figures


def print_whereabouts(report: dict[str, Any]) -> None:
    """Show how often each band held the parcel beside the chance that it gave itself."""
    table = Table(title=f"Where it is: {report['minutes']} minutes of {report['journeys']} journeys (seed {report['seed']})")
    for name in ("minutes", "n", "in 90 % band", "it said", "km", "in 50 % band", "it said", "km"):
        table.add_column(name, justify="left" if name == "minutes" else "right")
    cells = [("all", report["all"])] + [
        (f"{kind.replace('_', ' ')}: {name}", one) for kind, found in report["by"].items() for name, one in found.items()
    ]
    for name, one in cells:
        figures = [
            text
            for level in ("90%", "50%")
            for text in (f"{one[f'in_{level}']:.1%}", f"{one[f'said_{level}']:.1%}", f"{one[f'km_{level}']:.0f}")
        ]
        table.add_row(name, str(one["n"]), *figures)
    console = Console()
    console.print(table)
    console.print(f"{report['without_position']} minutes show no position (no way to go, or nothing was heard that says where it was).")
