"""Fix the canonical tables: every table, column, type and rule in one place.

Import, simulator, dataset adapters, store and features all speak these tables. Times are UTC with microseconds; text is never
empty (unknown is null). Besides the columns named here, ``orders`` and ``shipments`` may carry any number of **declared attributes**: columns
whose name starts with ``attr_``, numeric or categorical by their type, known from the creation of their row on.
"""

from dataclasses import dataclass, field
from enum import StrEnum

import polars as pl

from data.domain.orders import PromiseKind
from data.domain.places import FacilityKind
from data.domain.scans import ZoneBasis
from data.domain.statuses import Status

__all__ = [
    "ATTRIBUTE_PREFIX",
    "INSTANT",
    "TABLES",
    "WITH_ATTRIBUTES",
    "Column",
    "Table",
    "attribute_columns",
]

ATTRIBUTE_PREFIX = "attr_"
INSTANT = pl.Datetime("us", "UTC")
TEXT, NUMBER, WHOLE, FLAG = pl.String(), pl.Float64(), pl.Int64(), pl.Boolean()


@dataclass(frozen=True, slots=True)
class Column:
    """Describe one column: its type, whether it may be null, and the values it may hold."""

    name: str
    dtype: pl.DataType
    nullable: bool = False
    low: float | None = None
    high: float | None = None
    choices: frozenset[str] | None = None
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Describe one canonical table: its key, its columns, and which columns point to which other table."""

    name: str
    key: str
    columns: tuple[Column, ...]
    references: dict[str, str] = field(default_factory=dict)

    @property
    def schema(self) -> dict[str, pl.DataType]:
        """Give column names and polars types, without declared attributes."""
        return {column.name: column.dtype for column in self.columns}


def key(name: str) -> Column:
    return Column(name, TEXT)


def text(name: str, meaning: str = "", *, nullable: bool = True) -> Column:
    return Column(name, TEXT, nullable=nullable, meaning=meaning)


def instant(name: str, meaning: str = "", *, nullable: bool = False) -> Column:
    return Column(name, INSTANT, nullable=nullable, meaning=meaning)


def number(
    name: str,
    meaning: str = "",
    low: float | None = None,
    high: float | None = None,
    *,
    nullable: bool = True,
) -> Column:
    return Column(name, NUMBER, nullable=nullable, low=low, high=high, meaning=meaning)


def choice(name: str, choices: type[StrEnum], meaning: str = "", *, nullable: bool = False) -> Column:
    return Column(
        name,
        TEXT,
        nullable=nullable,
        choices=frozenset(str(c) for c in choices),
        meaning=meaning,
    )


def place(prefix: str = "") -> tuple[Column, ...]:
    return (
        number(f"{prefix}lat", "WGS84 degrees", -90, 90),
        number(f"{prefix}lon", "WGS84 degrees", -180, 180),
        text(f"{prefix}timezone", "IANA name"),
        text(f"{prefix}city"),
        text(f"{prefix}region"),
        text(f"{prefix}postal_code"),
        text(f"{prefix}country", "ISO 3166-1 alpha-2"),
    )


WEATHER = (
    number("temperature_c", "degrees Celsius", -90, 60),
    number("precipitation_mm", "in the hour", 0, 500),
    number("snowfall_cm", "in the hour", 0, 100),
    number("wind_kph", "mean, 10 m above ground", 0, 500),
    number("visibility_km", "", 0, 200),
    number("humidity_percent", "relative, 2 m above ground", 0, 100),
    number("pressure_hpa", "reduced to sea level", 800, 1100),
    number("wind_gust_kph", "strongest of the hour; some stations report none in a light wind", 0, 500),
    number("wind_direction_deg", "where the wind comes from, clockwise from north; unknown in a calm", 0, 360),
)
"""The later columns stand last, as a database that was made before them has them; the dew point follows from temperature and humidity."""

WITH_ATTRIBUTES = frozenset({"orders", "shipments"})

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table(
            "facilities",
            "facility_id",
            (
                key("facility_id"),
                text("name", nullable=False),
                choice("kind", FacilityKind),
                *place(),
            ),
        ),
        Table(
            "orders",
            "order_id",
            (key("order_id"), instant("ordered_at"), text("merchant")),
        ),
        Table(
            "shipments",
            "shipment_id",
            (
                key("shipment_id"),
                text("order_id", nullable=False),
                text("carrier", nullable=False),
                text("service", nullable=False),
                instant("created_at", "label time; features may use the row from here on"),
                text("tracking_number"),
                text("origin_facility_id"),
                text("destination_facility_id"),
                *place("origin_"),
                *place("destination_"),
                number("distance_km", "routed", 0, 40_100),
                number("planned_minutes", "undisturbed travel time from a router or timetable", 0, 1_000_000),
            ),
            {"order_id": "orders", "origin_facility_id": "facilities", "destination_facility_id": "facilities"},
        ),
        Table(
            "parcels",
            "parcel_id",
            (
                key("parcel_id"),
                text("shipment_id", nullable=False),
                number("weight_g", "", 0, 100_000_000),
                number("length_cm", "", 0, 10_000),
                number("width_cm", "", 0, 10_000),
                number("height_cm", "", 0, 10_000),
            ),
            {"shipment_id": "shipments"},
        ),
        Table(
            "promises",
            "promise_id",
            (
                key("promise_id"),
                text("shipment_id", nullable=False),
                choice("kind", PromiseKind),
                instant("promised_at", "last instant that counts as on time"),
                instant("known_at"),
            ),
            {"shipment_id": "shipments"},
        ),
        Table(
            "legs",
            "leg_id",
            (
                key("leg_id"),
                text("shipment_id", nullable=False),
                Column("sequence", WHOLE, low=0, high=1000),
                text("from_facility_id"),
                text("to_facility_id", "null on the leg to the door"),
                text("mode", nullable=False),
                instant("planned_departure_at", nullable=True),
                instant("planned_arrival_at", nullable=True),
                number("distance_km", "", 0, 40_100),
                instant("known_at", "when the plan was known"),
            ),
            {"shipment_id": "shipments", "from_facility_id": "facilities", "to_facility_id": "facilities"},
        ),
        Table(
            "scans",
            "scan_id",
            (
                key("scan_id"),
                text("shipment_id", nullable=False),
                choice("status", Status),
                instant("occurred_at"),
                instant("received_at"),
                text("facility_id"),
                text("raw_code"),
                text("raw_text"),
                text("source", nullable=False),
                choice("zone_basis", ZoneBasis),
                text("parcel_id"),
                text("corrects_scan_id"),
                Column("voids", FLAG),
            ),
            {"shipment_id": "shipments", "facility_id": "facilities"},
        ),
        Table(
            "weather_observations",
            "observation_id",
            (
                key("observation_id"),
                text("facility_id", nullable=False),
                instant("observed_at"),
                instant("available_at"),
                *WEATHER,
            ),
            {"facility_id": "facilities"},
        ),
        Table(
            "weather_forecasts",
            "weather_forecast_id",
            (
                key("weather_forecast_id"),
                text("facility_id", nullable=False),
                instant("issued_at"),
                instant("available_at"),
                instant("valid_at"),
                *WEATHER,
            ),
            {"facility_id": "facilities"},
        ),
        Table(
            "lane_summaries",
            "lane_summary_id",
            (
                key("lane_summary_id"),
                text("origin_facility_id", nullable=False),
                text("destination_facility_id", nullable=False),
                Column("shipments", WHOLE, low=1, high=1_000_000_000),
                number("median_minutes", "measured transit", 0, 1_000_000, nullable=False),
                number("median_planned_minutes", "the router's", 0, 1_000_000),
                number("distance_km", "", 0, 40_100),
                instant("known_at", "end of the period that was summed up"),
            ),
            {"origin_facility_id": "facilities", "destination_facility_id": "facilities"},
        ),
    )
}
"""Canonical tables by name, parents before children."""


def attribute_columns(frame: pl.DataFrame) -> list[str]:
    """Give the names of the declared attributes that a frame carries, sorted."""
    return sorted(name for name in frame.columns if name.startswith(ATTRIBUTE_PREFIX))
