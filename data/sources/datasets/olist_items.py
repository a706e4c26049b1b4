"""Sum up what an Olist order holds: items, products, payments, and the seller farthest from the customer."""

import polars as pl

from data.sources.datasets.dataset import Defect
from data.sources.datasets.files import Files
from data.sources.datasets.great_circle import great_circle_km

__all__ = ["items_of", "order_contents"]

TEXT, NUMBER, WHOLE = pl.String(), pl.Float64(), pl.Int64()
PAYMENT_SLACK = 5.0
"""BRL by which a payment may exceed the items before rows of items seem to be missing (README of the set)."""


def items_of(files: Files) -> pl.DataFrame:
    """Give the item rows with their products.

    ``shipping_limit_date`` is not read: it is approval plus whole days in 84 % of orders, so it would tell at the purchase
    when the order is going to be approved.
    """
    items = files.beside(
        "order_items.parquet",
        {"order_id": TEXT, "order_item_id": WHOLE, "product_id": TEXT, "seller_id": TEXT},
        {"price": NUMBER, "freight_value": NUMBER},
    )
    size = {f"product_{side}_cm": NUMBER for side in ("length", "width", "height")}
    products = files.known(
        "products.parquet", ["product_id"], {"product_id": TEXT}, {"product_category_name": TEXT, "product_weight_g": NUMBER, **size}
    )
    volume = pl.col("product_length_cm") * pl.col("product_width_cm") * pl.col("product_height_cm")
    # A weight of zero grams is a weight nobody entered.
    weight = pl.when(pl.col("product_weight_g") > 0).then("product_weight_g")
    return items.join(products.with_columns(volume_cm3=volume, weight_g=weight), on="product_id", how="left", maintain_order="left")


def order_contents(files: Files, orders: pl.DataFrame, sellers: pl.DataFrame) -> tuple[pl.DataFrame, tuple[Defect, ...]]:
    """Give one row for each order that has items: declared attributes and the columns of its farthest seller.

    ``orders`` has ``order_id, lat, lon`` (of the customer). Farthest counts in great-circle km; sellers without a place come last,
    equal ones in the order of their items.
    """
    items = items_of(files)
    placed = items.join(orders.select("order_id", "lat", "lon"), on="order_id", how="inner", maintain_order="left").join(
        sellers, on="seller_id", how="left", maintain_order="left"
    )
    away = great_circle_km(pl.col("lat"), pl.col("lon"), pl.col("seller_lat"), pl.col("seller_lon"))
    contents = (
        placed.with_columns(away_km=away)
        .sort("order_id", "away_km", "order_item_id", descending=[False, True, False], nulls_last=True)
        .group_by("order_id", maintain_order=True)
        .agg(
            pl.col("seller_id", "seller_zip", "seller_city", "seller_state", "seller_lat", "seller_lon").first(),
            pl.col("product_category_name").first().alias("attr_product_category"),
            pl.len().cast(NUMBER).alias("attr_items"),
            pl.col("seller_id").n_unique().cast(NUMBER).alias("attr_sellers"),
            _total("price").alias("attr_price"),
            _total("freight_value").alias("attr_freight_value"),
            _total("weight_g").alias("attr_weight_g"),
            _total("volume_cm3").alias("attr_volume_cm3"),
            (pl.col("order_item_id").max() != pl.len()).alias("gap"),
            pl.col("weight_g").null_count().alias("weightless"),
        )
    )
    paid = _payments(files)
    complete = contents.join(paid, on="order_id", how="left", maintain_order="left")
    unpaid = complete["paid"] - complete["attr_price"].fill_null(0) - complete["attr_freight_value"].fill_null(0)
    defects = (
        Defect(
            "several_sellers",
            "shipments",
            int((contents["attr_sellers"] > 1).sum()),
            "order with several sellers",
            "the farthest one counts",
        ),
        Defect("item_number_gap", "shipments", int(contents["gap"].sum()), "gap in the item numbers of an order", "kept"),
        Defect(
            "items_below_payment",
            "shipments",
            int((unpaid > PAYMENT_SLACK).sum()),
            "items sum to over 5 BRL less than the payment",
            "kept as they are",
        ),
        Defect(
            "product_without_category",
            "shipments",
            items["product_category_name"].null_count(),
            "item without a category",
            "category unknown",
        ),
        Defect(
            "product_without_weight",
            "shipments",
            items["weight_g"].null_count(),
            "item without a weight, or with weight 0",
            "weight unknown",
        ),
    )
    return complete.drop("gap", "weightless", "paid"), defects


def _total(column: str) -> pl.Expr:
    """Sum a column; unknown when every value is (polars would say 0)."""
    return pl.when(pl.col(column).count() > 0).then(pl.col(column).sum())


def _payments(files: Files) -> pl.DataFrame:
    rows = files.beside(
        "order_payments.parquet", {"order_id": TEXT}, {"payment_type": TEXT, "payment_installments": NUMBER, "payment_value": NUMBER}
    )
    return (
        rows.sort("order_id", "payment_value", "payment_type", descending=[False, True, False], nulls_last=True)
        .group_by("order_id", maintain_order=True)
        .agg(
            pl.col("payment_type").first().alias("attr_payment_type"),
            pl.col("payment_installments").max().alias("attr_payment_installments"),
            _total("payment_value").alias("paid"),
        )
    )
