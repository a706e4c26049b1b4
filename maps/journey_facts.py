"""Gather the facts that one journey is drawn from; whoever reads them (a store, a simulator, a test) fills this in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from data.domain.forecasts import Forecast
from data.domain.orders import Order, Promise, Shipment
from data.domain.places import Facility
from data.domain.routes import Leg
from data.domain.scans import Scan
from data.domain.weather import WeatherForecast
from data.facts.passage_habits import PassageHabits
from maps.view import Line

__all__ = ["JourneyFacts", "Router"]

Router = Callable[[tuple[float, float], tuple[float, float]], Line]
"""Give the way by road between two points (lat, lon), ends included; only the two ends where no road is known."""


@dataclass(frozen=True, slots=True)
class JourneyFacts:
    """Hold the facts of one shipment. ``forecasts`` are oldest first; facts heard after the moment of showing are left out later.

    ``read_now`` gives a stored forecast as it stands at a later moment (time without a delivery moves the window on); without it the
    forecast is shown as it was made. ``weather`` holds forecasts for the facilities ahead, of any run; ``habits`` are what past journeys told of stays and
    travel times.
    """

    shipment: Shipment
    order: Order | None
    scans: tuple[Scan, ...]
    legs: tuple[Leg, ...]
    promises: tuple[Promise, ...]
    facilities: Mapping[str, Facility]
    forecasts: tuple[Forecast, ...]
    read_now: Callable[[Forecast, datetime], Forecast] | None = None
    weather: tuple[WeatherForecast, ...] = ()
    habits: PassageHabits = field(default_factory=PassageHabits)

    def place_words(self, facility_id: str | None) -> str | None:
        """Give city and region of a facility; its id where it is not known."""
        if facility_id is None:
            return None
        facility = self.facilities.get(facility_id)
        if facility is None:
            return facility_id
        return ", ".join(part for part in (facility.place.city, facility.place.region) if part) or facility.name

    def timezone(self, facility_id: str | None) -> str | None:
        """Give the zone of a facility, or ``None``."""
        facility = self.facilities.get(facility_id or "")
        return facility.place.timezone if facility else None

    def known_legs(self, seen_at: datetime) -> tuple[Leg, ...]:
        """Give the newest plan that was known: one leg for each sequence number."""
        newest: dict[int, Leg] = {}
        for leg in sorted((leg for leg in self.legs if leg.known_at <= seen_at), key=lambda leg: (leg.known_at, leg.leg_id)):
            newest[leg.sequence] = leg
        return tuple(newest[sequence] for sequence in sorted(newest))
