"""Describe arrival forecasts on the wire."""

from typing import Literal

from pydantic import Field

from data.domain.forecasts import Target
from data.domain.statuses import OnTimeStatus
from serving.schemas.checkout import DateOut, LatestOrderOut, PercentileOut, PricesIn, PromiseDateOut, ServiceOut
from serving.schemas.wanted import WantedIn
from serving.schemas.wire import Answer, CalendarDate, Instant, ShortStr, StatusName, YesNo, between

__all__ = ["Actual", "Against", "Estimate", "EstimateIn", "Eta", "PastForecast", "QuantileOut", "ReasonOut", "WindowOut"]


class WindowOut(Answer):
    """Hold an interval that contains the arrival with probability `level`, in UTC and on the destination's clock."""

    start: Instant
    end: Instant
    level: float = Field(description="0.8: eight of ten arrive within.")
    timezone: str | None = Field(description="IANA zone of the destination; null when it is not known (then local is UTC).")
    start_local: str = Field(description="RFC 3339 with the destination's offset.")
    end_local: str
    text: str = Field(description="For people, widened to full hours.")


class ReasonOut(Answer):
    """Hold one part of the difference from the usual forecast of the lane; positive hours make it later."""

    code: str
    hours: float


class Against(Answer):
    """Hold a date and how the shipment stands against it."""

    promised_at: Instant
    promised_local: str
    on_time_status: OnTimeStatus


class Actual(Answer):
    """Say how a shipment ended; takes the place of the forecast."""

    status: StatusName
    occurred_at: Instant
    occurred_local: str
    known_at: Instant = Field(description="When we heard of it.")
    text: str


class Eta(Answer):
    """Say when a shipment arrives, or how it ended.

    `state` is `open` (p10 to window are set, `actual` is null), `ended` (the other way round) or `no_arrival` (neither: nobody comes to
    the door, because the shipment returns, waits at a pickup point, or its created_at lies ahead). The distribution is conditional on the shipment being open at `seen_at`, so nothing of it lies in the past.
    """

    shipment_id: str
    state: Literal["open", "ended", "no_arrival"]
    status: StatusName
    status_since: Instant | None
    seen_at: Instant
    target: Target
    p10: Instant | None
    p50: Instant | None
    p90: Instant | None
    window: WindowOut | None
    late_probability: float | None = Field(description="Probability, 0 to 1, of arriving after the shop's promise; null without a promise.")
    on_time_status: OnTimeStatus = Field(description="Against the shop's promise.")
    promise: Against | None = Field(description="The shop's promise.")
    carrier_date: Against | None = Field(description="The carrier's newest date.")
    reasons: list[ReasonOut] = Field(description="Largest first.")
    actual: Actual | None
    forecast_id: str | None
    model_version: str | None
    as_of: Instant | None = Field(description="Facts received until then are in the forecast.")
    made_at: Instant | None
    input_digest: str | None


class QuantileOut(Answer):
    """Hold one level of the distribution."""

    level: float
    at: Instant


class PastForecast(Answer):
    """Hold one forecast as it was made."""

    forecast_id: str
    target: Target
    as_of: Instant
    made_at: Instant
    quantiles: list[QuantileOut]
    window: WindowOut
    late_probability: float | None
    reasons: list[ReasonOut]
    model_version: str
    input_digest: str


class History(Answer):
    """Hold the newest forecasts of a shipment, newest first."""

    shipment_id: str
    total: int
    forecasts: list[PastForecast]


class EstimateIn(WantedIn):
    """Ask what would happen to a shipment that does not exist: for a checkout page."""

    created_at: Instant | None = Field(
        default=None, description="When the label is made; now by default. One in the past: still without a scan now."
    )
    promised_at: Instant | None = Field(default=None, description="Asks for the probability of arriving later than this.")
    merchant: ShortStr | None = Field(default=None, description="Who sells, as in registered orders.")
    wished_date: CalendarDate | None = Field(
        default=None, description="Asks until when to order so that it arrives by the end of this date at the destination."
    )
    keep_probability: between(0.01, 0.999) = Field(default=0.9, description="How surely the wished date shall be kept.")  # type: ignore[valid-type]
    prices: PricesIn | None = Field(default=None, description="Asks which date is worth promising.")
    every_service: YesNo = Field(
        default=False, description="Answer `services` for every service known on the lane, not for the asked one only."
    )


class Estimate(Answer):
    """Hold the distribution of the arrival of a shipment that does not exist."""

    target: Target
    as_of: Instant
    p10: Instant
    p50: Instant
    p90: Instant
    quantiles: list[QuantileOut]
    window: WindowOut
    late_probability: float | None
    reasons: list[ReasonOut]
    model_version: str
    input_digest: str
    percentiles: list[PercentileOut] = Field(description="50, 75, 85, 90, 95, 97 and 99 %.")
    dates: list[DateOut]
    latest_order: LatestOrderOut | None
    promise: PromiseDateOut | None
    services: list[ServiceOut] = Field(description="The asked service first.")
