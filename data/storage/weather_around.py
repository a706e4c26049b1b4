"""Read the weather that shipments need: enough that any question about them has the answer that all weather would give.

Features look at the facility of a stop, or else at the nearest site with weather: at the hours before the moment, and at what was
then forecast for the hour of passing. So the read covers every facility near a stop, the hours of the shipment's life and the reach
of forecasts beyond, and for each site the first row it ever had, because that tells since when the site speaks.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import sqlalchemy as sa
from sqlalchemy import Connection

from data.domain.statuses import TERMINAL
from data.facts.moments import micros
from data.storage.among import among, key_table, keyed
from data.storage.fetching import fetch, rows_of
from data.storage.tables import FACTS, STATES

__all__ = ["REACH_KM", "facilities_between", "facilities_near", "read_weather"]

REACH_KM = 110.0
"""Weather of a place is looked for up to 100 km around; a tenth is added against differences of rounding."""

BEFORE, AFTER = timedelta(hours=12), timedelta(days=16)
"""Hours before creation that an observation stays useful, twice over, and the longest reach of weather models (GFS: 16 days)."""

LONGEST_DETOUR = 1.25
"""Facilities are on the way when passing them makes it at most so much longer; a little more than reasons look at (1.2)."""

LOOKED_BACK = timedelta(days=14)
"""Days of observed weather that a look at one moment reads, for shipments as old as that."""

MOST_TO_SEARCH_AROUND = 256
"""More shipments than this have their stops nearly everywhere: then every facility is near."""

EARTH_RADIUS_KM = 6371.0088
FOR_EVER = micros(datetime(2200, 1, 1, tzinfo=UTC))
TIMES = {"weather_observations": "observed_at", "weather_forecasts": "valid_at"}
POINTS = (("shipments", "origin_"), ("shipments", "destination_"), ("facilities", ""))


def facilities_near(connection: Connection, tables: Mapping[str, pl.DataFrame]) -> list[str]:
    """Give the ids of all facilities within reach of a stop of the shipments in ``tables`` (origin, destination, facilities)."""
    facilities = FACTS["facilities"].c
    query = sa.select(facilities.facility_id, facilities.lat, facilities.lon).where(facilities.lat.is_not(None))
    ids, lats, lons = list(zip(*connection.execute(query).cursor.fetchall(), strict=True)) or ((), (), ())
    if tables["shipments"].height > MOST_TO_SEARCH_AROUND:
        return list(ids)
    frames = [tables[table].select(lat=f"{prefix}lat", lon=f"{prefix}lon") for table, prefix in POINTS]
    points = np.radians(pl.concat(frames).drop_nulls().unique().to_numpy())
    there = np.radians(np.array([lats, lons], dtype=np.float64))
    lat, lon = points[:, :1], points[:, 1:]
    chord = np.sin((there[0] - lat) / 2) ** 2 + np.cos(lat) * np.cos(there[0]) * np.sin((there[1] - lon) / 2) ** 2
    near = (2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(chord, 0, 1))) <= REACH_KM).any(axis=0)
    return [facility_id for facility_id, is_near in zip(ids, near, strict=True) if is_near]


def facilities_between(connection: Connection, legs: Mapping[str, pl.DataFrame]) -> list[str]:
    """Give the ids of all facilities that a straight way between two facilities passes nearly: what a truck met there is told by their weather."""
    facilities = FACTS["facilities"].c
    query = sa.select(facilities.facility_id, facilities.lat, facilities.lon).where(facilities.lat.is_not(None))
    known = {row.facility_id: (row.lat, row.lon) for row in connection.execute(query)}
    ways = legs["legs"].select("from_facility_id", "to_facility_id").drop_nulls().unique().iter_rows()
    ends = np.radians([(*known[start], *known[end]) for start, end in ways if start in known and end in known])
    if not len(ends):
        return []
    points = np.radians(list(known.values()))
    before, after, whole = (km(ends[:, None, :2], points[None]), km(ends[:, None, 2:], points[None]), km(ends[:, :2], ends[:, 2:]))
    near = np.flatnonzero(np.any(before + after <= LONGEST_DETOUR * whole[:, None], axis=0)).tolist()
    return [list(known)[position] for position in near]


def km(start: npt.NDArray[np.float64], end: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Give great circles between points in radians."""
    half = np.sin((end[..., 0] - start[..., 0]) / 2) ** 2
    chord = half + np.cos(start[..., 0]) * np.cos(end[..., 0]) * np.sin((end[..., 1] - start[..., 1]) / 2) ** 2
    found: npt.NDArray[np.float64] = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(chord, 0, 1)))
    return found


def read_weather(
    connection: Connection, table: str, facility_ids: Sequence[str], shipments: pl.DataFrame, received_before: datetime | None
) -> pl.DataFrame:
    """Read one weather table at some facilities for the time in which shipments were, or still may be, on their way.

    With ``received_before`` it is the weather that a look at that very moment needs: the hours before it, and all forecasts of the
    hours after it that were out by then.
    """
    dialect = connection.dialect.name
    created = shipments["created_at"].min()
    start = received_before or created
    if table == "weather_observations" and received_before is not None and isinstance(created, datetime):
        start = max(min(created, received_before), received_before - LOOKED_BACK)  # what it met on its way explains where it is now
    since = micros(start - BEFORE) if isinstance(start, datetime) else FOR_EVER
    seen_at = FOR_EVER if received_before is None else micros(received_before)
    over_at = min(seen_at, _over_at(connection, shipments["shipment_id"].to_list()))
    times = {"start": since, "end": over_at + AFTER // timedelta(microseconds=1), "seen_at": seen_at}
    return fetch(connection, table, {}, _around(table, dialect), **keyed(dialect, facility_ids), **times)


def _over_at(connection: Connection, shipment_ids: Sequence[str]) -> int:
    dialect = connection.dialect.name
    still_open, last = connection.execute(_ends(dialect), keyed(dialect, shipment_ids)).one()
    return FOR_EVER if still_open or last is None else int(last)


@cache
def _ends(dialect: str) -> sa.Select[Any]:
    is_open = STATES.c.status.not_in([status.value for status in TERMINAL])
    still_open = sa.func.sum(sa.case((is_open, 1), else_=0))
    return sa.select(still_open, sa.func.max(STATES.c.last_heard_at)).where(among(dialect, STATES.c.shipment_id))


@cache
def _around(table: str, dialect: str) -> sa.CompoundSelect[Any]:
    weather = FACTS[table]
    seen = weather.c.available_at <= sa.bindparam("seen_at")
    in_time = weather.c[TIMES[table]].between(sa.bindparam("start"), sa.bindparam("end"))
    around = rows_of(table).where(among(dialect, weather.c.facility_id), in_time, seen)
    # One index lookup for each key; GROUP BY would walk through all rows of each facility.
    other = weather.alias()
    keys = key_table(dialect)
    first = sa.select(sa.func.min(other.c.available_at)).where(other.c.facility_id == keys.c.value).scalar_subquery()
    # Materialised, or SQLite would ask for the first instant again at each row.
    firsts = sa.select(keys.c.value.label("facility_id"), first.label("available_at")).cte("firsts").prefix_with("MATERIALIZED")
    since = (weather.c.facility_id == firsts.c.facility_id) & (weather.c.available_at == firsts.c.available_at)
    known = firsts.c.available_at <= sa.bindparam("seen_at")
    return sa.union_all(around, rows_of(table).join(firsts, since).where(known, sa.not_(in_time)))
