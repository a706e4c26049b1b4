"""Ask routers one after another, and say which one answered."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from data.domain.errors import NotFound, Unavailable
from data.sources.routing.port import Point, Router, Table, Way

__all__ = ["FirstOf"]

Found = TypeVar("Found", Way, Table)


class FirstOf:
    """Implement `data.sources.routing.port.Router` by several: the first that answers counts, the last is usually the bundled roads."""

    def __init__(self, routers: Sequence[Router]) -> None:
        self._routers = tuple(routers)

    @property
    def name(self) -> str:
        """Name all routers, in the order asked."""
        return ", then ".join(router.name for router in self._routers)

    def route(self, points: Sequence[Point]) -> Way:
        """Give the way of the first router that has one."""
        return self._first(lambda router: router.route(points))

    def table(self, sources: Sequence[Point], targets: Sequence[Point]) -> Table:
        """Give the table of the first router that has one."""
        return self._first(lambda router: router.table(sources, targets))

    def _first(self, ask: Callable[[Router], Found]) -> Found:
        why: list[str] = []
        for router in self._routers:
            try:
                return replace(ask(router), instead_of=tuple(why))
            except (Unavailable, NotFound) as error:
                why.append(f"{router.name}: {error}")
        raise Unavailable(f"no router answered: {'; '.join(why)}")
