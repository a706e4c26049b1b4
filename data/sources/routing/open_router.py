"""Put the router together from plain settings."""

from collections.abc import Callable
from datetime import datetime
from typing import Final, Literal

from data.sources.http.answer_cache import AnswerCache
from data.sources.http.breaker import Breaker
from data.sources.http.budget import Budget, Limit
from data.sources.http.cached_door import CachedDoor
from data.sources.http.door import HttpDoor, Patience
from data.sources.http.kept import Kept
from data.sources.routing.bundled import Bundled
from data.sources.routing.fallback import FirstOf
from data.sources.routing.osrm import Osrm
from data.sources.routing.port import Router
from data.sources.routing.valhalla import Valhalla

__all__ = ["Engine", "open_router"]

Engine = Literal["osrm", "valhalla"]

QUICK: Final = Patience(connect_seconds=2.0, read_seconds=5.0, answer_seconds=8.0, all_seconds=10.0, tries=2)
"""Somebody waits for a way, and the bundled roads are there at once."""


def open_router(
    kept: Kept,
    *,
    now: Callable[[], datetime],
    base_url: str | None = None,
    engine: Engine = "osrm",
    profile: str | None = None,
    calls_per_minute: float = 600,
    patience: Patience = QUICK,
    proxy: str | None = None,
) -> Router:
    """Open the router at ``base_url``, with the bundled roads behind it; without an address the bundled roads alone.

    ``profile`` is OSRM's profile (default ``driving``) or Valhalla's costing (default ``auto``).
    """
    if base_url is None:
        return Bundled()
    budget = Budget(kept, engine, [Limit(calls_per_minute, 60, "a minute")], now=now)
    opened = HttpDoor(engine, base_url, budget=budget, breaker=Breaker(engine, now=now), now=now, patience=patience, proxy=proxy)
    door = CachedDoor(opened, AnswerCache(kept, now=now), now=now)
    asked: Router = Osrm(door, profile=profile or "driving") if engine == "osrm" else Valhalla(door, costing=profile or "auto")
    return FirstOf([asked, Bundled()])
