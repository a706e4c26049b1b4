"""Create the canonical facts, written once and never compared with the program's tables again."""

import sqlalchemy as sa
from alembic import op

from data.storage.migrations.append_only import guard, unguard

revision = "0001"
down_revision: str | None = None
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

TABLES = (
    "facilities",
    "orders",
    "shipments",
    "parcels",
    "promises",
    "legs",
    "scans",
    "weather_observations",
    "weather_forecasts",
    "lane_summaries",
)


def upgrade() -> None:
    """Create the tables, parents before children, and guard the scans."""
    _facilities()
    _orders()
    _shipments()
    _parcels()
    _promises()
    _legs()
    _scans()
    _weather_observations()
    _weather_forecasts()
    _lane_summaries()
    guard("scans")


def downgrade() -> None:
    """Drop everything, children before parents."""
    unguard("scans")
    for table in reversed(TABLES):
        op.drop_table(table)


def _facilities() -> None:
    op.create_table(
        "facilities",
        sa.Column("facility_id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("lat", sa.Double()),
        sa.Column("lon", sa.Double()),
        sa.Column("timezone", TEXT),
        sa.Column("city", TEXT),
        sa.Column("region", TEXT),
        sa.Column("postal_code", TEXT),
        sa.Column("country", TEXT),
        sa.PrimaryKeyConstraint("facility_id", name="pk_facilities"),
    )


def _orders() -> None:
    op.create_table(
        "orders",
        sa.Column("order_id", TEXT, nullable=False),
        sa.Column("ordered_at", sa.BigInteger(), nullable=False),
        sa.Column("merchant", TEXT),
        sa.Column("attributes", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("order_id", name="pk_orders"),
    )


def _shipments() -> None:
    op.create_table(
        "shipments",
        sa.Column("shipment_id", TEXT, nullable=False),
        sa.Column("order_id", TEXT, nullable=False),
        sa.Column("carrier", TEXT, nullable=False),
        sa.Column("service", TEXT, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("tracking_number", TEXT),
        sa.Column("origin_facility_id", TEXT),
        sa.Column("destination_facility_id", TEXT),
        sa.Column("origin_lat", sa.Double()),
        sa.Column("origin_lon", sa.Double()),
        sa.Column("origin_timezone", TEXT),
        sa.Column("origin_city", TEXT),
        sa.Column("origin_region", TEXT),
        sa.Column("origin_postal_code", TEXT),
        sa.Column("origin_country", TEXT),
        sa.Column("destination_lat", sa.Double()),
        sa.Column("destination_lon", sa.Double()),
        sa.Column("destination_timezone", TEXT),
        sa.Column("destination_city", TEXT),
        sa.Column("destination_region", TEXT),
        sa.Column("destination_postal_code", TEXT),
        sa.Column("destination_country", TEXT),
        sa.Column("distance_km", sa.Double()),
        sa.Column("planned_minutes", sa.Double()),
        sa.Column("attributes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.order_id"], name="fk_shipments_order_id"),
        sa.PrimaryKeyConstraint("shipment_id", name="pk_shipments"),
    )
    op.create_index("ix_shipments_created_at_shipment_id", "shipments", ["created_at", "shipment_id"])
    op.create_index("ix_shipments_carrier_created_at_shipment_id", "shipments", ["carrier", "created_at", "shipment_id"])
    op.create_index("ix_shipments_order_id", "shipments", ["order_id"])
    op.create_index("ix_shipments_tracking_number", "shipments", ["tracking_number"])


def _parcels() -> None:
    op.create_table(
        "parcels",
        sa.Column("parcel_id", TEXT, nullable=False),
        sa.Column("shipment_id", TEXT, nullable=False),
        sa.Column("weight_g", sa.Double()),
        sa.Column("length_cm", sa.Double()),
        sa.Column("width_cm", sa.Double()),
        sa.Column("height_cm", sa.Double()),
        sa.ForeignKeyConstraint(["shipment_id"], ["shipments.shipment_id"], name="fk_parcels_shipment_id"),
        sa.PrimaryKeyConstraint("parcel_id", name="pk_parcels"),
    )
    op.create_index("ix_parcels_shipment_id", "parcels", ["shipment_id"])


def _promises() -> None:
    op.create_table(
        "promises",
        sa.Column("promise_id", TEXT, nullable=False),
        sa.Column("shipment_id", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("promised_at", sa.BigInteger(), nullable=False),
        sa.Column("known_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["shipment_id"], ["shipments.shipment_id"], name="fk_promises_shipment_id"),
        sa.PrimaryKeyConstraint("promise_id", name="pk_promises"),
    )
    op.create_index("ix_promises_shipment_id", "promises", ["shipment_id"])


def _legs() -> None:
    op.create_table(
        "legs",
        sa.Column("leg_id", TEXT, nullable=False),
        sa.Column("shipment_id", TEXT, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("from_facility_id", TEXT),
        sa.Column("to_facility_id", TEXT),
        sa.Column("mode", TEXT, nullable=False),
        sa.Column("planned_departure_at", sa.BigInteger()),
        sa.Column("planned_arrival_at", sa.BigInteger()),
        sa.Column("distance_km", sa.Double()),
        sa.Column("known_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["shipment_id"], ["shipments.shipment_id"], name="fk_legs_shipment_id"),
        sa.PrimaryKeyConstraint("leg_id", name="pk_legs"),
    )
    op.create_index("ix_legs_shipment_id", "legs", ["shipment_id"])


def _scans() -> None:
    op.create_table(
        "scans",
        sa.Column("scan_id", TEXT, nullable=False),
        sa.Column("shipment_id", TEXT, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("occurred_at", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("facility_id", TEXT),
        sa.Column("raw_code", TEXT),
        sa.Column("raw_text", TEXT),
        sa.Column("source", TEXT, nullable=False),
        sa.Column("zone_basis", TEXT, nullable=False),
        sa.Column("parcel_id", TEXT),
        sa.Column("corrects_scan_id", TEXT),
        sa.Column("voids", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["shipment_id"], ["shipments.shipment_id"], name="fk_scans_shipment_id"),
        sa.PrimaryKeyConstraint("scan_id", name="pk_scans"),
    )
    op.create_index("ix_scans_shipment_id", "scans", ["shipment_id"])


def _weather_observations() -> None:
    op.create_table(
        "weather_observations",
        sa.Column("observation_id", TEXT, nullable=False),
        sa.Column("facility_id", TEXT, nullable=False),
        sa.Column("observed_at", sa.BigInteger(), nullable=False),
        sa.Column("available_at", sa.BigInteger(), nullable=False),
        sa.Column("temperature_c", sa.Double()),
        sa.Column("precipitation_mm", sa.Double()),
        sa.Column("snowfall_cm", sa.Double()),
        sa.Column("wind_kph", sa.Double()),
        sa.Column("visibility_km", sa.Double()),
        sa.ForeignKeyConstraint(["facility_id"], ["facilities.facility_id"], name="fk_weather_observations_facility_id"),
        sa.PrimaryKeyConstraint("observation_id", name="pk_weather_observations"),
    )
    op.create_index("ix_weather_observations_facility_id_available_at", "weather_observations", ["facility_id", "available_at"])
    op.create_index("ix_weather_observations_facility_id_observed_at", "weather_observations", ["facility_id", "observed_at"])


def _weather_forecasts() -> None:
    op.create_table(
        "weather_forecasts",
        sa.Column("weather_forecast_id", TEXT, nullable=False),
        sa.Column("facility_id", TEXT, nullable=False),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.Column("available_at", sa.BigInteger(), nullable=False),
        sa.Column("valid_at", sa.BigInteger(), nullable=False),
        sa.Column("temperature_c", sa.Double()),
        sa.Column("precipitation_mm", sa.Double()),
        sa.Column("snowfall_cm", sa.Double()),
        sa.Column("wind_kph", sa.Double()),
        sa.Column("visibility_km", sa.Double()),
        sa.ForeignKeyConstraint(["facility_id"], ["facilities.facility_id"], name="fk_weather_forecasts_facility_id"),
        sa.PrimaryKeyConstraint("weather_forecast_id", name="pk_weather_forecasts"),
    )
    op.create_index("ix_weather_forecasts_facility_id_available_at", "weather_forecasts", ["facility_id", "available_at"])
    op.create_index("ix_weather_forecasts_facility_id_valid_at", "weather_forecasts", ["facility_id", "valid_at"])


def _lane_summaries() -> None:
    op.create_table(
        "lane_summaries",
        sa.Column("lane_summary_id", TEXT, nullable=False),
        sa.Column("origin_facility_id", TEXT, nullable=False),
        sa.Column("destination_facility_id", TEXT, nullable=False),
        sa.Column("shipments", sa.BigInteger(), nullable=False),
        sa.Column("median_minutes", sa.Double(), nullable=False),
        sa.Column("median_planned_minutes", sa.Double()),
        sa.Column("distance_km", sa.Double()),
        sa.Column("known_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["destination_facility_id"], ["facilities.facility_id"], name="fk_lane_summaries_destination_facility_id"),
        sa.ForeignKeyConstraint(["origin_facility_id"], ["facilities.facility_id"], name="fk_lane_summaries_origin_facility_id"),
        sa.PrimaryKeyConstraint("lane_summary_id", name="pk_lane_summaries"),
    )
    op.create_index(
        "ix_lane_summaries_origin_facility_id_destination_facility_id", "lane_summaries", ["origin_facility_id", "destination_facility_id"]
    )
