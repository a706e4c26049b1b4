"""Find room for the names on a drawn picture: no name covers another, a stop, or the card, and none runs over the edge."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from data.reference.basemap.basemap import read_basemap
from maps.safe_text import clean
from maps.still_frame import Box, Points, StillFrame
from maps.still_text import drawable, width_of
from maps.view import JourneyView, StopState

__all__ = ["Label", "stop_labels", "town_labels"]

GAP = 13.0
"""Distance of a name from the middle of its mark, in points."""

MOST_TOWNS = 9
DOT = 4.0


@dataclass(frozen=True, slots=True)
class Label:
    """Hold a name: the left end of its middle line, in points."""

    text: str
    x: float
    y: float


class Room:
    """Hold what is taken: the marks and the names placed so far; and the points of the way, which a name covers only at need."""

    def __init__(self, free: Box, taken: Iterable[Box], way: list[Points]) -> None:
        self.free, self.taken = free, list(taken)
        self.way = np.concatenate([close_together(part) for part in way]) if way else np.empty((0, 2))

    def take(self, box: Box, *, over_the_way: bool = False) -> bool:
        """Take a box if it is free and lies inside the picture."""
        left, bottom, right, top = self.free
        inside = box[0] >= left and box[1] >= bottom and box[2] <= right and box[3] <= top
        if not inside or any(box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3] for other in self.taken):
            return False
        x, y = self.way[:, 0], self.way[:, 1]
        if not over_the_way and bool(((x > box[0]) & (x < box[2]) & (y > box[1]) & (y < box[3])).any()):
            return False
        self.taken.append(box)
        return True

    def beside(self, text: str, at: tuple[float, float], size: float, *, bold: bool = False, at_need: bool = False) -> Label | None:
        """Give a name's place right of, left of, above or under a point, then at its corners; ``None`` where no place is free.

        ``at_need`` lets it cover the way where there is no other place.
        """
        (x, y), width, half = at, width_of(text, size, bold=bold), 0.72 * size
        right, left, centre, up, down = x + GAP, x - GAP - width, x - width / 2, y + GAP + half, y - GAP - half
        places = ((right, y), (left, y), (centre, up), (centre, down), (right, up), (right, down), (left, up), (left, down))
        for over_the_way in (False, True) if at_need else (False,):
            for start, middle in places:
                if self.take((start - 3, middle - half, start + width + 3, middle + half), over_the_way=over_the_way):
                    return Label(text, start, middle)
        return None


def close_together(part: Points) -> Points:
    """Give a line with a point at least every four points of the picture."""
    steps = np.hypot(*np.diff(part, axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    asked = np.linspace(0.0, along[-1], int(along[-1] / 4) + 2)
    return np.column_stack([np.interp(asked, along, part[:, 0]), np.interp(asked, along, part[:, 1])])


def around(at: tuple[float, float], radius: float) -> Box:
    return at[0] - radius, at[1] - radius, at[0] + radius, at[1] + radius


def stop_labels(view: JourneyView, frame: StillFrame, free: Box, size: float) -> tuple[list[Label], Room]:
    """Give the cities of the stops, each once: the door's and the present one first, then in journey order; and what room is left."""
    shown = [
        (number, stop.state, stop.city, frame.at(stop.lat, stop.lon))
        for number, stop in enumerate(view.stops)
        if stop.lat is not None and stop.lon is not None
    ]
    way = frame.lines(leg.line for leg in view.legs if len(leg.line) > 1)
    room = Room(free, [around(at, 9.0) for _, _, _, at in shown], way)
    last, said, found = len(view.stops) - 1, set[str](), []
    for _, _, city, at in sorted(shown, key=lambda one: (one[0] != last, one[1] is not StopState.HERE, one[0])):
        text = drawable(clean(city, longest=24))
        label = room.beside(text, at, size, bold=True, at_need=True) if text and text not in said else None
        if label:
            said.add(text)
            found.append(label)
    return found, room


def town_labels(frame: StillFrame, room: Room, size: float, said: Iterable[str]) -> list[tuple[Label, tuple[float, float]]]:
    """Give some large towns around, each with the place of its dot, where they are in nobody's way."""
    known = set(said)
    found: list[tuple[Label, tuple[float, float]]] = []
    for town in sorted(read_basemap().towns, key=lambda town: (town.rank, town.name)):
        if len(found) == MOST_TOWNS:
            break
        if town.name in known:
            continue
        at = frame.at(town.lat, town.lon)
        if not (room.free[0] < at[0] < room.free[2] and room.free[1] < at[1] < room.free[3]) or not room.take(around(at, DOT)):
            continue
        known.add(town.name)
        text = drawable(town.name)
        if text and (label := room.beside(text, at, size)):
            found.append((label, at))
    return found
