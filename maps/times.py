"""Say times the way people do: weekday and date, clock with a.m. and p.m., and the zone in words."""

from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

__all__ = [
    "ago_words",
    "clock",
    "date_words",
    "day_words",
    "duration_words",
    "hour_after",
    "hour_before",
    "local",
    "moment_words",
    "short_words",
    "window_words",
    "zone_words",
]

MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

TOGETHER = "\N{NO-BREAK SPACE}"
"""Keeps "2 p.m." and "3 June" on one line."""

ZONES = {
    "America/New_York": "Eastern time",
    "America/Detroit": "Eastern time",
    "America/Toronto": "Eastern time",
    "America/Kentucky/Louisville": "Eastern time",
    "America/Indiana/Indianapolis": "Eastern time",
    "America/Chicago": "Central time",
    "America/Menominee": "Central time",
    "America/Denver": "Mountain time",
    "America/Boise": "Mountain time",
    "America/Phoenix": "Arizona time",
    "America/Los_Angeles": "Pacific time",
    "America/Anchorage": "Alaska time",
    "America/Juneau": "Alaska time",
    "Pacific/Honolulu": "Hawaii time",
    "Etc/UTC": "UTC",
    "UTC": "UTC",
}
"""Usual names of zones where they have one; others are named after their city."""


@lru_cache(maxsize=512)
def zone(name: str | None) -> ZoneInfo | None:
    """Give a zone, or ``None`` when the name is missing or no zone has it (names come from outside)."""
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown name; malformed name; a folder of the zone database
        return None


def local(at: datetime, timezone: str | None) -> datetime:
    """Give the instant on the clock of a zone; in UTC where the zone is unknown."""
    found: tzinfo = zone(timezone) or UTC
    return at.astimezone(found)


def zone_words(timezone: str | None) -> str:
    """Give a zone in words: "Eastern time", "Sao Paulo time", or "UTC" where the zone is unknown."""
    found = zone(timezone)
    if found is None:
        return "UTC"
    return ZONES.get(found.key) or found.key.rsplit("/", 1)[-1].replace("_", " ") + " time"


def clock(at: datetime, *, half: bool = True) -> str:
    """Give the clock of a local time: "2 p.m.", "9:05 a.m.", "noon"; without a.m. or p.m. when ``half`` is false."""
    if (at.hour, at.minute) in {(0, 0), (12, 0)}:
        return "noon" if at.hour else "midnight"
    minutes = f":{at.minute:02d}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes}" + (half_words(at) if half else "")


def half_words(at: datetime) -> str:
    return f"{TOGETHER}a.m." if at.hour < 12 else f"{TOGETHER}p.m."


def date_words(at: datetime, now: datetime) -> str:
    """Give the day of a local time: "Thursday 5 June", with the year when it is another one than that of ``now``."""
    year = f" {at.year}" if at.year != now.astimezone(at.tzinfo).year else ""
    return f"{DAYS[at.weekday()]} {at.day}{TOGETHER}{MONTHS[at.month - 1]}{year}"


def day_words(at: datetime, now: datetime) -> str:
    """Give the day of a local time with today and tomorrow named: "today, Thursday 5 June".

    The date stays beside the word, because a saved or printed page is also read on another day.
    """
    days = (at.date() - now.astimezone(at.tzinfo).date()).days
    near = {-1: "yesterday, ", 0: "today, ", 1: "tomorrow, "}.get(days, "")
    return near + date_words(at, now)


def moment_words(at: datetime, timezone: str | None, now: datetime, *, with_zone: bool = True) -> str:
    """Give one instant: "Thursday 5 June, 2:14 p.m., Eastern time"."""
    there = local(at, timezone)
    return f"{date_words(there, now)}, {clock(there)}" + (f", {zone_words(timezone)}" if with_zone else "")


def hour_before(at: datetime) -> datetime:
    """Give the full hour at or before a local time."""
    return at.replace(minute=0, second=0, microsecond=0)


def hour_after(at: datetime) -> datetime:
    """Give the next full hour, computed in UTC so that a change of clocks in between does no harm."""
    floor = hour_before(at)
    if floor == at:
        return floor
    return (floor.astimezone(UTC) + timedelta(hours=1)).astimezone(at.tzinfo)


def short_words(at: datetime, timezone: str | None) -> str:
    """Give an instant where room is scarce: "Thu 5 Jun, 2:14 p.m."."""
    there = local(at, timezone)
    return f"{DAYS[there.weekday()][:3]} {there.day}{TOGETHER}{MONTHS[there.month - 1][:3]}, {clock(there)}"


def window_words(start: datetime, end: datetime, timezone: str | None, now: datetime) -> tuple[str, str]:
    """Give a window as day and clock: ("Thursday 5 June", "between 2 and 6 p.m.").

    It is widened to full hours, never narrowed, so what is said holds at least as often as what was computed. A window over
    several days gives ("Thursday 5 to Saturday 7 June", "") when it is longer than 36 hours.
    """
    first, last = hour_before(local(start, timezone)), hour_after(local(end, timezone))
    if first.date() == last.date() or (last.hour == 0 and last - first <= timedelta(hours=24)):
        same_half = first.hour not in {0, 12} and last.hour not in {0, 12} and (first.hour < 12) == (last.hour < 12)
        return day_words(first, now), f"between {clock(first, half=not same_half)} and {clock(last)}"
    if end - start <= timedelta(hours=36):
        return f"{date_words(first, now)}, {clock(first)}", f"to {date_words(last, now)}, {clock(last)}"
    if first.month == last.month:
        return f"{DAYS[first.weekday()]} {first.day} to {date_words(last, now)}", ""
    return f"{date_words(first, now)} to {date_words(last, now)}", ""


def duration_words(hours: float) -> str:
    """Give a length of time, rounded as a person would: "12 min", "3½ hours", "31 hours", "4 days"."""
    minutes = abs(hours) * 60
    if minutes < 55:
        return f"{max(1, round(minutes))} min"
    if abs(hours) < 9.75:
        halves = round(abs(hours) * 2)
        whole = f"{halves // 2}½" if halves % 2 else f"{halves // 2}"
        return f"{whole} hour" if halves == 2 else f"{whole} hours"
    if abs(hours) < 72:
        return f"{round(abs(hours))} hours"
    return f"{round(abs(hours) / 24)} days"


def ago_words(at: datetime, now: datetime) -> str:
    """Give how long ago an instant was: "just now", "12 min ago"."""
    hours = (now - at).total_seconds() / 3600
    return "just now" if hours < 1 / 60 else f"{duration_words(hours)} ago"
