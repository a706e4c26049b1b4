"""Read the "Amazon Delivery" rows (India, 2022; semi-synthetic): one courier ride is one shipment, predicted at pickup.

Coordinates are taken without their sign, points at about (0, 0) are unknown; ``distance_km`` is the great circle between the two points
as given, which stays true for both kinds, because the drop-off was made as an offset from the store. Text is stripped, and ``NaN`` is unknown.
Agent, weather and traffic are known when the agent leaves, so a shipment is created at its pickup.
"""

from pathlib import Path

import polars as pl

from data.facts.facts import Facts
from data.sources.datasets.dataset import Dataset, Defect, Task, moments_frame
from data.sources.datasets.files import Files
from data.sources.datasets.great_circle import great_circle_km
from data.sources.datasets.local_time import to_utc

__all__ = ["TASK", "read"]

ZONE = "Asia/Kolkata"
TASK = Task("amazon_delivery", "minutes", ("pickup",), time_ordered=False, timezone=ZONE)

TEXT: pl.DataType = pl.String()
NUMBER: pl.DataType = pl.Float64()
CATEGORIES = ("Weather", "Traffic", "Vehicle", "Area", "Category")
POINTS = ("Store_Latitude", "Store_Longitude", "Drop_Latitude", "Drop_Longitude")
NOWHERE_DEGREES = 1.0
"""A store nearer than this to (0, 0), in both coordinates, lies in the Gulf of Guinea: nobody entered its place."""
BEST_RATING, YOUNGEST_AGENT = 5, 18


def read(folder: Path, *, static: Path | None = None) -> Dataset:
    """Read the folder. Raises `InvalidTable` without the rows."""
    required = {"Order_ID": TEXT, "Order_Date": TEXT, "Pickup_Time": TEXT}
    optional = {"Order_Time": TEXT, **dict.fromkeys(CATEGORIES, TEXT)}
    optional |= dict.fromkeys(("Agent_Age", "Agent_Rating", "Delivery_Time", *POINTS), NUMBER)
    raw = Files(folder, static).rows("amazon_delivery.parquet", required, optional)
    text = [name for name, dtype in {**required, **optional}.items() if dtype == TEXT]
    stripped = raw.with_columns(pl.col(text).str.strip_chars()).with_columns(
        pl.when(~pl.col(text).is_in(("NaN", "nan", ""))).then(pl.col(text)).name.keep()
    )
    rides = _timed(stripped)
    return Dataset(TASK, _facts(rides), _moments(rides), _defects(raw, stripped, rides))


def _timed(rows: pl.DataFrame) -> pl.DataFrame:
    """Give the rides with UTC times and with coordinates cleaned by the protocol. A pickup on the clock before its order is after midnight."""
    day = pl.col("Order_Date").str.to_date("%Y-%m-%d", strict=False)
    ordered, picked = (pl.col(f"{event}_Time").str.to_time("%H:%M:%S", strict=False) for event in ("Order", "Pickup"))
    after_midnight = (picked < ordered).fill_null(value=False).cast(pl.Int64)
    nowhere = (pl.col("Store_Latitude").abs() < NOWHERE_DEGREES) & (pl.col("Store_Longitude").abs() < NOWHERE_DEGREES)
    return (
        rows.with_columns(
            ordered_at=day.dt.combine(ordered, time_unit="us"),
            picked_up_at=(day + pl.duration(days=after_midnight)).dt.combine(picked, time_unit="us"),
            nowhere=nowhere,
        )
        .filter(pl.col("picked_up_at").is_not_null() & pl.col("Order_ID").is_not_null())
        .unique("Order_ID", keep="first", maintain_order=True)
        .with_columns(to_utc("ordered_at", ZONE), to_utc("picked_up_at", ZONE), *(pl.col(point).abs() for point in POINTS))
        .with_columns(
            delivered_at=pl.col("picked_up_at") + pl.duration(microseconds=(pl.col("Delivery_Time") * 60e6).cast(pl.Int64)),
            km=great_circle_km(*(pl.col(point) for point in POINTS)),
        )
    )


