"""Put the Open-Meteo client together from plain settings."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from data.sources.http.answer_cache import AnswerCache
from data.sources.http.breaker import Breaker
from data.sources.http.budget import Budget, Limit
from data.sources.http.cached_door import CachedDoor
from data.sources.http.door import HttpDoor, Patience
from data.sources.http.kept import Kept
from data.sources.weather.open_meteo import Doors, OpenMeteo
from data.sources.weather.open_meteo_parse import rest_of

__all__ = ["CallsAllowed", "open_weather"]


@dataclass(frozen=True, slots=True)
class CallsAllowed:
    """Hold the budget. The free service allows 600 calls a minute, 5,000 an hour and 10,000 a day; a tenth is left as a margin."""

    per_minute: float = 540
    per_hour: float = 4_500
    per_day: float = 9_000

    def limits(self) -> tuple[Limit, ...]:
        """Give the limits of a budget."""
        return (
            Limit(self.per_minute, 60, "a minute"),
            Limit(self.per_hour, 3_600, "an hour"),
            Limit(self.per_day, 86_400, "a day"),
        )


def open_weather(
    kept: Kept,
    *,
    now: Callable[[], datetime],
    key: str | None = None,
    model: str = "ecmwf_ifs",
    base_url: str | None = None,
    allowed: CallsAllowed = CallsAllowed(),
    patience: Patience = Patience(),  # noqa: B008 - frozen
    proxy: str | None = None,
) -> OpenMeteo:
    """Open the three services: the free ones, with a key the commercial ones, or all at ``base_url`` (a server of one's own)."""
    cache = AnswerCache(kept, now=now)
    budget = Budget(kept, "open-meteo", allowed.limits(), now=now)

    def door(part: str) -> CachedDoor:
        dashed = f"{part}-api" if part else "api"
        url = base_url or f"https://{'customer-' if key else ''}{dashed}.open-meteo.com"
        service = f"open-meteo ({part or 'forecast'})"
        breaker = Breaker(service, now=now)
        opened = HttpDoor(service, url, budget=budget, breaker=breaker, now=now, patience=patience, proxy=proxy, rest_of=rest_of)
        return CachedDoor(opened, cache, now=now)

    return OpenMeteo(Doors(door(""), door("single-runs"), door("archive")), now=now, model=model, key=key)
