"""Describe explanations on the wire."""

from typing import Literal

from pydantic import Field

from serving.schemas.wire import Answer, Instant

__all__ = ["ChangeOut", "ExplanationOut", "NewsOut", "PartOut"]


class PartOut(Answer):
    """Hold one part of a difference; positive hours make it later."""

    code: str
    hours: float
    text: str = Field(description="One sentence for the audience asked for; plain text, escape it where you show it.")
    evidence: list[str] = Field(description="kind:id of the facts behind it; for operations only, else empty.")


class NewsOut(Answer):
    """Say what became known since the forecast before."""

    scans: int
    promises: int
    weather: int
    silent_hours: float = Field(description="Hours since the last of it, or since the forecast before.")
    other_model: bool
    ids: list[str] = Field(description="kind:id of each; for operations only, else empty.")


class ChangeOut(Answer):
    """Say how the median moved since the forecast before; the parts add up to the hours."""

    since: Instant = Field(description="The moment that the forecast before looked from.")
    before_at: Instant = Field(description="Its median.")
    hours: float
    text: str
    parts: list[PartOut] = Field(description="Largest first.")
    news: NewsOut


class ExplanationOut(Answer):
    """Say why a forecast differs from the usual one for its lane; the parts add up to the hours.

    It explains the forecast as it was made, at `as_of`. `state` is as in the ETA; in `ended` and `no_arrival` there is nothing to explain.
    """

    shipment_id: str
    state: Literal["open", "ended", "no_arrival"]
    audience: Literal["customer", "operations"]
    as_of: Instant | None
    usual_at: Instant | None = Field(description="When a shipment like this usually arrives.")
    forecast_at: Instant | None = Field(description="The median of the forecast.")
    hours: float | None = Field(description="forecast_at minus usual_at.")
    text: str | None
    parts: list[PartOut] = Field(description="Largest first.")
    change: ChangeOut | None = Field(description="Since the forecast before; null for the first one.")
    forecast_id: str | None
    model_version: str | None
