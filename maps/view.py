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
    "BandView",
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
    """Hold the arrival that is shown: the steady window with its ``level`` (0..1), the median within it, and where they come from.

    The window is that of `maps.shown_window`; median, risk, reasons and ``as_of`` are the newest forecast's.
    """

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
    """Hold how the shown window last changed, and when (``at``): ``hours`` is the move of the median between the two, positive when later.

    Both windows are as they were shown: full hours on the destination's clock. A new window within the old one is a narrower one.
    """

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
class BandView:
    """Hold one stretch of the way that holds the parcel with at least probability ``level``; by what was laid out, with ``chance``.

    A parcel that stands somewhere has a short stretch around that place, whose ``chance`` may be far above the level.
    """

    level: float
    line: Line
    chance: float


@dataclass(frozen=True, slots=True)
class PositionView:
    """Hold where the parcel probably is between two scans: ``bands``, the widest first and each within the one before it.

    ``point`` is the most probable place (lat, lon), ``stands_at`` the stop (index into ``JourneyView.stops``) at which it stands, more probably than not.
    Nothing lies within the area of the door.
    """

    bands: tuple[BandView, ...]
    point: tuple[float, float]
    stands_at: int | None = None

    @property
    def line(self) -> Line:
        """Give the widest band's line, for drawings that show one."""
        return self.bands[0].line

    @property
    def level(self) -> float:
        """Give the widest band's level (0..1)."""
        return self.bands[0].level


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
