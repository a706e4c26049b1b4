"""Charge the lateness of a parcel to what happened on its way, hour by hour, with the evidence of each.

Lateness is actual minus planned time of the same milestone. It is followed from the first stop to the last news; each change of it is charged to
what was heard between two milestones. Where the timetable swallows lateness all charges so far shrink in proportion, where a missed vehicle
adds some they grow in proportion: they made it miss. Without a charge the change is ordinary variation.
"""

from dataclasses import dataclass
from functools import partial

from training.explain.company import company_of
from training.explain.course import Course
from training.explain.journal import Journal
from training.explain.stood import HOUR, MINUTE, Lost, lost_alone
from training.explain.timetable import Timetable
from training.explain.weather_met import WeatherMet
from training.features.departures import hop_name

__all__ = ["CODES", "Slip", "slips_of"]

CODES = ("handling", "facility", "departure", "road", "weather", "missort", "hold", "attempt", "silence")
LONG_STAY_HOURS = 3.0
"""Whoever missed a vehicle after this long a stay was ready in time: the vehicle was full or did not run."""
ROUGH_WAY = 0.03
HASTE = 0.8
"""Share of the shortest planned stay that suffices when a parcel is late: plans keep time for queues."""
QUIET_HOURS = 0.75
"""Overdue news below this is no news."""
NEXT_ROUND_HOURS = 24.0


@dataclass(frozen=True, slots=True)
class Slip:
    """Hold hours of lateness charged to one cause at one place, and the ids that show it. Negative hours are time made up."""

    code: str
    hours: float
    facility_id: str | None = None
    evidence: tuple[str, ...] = ()


@dataclass(slots=True)
class Account:
    """Keep the charges so far; their sum and the ordinary variation make the lateness."""

    charges: list[Slip]
    ordinary: float = 0.0

    def charged(self) -> float:
        return sum(slip.hours for slip in self.charges)

    def lateness(self) -> float:
        return self.charged() + self.ordinary

    def settle(self, lateness: float) -> None:
        charged = self.charged()
        if charged > 1e-9:
            factor = max(1 + (lateness - self.ordinary - charged) / charged, 0.0)
            self.charges = [Slip(slip.code, slip.hours * factor, slip.facility_id, slip.evidence) for slip in self.charges]
        self.ordinary = lateness - self.charged()


