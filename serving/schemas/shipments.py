"""Describe shipments and orders on the wire."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, Tag

from serving.schemas.places import PlaceIn
from serving.schemas.wire import Answer, Attributes, Body, Id, Instant, ShortStr, StatusName, between, safe_text, whole

__all__ = ["Created", "LegIn", "ListQuery", "OrderIn", "Page", "ShipmentDetail", "ShipmentIn", "ShipmentLine"]


class OrderIn(Body):
    """Register what a customer bought."""

    order_id: Id
    ordered_at: Instant
    merchant: ShortStr | None = None
    attributes: Attributes = Field(default_factory=dict)


class LegIn(Body):
    """Plan one movement; legs follow each other in the order of the list, the last one leads to the door."""

    from_facility_id: Id | None = None
    to_facility_id: Id | None = Field(default=None, description="Null on the leg to the door.")
    mode: ShortStr = Field(description="road, air, van, …")
    planned_departure_at: Instant | None = None
    planned_arrival_at: Instant | None = None
    distance_km: between(0, 40_100) | None = None  # type: ignore[valid-type]  # a type made by a function


class ParcelIn(Body):
    """Describe one box."""

    parcel_id: Id
    weight_g: between(0, 100_000_000) | None = None  # type: ignore[valid-type]
    length_cm: between(0, 10_000) | None = None  # type: ignore[valid-type]
    width_cm: between(0, 10_000) | None = None  # type: ignore[valid-type]
    height_cm: between(0, 10_000) | None = None  # type: ignore[valid-type]


OrderOrId = Annotated[
    Annotated[OrderIn, Tag("<order>")] | Annotated[Id, Tag("<id>")],
    Discriminator(lambda order: "<id>" if isinstance(order, str) else "<order>"),
]
Cursor = Annotated[str, Field(pattern=r"^-?[0-9]{1,17}~[^\x00-\x1f\x7f-\x9f]{1,500}$"), AfterValidator(safe_text)]
"""Place in a list, as `next_cursor` gave it."""


class ShipmentIn(Body):
    """Register one consignment given to one carrier; sending the same again changes nothing."""

    shipment_id: Id
    order: OrderOrId = Field(description="The order, or the id of an order that is registered already.")
    carrier: ShortStr
    service: ShortStr
    created_at: Instant = Field(description="When the label was made; the forecast may use everything declared here from then on.")
    destination: PlaceIn
    origin: PlaceIn | None = None
    origin_facility_id: Id | None = None
    destination_facility_id: Id | None = None
    tracking_number: ShortStr | None = None
    distance_km: between(0, 40_100) | None = Field(default=None, description="Routed distance.")  # type: ignore[valid-type]
    planned_minutes: between(0, 1_000_000) | None = Field(default=None, description="Undisturbed travel time.")  # type: ignore[valid-type]
    promised_at: Instant | None = Field(default=None, description="The shop's promise: the last instant that counts as on time.")
    carrier_promised_at: Instant | None = Field(default=None, description="The carrier's own date.")
    parcels: list[ParcelIn] = Field(default_factory=list, max_length=100)
    legs: list[LegIn] = Field(default_factory=list, max_length=50)
    attributes: Attributes = Field(default_factory=dict)


class Created(Answer):
    """Say what became of something that was registered."""

    id: str
    result: Literal["created", "unchanged"]
    forecast: Literal["made", "not_needed", "later"] | None = Field(
        default=None, description="`later`: no model serves now; it is made as soon as one does."
    )


class ShipmentLine(Answer):
    """Hold one shipment in one line."""

    shipment_id: str
    order_id: str
    carrier: str
    service: str
    tracking_number: str | None
    status: StatusName
    status_since: Instant | None
    created_at: Instant
    last_heard_at: Instant | None
    destination_city: str | None
    destination_timezone: str | None
    promised_at: Instant | None
    p10: Instant | None = Field(description="From the newest stored forecast; see /eta for the present one.")
    p50: Instant | None
    p90: Instant | None
    late_probability: float | None
    forecast_as_of: Instant | None


class Page(Answer):
    """Hold one page of a list, newest created first."""

    shipments: list[ShipmentLine]
    next_cursor: str | None = Field(description="Send it as `cursor` for the next page; null on the last one.")


class LegOut(Answer):
    """Hold one planned leg."""

    sequence: int
    from_facility_id: str | None
    to_facility_id: str | None
    mode: str
    planned_departure_at: Instant | None
    planned_arrival_at: Instant | None
    distance_km: float | None


class PromiseOut(Answer):
    """Hold one promise."""

    kind: Literal["shop", "carrier"]
    promised_at: Instant
    known_at: Instant


class ShipmentDetail(ShipmentLine):
    """Hold everything declared of one shipment."""

    merchant: str | None
    ordered_at: Instant
    origin_facility_id: str | None
    destination_facility_id: str | None
    destination_region: str | None
    destination_postal_code: str | None
    destination_country: str | None
    distance_km: float | None
    planned_minutes: float | None
    promises: list[PromiseOut]
    legs: list[LegOut]
    order_attributes: dict[str, float | str | None]
    attributes: dict[str, float | str | None]


class ListQuery(BaseModel):
    """Choose what a list shows."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    limit: whole(1, 200) = Field(default=50, description="Lines on a page.")  # type: ignore[valid-type]  # a type made by a function
    cursor: Cursor | None = Field(default=None, description="`next_cursor` of the page before.")
    status: StatusName | None = None
    carrier: ShortStr | None = None
