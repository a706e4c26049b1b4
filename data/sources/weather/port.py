"""Say what Doorcast needs of a weather service: hourly weather at facilities, as issued, as canonical rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

import polars as pl

from data.domain.errors import InvalidFact

__all__ = ["Fetched", "Site", "WeatherSource"]


@dataclass(frozen=True, slots=True)
class Site:
    """Hold a facility that weather is wanted for: WGS84 degrees."""

    facility_id: str
    lat: float
    lon: float

    def __post_init__(self) -> None:
        if not (-90 <= self.lat <= 90 and -180 <= self.lon <= 180):
            raise InvalidFact(f"facility {self.facility_id!r} at {self.lat!r}, {self.lon!r} is not on earth; check lat and lon.")


@dataclass(frozen=True, slots=True)
class Fetched:
    """Hold canonical rows, the ids of the sites without an answer, and why (each reason once).

    Forecasts at the missing sites run on climatology; whoever fetches says so.
    """

    rows: pl.DataFrame
    missing: tuple[str, ...] = ()
    why: tuple[str, ...] = ()


class WeatherSource(Protocol):
    """Give weather at sites; a service that is away makes sites `Fetched.missing` and raises nothing.

    Rows are canonical (`data.facts.schema`): degrees Celsius, mm, cm, km/h, km, %, hPa, degrees; UTC; ``available_at`` is from when the service has them for
    anybody, and decides what a forecast may use.
    """

    @property
    def name(self) -> str:
        """Name the service, as the source of the facts."""
        ...

    def newest(self, sites: Sequence[Site], *, days: int) -> Fetched:
        """Give the newest forecast, so many days ahead, as rows of ``weather_forecasts``."""
        ...

    def run(self, sites: Sequence[Site], issued_at: datetime, *, days: int) -> Fetched:
        """Give the forecast that the run started at ``issued_at`` (UTC) issued: what a past moment could know."""
        ...

    def archive(self, sites: Sequence[Site], first: date, last: date) -> Fetched:
        """Give what the weather was (whole UTC days, both included) as rows of ``weather_observations``: for climatology, never as a forecast."""
        ...
