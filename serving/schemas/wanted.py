"""Describe on the wire a shipment that is wanted and does not exist."""

from pydantic import Field

from serving.schemas.places import PlaceIn
from serving.schemas.wire import Attributes, Body, Id, ShortStr, between

__all__ = ["WantedIn"]


class WantedIn(Body):
    """Say what is known of a shipment before it exists: which service from where to where."""

    carrier: ShortStr
    service: ShortStr
    destination: PlaceIn
    origin: PlaceIn | None = None
    origin_facility_id: Id | None = Field(default=None, description="A facility of the store; its place is used when `origin` is absent.")
    distance_km: between(0, 40_100) | None = None  # type: ignore[valid-type]  # a type made by a function
    planned_minutes: between(0, 1_000_000) | None = None  # type: ignore[valid-type]
    attributes: Attributes = Field(default_factory=dict)
