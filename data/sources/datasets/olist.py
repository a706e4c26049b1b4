"""Read the Olist orders (Brazil, 2016-2018): one order is one shipment from its farthest seller to the customer.

Times are local to São Paulo. The promise is the end of the estimated day. Purchase and approval are ``pre_transit`` scans with
the raw codes ``purchase`` and ``approved``, handover is ``accepted``, and every scan was heard when it happened. The final status of an order
(canceled, unavailable …) was never heard at a known time, so it is no scan and no attribute; it stands in ``moments.ended_otherwise``.
"""

from datetime import datetime
from pathlib import Path

import polars as pl

from data.facts.facts import Facts
from data.sources.datasets.dataset import Dataset, Defect, Task, moments_frame
from data.sources.datasets.files import Files
from data.sources.datasets.local_time import clock_defects, end_of_day, to_utc
from data.sources.datasets.olist_defects import event_defects
from data.sources.datasets.olist_items import order_contents
from data.sources.datasets.olist_places import customers, sellers, zip_points

__all__ = ["TASK", "read"]

ZONE = "America/Sao_Paulo"
TASK = Task("olist", "days", ("purchase", "approved", "handed_over"), time_ordered=True, timezone=ZONE)
FIRST_TRAINED, LAST_SCORED = datetime(2017, 1, 5), datetime(2018, 9, 30)  # local, by the protocol

TEXT, LOCAL = pl.String(), pl.Datetime("us")
EVENTS = {
    "purchase": "order_purchase_timestamp",
    "approved": "order_approved_at",
    "handed_over": "order_delivered_carrier_date",
    "delivered": "order_delivered_customer_date",
}
STATUS = {"purchase": "pre_transit", "approved": "pre_transit", "handed_over": "accepted", "delivered": "delivered"}
GONE = ("canceled", "unavailable")


def read(folder: Path, *, static: Path | None = None) -> Dataset:
    """Read the folder; ``static`` may hold sellers, products and geolocation. Raises `InvalidTable` without the orders."""
    files = Files(folder, static)
    required = {"order_id": TEXT, "customer_id": TEXT, EVENTS["purchase"]: LOCAL}
    optional = {"order_status": TEXT, "order_estimated_delivery_date": LOCAL, "minute_precision": pl.Boolean()}
    optional |= {column: LOCAL for column in EVENTS.values() if column not in required}
    raw = files.rows("orders.parquet", required, optional)
    known = raw.filter(pl.col(EVENTS["purchase"]).is_not_null()).unique("order_id", keep="first", maintain_order=True)

    places, place_defects = zip_points(files)
    people, people_defects = customers(files, places)
    shops, shop_defects = sellers(files, places)
    orders = known.join(people, on="customer_id", how="left", maintain_order="left")
    contents, content_defects = order_contents(files, orders, shops)
    orders = orders.join(contents, on="order_id", how="left", maintain_order="left")

    clocks = [*EVENTS.values()]
    repeated = Defect("order_repeated", "orders", raw.height - known.height, "order id twice, or no purchase time", "the first one is kept")
    defects = (
        repeated,
        *event_defects(orders),
        *clock_defects(known, clocks, zone=ZONE, table="scans"),
        *place_defects,
        *people_defects,
        *shop_defects,
        *content_defects,
    )
    instants = orders.with_columns(
        *(to_utc(column, ZONE) for column in clocks), end_of_day("order_estimated_delivery_date", ZONE).alias("promised_at")
    )
    return Dataset(TASK, _facts(instants, shops), _moments(orders, instants), defects)


