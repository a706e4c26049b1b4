"""Place the zip prefixes, customers and sellers of Olist on the map."""

import polars as pl

from data.sources.datasets.dataset import Defect
from data.sources.datasets.files import Files

__all__ = ["BRAZIL", "customers", "in_brazil", "sellers", "zip_points"]

TEXT, NUMBER = pl.String(), pl.Float64()

BRAZIL = {"lat": (-33.76, 5.28), "lon": (-74.0, -32.3)}
"""Extreme points of Brazil in degrees: Chuí, Monte Caburaí, Serra do Divisor, Fernando de Noronha (IBGE)."""


def in_brazil(lat: str, lon: str) -> pl.Expr:
    """Say whether a point lies in the box around Brazil."""
    return pl.col(lat).is_between(*BRAZIL["lat"]) & pl.col(lon).is_between(*BRAZIL["lon"])


def zip_points(files: Files) -> tuple[pl.DataFrame, tuple[Defect, ...]]:
    """Give one row for each zip prefix: ``zip, lat, lon, state``, the median of its points inside Brazil.

    The median, because single points of a prefix lie far away; ``state`` is the most frequent one.
    """
    columns = {
        "geolocation_zip_code_prefix": TEXT,
        "geolocation_lat": NUMBER,
        "geolocation_lng": NUMBER,
    }
    points = files.known("geolocation.parquet", list(columns), columns, {"geolocation_state": TEXT})
    inside = points.filter(in_brazil("geolocation_lat", "geolocation_lng"))
    places = (
        inside.with_columns(zip=_five_digits("geolocation_zip_code_prefix"))
        .group_by("zip", maintain_order=True)
        .agg(
            pl.col("geolocation_lat").median().alias("lat"),
            pl.col("geolocation_lng").median().alias("lon"),
            # The smallest of equally frequent states, so that the same file always gives the same state.
            pl.col("geolocation_state").drop_nulls().mode().sort().first().alias("state"),
        )
    )
    outside = Defect(
        "point_outside_brazil",
        "facilities",
        points.height - inside.height,
        "geolocation point outside Brazil",
        "left out of the median of its zip prefix",
    )
    return places, (outside,)


def customers(files: Files, places: pl.DataFrame) -> tuple[pl.DataFrame, tuple[Defect, ...]]:
    """Give ``customer_id, zip, city, state, lat, lon`` of every customer (one for each order)."""
    wanted = {"customer_id": TEXT, "customer_zip_code_prefix": TEXT}
    rows = files.beside("customers.parquet", wanted, {"customer_city": TEXT, "customer_state": TEXT})
    short = int((rows["customer_zip_code_prefix"].str.len_chars() < 5).sum())
    stateless = rows["customer_state"].null_count()
    placed = (
        rows.with_columns(zip=_five_digits("customer_zip_code_prefix"))
        .unique("customer_id", keep="first", maintain_order=True)
        .join(places, on="zip", how="left")
        .select(
            "customer_id", "zip", pl.col("customer_city").alias("city"), pl.coalesce("customer_state", "state").alias("state"), "lat", "lon"
        )
    )
    return placed, (
        Defect("zip_lost_zeros", "shipments", short, "customer zip prefix shorter than five digits", "zeros put back in front"),
        Defect(
            "customer_without_state", "shipments", stateless, "customer without city and state", "state of the zip prefix, city unknown"
        ),
        Defect(
            "customer_zip_without_point", "shipments", placed["lat"].null_count(), "customer zip prefix without a point", "place unknown"
        ),
    )


def sellers(files: Files, places: pl.DataFrame) -> tuple[pl.DataFrame, tuple[Defect, ...]]:
    """Give ``seller_id, seller_zip, seller_city, seller_state, seller_lat, seller_lon`` of every seller."""
    wanted = {"seller_id": TEXT, "seller_zip_code_prefix": TEXT}
    extra = {"seller_city": TEXT, "seller_state": TEXT, "seller_lat": NUMBER, "seller_lng": NUMBER}
    rows = files.known("sellers.parquet", ["seller_id"], wanted, extra).with_columns(zip=_five_digits("seller_zip_code_prefix"))
    # The seller's own point stands in only where its zip prefix has none; it is the same median by origin.
    own = in_brazil("seller_lat", "seller_lng")
    placed = rows.join(places, on="zip", how="left").select(
        "seller_id",
        pl.col("zip").alias("seller_zip"),
        "seller_city",
        pl.coalesce("seller_state", "state").alias("seller_state"),
        pl.coalesce("lat", pl.when(own & pl.col("lat").is_null()).then("seller_lat")).alias("seller_lat"),
        pl.coalesce("lon", pl.when(own & pl.col("lon").is_null()).then("seller_lng")).alias("seller_lon"),
    )
    missing = Defect(
        "seller_without_point", "facilities", placed["seller_lat"].null_count(), "seller zip prefix without a point", "place unknown"
    )
    return placed, (missing,)


def _five_digits(column: str) -> pl.Expr:
    return pl.col(column).str.zfill(5)
