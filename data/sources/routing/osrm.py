"""Ask an OSRM server for ways and tables."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from data.domain.errors import DoorcastError, InvalidFact
from data.sources.http.cached_door import CachedDoor, Question
from data.sources.http.door import Answer
from data.sources.routing.osrm_parse import ROUTE_OPTIONS, parse_route, parse_table, refusal, route_path, table_options, table_path
from data.sources.routing.port import Point, Table, Way, checked

__all__ = ["Osrm"]

HOLDS: Final = timedelta(days=7)
"""Roads change slowly, and so do the maps that servers are built from."""


class Osrm:
    """Implement `data.sources.routing.port.Router`; safe to share between threads. ``profile`` is that of the server's map (``driving``)."""

    name = "osrm"

    def __init__(self, door: CachedDoor, *, profile: str = "driving") -> None:
        if not profile.replace("-", "").replace("_", "").isalnum():
            raise InvalidFact(f"routing profile {profile[:40]!r} is no name of a profile; use one such as driving.")
        self._door, self._profile = door, profile

    def route(self, points: Sequence[Point]) -> Way:
        """Give the fastest way through the points."""
        asked = checked(points, least=2)
        question = Question(route_path(self._profile, asked), ROUTE_OPTIONS, HOLDS)
        return self._door.ask(question, lambda body: parse_route(body, asked, name=self.name), self._refused)[0]

    def table(self, sources: Sequence[Point], targets: Sequence[Point]) -> Table:
        """Give distances and times between all pairs; a server takes 100 points in all, unless told otherwise."""
        starts, ends = checked(sources, least=1), checked(targets, least=1)
        question = Question(table_path(self._profile, (*starts, *ends)), table_options(len(starts), len(ends)), HOLDS)
        return self._door.ask(question, lambda body: parse_table(body, len(starts), len(ends), name=self.name), self._refused)[0]

    def _refused(self, answer: Answer) -> DoorcastError:
        return refusal(answer, name=self.name)
