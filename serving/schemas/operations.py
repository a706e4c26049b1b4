"""Describe the numbers of operations on the wire."""

from pydantic import Field

from serving.schemas.wire import Answer, Instant

__all__ = ["Summary"]


class Summary(Answer):
    """Sum up what is on the way, as it stands at `seen_at`."""

    seen_at: Instant
    open: int = Field(description="Shipments that have not ended.")
    with_risk: int = Field(description="Open shipments with a forecast and a promise of the shop.")
    trending_late: int = Field(description="Open ones whose stored forecast is more likely late than not, the promise still ahead.")
    late: int = Field(description="Open ones whose promise has passed.")
    silent: int = Field(description="Open ones with no news for 30 days.")
    waiting_for_forecast: int = Field(description="Open ones with news since their forecast, or without one; up to 10,000 are counted.")
    quarantined: int = Field(description="Rows in quarantine.")
    model_version: str | None
