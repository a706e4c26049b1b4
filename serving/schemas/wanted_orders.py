"""Describe on the wire when several parcels that do not exist yet would all have come."""

from typing import Annotated, Literal

from pydantic import Field

from serving.schemas.checkout import PercentileOut
from serving.schemas.eta import WindowOut
from serving.schemas.wanted import WantedIn
from serving.schemas.wire import Answer, Body, Instant, ShortStr

__all__ = ["EstimateComplete", "EstimateCompleteIn", "SharedOut", "WantedOut"]

FEWEST_WANTED, MOST_WANTED = 2, 20


class EstimateCompleteIn(Body):
    """Ask when all parcels of one order would have come, before any of them exists: for a checkout page."""

    parcels: Annotated[list[WantedIn], Field(min_length=FEWEST_WANTED, max_length=MOST_WANTED)] = Field(
        description="Each as `POST /v1/estimates` asks about it; of one alone, ask there."
    )
    created_at: Instant | None = Field(
        default=None, description="When it is ordered; now by default. One in the past: still without a scan now."
    )
    merchant: ShortStr | None = Field(default=None, description="Who sells, as in registered orders.")


class WantedOut(Answer):
    """Hold when one of the parcels would come, as if it had been asked about alone."""

    carrier: ShortStr
    service: ShortStr
    windows: list[WindowOut] = Field(
        description="Eight of ten, then nine of ten such parcels come within; on the clock of its own destination."
    )
    percentiles: list[PercentileOut]


class SharedOut(Answer):
    """Hold what some of the parcels share, and how far that makes them come early or late together."""

    relation: Literal["order", "origin_day", "lane_day", "destination_day"]
    share: float = Field(
        description="0 to 1: part of the variance of how early or late they come, in normal scores. Two parcels correlate by the sum of all they share."
    )
    parcels: list[list[int]] = Field(description="Groups of two or more parcels that share it, by their place in the request, from 0.")
    text: str


class EstimateComplete(Answer):
    """Say when the last of several parcels would come."""

    as_of: Instant = Field(description="The moment looked from: when it is ordered, or now.")
    windows: list[WindowOut] = Field(
        description="Eight of ten, then nine of ten such orders are completed within; on the clock of the destinations, UTC where they have several."
    )
    percentiles: list[PercentileOut] = Field(description="Of the last parcel: 50, 75, 85, 90, 95, 97 and 99 %.")
    parcels: list[WantedOut] = Field(description="In the order of the request.")
    shared: list[SharedOut] = Field(description="What any two of them share; empty where nothing was learnt.")
    dependence: Literal["checkout", "label", "none"] = Field(
        description="What the shares were learnt from: forecasts of past orders as a `checkout` makes them, those made at the `label` where there were too few of "
        "the former, or `none`: the parcels are taken as if they knew nothing of each other, and the window begins too late."
    )
    model_version: str
