"""Fetch weather from Open-Meteo: forecast, single runs and archive.

Weather data by Open-Meteo.com, licence CC BY 4.0; the free service is for non-commercial use, a key opens the commercial one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

import polars as pl

from data.domain.errors import InvalidFact, Unavailable
from data.facts.facts import empty
from data.sources.http.cached_door import CachedDoor, Question
from data.sources.http.door import Answer
from data.sources.weather.canonical_rows import RUN_DELAY, RUN_EVERY, archive_rows, newest_run, run_rows, stitched_rows
from data.sources.weather.open_meteo_parse import VARIABLES, parse_hourly, reason_of
from data.sources.weather.open_meteo_requests import archive_params, batches, forecast_params, run_params, weight
from data.sources.weather.port import Fetched, Site

__all__ = ["Doors", "OpenMeteo"]

ALL: Final = tuple(VARIABLES)
ARCHIVED: Final = tuple(name for name in ALL if name != "visibility_km")
"""The archive knows no visibility."""

MOST_DAYS: Final = 16
NEWEST_HOLDS: Final = timedelta(minutes=30)
PAST_HOLDS: Final = timedelta(days=30)
"""What a past run issued does not change any more; the archive of old days hardly does."""


@dataclass(frozen=True, slots=True)
class Doors:
    """Hold the doors to the three services; they share one budget."""

    forecast: CachedDoor
    runs: CachedDoor
    archive: CachedDoor


class OpenMeteo:
    """Implement `data.sources.weather.port.WeatherSource`; safe to share between threads."""

    def __init__(self, doors: Doors, *, now: Callable[[], datetime], model: str = "ecmwf_ifs", key: str | None = None) -> None:
        """``model`` names the model whose runs are asked for; ``key`` is that of a paid plan, and is in no cache and no message."""
        if not model.replace("_", "").isalnum():
            raise InvalidFact(f"weather model {model[:40]!r} is no name of a model; use one such as ecmwf_ifs.")
        self._doors, self._now, self._model, self._key = doors, now, model, key

    @property
    def name(self) -> str:
        """Name the service."""
        return "open-meteo"

    def newest(self, sites: Sequence[Site], *, days: int) -> Fetched:
        """Give the newest run that is out, as it was issued; sites that it lacks are asked for at the forecast API."""
        first = self.run(sites, newest_run(self._now()), days=days)
        if not first.missing:
            return first
        missing = set(first.missing)
        second = self._stitched([site for site in sites if site.facility_id in missing], days=days)
        return Fetched(pl.concat([first.rows, second.rows]), second.missing, (*first.why, *second.why) if second.missing else ())

    def run(self, sites: Sequence[Site], issued_at: datetime, *, days: int) -> Fetched:
        """Give what one run issued. Raises `InvalidFact` for a run that is not out yet or never takes place."""
        self._check_days(days)
        run = issued_at.astimezone(UTC)
        midnight = run.replace(hour=0, minute=0, second=0, microsecond=0)
        if (run - midnight) % RUN_EVERY or run + RUN_DELAY > self._now():
            raise InvalidFact(f"there is no run of {run:%Y-%m-%d %H:%M}Z yet: runs start every 6 hours and are out {RUN_DELAY} later.")

        def ask(some: Sequence[Site]) -> pl.DataFrame:
            params = run_params(some, ALL, model=self._model, run=run, days=days)
            hourly, _ = self._ask(
                self._doors.runs, Question("/v1/forecast", params, PAST_HOLDS, weight(len(some), len(ALL), days)), some, ALL
            )
            return run_rows(hourly, model=self._model, issued_at=run)

        return fetched("weather_forecasts", sites, ask, weight(1, len(ALL), days))

    def archive(self, sites: Sequence[Site], first: date, last: date) -> Fetched:
        """Give what the weather was; raises `InvalidFact` when the days are in the wrong order or not over."""
        if not first <= last < self._now().date():
            raise InvalidFact(f"the archive from {first} to {last} is not over yet or runs backwards; give past days in order.")
        days = (last - first).days + 1

        def ask(some: Sequence[Site]) -> pl.DataFrame:
            params = archive_params(some, ARCHIVED, first=first, last=last)
            hourly, _ = self._ask(
                self._doors.archive, Question("/v1/archive", params, PAST_HOLDS, weight(len(some), len(ARCHIVED), days)), some, ARCHIVED
            )
            known = hourly.filter(pl.any_horizontal(pl.col(name).is_not_null() for name in ARCHIVED))  # the last days are not out yet
            return archive_rows(known)

        return fetched("weather_observations", sites, ask, weight(1, len(ARCHIVED), days))

    def _stitched(self, sites: Sequence[Site], *, days: int) -> Fetched:
        def ask(some: Sequence[Site]) -> pl.DataFrame:
            params = forecast_params(some, ALL, days=days)
            hourly, at = self._ask(
                self._doors.forecast, Question("/v1/forecast", params, NEWEST_HOLDS, weight(len(some), len(ALL), days)), some, ALL
            )
            return stitched_rows(hourly, fetched_at=at)

        return fetched("weather_forecasts", sites, ask, weight(1, len(ALL), days))

    def _ask(self, door: CachedDoor, question: Question, sites: Sequence[Site], columns: Sequence[str]) -> tuple[pl.DataFrame, datetime]:
        """Give hourly rows and when they were fetched, from the cache or the service."""
        secret = {} if self._key is None else {"apikey": self._key}

        def refused(answer: Answer) -> Unavailable:
            return Unavailable(f"{door.service} refused (HTTP {answer.status}): {self._without_key(reason_of(answer.body))}")

        return door.ask(replace(question, secret=secret), lambda body: parse_hourly(body, sites, columns), refused)

    def _without_key(self, text: str) -> str:
        return text.replace(self._key, "…") if self._key else text

    def _check_days(self, days: int) -> None:
        if not 1 <= days <= MOST_DAYS:
            raise InvalidFact(f"{days} days cannot be forecast; ask for 1 to {MOST_DAYS}.")


def fetched(table: str, sites: Sequence[Site], ask: Callable[[Sequence[Site]], pl.DataFrame], each: float) -> Fetched:
    """Ask for sites, of which each counts as so many calls, batch by batch; a batch that fails is missing, and says why."""
    parts, missing, why = [empty(table)], list[str](), dict[str, None]()
    for some in batches(sites, each):
        try:
            parts.append(ask(some))
        except Unavailable as error:
            missing += [site.facility_id for site in some]
            why[str(error)] = None
    return Fetched(pl.concat(parts), tuple(missing), tuple(why))