def _facts(orders: pl.DataFrame, shops: pl.DataFrame) -> Facts:
    purchase = pl.col(EVENTS["purchase"])
    facilities = shops.select(
        pl.col("seller_id").alias("facility_id"),
        pl.format("seller {}", pl.col("seller_id").str.slice(0, 8)).alias("name"),
        pl.lit("origin").alias("kind"),
        pl.col("seller_lat").alias("lat"),
        pl.col("seller_lon").alias("lon"),
        pl.lit(ZONE).alias("timezone"),
        pl.col("seller_city").alias("city"),
        pl.col("seller_state").alias("region"),
        pl.col("seller_zip").alias("postal_code"),
        pl.lit("BR").alias("country"),
    )
    shipments = orders.select(
        pl.col("order_id").alias("shipment_id"),
        "order_id",
        pl.lit("unknown").alias("carrier"),
        pl.lit("standard").alias("service"),
        purchase.alias("created_at"),
        pl.when(pl.col("seller_id").is_in(shops["seller_id"].implode())).then("seller_id").alias("origin_facility_id"),
        *_place("origin_", "seller_"),
        *_place("destination_", ""),
        pl.col("^attr_.*$"),
    )
    promises = orders.filter(pl.col("promised_at").is_not_null()).select(
        pl.format("{}/promise", "order_id").alias("promise_id"),
        pl.col("order_id").alias("shipment_id"),
        pl.lit("shop").alias("kind"),
        "promised_at",
        purchase.alias("known_at"),
    )
    scans = pl.concat(
        orders.filter(pl.col(column).is_not_null()).select(
            pl.format("{}/" + event, "order_id").alias("scan_id"),
            pl.col("order_id").alias("shipment_id"),
            pl.lit(STATUS[event]).alias("status"),
            pl.col(column).alias("occurred_at"),
            pl.col(column).alias("received_at"),
            pl.lit(event).alias("raw_code"),
            pl.lit("olist").alias("source"),
            pl.lit("carrier_default").alias("zone_basis"),
            pl.lit(value=False).alias("voids"),
        )
        for event, column in EVENTS.items()
    )
    bought = orders.select("order_id", purchase.alias("ordered_at"), pl.lit("olist").alias("merchant"))
    return Facts.of({"facilities": facilities, "orders": bought, "shipments": shipments, "promises": promises, "scans": scans})


def _place(prefix: str, source: str) -> tuple[pl.Expr, ...]:
    columns = {"lat": "lat", "lon": "lon", "city": "city", "region": "state", "postal_code": "zip"}
    named = [pl.col(f"{source}{column}").alias(f"{prefix}{name}") for name, column in columns.items()]
    known = pl.col(f"{source}zip").is_not_null()
    return (
        *named,
        pl.when(known).then(pl.lit(ZONE)).alias(f"{prefix}timezone"),
        pl.when(known).then(pl.lit("BR")).alias(f"{prefix}country"),
    )


def _moments(local: pl.DataFrame, instants: pl.DataFrame) -> pl.DataFrame:
    """Give the three moments of every order. y counts local days, as the protocol does; a change of clocks makes it differ by an hour."""
    purchase, delivered = pl.col(EVENTS["purchase"]), pl.col(EVENTS["delivered"])
    truth = local.select(
        pl.col("order_id").alias("shipment_id"),
        (purchase < LAST_SCORED).alias("early_enough"),
        (purchase >= FIRST_TRAINED).alias("late_enough"),
        pl.col("attr_items").is_not_null().alias("has_items"),
        (delivered.dt.truncate("1d") > pl.col("order_estimated_delivery_date")).alias("late"),
        (pl.col("order_status").is_in(GONE) & delivered.is_null()).fill_null(value=False).alias("ended_otherwise"),
        delivered.is_not_null().alias("has_label"),
        *(((delivered - pl.col(EVENTS[moment])).dt.total_microseconds() / 86_400e6).alias(f"y_{moment}") for moment in TASK.moments),
    )
    at = instants.select(pl.col("order_id").alias("shipment_id"), "promised_at", *(pl.col(c).alias(f"at_{e}") for e, c in EVENTS.items()))
    rows = truth.join(at, on="shipment_id", how="inner", maintain_order="left")
    return moments_frame(
        [
            rows.filter(pl.col(f"at_{moment}").is_not_null()).with_columns(
                pl.lit(moment).alias("moment"),
                pl.col(f"at_{moment}").alias("at"),
                (pl.col("has_items") & pl.col("has_label") & pl.col("early_enough")).alias("scored"),
                (pl.col("has_items") & pl.col("late_enough")).alias("trains"),
                pl.col("at_delivered").alias("delivered_at"),
                pl.col("at_delivered").alias("label_known_at"),
                pl.col(f"y_{moment}").alias("y"),
            )
            for moment in TASK.moments
        ],
        TASK,
    )
