"""Describe the facilities of Delhivery: names, states, pin codes and approximate points."""

from collections.abc import Iterable

import polars as pl

from data.sources.datasets.dataset import Defect
from data.sources.datasets.files import Files

__all__ = ["ZONE", "facilities", "facility_metrics"]

ZONE = "Asia/Kolkata"
TEXT, NUMBER = pl.String(), pl.Float64()


def facilities(files: Files, centers: Iterable[pl.Series]) -> tuple[pl.DataFrame, tuple[Defect, ...]]:
    """Give a facility for every centre that any table names.

    A centre is ``IND`` + six digits of the pin code + three letters; the state stands in parentheses after its name in the scan rows.
    Points were geocoded from names and pin codes by somebody else, not by Delhivery.
    """
    every = (
        pl.concat([pl.DataFrame({"center": column}, schema={"center": TEXT}) for column in centers])
        .drop_nulls()
        .unique(maintain_order=True)
    )
    points = files.known("facility_coords_approx.parquet", ["center"], {"center": TEXT}, {"name": TEXT, "lat": NUMBER, "lon": NUMBER})
    pin = pl.col("center").str.extract(r"^IND(\d{6})", 1)
    known = (
        every.join(points, on="center", how="left", maintain_order="left")
        .join(_names(files), on="center", how="left", maintain_order="left")
        .with_columns(postal_code=pl.when(pin != "000000").then(pin))
        .with_columns(circle=pl.col("postal_code").str.slice(0, 2))
    )
    # The first two digits of an Indian pin code are its postal circle, which is a state or a part of one (India Post).
    circles = (
        known.filter(pl.col("state").is_not_null()).group_by("circle").agg(pl.col("state").mode().sort().first().alias("circle_state"))
    )
    placed = known.join(circles, on="circle", how="left", maintain_order="left")
    name = pl.coalesce("full_name", "name", "center")
    defects = (
        Defect(
            "facility_without_name",
            "facilities",
            placed.filter(name == pl.col("center")).height,
            "centre without a name",
            "its code is its name",
        ),
        Defect(
            "facility_state_from_pin",
            "facilities",
            placed.filter(pl.col("state").is_null() & pl.col("circle_state").is_not_null()).height,
            "no name with a state",
            "the usual state of its postal circle",
        ),
        Defect("facility_without_pin", "facilities", placed["postal_code"].null_count(), "pin code 000000", "pin code unknown"),
        Defect("facility_without_point", "facilities", placed["lat"].null_count(), "centre without a point", "place unknown"),
        Defect(
            "facility_point_approximate",
            "facilities",
            placed["lat"].count(),
            "point geocoded from a name by a third party",
            "used, for maps too",
        ),
    )
    table = placed.select(
        pl.col("center").alias("facility_id"),
        name.alias("name"),
        pl.lit("hub").alias("kind"),
        "lat",
        "lon",
        pl.lit(ZONE).alias("timezone"),
        pl.coalesce("full_name", "name").str.split("_").list.first().alias("city"),
        pl.coalesce("state", "circle_state").alias("region"),
        "postal_code",
        pl.lit("IN").alias("country"),
    )
    return table, defects


def facility_metrics(files: Files) -> pl.DataFrame:
    """Give what was measured of each centre on 12-26 September 2018: dwell, throughput and degree, as numbers."""
    columns = dict.fromkeys(("dwell_gap_median_min", "throughput_trips", "out_degree", "in_degree"), NUMBER)
    return files.known("facilities_train_period.parquet", ["center"], {"center": TEXT}, columns)


def _names(files: Files) -> pl.DataFrame:
    """Give ``center, full_name, state`` from the scan rows."""
    wanted = {f"{end}_{what}": TEXT for end in ("source", "destination") for what in ("center", "name")}
    rows = files.known("scan_rows_sample.parquet", [*wanted], {}, wanted)
    both = pl.concat(
        rows.select(pl.col(f"{end}_center").alias("center"), pl.col(f"{end}_name").alias("text")) for end in ("source", "destination")
    )
    return (
        both.drop_nulls()
        .unique("center", keep="first", maintain_order=True)
        .select(
            "center",
            pl.col("text").str.replace(r"\s*\([^()]*\)\s*$", "").alias("full_name"),
            pl.col("text").str.extract(r"\(([^()]*)\)\s*$", 1).alias("state"),
        )
    )
