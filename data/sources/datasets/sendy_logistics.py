"""Read the Sendy courier orders (Nairobi, 2019): one motorbike ride is one shipment.

The set hides year and month. Its **conventional date** is the earliest one from 2019-01-01 on that has the day of the month and the
weekday of the pickup, so that both stay true; dates say nothing else, and the set has no order in time. Times are local to Nairobi.

Rider, temperature and platform are known when the bike leaves, so a shipment is created at its pickup and its order at the placement. The arrival
columns are the label and are not read; the label is ``Time from Pickup to Arrival``. Rows without labels (``orders_unlabelled``) are not read.
"""

from datetime import date, timedelta
from pathlib import Path

import polars as pl

from data.facts.facts import Facts
from data.sources.datasets.dataset import Dataset, Defect, Task, moments_frame
from data.sources.datasets.files import Files
from data.sources.datasets.local_time import to_utc

__all__ = ["TASK", "conventional_dates", "read"]

ZONE = "Africa/Nairobi"
TASK = Task("sendy_logistics", "seconds", ("pickup",), time_ordered=False, timezone=ZONE)

TEXT, NUMBER, WHOLE = pl.String(), pl.Float64(), pl.Int64()
STAGES = {"placed": "Placement", "confirmed": "Confirmation", "at_pickup": "Arrival at Pickup", "picked_up": "Pickup"}
STATUS = {"placed": "pre_transit", "confirmed": "pre_transit", "at_pickup": "pre_transit", "picked_up": "accepted"}
LABEL = "Time from Pickup to Arrival"
POINTS = {"Pickup Lat": NUMBER, "Pickup Long": NUMBER, "Destination Lat": NUMBER, "Destination Long": NUMBER}
IMPLAUSIBLY_FAST_SECONDS = 60


def read(folder: Path, *, static: Path | None = None) -> Dataset:
    """Read the folder; ``static`` may hold the riders. Raises `InvalidTable` without the orders."""
    files = Files(folder, static)
    pickup = {"Pickup - Day of Month": WHOLE, "Pickup - Weekday (Mo = 1)": WHOLE, "Pickup - Time": TEXT}
    stages = {f"{s} - {what}": dtype for s in STAGES.values() for what, dtype in (("Weekday (Mo = 1)", WHOLE), ("Time", TEXT))}
    described = {"User Id": TEXT, "Vehicle Type": TEXT, "Platform Type": TEXT, "Personal or Business": TEXT, "Rider Id": TEXT}
    measured = {"Distance (KM)": NUMBER, "Temperature": NUMBER, "Precipitation in millimeters": NUMBER, LABEL: NUMBER, **POINTS}
    optional = {name: dtype for name, dtype in {**stages, **described, **measured}.items() if name not in pickup}
    raw = files.rows("orders.parquet", {"Order No": TEXT, **pickup}, optional)
    riders = files.known(
        "riders.parquet",
        ["Rider Id"],
        {"Rider Id": TEXT},
        dict.fromkeys(("No_Of_Orders", "Age", "Average_Rating", "No_of_Ratings"), NUMBER),
    )
    rides, defects = _timed(raw)
    rides = rides.join(riders, on="Rider Id", how="left", maintain_order="left")
    unknown_rider = rides.filter(pl.col("Rider Id").is_not_null() & ~pl.col("Rider Id").is_in(riders["Rider Id"].implode())).height
    defects += (
        Defect("rider_unknown", "shipments", unknown_rider, "rider not in the table of riders", "his experience and rating unknown"),
    )
    return Dataset(TASK, _facts(rides), _moments(rides), defects)


def conventional_dates() -> pl.DataFrame:
    """Give ``day, weekday, date``: for each day of the month and weekday (Monday 1) the earliest date from 2019-01-01 on that has both."""
    first: dict[tuple[int, int], date] = {}
    day = date(2019, 1, 1)
    while len(first) < 31 * 7:
        first.setdefault((day.day, day.isoweekday()), day)
        day += timedelta(days=1)
    rows = [(number, weekday, found) for (number, weekday), found in first.items()]
    return pl.DataFrame(rows, schema={"day": WHOLE, "weekday": WHOLE, "date": pl.Date()}, orient="row")