@dataclass(frozen=True, slots=True)
class Charging:
    """Hold what charges are read from."""

    course: Course
    weather: WeatherMet
    timetable: Timetable
    journal: Journal

    def slips(self) -> tuple[tuple[Slip, ...], float]:
        account = Account([])
        stops = self.course.stops
        for position, stop in enumerate(stops[: self.course.stop + 1]):
            if position and stop.reached is not None and stop.reach_planned is not None:
                before = stops[position - 1]
                if before.left is None and before.leave_planned is not None:
                    # the scan of leaving is missing: the drive took as long as planned
                    left = stop.reached - (stop.reach_planned - before.leave_planned)
                    before.left = max(left, before.reached) if before.reached is not None else left
                    before.scan_ids += stop.scan_ids[:1]
                    self.leave(position - 1, before.left, account)
                self.reach(position, account)
            if stop.left is not None and stop.leave_planned is not None:
                self.leave(position, stop.left, account)
        self.overdue(account)
        self.attempts(account)
        return tuple(account.charges), account.ordinary

    def leave(self, position: int, left: int, account: Account) -> None:
        stop = self.course.stops[position]
        assert stop.leave_planned is not None  # noqa: S101 - only stops with a planned departure come here
        lateness = (left - stop.leave_planned) / HOUR
        account.charges += self.stop_charges(position, left, account.lateness())
        account.settle(lateness)

    def stop_charges(self, position: int, left: int, before: float) -> list[Slip]:
        """Give the hours that a stop itself took beyond its plan, by cause."""
        stop = self.course.stops[position]
        assert stop.leave_planned is not None  # noqa: S101 - only stops with a planned departure come here
        if stop.held is not None:
            return [Slip("hold", max((left - stop.held[1]) / HOUR, 0.0), stop.facility_id, (f"scan:{stop.held[0]}",))]
        due = self.due(position, before)
        lost = (left - due) / HOUR
        if lost < QUIET_HOURS:
            return []
        begin = self.begin(position, before)
        if stop.wrong_way is not None:
            return [Slip("missort", min(lost, 12.0), stop.facility_id, (f"scan:{stop.wrong_way}",))]
        rough, seen = self.weather.at_stop(stop.facility_id, min(begin, due), left, known_by=self.course.at)
        stood, others = self.stood(position, begin, due, left)
        ids = tuple(f"scan:{name}" for name in stop.scan_ids) + others
        by_cause = stood.by_cause(rough, origin=position == 0)
        return [Slip(code, hours, stop.facility_id, seen if code == "weather" else ids) for code, hours in by_cause.items() if hours > 0]

    def stood(self, position: int, begin: int, due: int, left: int) -> tuple[Lost, tuple[str, ...]]:
        """Share the hours since ``due`` among line, room and vehicle, by what others show where they do; with the evidence of others."""
        stop, at, origin = self.course.stops[position], self.course.at, position == 0
        onward = self.onward(position)
        stay = (due - begin) / HOUR - self.timetable.stop_hours
        second = self.next_vehicle(position, due + MINUTE)
        company = None
        if onward is not None:
            hop, place = hop_name(stop.facility_id, onward, stop.mode, self.course.carrier), (stop.facility_id or "", stop.mode)
            company = company_of(self.journal, hop, place, reached=begin, due=due, left=stop.left, at=at)
        if company is not None and company.tells(left, second, origin=origin):
            lost = company.lost(due, left, partial(self.next_vehicle, position), may_be_full=not origin)
            return lost if origin else lost.waited(stay), company.evidence
        ready = not origin and onward is not None and (stay >= LONG_STAY_HOURS or stop.mode == "air")
        alone = lost_alone(due, left, second, ready=ready)
        return alone if origin else alone.waited(stay), ()

    def onward(self, position: int) -> str | None:
        return self.course.stops[position + 1].facility_id if position + 1 < len(self.course.stops) else None

    def next_vehicle(self, position: int, since: int) -> int | None:
        """Give when the timetable has the next vehicle of a stop."""
        stop, course = self.course.stops[position], self.course
        return self.timetable.following(stop.facility_id, self.onward(position), stop.mode, course.carrier, since, service=course.service)

    def begin(self, position: int, before: float) -> int:
        """Give when a stop was reached: as scanned, or else by plan and the lateness so far."""
        stop = self.course.stops[position]
        if position == 0:
            return self.course.created_at
        if stop.reached is not None:
            return stop.reached
        return (stop.reach_planned or stop.leave_planned or self.course.at) + int(before * HOUR)

    def due(self, position: int, before: float) -> int:
        """Give when the vehicle leaves that a parcel takes which lost nothing at this stop."""
        stop = self.course.stops[position]
        assert stop.leave_planned is not None  # noqa: S101 - only stops with a planned departure come here
        if position == 0:
            return stop.leave_planned
        ready = self.begin(position, before) + int(HASTE * self.timetable.stop_hours * HOUR)
        if ready <= stop.leave_planned:
            return stop.leave_planned
        following = self.next_vehicle(position, ready)
        return following if following is not None else max(stop.leave_planned, ready)

    def reach(self, position: int, account: Account) -> None:
        start, end = self.course.stops[position - 1], self.course.stops[position]
        assert end.reached is not None  # noqa: S101 - only stops that were reached by plan come here
        assert end.reach_planned is not None  # noqa: S101
        lateness = (end.reached - end.reach_planned) / HOUR
        gained = lateness - account.lateness()
        if gained > 0.1:
            left = start.left if start.left is not None else (start.leave_planned or end.reach_planned)
            way = (start.facility_id or "", end.facility_id or "")
            rough, seen = self.weather.on_the_way(way, left, end.reached, known_by=self.course.at)
            if rough >= ROUGH_WAY and gained > 0.3:
                account.charges.append(Slip("weather", gained, end.facility_id, seen))
            else:
                ids = tuple(f"scan:{name}" for name in start.scan_ids[-1:] + end.scan_ids[:1])
                account.charges.append(Slip("road", min(gained, 0.5) if gained < 1 else gained, end.facility_id, ids))
        account.ordinary += lateness - account.lateness()

    def overdue(self, account: Account) -> None:
        """Charge the hours by which the next milestone is overdue at the moment of looking."""
        course = self.course
        if course.attempts or course.out_at is not None:
            return
        stop = course.stops[course.stop]
        late = account.lateness()
        if stop.left is None and stop.leave_planned is not None:
            due = self.due(course.stop, late)
            if (course.at - due) / HOUR > QUIET_HOURS or stop.wrong_way or stop.held:
                account.charges += self.stop_charges(course.stop, max(course.at, due), late)
                account.settle(max((course.at - stop.leave_planned) / HOUR, late))
            elif (due - stop.leave_planned) / HOUR > late > 0:
                account.settle((due - stop.leave_planned) / HOUR)
        elif stop.left is not None and course.stop + 1 < len(course.stops) and course.last is not None:
            following = course.stops[course.stop + 1]
            if following.reach_planned is not None:
                hours = (course.at - following.reach_planned) / HOUR - max(late, 0.0)
                if hours > QUIET_HOURS:
                    account.charges.append(Slip("silence", hours, following.facility_id, (f"scan:{course.last[0]}",)))

    def attempts(self, account: Account) -> None:
        course = self.course
        for number, (scan_id, when) in enumerate(course.attempts):
            then = course.attempts[number + 1][1] if number + 1 < len(course.attempts) else None
            account.charges.append(Slip("attempt", NEXT_ROUND_HOURS if then is None else (then - when) / HOUR, None, (f"scan:{scan_id}",)))


def slips_of(course: Course, weather: WeatherMet, timetable: Timetable, journal: Journal) -> tuple[tuple[Slip, ...], float]:
    """Give the charges of a course, and the ordinary variation that nothing is charged for, in hours; their sum is the lateness so far."""
    return Charging(course, weather, timetable, journal).slips() if course.stops else ((), 0.0)