def _facts(rides: pl.DataFrame) -> Facts:
    placed = {name: pl.when(~pl.col("nowhere")).then(name) for name in POINTS}
    shipments = rides.select(
        pl.col("Order_ID").alias("shipment_id"),
        pl.col("Order_ID").alias("order_id"),
        pl.lit("amazon").alias("carrier"),
        pl.lit("courier").alias("service"),
        pl.col("picked_up_at").alias("created_at"),
        placed["Store_Latitude"].alias("origin_lat"),
        placed["Store_Longitude"].alias("origin_lon"),
        placed["Drop_Latitude"].alias("destination_lat"),
        placed["Drop_Longitude"].alias("destination_lon"),
        *(
            pl.lit(value).alias(f"{end}_{what}")
            for end in ("origin", "destination")
            for what, value in (("timezone", ZONE), ("country", "IN"))
        ),
        pl.col("km").alias("distance_km"),
        *(pl.col(name).alias(f"attr_{name.lower()}") for name in CATEGORIES),
        pl.col("Agent_Age").alias("attr_agent_age"),
        pl.col("Agent_Rating").alias("attr_agent_rating"),
        (pl.col("picked_up_at") - pl.col("ordered_at")).dt.total_minutes().cast(NUMBER).alias("attr_preparing_minutes"),
        pl.col("nowhere").cast(NUMBER).alias("attr_place_unknown"),
    )
    scans = pl.concat(
        rides.filter(pl.col(column).is_not_null()).select(
            pl.format("{}/" + code, "Order_ID").alias("scan_id"),
            pl.col("Order_ID").alias("shipment_id"),
            pl.lit(status).alias("status"),
            pl.col(column).alias("occurred_at"),
            pl.col(column).alias("received_at"),
            pl.lit(code).alias("raw_code"),
            pl.lit("amazon").alias("source"),
            pl.lit("carrier_default").alias("zone_basis"),
            pl.lit(value=False).alias("voids"),
        )
        for column, code, status in (
            ("ordered_at", "ordered", "pre_transit"),
            ("picked_up_at", "picked_up", "accepted"),
            ("delivered_at", "delivered", "delivered"),
        )
    )
    orders = rides.select(pl.col("Order_ID").alias("order_id"), pl.coalesce("ordered_at", "picked_up_at").alias("ordered_at"))
    return Facts.of({"orders": orders, "shipments": shipments, "scans": scans})


def _moments(rides: pl.DataFrame) -> pl.DataFrame:
    rows = rides.select(
        pl.col("Order_ID").alias("shipment_id"),
        pl.lit("pickup").alias("moment"),
        pl.col("picked_up_at").alias("at"),
        pl.col("delivered_at").is_not_null().alias("scored"),
        pl.lit(value=True).alias("trains"),
        "delivered_at",
        pl.col("delivered_at").alias("label_known_at"),
    )
    return moments_frame([rows], TASK)


def _defects(raw: pl.DataFrame, stripped: pl.DataFrame, rides: pl.DataFrame) -> tuple[Defect, ...]:
    text = [name for name, dtype in raw.schema.items() if dtype == TEXT]
    blanks = sum(int((raw[name] != raw[name].str.strip_chars()).sum()) for name in text)
    literal = sum(stripped[name].null_count() - raw[name].null_count() for name in text)
    rows_with_literal = raw.filter(pl.any_horizontal(pl.col(text).str.strip_chars().is_in(("NaN", "nan", "")))).height
    flipped = raw.filter(pl.any_horizontal(pl.col(point) < 0 for point in POINTS)).height
    return (
        Defect(
            "ride_without_pickup_time", "shipments", raw.height - rides.height, "no readable pickup time, or order id twice", "left out"
        ),
        Defect("trailing_blanks", "shipments", blanks, "text with blanks around it (values)", "stripped"),
        Defect("literal_nan", "shipments", literal, f"the text NaN instead of nothing (values, in {rows_with_literal} rows)", "unknown"),
        Defect("coordinates_flipped", "shipments", flipped, "negative coordinates in India: the sign is flipped", "taken without the sign"),
        Defect(
            "coordinates_nowhere",
            "shipments",
            int(rides["nowhere"].sum()),
            "store at about (0, 0)",
            "place unknown, flagged, distance kept",
        ),
        Defect("rating_above_five", "shipments", int((raw["Agent_Rating"] > BEST_RATING).sum()), "agent rated above 5", "kept as it is"),
        Defect("rating_unknown", "shipments", raw["Agent_Rating"].null_count(), "agent without a rating", "unknown"),
        Defect("agent_under_age", "shipments", int((raw["Agent_Age"] < YOUNGEST_AGENT).sum()), "agent younger than 18", "kept as it is"),
    )
