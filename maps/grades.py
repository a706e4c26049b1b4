"""Fix how near to the door each kind of reader may see: what a grade does not allow is never computed, so it can not be sent."""

from dataclasses import dataclass
from enum import StrEnum

from data.domain.statuses import Status

__all__ = ["GRADES", "Grade", "Masking", "grade_for"]


class Grade(StrEnum):
    """Name what a reader may know of the door's place."""

    AREA = "area"
    """A town or a part of a city: links that are passed on, and every stage before the last day."""
    NEIGHBOURHOOD = "neighbourhood"
    """Some streets: who holds the full link, once the parcel comes to the door."""


@dataclass(frozen=True, slots=True)
class Masking:
    """Hold a grade's rule: the side of the grid cell whose centre stands for the door, and the radius in kilometres that holds no other point of ours.

    ``clear_km`` is what follows: however a door lies in its cell, no coordinate but the cell's centre and the carrier's own facilities lies
    nearer to it. The cell's half diagonal is largest at the equator: 7.87 km of 0.1 degrees, 1.58 km of 0.02.
    """

    cell_degrees: float
    radius_km: float
    clear_km: float


GRADES: dict[Grade, Masking] = {Grade.AREA: Masking(0.1, 9.0, 1.1), Grade.NEIGHBOURHOOD: Masking(0.02, 2.0, 0.4)}

AT_THE_DOOR = frozenset({Status.OUT_FOR_DELIVERY, Status.ATTEMPT_FAILED, Status.DELIVERED})


def grade_for(scope: str, status: Status) -> Grade:
    """Give the grade of a link's ``scope`` (``full`` or ``status``) at a stage."""
    return Grade.NEIGHBOURHOOD if scope == "full" and status in AT_THE_DOOR else Grade.AREA
