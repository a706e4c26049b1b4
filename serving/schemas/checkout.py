"""Describe on the wire what a checkout may promise for one service."""

from pydantic import Field

from serving.schemas.wire import Answer, Body, CalendarDate, Instant, ShortStr, between

__all__ = ["DateOut", "LatestOrderOut", "PercentileOut", "PricesIn", "PromiseDateOut", "ServiceOut"]


class PricesIn(Body):
    """Say what a promise is worth, in a currency of your own."""

    broken_cost: between(0, 1_000_000_000) = Field(description="What it costs when the parcel comes after the promised date.")  # type: ignore[valid-type]  # a type made by a function
    value_per_day: between(0, 1_000_000_000) = Field(description="What each day is worth by which the promised date is earlier.")  # type: ignore[valid-type]


class PercentileOut(Answer):
    """Hold the instant by which a share of such parcels has come, and its date on the destination's calendar."""

    level: float = Field(description="0.9: nine of ten have come.")
    at: Instant
    date: CalendarDate


class DateOut(Answer):
    """Hold a date on the destination's calendar and the probability of arriving by its end."""

    date: CalendarDate
    probability: float


class LatestOrderOut(Answer):
    """Say until when to order so that the wished date is kept with the wished probability."""

    wished_date: CalendarDate
    probability: float = Field(description="As it was asked.")
    probability_now: float = Field(description="That of an order made at `created_at` or, when that has passed, now.")
    order_by: Instant | None = Field(description="Every order from now until then keeps the date; null when one made now does not.")
    last_chance: Instant | None = Field(
        description="The latest instant at which an order keeps it, two weeks ahead at most; later than `order_by` only where the chance falls and rises again."
    )
    note: str | None = Field(description="Why there is no instant where the question itself forbids one.")


class PromiseDateOut(Answer):
    """Hold the date worth promising: that of the highest `worth`, the earlier one of equals."""

    date: CalendarDate
    probability: float = Field(description="Of it being kept.")
    worth: float = Field(description="- value_per_day x days to the date - broken_cost x (1 - probability), in your currency.")


class ServiceOut(Answer):
    """Hold what may be promised for one service of a carrier."""

    carrier: ShortStr
    service: ShortStr
    percentiles: list[PercentileOut]
    dates: list[DateOut] = Field(description="From the day of the order to the first that is kept with 99 %; at most 60.")
    latest_order: LatestOrderOut | None = Field(
        description="Null without `wished_date`, and for all services but the asked one: each takes a good part of a second."
    )
    promise: PromiseDateOut | None = Field(description="Null without `prices`.")
