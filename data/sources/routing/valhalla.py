"""Ask a Valhalla server for ways and matrices."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from data.domain.errors import DoorcastError, InvalidFact
from data.sources.http.cached_door import CachedDoor, Question
from data.sources.http.door import Answer
from data.sources.routing.port import Point, Table, Way, checked
from data.sources.routing.valhalla_parse import matrix_params, parse_matrix, parse_route, refusal, route_params

__all__ = ["Valhalla"]

HOLDS: Final = timedelta(days=7)
"""Roads change slowly, and so do the maps that servers are built from."""


class Valhalla:
    """Implement `data.sources.routing.port.Router`; safe to share between threads. ``costing`` is Valhalla's (``auto``, ``truck``, ``bicycle``)."""

    name = "valhalla"

    def __init__(self, door: CachedDoor, *, costing: str = "auto") -> None:
        if not costing.replace("_", "").isalnum():
            raise InvalidFact(f"costing {costing[:40]!r} is no name of a costing; use one such as auto.")
        self._door, self._costing = door, costing

    def route(self, points: Sequence[Point]) -> Way:
        """Give the best way through the points."""
        asked = checked(points, least=2)
        question = Question("/route", route_params(self._costing, asked), HOLDS)
        return self._door.ask(question, lambda body: parse_route(body, asked, name=self.name), self._refused)[0]

    def table(self, sources: Sequence[Point], targets: Sequence[Point]) -> Table:
        """Give distances and times between all pairs."""
        starts, ends = checked(sources, least=1), checked(targets, least=1)
        question = Question("/sources_to_targets", matrix_params(self._costing, starts, ends), HOLDS)
        return self._door.ask(question, lambda body: parse_matrix(body, len(starts), len(ends), name=self.name), self._refused)[0]

    def _refused(self, answer: Answer) -> DoorcastError:
        return refusal(answer, name=self.name)
