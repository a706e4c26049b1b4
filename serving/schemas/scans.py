"""Describe scans on the wire."""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, WithJsonSchema

from data.domain.scans import ZoneBasis
from serving.schemas.wire import Answer, Body, Id, Instant, SafeStr, ShortStr, StatusName, YesNo, ZoneBasisName

__all__ = ["MOST_SCANS", "BatchAnswer", "ScanAnswer", "ScanBatch", "ScanIn", "ScanOut", "ScanResult", "ScansIn", "ShipmentScans"]

MOST_SCANS = 1000
"""Scans in one batch: a batch is answered in about a second."""


class ScanIn(Body):
    """Report one event of a parcel. The moment of hearing is ours: it is when the request came."""

    scan_id: Id = Field(description="Yours, and the same when you send the scan again.")
    shipment_id: Id
    occurred_at: Instant
    status: StatusName | None = Field(
        default=None,
        description="Leave it out when you only have the carrier's code: known codes are mapped, others stay unknown and move nothing.",
    )
    facility_id: Id | None = None
    raw_code: ShortStr | None = Field(default=None, description="The carrier's code.")
    raw_text: SafeStr | None = Field(default=None, description="The carrier's words.")
    source: ShortStr = "api"
    zone_basis: ZoneBasisName = Field(default=ZoneBasis.EXPLICIT, description="How the zone of `occurred_at` is known.")
    parcel_id: Id | None = None
    corrects_scan_id: Id | None = Field(default=None, description="The scan that this one replaces.")
    voids: YesNo = Field(default=False, description="With `corrects_scan_id`: that scan never happened.")


class ScanBatch(Body):
    """Report many events; each is judged by itself."""

    scans: Annotated[
        list[Any],
        Field(min_length=1, max_length=MOST_SCANS),
        WithJsonSchema(
            {
                "type": "array",
                "minItems": 1,
                "maxItems": MOST_SCANS,
                "items": {},
                "description": "Scans, each in the form of ScanIn. Any item is taken and judged by itself: one that breaks a rule is refused "
                "in its own line of the answer and kept in quarantine, the others are stored.",
            }
        ),
    ]


ScansIn = Annotated[
    Annotated[ScanIn, Tag("<scan>")] | Annotated[ScanBatch, Tag("<batch>")],
    Discriminator(lambda body: "<batch>" if isinstance(body, ScanBatch) or (isinstance(body, dict) and "scans" in body) else "<scan>"),
]
"""One scan, or a batch (an object with `scans`)."""

Result = Literal["accepted", "duplicate", "conflict", "quarantined", "refused"]


class ScanResult(Answer):
    """Say what became of one scan.

    `accepted`: durable. `duplicate`: known already, nothing changed. `conflict`: the id is known with other content; what came first
    stands, this one is kept in quarantine. `quarantined`: the shipment is unknown; kept, send it again once the shipment is registered.
    `refused`: breaks a rule; kept in quarantine too.
    """

    scan_id: str | None = Field(description="Null when it could not be read.")
    shipment_id: str | None
    result: Result
    status: StatusName | None = Field(description="The stage that the scan was understood as; `unknown` moves nothing.")
    detail: str | None = Field(description="Why, and what to do next; null when accepted.")


class ScanAnswer(ScanResult):
    """Say what became of a single scan, and of its shipment's forecast."""

    forecast: Literal["made", "not_needed", "later"] = Field(
        description="`made`: /eta knows this scan. `not_needed`: nothing changed or the shipment has ended. `later`: no model serves now."
    )


class BatchAnswer(Answer):
    """Say what became of each scan of a batch, in its order."""

    accepted: int
    duplicates: int
    conflicts: int
    quarantined: int
    refused: int
    unmapped: int = Field(description="Accepted scans whose code nobody has mapped.")
    results: list[ScanResult]


class ScanOut(Answer):
    """Hold one stored scan."""

    scan_id: str
    status: StatusName
    occurred_at: Instant
    received_at: Instant
    facility_id: str | None
    raw_code: str | None
    raw_text: str | None
    source: str
    zone_basis: ZoneBasisName
    parcel_id: str | None
    corrects_scan_id: str | None
    voids: bool


class ShipmentScans(Answer):
    """Hold all scans of a shipment, corrected and repeated ones too, in order of happening."""

    shipment_id: str
    scans: list[ScanOut]
