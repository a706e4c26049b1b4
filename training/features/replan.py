"""Plan the rest of the way anew from where the shipment is: who came late takes the next vehicle, and loses the day that this costs.

A plan is a chain of connections. A shipment two hours late may lose nothing, or a day, and only the departures ahead tell which. They are read from
everybody's plans (`training.features.departures`), as far as these were known at the moment; a hop that nobody had planned often is taken to leave
daily at the hour of the own plan.
"""

import numpy as np
import numpy.typing as npt
import polars as pl

from data.domain.statuses import PROGRESS, Status
from training.features.codes import UNKNOWN_TIME
from training.features.departures import RESTING_COUNTRY, Departures, hop_names, resting_days
from training.features.local_time import local_micros, zone_codes
from training.features.matrix import ColumnSink
from training.features.moment_state import MomentState
from training.features.replan_loop import QUICK, SLOW, replan_loop

__all__ = ["add_replan"]

Whole = npt.NDArray[np.int64]


def add_replan(sink: ColumnSink, state: MomentState, departures: Departures) -> None:
    """Add the hours to the arrival by the plan made anew, with quick and with slow stops, and the tightest wait of a connection ahead.

    NaN for a plan of a single leg: it has no connection to miss.
    """
    journeys, legs, rows = state.journeys, state.legs, len(state)
    if not rows or not len(legs.leaves):
        for name in ("replanned_hours", "replanned_slow_hours"):
            sink.add("progress", name, np.full(rows, np.nan), monotone=1)
        sink.add("progress", "replanned_slack_hours", np.full(rows, np.nan))
        return
    hop, offset, resting = hops_of(state, departures)
    rest = resting_days(int(state.at.min()), int(state.at.max()))
    out, failed = (journeys.last[:, PROGRESS[status]] for status in (Status.OUT_FOR_DELIVERY, Status.ATTEMPT_FAILED))
    for name, stop in (("replanned_hours", QUICK), ("replanned_slow_hours", SLOW)):
        ends, slack = replan_loop(
            legs.start, legs.sequence, legs.known, legs.from_facility, legs.to_facility, legs.leaves, legs.arrives, hop, offset, resting,
            departures.start, departures.minutes, departures.since, rest, state.row, state.at,
            journeys.facility, journeys.facility_since, journeys.facility_until, journeys.possession_at, out, failed, stop,
        )  # fmt: skip
        sink.add("progress", name, ends, monotone=1)
    sink.add("progress", "replanned_slack_hours", slack)


def hops_of(state: MomentState, departures: Departures) -> tuple[Whole, Whole, Whole]:
    """Give for each leg its hop in the timetable (-1 = none), local minus UTC (microseconds) at its departure, and whether carriers rest there on holidays."""
    legs, subjects = state.legs, state.subjects
    ship = np.repeat(np.arange(subjects.shipments), np.diff(legs.start))
    places = state.scans.facility_ids.texts
    frame = pl.DataFrame(
        {
            "from_facility_id": picked(places, legs.from_facility),
            "to_facility_id": picked(places, legs.to_facility),
            "mode": picked(legs.modes, legs.mode),
            "carrier": subjects.frame["carrier"].gather(ship),
            "service": subjects.frame["service"].gather(ship),
        }
    )
    known = subjects.facilities.select(from_facility_id="facility_id", zone="timezone", country="country")
    where = frame.select("from_facility_id").join(known, on="from_facility_id", how="left", maintain_order="left")
    local = local_micros(legs.leaves, *zone_codes(where["zone"]))
    offset = np.where(legs.leaves == UNKNOWN_TIME, 0, local - legs.leaves)
    resting = (where["country"] == RESTING_COUNTRY).fill_null(value=False).to_numpy().astype(np.int64)
    return departures.codes.of(hop_names(frame)), offset, resting


def picked(texts: pl.Series, position: Whole) -> pl.Series:
    """Give ``texts[position]``, null where the position is -1."""
    return pl.concat([texts.cast(pl.String), pl.Series([None], dtype=pl.String)]).gather(np.where(position < 0, len(texts), position))
