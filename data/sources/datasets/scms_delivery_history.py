"""Read the SCMS deliveries of health goods (USAID, 2006-2015): one line of an order is one shipment to a country.

The set has days, no times: every day is its first instant in UTC (the conventional zone; the deliveries are spread over 40 countries). The
promise is the end of the scheduled day. A delivery was heard at the end of the day on which it was recorded. Freight cost is not
read (known later); weight is read and may be late knowledge, too. Moments, by the protocol:

``ordered``           order sent to the vendor, else quote sent to the client, else scheduled - 120 d; at latest scheduled - 14 d
``two_weeks_before``  scheduled - 14 d

A row already delivered at its moment is neither scored nor trained on.
"""

from pathlib import Path

import polars as pl

from data.facts.facts import Facts
from data.sources.datasets.dataset import Dataset, Task, moments_frame
from data.sources.datasets.files import Files
from data.sources.datasets.scms_defects import defects
from data.sources.datasets.scms_text import CONTROL, DATES, WEIGHT, day, decoded, kilograms

__all__ = ["TASK", "read"]

TASK = Task("scms_delivery_history", "days", ("ordered", "two_weeks_before"), time_ordered=True, timezone="UTC")

TEXT: pl.DataType = pl.String()
NUMBER: pl.DataType = pl.Float64()
DAY_END = pl.duration(days=1) - pl.duration(microseconds=1)
UNKNOWN_LEAD, LATEST_LEAD = pl.duration(days=120), pl.duration(days=14)
CATEGORIES = {
    "Project Code": "project",
    "Managed By": "managed_by",
    "Fulfill Via": "fulfill_via",
    "Vendor INCO Term": "inco_term",
    "Product Group": "product_group",
    "Sub Classification": "sub_classification",
    "Molecule/Test Type": "molecule",
    "Brand": "brand",
    "Dosage Form": "dosage_form",
    "First Line Designation": "first_line",
    "Vendor": "vendor",
    "Manufacturing Site": "site",
}
NUMBERS = {
    "Unit of Measure (Per Pack)": "units_per_pack",
    "Line Item Quantity": "quantity",
    "Line Item Value": "value_usd",
    "Pack Price": "pack_price_usd",
    "Unit Price": "unit_price_usd",
    "Line Item Insurance (USD)": "insurance_usd",
}


def read(folder: Path, *, static: Path | None = None) -> Dataset:
    """Read the folder. Raises `InvalidTable` without the shipments."""
    required = {"ID": TEXT, "Scheduled Delivery Date": TEXT, "Country": TEXT}
    optional: dict[str, pl.DataType] = dict.fromkeys(("PO / SO #", "Shipment Mode", WEIGHT, *DATES, *CATEGORIES), TEXT)
    optional |= dict.fromkeys(NUMBERS, NUMBER)
    raw = Files(folder, static).rows("shipments.parquet", required, {k: v for k, v in optional.items() if k not in required})
    lines = _timed(raw)
    return Dataset(TASK, _facts(lines), _moments(lines), defects(raw, lines))


def _timed(raw: pl.DataFrame) -> pl.DataFrame:
    """Give the lines with their days as instants, and with the two moments."""
    days = {column: day(column) for column in DATES}
    dated = (
        raw.with_columns(**{f"on_{name}": days[column] for column, name in DATES.items()})
        .filter(pl.col("on_scheduled").is_not_null() & pl.col("ID").is_not_null())
        .unique("ID", keep="first", maintain_order=True)
        .with_columns(pl.col(f"on_{name}").cast(pl.Datetime("us")).dt.replace_time_zone("UTC") for name in DATES.values())
    )
    scheduled = pl.col("on_scheduled")
    asked = pl.coalesce("on_po_sent", "on_quote_sent", scheduled - UNKNOWN_LEAD)
    heard = pl.max_horizontal("on_delivered", pl.coalesce("on_recorded", "on_delivered")) + DAY_END
    return dated.with_columns(
        pl.col(pl.String()).exclude("ID").str.replace_all(CONTROL, " "),
        country=decoded("Country"),
        ordered=pl.min_horizontal(asked, scheduled - LATEST_LEAD),
        two_weeks_before=scheduled - LATEST_LEAD,
        promised_at=scheduled + DAY_END,
        heard_at=pl.when(pl.col("on_delivered").is_not_null()).then(heard),
    )


def _facts(lines: pl.DataFrame) -> Facts:
    # The project code holds the country: 108-VN-T01.
    code = pl.col("Project Code").str.extract(r"^\d+-([A-Z]{2})-", 1)
    vendor = pl.col("Vendor").fill_null("unknown vendor")
    order_id = pl.coalesce("PO / SO #", pl.format("line {}", "ID"))
    vendors = lines.select(
        pl.format("vendor/{}", vendor).alias("facility_id"),
        vendor.alias("name"),
        pl.lit("origin").alias("kind"),
        pl.lit("UTC").alias("timezone"),
    ).unique("facility_id", keep="first", maintain_order=True)
    shipments = lines.select(
        pl.col("ID").alias("shipment_id"),
        order_id.alias("order_id"),
        pl.lit("scms").alias("carrier"),
        pl.col("Shipment Mode").fill_null("unknown").alias("service"),
        pl.col("ordered").alias("created_at"),
        pl.format("vendor/{}", vendor).alias("origin_facility_id"),
        pl.lit("UTC").alias("origin_timezone"),
        pl.lit("UTC").alias("destination_timezone"),
        pl.col("country").alias("destination_region"),
        code.alias("destination_country"),
        kilograms().alias("attr_weight_kg"),
        *(pl.col(column).alias(f"attr_{name}") for column, name in {**CATEGORIES, **NUMBERS}.items() if column != "Vendor"),
    )
    orders = lines.group_by(order_id.alias("order_id"), maintain_order=True).agg(pl.col("ordered").min().alias("ordered_at"))
    promises = lines.select(
        pl.format("{}/promise", "ID").alias("promise_id"),
        pl.col("ID").alias("shipment_id"),
        pl.lit("shop").alias("kind"),
        "promised_at",
        pl.col("ordered").alias("known_at"),
    )
    scans = lines.filter(pl.col("on_delivered").is_not_null()).select(
        pl.format("{}/delivered", "ID").alias("scan_id"),
        pl.col("ID").alias("shipment_id"),
        pl.lit("delivered").alias("status"),
        pl.col("on_delivered").alias("occurred_at"),
        pl.col("heard_at").alias("received_at"),
        pl.lit("delivered").alias("raw_code"),
        pl.lit("scms").alias("source"),
        pl.lit("unknown").alias("zone_basis"),
        pl.lit(value=False).alias("voids"),
    )
    return Facts.of({"facilities": vendors, "orders": orders, "shipments": shipments, "promises": promises, "scans": scans})


def _moments(lines: pl.DataFrame) -> pl.DataFrame:
    frames = []
    for moment in TASK.moments:
        open_then = (pl.col("on_delivered") > pl.col(moment)).fill_null(value=True)
        frames.append(
            lines.select(
                pl.col("ID").alias("shipment_id"),
                pl.lit(moment).alias("moment"),
                pl.col(moment).alias("at"),
                (pl.col("on_delivered").is_not_null() & open_then).alias("scored"),
                open_then.alias("trains"),
                pl.col("on_delivered").alias("delivered_at"),
                pl.col("heard_at").alias("label_known_at"),
                # The protocol trains on what was delivered before its cut, not on what was recorded before.
                pl.col("on_delivered").alias("label_usable_at"),
                "promised_at",
            )
        )
    return moments_frame(frames, TASK)
