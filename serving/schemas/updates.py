"""The wire of updates: that something is new, never what."""

from pydantic import Field

from serving.schemas.wire import Answer, Id, Instant

__all__ = ["UpdateOut", "UpdateSign"]


class UpdateSign(Answer):
    """Tell a customer's page that there is something new: neither the shipment nor anything about it."""

    sequence: int = Field(description="Rises from update to update, with gaps; the id of the event.")
    type: str = Field(description="What kind of news: checkpoint.added, checkpoint.corrected, status.changed, eta.revised …")


class UpdateOut(UpdateSign):
    """Tell who reads the API which shipment has news."""

    shipment_id: Id
    occurred_at: Instant = Field(description="When the newest scan of it happened, or the forecast was made.")
    recorded_at: Instant = Field(description="When it was stored.")
