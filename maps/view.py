"""Hold everything that is shown of one journey, as plain values: page, list, map, file and GeoJSON read nothing else.

Instants are aware UTC datetimes; each place carries its IANA zone, in which its times are shown. Text fields hold untrusted text
as it came; only ``maps.safe_text`` and the template's own escaping bring it to a screen.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from data.domain.statuses import OnTimeStatus, Status

__all__ = [
    "ArrivalView",
    "ChangeView",
    "DoorView",
    "EventView",
    "JourneyView",
    "LegState",
    "LegView",
    "Line",
    "MoveView",
    "PositionView",
    "PromiseView",
    "ReasonView",
    "SilenceView",
    "StepState",
    "StepView",
    "StopState",
    "StopView",
    "WeatherKind",
    "WeatherView",
]

Line = tuple[tuple[float, float], ...]
"""Points as (lat, lon), WGS84 degrees."""


class StepState(StrEnum):
    """Say whether a step of the stepper lies behind, is the present one, or lies ahead."""

    DONE = "done"
    CURRENT = "current"
    AHEAD = "ahead"


class StopState(StrEnum):
    """Say where the parcel stands towards a stop."""

    PASSED = "passed"
    HERE = "here"
    AHEAD = "ahead"


class LegState(StrEnum):
    """Say whether a leg has been travelled or is forecast (a leg under way counts as forecast: its end is not known)."""

    HAPPENED = "happened"
    FORECAST = "forecast"


@dataclass(frozen=True, slots=True)
class StepView:
    """Hold one step of the status stepper: an enumerated ``code``, its state, and since when where that is known."""

    code: str
    state: StepState
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReasonView:
    """Hold one enumerated reason and the hours by which it moves the arrival (positive: later)."""

    code: str
    hours: float


@dataclass(frozen=True, slots=True)
class ArrivalView:
    """Hold the forecast that is shown: the window with its ``level`` (0..1), the median, and where they come from."""

    start: datetime
    end: datetime
    level: float
    p50: datetime
    late_probability: float | None
    reasons: tuple[ReasonView, ...]
    as_of: datetime
    model_version: str


@dataclass(frozen=True, slots=True)
class PromiseView:
    """Hold the shop's promise, how the shipment stands against it, and the carrier's own date where one was given."""

    promised_at: datetime
    standing: OnTimeStatus
    carrier_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ChangeView:
    """Hold how the shown window last changed: ``hours`` is the move of the median, positive when later."""

    old_start: datetime
    old_end: datetime
    new_start: datetime
    new_end: datetime
    hours: float
    reason: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class StopView:
    """Hold one stop in journey order. ``kind`` is a `FacilityKind` or ``door``; ``city`` and ``region`` name it at city level."""

    kind: str
    city: str | None
    region: str | None
    lat: float | None
    lon: float | None
    timezone: str | None
    state: StopState
    planned_at: datetime | None = None
    estimated_at: datetime | None = None
    arrived_at: datetime | None = None
    departed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LegView:
    """Hold one leg between two stops (indices into ``JourneyView.stops``) with its road geometry."""

    from_stop: int
    to_stop: int
    state: LegState
    mode: str
    line: Line


@dataclass(frozen=True, slots=True)
class MoveView:
    """Hold when one leg (index into ``JourneyView.legs``) was, or is expected to be, under way."""

    leg: int
    start: datetime
    end: datetime


class WeatherKind(StrEnum):
    """Name weather that slows a vehicle."""

    RAIN = "rain"
    SNOW = "snow"
    ICE = "ice"
    WIND = "wind"
    FOG = "fog"


@dataclass(frozen=True, slots=True)
class WeatherView:
    """Hold bad weather that is forecast for a stop ahead (index into ``JourneyView.stops``) at the hour of passing."""

    kind: WeatherKind
    stop: int
    lat: float
    lon: float
    at: datetime


@dataclass(frozen=True, slots=True)
class PositionView:
    """Hold where the parcel probably is between two scans: the part of the road that holds it with probability ``level``."""

    line: Line
    level: float


@dataclass(frozen=True, slots=True)
class DoorView:
    """Hold the area of the door: the centre of a fixed grid cell, never the address."""

    lat: float
    lon: float
    radius_km: float


@dataclass(frozen=True, slots=True)
class EventView:
    """Hold one entry of the timeline.

    ``status`` is ``unknown`` for a code nobody could map, ``event`` the enumerated movement behind the carrier's code where its list is
    known; ``struck`` marks a corrected entry.
    """

    status: Status
    event: str | None
    at: datetime
    heard_at: datetime
    timezone: str | None
    zone_known: bool
    place: str | None
    facility_kind: str | None
    carrier_words: str | None
    carrier_code: str | None
    struck: bool = False
    repeats: int = 0


@dataclass(frozen=True, slots=True)
class SilenceView:
    """Hold since when nothing was heard, and which planned event should come next."""

    since: datetime
    hours: float
    next_place: str | None = None
    next_at: datetime | None = None
    next_timezone: str | None = None


@dataclass(frozen=True, slots=True)
class JourneyView:
    """Hold one journey as it is shown at ``seen_at``. ``timezone`` is the destination's; ``timeline`` is newest first."""

    shipment_id: str
    order_id: str
    merchant: str | None
    carrier: str
    service: str
    tracking_number: str | None
    seen_at: datetime
    timezone: str | None
    destination: str | None
    status: Status
    status_since: datetime | None
    possession_at: datetime | None
    delivered_at: datetime | None
    steps: tuple[StepView, ...]
    arrival: ArrivalView | None
    promise: PromiseView | None
    change: ChangeView | None
    stops: tuple[StopView, ...]
    legs: tuple[LegView, ...]
    position: PositionView | None
    door: DoorView | None
    timeline: tuple[EventView, ...]
    silence: SilenceView | None
    weather: tuple[WeatherView, ...] = ()
