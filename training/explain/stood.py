"""Share the hours that a parcel stood beyond its plan among what stops do: a line before it, vehicles without room, a late vehicle.

Who has only the parcel's own scans guesses by how long it stood (`lost_alone`); `training.explain.company` asks what others show.
"""

from dataclasses import dataclass

__all__ = ["HOUR", "MINUTE", "Lost", "lost_alone"]

HOUR, MINUTE = 3_600_000_000, 60_000_000

MISSED_HOURS = 3.0
"""A departure later than this was not that of the planned vehicle."""
WAITED_ON = 0.2
ROUGH_STOP, ROUGH_VEHICLE, SLOWED, ORIGIN_WEATHER = 0.25, 0.12, 0.45, 0.5


@dataclass(frozen=True, slots=True)
class Lost:
    """Hold hours lost at a stop: in the line, for want of room on vehicles that left, waiting for a vehicle that was late."""

    in_line: float
    no_room: float
    late_vehicle: float

    def waited(self, stay_hours: float) -> "Lost":
        """Give the same with no longer a line than it had time for: ``stay_hours`` before the vehicle that it missed, and a share of what that cost."""
        most = max(stay_hours, 0.0) + WAITED_ON * (self.in_line + self.no_room + self.late_vehicle)
        return Lost(min(self.in_line, most), self.no_room, self.late_vehicle)

    def by_cause(self, rough: float, *, origin: bool) -> dict[str, float]:
        """Give hours by code where the weather was so rough: it delays a vehicle, but only slows a line, at the origin least."""
        line = min(SLOWED * rough, 1.0) * (ORIGIN_WEATHER if origin else 1.0) if rough >= ROUGH_STOP else 0.0
        vehicle = 1.0 if rough >= ROUGH_VEHICLE else 0.0
        return {
            "weather": line * (self.in_line + self.no_room) + vehicle * self.late_vehicle,
            "handling" if origin else "facility": (1 - line) * self.in_line,
            "departure": (1 - line) * self.no_room + (1 - vehicle) * self.late_vehicle,
        }


def lost_alone(due: int, left: int, second: int | None, *, ready: bool) -> Lost:
    """Share the hours from ``due`` until it left (instants in microseconds) by a parcel's own scans.

    ``second`` is the next time of the timetable after ``due``; ``ready`` says that no line held it: whoever missed a vehicle all the same found no room.
    """
    hours = (left - due) / HOUR
    missed = hours >= MISSED_HOURS or (second is not None and left >= second - 15 * MINUTE)
    if not missed:
        return Lost(0.0, 0.0, hours)
    return Lost(0.0, hours, 0.0) if ready else Lost(hours, 0.0, 0.0)
