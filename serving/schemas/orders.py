"""Describe on the wire when a whole order is complete."""

from typing import Literal

from pydantic import Field

from serving.schemas.checkout import PercentileOut
from serving.schemas.eta import WindowOut
from serving.schemas.wire import Answer, Instant, StatusName

__all__ = ["OrderComplete", "OrderPart"]


class OrderPart(Answer):
    """Hold one shipment of an order: its stage, and when half of such shipments have come."""

    shipment_id: str
    status: StatusName
    p50: Instant | None = Field(description="Null for a shipment that has ended or that nobody brings to the door.")
    delivered_at: Instant | None


class OrderComplete(Answer):
    """Say when the last shipment of an order arrives.

    ``state`` is `open` (window and percentiles are set), `complete` (all have been delivered; `completed_at` is set), `no_arrival` (not all come to
    the door: a shipment has ended otherwise, returns, waits at a pickup point, or its created_at lies ahead) or `empty` (no shipment is known yet).
    """

    order_id: str
    state: Literal["open", "complete", "no_arrival", "empty"]
    seen_at: Instant
    shipments: list[OrderPart]
    window: WindowOut | None = Field(description="Nine of ten orders are completed within.")
    percentiles: list[PercentileOut]
    completed_at: Instant | None
    dependence: Literal["learnt", "none"] = Field(
        description="`learnt`: how far shipments come late together was learnt from past orders; `none`: they are taken as if they knew nothing of each other."
    )
    model_version: str | None