def _timed(raw: pl.DataFrame) -> tuple[pl.DataFrame, tuple[Defect, ...]]:
    """Give every ride with the UTC times of its stages (``at_<stage>``) and of its delivery, and the defects of times."""
    dates = conventional_dates()
    dated = raw.join(
        dates,
        left_on=["Pickup - Day of Month", "Pickup - Weekday (Mo = 1)"],
        right_on=["day", "weekday"],
        how="left",
        maintain_order="left",
    )
    clock = {stage: pl.col(f"{column} - Time").str.to_time("%I:%M:%S %p", strict=False) for stage, column in STAGES.items()}
    # Another weekday than the pickup's is an earlier day of the same week.
    back = {stage: (pl.col("Pickup - Weekday (Mo = 1)") - pl.col(f"{column} - Weekday (Mo = 1)")) % 7 for stage, column in STAGES.items()}
    local = dated.with_columns(
        ((pl.col("date") - pl.duration(days=back[stage])).dt.combine(clock[stage], time_unit="us")).alias(f"at_{stage}") for stage in STAGES
    )
    usable = local.filter(pl.col("at_picked_up").is_not_null()).unique("Order No", keep="first", maintain_order=True)
    timed = usable.with_columns(*(to_utc(f"at_{stage}", ZONE) for stage in STAGES)).with_columns(
        at_delivered=pl.col("at_picked_up") + pl.duration(microseconds=(pl.col(LABEL) * 1e6).cast(WHOLE))
    )
    later = pl.any_horizontal(pl.col(f"at_{stage}") > pl.col("at_picked_up") for stage in STAGES)
    defects = (
        Defect(
            "ride_without_pickup_time",
            "shipments",
            raw.height - usable.height,
            "no readable pickup time, or order number twice",
            "left out",
        ),
        Defect("hidden_month", "shipments", timed.height, "year and month are hidden", "conventional date with the same day and weekday"),
        Defect("stage_after_pickup", "scans", timed.filter(later).height, "placed, confirmed or reached after the pickup", "kept as it is"),
        Defect(
            "other_day_than_pickup",
            "scans",
            timed.filter(back["placed"] != 0).height,
            "placed on another day",
            "an earlier day of the same week",
        ),
        Defect(
            "implausibly_fast",
            "scans",
            timed.filter(pl.col(LABEL) < IMPLAUSIBLY_FAST_SECONDS).height,
            "under a minute from pickup to arrival: the rider pressed late",
            "kept as it is",
        ),
        Defect("temperature_unknown", "shipments", timed["Temperature"].null_count(), "no temperature", "unknown"),
        Defect("rain_unknown", "shipments", timed["Precipitation in millimeters"].null_count(), "no precipitation; mostly dry", "unknown"),
    )
    return timed, defects


def _facts(rides: pl.DataFrame) -> Facts:
    shipments = rides.select(
        pl.col("Order No").alias("shipment_id"),
        pl.col("Order No").alias("order_id"),
        pl.lit("sendy").alias("carrier"),
        pl.col("Vehicle Type").str.to_lowercase().fill_null("unknown").alias("service"),
        pl.col("at_picked_up").alias("created_at"),
        pl.col("Pickup Lat").alias("origin_lat"),
        pl.col("Pickup Long").alias("origin_lon"),
        pl.col("Destination Lat").alias("destination_lat"),
        pl.col("Destination Long").alias("destination_lon"),
        *(
            pl.lit(value).alias(f"{end}_{what}")
            for end in ("origin", "destination")
            for what, value in (("timezone", ZONE), ("city", "Nairobi"), ("country", "KE"))
        ),
        pl.col("Distance (KM)").alias("distance_km"),
        pl.format("platform {}", "Platform Type").alias("attr_platform"),
        pl.col("Personal or Business").alias("attr_customer_kind"),
        pl.col("User Id").alias("attr_user"),
        pl.col("Rider Id").alias("attr_rider"),
        pl.col("Temperature").alias("attr_temperature_c"),
        pl.col("Precipitation in millimeters").alias("attr_precipitation_mm"),
        pl.col("No_Of_Orders").alias("attr_rider_orders"),
        pl.col("Age").alias("attr_rider_days"),
        pl.col("Average_Rating").alias("attr_rider_rating"),
        pl.col("No_of_Ratings").alias("attr_rider_ratings"),
        _seconds("placed", "confirmed").alias("attr_confirming_seconds"),
        _seconds("confirmed", "at_pickup").alias("attr_approach_seconds"),
        _seconds("at_pickup", "picked_up").alias("attr_waiting_seconds"),
    )
    events = [*((f"at_{stage}", stage, STATUS[stage]) for stage in STAGES), ("at_delivered", "arrived", "delivered")]
    scans = pl.concat(
        rides.filter(pl.col(column).is_not_null()).select(
            pl.format("{}/" + code, "Order No").alias("scan_id"),
            pl.col("Order No").alias("shipment_id"),
            pl.lit(status).alias("status"),
            pl.col(column).alias("occurred_at"),
            pl.col(column).alias("received_at"),
            pl.lit(code).alias("raw_code"),
            pl.lit("sendy").alias("source"),
            pl.lit("carrier_default").alias("zone_basis"),
            pl.lit(value=False).alias("voids"),
        )
        for column, code, status in events
    )
    orders = rides.select(pl.col("Order No").alias("order_id"), pl.coalesce("at_placed", "at_picked_up").alias("ordered_at"))
    return Facts.of({"orders": orders, "shipments": shipments, "scans": scans})


def _seconds(since: str, until: str) -> pl.Expr:
    return (pl.col(f"at_{until}") - pl.col(f"at_{since}")).dt.total_seconds().cast(NUMBER)


def _moments(rides: pl.DataFrame) -> pl.DataFrame:
    rows = rides.select(
        pl.col("Order No").alias("shipment_id"),
        pl.lit("pickup").alias("moment"),
        pl.col("at_picked_up").alias("at"),
        pl.col(LABEL).is_not_null().alias("scored"),
        pl.lit(value=True).alias("trains"),
        pl.col("at_delivered").alias("delivered_at"),
        pl.col("at_delivered").alias("label_known_at"),
    )
    return moments_frame([rows], TASK)
