"""Count what cannot be true in the events of Olist orders."""

import polars as pl

from data.sources.datasets.dataset import Defect

__all__ = ["event_defects"]

PURCHASE, APPROVED, HANDOVER, DELIVERED = (
    "order_purchase_timestamp",
    "order_approved_at",
    "order_delivered_carrier_date",
    "order_delivered_customer_date",
)
KEPT = "kept as it is; the fold orders by occurrence and every moment still exists"


def event_defects(orders: pl.DataFrame) -> tuple[Defect, ...]:
    """Count impossible orders of events and contradictions with the final status."""
    status, delivered = pl.col("order_status"), pl.col(DELIVERED)
    kinds = (
        ("approved_before_purchase", pl.col(APPROVED) < pl.col(PURCHASE), "approved before the purchase", KEPT),
        ("handover_before_purchase", pl.col(HANDOVER) < pl.col(PURCHASE), "handed to the carrier before the purchase", KEPT),
        ("handover_before_approval", pl.col(HANDOVER) < pl.col(APPROVED), "handed to the carrier before approval", KEPT),
        ("delivered_before_handover", delivered < pl.col(HANDOVER), "delivered before the handover to the carrier", KEPT),
        ("delivered_before_purchase", delivered < pl.col(PURCHASE), "delivered before the purchase", KEPT),
        (
            "delivered_without_handover",
            delivered.is_not_null() & pl.col(HANDOVER).is_null(),
            "delivered but never handed over",
            "no handover scan",
        ),
        ("status_delivered_without_time", (status == "delivered") & delivered.is_null(), "status delivered without a time", "stays open"),
        (
            "canceled_but_delivered",
            status.is_in(("canceled", "unavailable")) & delivered.is_not_null(),
            "canceled with a delivery",
            "the scan counts",
        ),
        (
            "canceled_or_unavailable",
            status.is_in(("canceled", "unavailable")) & delivered.is_null(),
            "given up at an unknown time",
            "no scan",
        ),
        ("order_without_items", pl.col("attr_items").is_null(), "order without item rows", "seller unknown; neither trained on nor scored"),
        ("without_promise", pl.col("order_estimated_delivery_date").is_null(), "order without an estimated date", "no promise"),
        ("minute_precision", pl.col("minute_precision"), "times cut to the minute by their source", "kept as they are"),
    )
    counts = orders.select(rule.fill_null(value=False).sum().alias(code) for code, rule, _, _ in kinds).row(0, named=True)
    tables = {"order_without_items": "shipments", "without_promise": "promises"}
    return tuple(Defect(code, tables.get(code, "scans"), int(counts[code]), meaning, treatment) for code, _, meaning, treatment in kinds)
