"""Describe why a forecast says what it says: how far from the usual, by which parts, and what changed since an earlier one."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from data.domain.forecasts import Forecast, Reason

__all__ = ["DELAYS", "GIVEN", "Change", "Explanation", "News", "change_between", "explanation_of", "split_evidence"]

GIVEN = ("calendar", "parcel", "route", "promise", "history")
"""Codes of what was known when the label was made: days of rest, what is sent, the way, the planning, the lane as it did lately."""

DELAYS = ("handling", "facility", "departure", "road", "weather", "missort", "hold", "attempt", "silence")
"""Codes of what happened, or is expected to happen, on the way."""

MODEL, USUAL = "model", "usual"
"""Codes of a change that comes from elsewhere: another model, or the same one that has learnt another usual meanwhile."""

SMALLEST_HOURS = 0.0001


@dataclass(frozen=True, slots=True)
class Explanation:
    """Hold the difference between a forecast and the usual one for its lane, in parts that add up to it.

    ``usual_at`` is when a shipment like this usually arrives, ``forecast_at`` the median of the forecast; both UTC. ``reasons`` are the
    parts, largest first; positive hours make it later.
    """

    forecast: Forecast
    usual_at: datetime
    forecast_at: datetime
    reasons: tuple[Reason, ...]

    @property
    def hours(self) -> float:
        """Give the whole difference in hours."""
        return (self.forecast_at - self.usual_at).total_seconds() / 3600

    @property
    def delays(self) -> tuple[Reason, ...]:
        """Give what happened on the way and makes it later, largest first."""
        return tuple(reason for reason in self.reasons if reason.code in DELAYS and reason.hours > 0)


@dataclass(frozen=True, slots=True)
class News:
    """Hold what became known between two forecasts: ids of scans, promises and weather, and the hours since the last news."""

    scan_ids: tuple[str, ...] = ()
    promise_ids: tuple[str, ...] = ()
    weather_ids: tuple[str, ...] = ()
    silent_hours: float = 0.0


@dataclass(frozen=True, slots=True)
class Change:
    """Hold how the median moved since an earlier forecast, in parts that add up to it, largest first; ``news`` is what became known since."""

    before: Forecast
    after: Forecast
    reasons: tuple[Reason, ...]
    news: News

    @property
    def hours(self) -> float:
        """Give the whole move in hours; positive is later."""
        return (self.after.quantile(0.5) - self.before.quantile(0.5)).total_seconds() / 3600

    @property
    def other_model(self) -> bool:
        """Say whether another model version made the later forecast."""
        return self.before.model_version != self.after.model_version


def explanation_of(forecast: Forecast) -> Explanation:
    """Read a forecast as the usual arrival and the parts that lead from there to its median: what is stored is all there is."""
    median = forecast.quantile(0.5)
    usual_at = median - timedelta(hours=sum(reason.hours for reason in forecast.reasons))
    return Explanation(forecast, usual_at, median, tuple(sorted(forecast.reasons, key=lambda reason: -abs(reason.hours))))


def change_between(before: Forecast, after: Forecast, news: News) -> Change:
    """Say how each part moved from one forecast of a shipment to a later one.

    Parts are compared by code and place. When the usual itself moved that is a part too: `MODEL` when another model made the later forecast,
    else `USUAL`, for the same one has learnt more. The evidence of a part is that of the later forecast which the earlier one
    did not have, or else all of it.
    """
    old, new = by_place(before.reasons), by_place(after.reasons)
    moved = []
    for key in dict.fromkeys((*new, *old)):
        then, now = old.get(key), new.get(key)
        hours = (now.hours if now else 0.0) - (then.hours if then else 0.0)
        named = (now or then or Reason(key[0], 0.0)).evidence
        fresh = tuple(item for item in named if then is None or item not in then.evidence)
        moved.append(Reason(key[0], round(hours, 4), fresh or named))
    shift = (explanation_of(after).usual_at - explanation_of(before).usual_at).total_seconds() / 3600
    other = before.model_version != after.model_version
    moved.append(Reason(MODEL if other else USUAL, round(shift, 4), (f"model:{after.model_version}",)))
    told = [reason for reason in moved if abs(reason.hours) >= SMALLEST_HOURS]
    return Change(before, after, tuple(sorted(told, key=lambda reason: (-abs(reason.hours), reason.code, reason.evidence))), news)


def by_place(reasons: tuple[Reason, ...]) -> dict[tuple[str, str], Reason]:
    """Key reasons by code and place; those of one place are one."""
    found: dict[tuple[str, str], Reason] = {}
    for reason in reasons:
        key = reason.code, next((item for item in reason.evidence if item.startswith("facility:")), "")
        before = found.get(key)
        both = tuple(dict.fromkeys((before.evidence if before else ()) + reason.evidence))
        found[key] = Reason(reason.code, reason.hours + (before.hours if before else 0.0), both)
    return found


def split_evidence(evidence: str) -> tuple[str, str]:
    """Give kind and id of a piece of evidence: ``scan:S1-04`` is ("scan", "S1-04"). Ids come from outside: show them with care."""
    kind, _, name = evidence.partition(":")
    return (kind, name) if name else ("", kind)
