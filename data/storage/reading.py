"""Read canonical facts: everything, or what some shipments need."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

import polars as pl
import sqlalchemy as sa
from sqlalchemy import Connection

from data.domain.errors import NotFound
from data.facts.facts import Facts, received_by
from data.facts.moments import micros
from data.facts.schema import TABLES
from data.storage.among import among, keyed
from data.storage.attributes import declared
from data.storage.fetching import fetch, fetch_among, rows_of
from data.storage.tables import FACTS
from data.storage.text import lookup_text
from data.storage.weather_around import facilities_between, facilities_near, read_weather

__all__ = ["read_all", "read_some"]

CLOCKS = {
    "orders": "ordered_at",
    "shipments": "created_at",
    "promises": "known_at",
    "legs": "known_at",
    "scans": "received_at",
    "weather_observations": "available_at",
    "weather_forecasts": "available_at",
    "lane_summaries": "known_at",
}
"""The clock of each table that says from when on a row may be used; the same as in `data.facts.facts.received_by`."""

NAMING_FACILITIES = (
    ("shipments", "origin_facility_id"),
    ("shipments", "destination_facility_id"),
    ("legs", "from_facility_id"),
    ("legs", "to_facility_id"),
    ("scans", "facility_id"),
)
LINKS = {"orders": "order_id", "parcels": "shipment_id", "promises": "shipment_id", "legs": "shipment_id", "scans": "shipment_id"}


@cache
def _known_by(table: str) -> sa.Select[Any]:
    return rows_of(table).where(FACTS[table].c[CLOCKS[table]] <= sa.bindparam("moment"))


@cache
def _lanes_touching(dialect: str) -> sa.Select[Any]:
    lanes = FACTS["lane_summaries"].c
    ends = (among(dialect, lanes.origin_facility_id), among(dialect, lanes.destination_facility_id))
    return rows_of("lane_summaries").where(sa.or_(*ends))


def read_all(connection: Connection, received_before: datetime | None) -> Facts:
    """Read every table; with a moment, only what was known then."""
    kinds = declared(connection)
    tables = {}
    for name in TABLES:
        if received_before is None or name not in CLOCKS:
            tables[name] = fetch(connection, name, kinds.get(name, {}), rows_of(name))
        else:
            tables[name] = fetch(connection, name, kinds.get(name, {}), _known_by(name), moment=micros(received_before))
    return Facts(**tables)


def read_some(connection: Connection, shipment_ids: Sequence[str], received_before: datetime | None) -> Facts:
    """Read some shipments and all that belongs to them."""
    ids = [lookup_text("shipment", shipment_id) for shipment_id in shipment_ids]
    kinds, dialect = declared(connection), connection.dialect.name
    tables = {"shipments": fetch_among(connection, "shipments", kinds["shipments"], "shipment_id", ids)}
    if missing := set(ids) - set(tables["shipments"]["shipment_id"]):
        raise NotFound(f"no shipment {min(missing)!r} is known ({len(missing)} of {len(ids)} ids are unknown).")
    for name, column in LINKS.items():
        keys = ids if column == "shipment_id" else tables["shipments"][column].to_list()
        tables[name] = fetch_among(connection, name, kinds.get(name, {}), column, keys)
    named = _facilities_of(tables)
    tables["facilities"] = fetch_among(connection, "facilities", {}, "facility_id", named)
    tables["lane_summaries"] = fetch(connection, "lane_summaries", {}, _lanes_touching(dialect), **keyed(dialect, named))
    sites = facilities_near(connection, tables)
    sites_met = sorted({*sites, *facilities_between(connection, tables)})
    for name, places in (("weather_observations", sites_met), ("weather_forecasts", sites)):
        tables[name] = read_weather(connection, name, places, tables["shipments"], received_before)
    if others := sorted(set(sites_met) - set(named)):
        more = fetch_among(connection, "facilities", {}, "facility_id", others)
        tables["facilities"] = pl.concat([tables["facilities"], more])
    facts = Facts(**tables)
    return facts if received_before is None else received_by(facts, received_before)


def _facilities_of(tables: dict[str, pl.DataFrame]) -> list[str]:
    named: set[str | None] = set()
    for table, column in NAMING_FACILITIES:
        named.update(tables[table][column].unique().to_list())
    return sorted(name for name in named if name is not None)
