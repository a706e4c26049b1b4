"""Say times the way people do: weekday and date, clock, and the zone in words; English in its own manner, others by babel (Unicode CLDR)."""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, format_timedelta, get_timezone_name
from babel.units import format_unit

from maps.language import ENGLISH, Language, language_of

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
    "names_hours",
    "short_words",
    "window_sentence",
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


def zone_words(timezone: str | None, *, language: Language = ENGLISH) -> str:
    """Give a zone in words: "Eastern time", "Sao Paulo time", or "UTC" where the zone is unknown."""
    found = zone(timezone)
    if found is None or found.key.endswith("UTC"):
        return "UTC"
    if language.code != "en":
        return zone_by_locale(found.key, language.code)
    return ZONES.get(found.key) or found.key.rsplit("/", 1)[-1].replace("_", " ") + " time"


@lru_cache(maxsize=512)
def zone_by_locale(key: str, code: str) -> str:
    return get_timezone_name(ZoneInfo(key), width="long", zone_variant="generic", locale=language_of(code).locale)


def clock(at: datetime, *, half: bool = True, language: Language = ENGLISH) -> str:
    """Give the clock of a local time: "2 p.m.", "9:05 a.m.", "noon"; without a.m. or p.m. when ``half`` is false (English only)."""
    if language.code != "en":
        return time_by_locale(at.hour, at.minute, language.code)
    if (at.hour, at.minute) in {(0, 0), (12, 0)}:
        return "noon" if at.hour else "midnight"
    minutes = f":{at.minute:02d}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes}" + (half_words(at) if half else "")


@lru_cache(maxsize=8192)
def time_by_locale(hour: int, minute: int, code: str) -> str:
    return together(format_time(time(hour, minute), "short", locale=language_of(code).locale))


@lru_cache(maxsize=8192)
def date_by_locale(day: date, pattern: str, code: str) -> str:
    """Give a day by a pattern of CLDR, kept: babel reads the pattern anew each time, and a page names the same few days over and over."""
    return together(format_date(day, pattern, locale=language_of(code).locale))


def together(said: str) -> str:
    """Keep a number and the word after it on one line: "3 juin", "4. Juni", "1:00 م"."""
    return re.sub(r"(\d\.?) (?=\w)", rf"\1{TOGETHER}", said)


def half_words(at: datetime) -> str:
    return f"{TOGETHER}a.m." if at.hour < 12 else f"{TOGETHER}p.m."


@lru_cache(maxsize=64)
def weekday_date_pattern(code: str) -> str:
    """Give the pattern of a date with its weekday written out and no year; CLDR has it with the short weekday only."""
    pattern = str(language_of(code).locale.datetime_skeletons["MMMMEd"])
    return re.sub(r"[Ec]+", "EEEE", pattern, count=1)


@lru_cache(maxsize=64)
def short_date_pattern(code: str) -> str:
    return str(language_of(code).locale.datetime_skeletons["MMMEd"])


def date_words(at: datetime, now: datetime, *, language: Language = ENGLISH) -> str:
    """Give the day of a local time: "Thursday 5 June", with the year when it is another one than that of ``now``."""
    return date_text(at.date(), with_year=at.year != now.astimezone(at.tzinfo).year, language=language)


def date_text(day: date, *, with_year: bool, language: Language) -> str:
    if language.code != "en":
        pattern = str(language.locale.date_formats["full"]) if with_year else weekday_date_pattern(language.code)
        return date_by_locale(day, pattern, language.code)
    year = f" {day.year}" if with_year else ""
    return f"{DAYS[day.weekday()]} {day.day}{TOGETHER}{MONTHS[day.month - 1]}{year}"


def day_words(at: datetime, now: datetime, *, language: Language = ENGLISH) -> str:
    """Give the day of a local time with today and tomorrow named: "today, Thursday 5 June".

    The date stays beside the word, because a saved or printed page is also read on another day.
    """
    days = (at.date() - now.astimezone(at.tzinfo).date()).days
    date = date_words(at, now, language=language)
    if days == -1:
        return language.say("yesterday, {date}", date=date)
    if days == 0:
        return language.say("today, {date}", date=date)
    return language.say("tomorrow, {date}", date=date) if days == 1 else date


def moment_words(at: datetime, timezone: str | None, now: datetime, *, with_zone: bool = True, language: Language = ENGLISH) -> str:
    """Give one instant: "Thursday 5 June, 2:14 p.m., Eastern time"."""
    found = zone(timezone)
    key = found.key if found else None
    return moment_text(at, key, year_there(now, key), language.code, with_zone=with_zone)


@lru_cache(maxsize=512)
def year_there(now: datetime, timezone: str | None) -> int:
    return local(now, timezone).year


@lru_cache(maxsize=8192)
def moment_text(at: datetime, timezone: str | None, this_year: int, code: str, *, with_zone: bool) -> str:
    """Give an instant in words, kept: most instants of a page stay the same as long as it is asked for. ``timezone`` is a known one."""
    language, there = language_of(code), local(at, timezone)
    day, hour = date_text(there.date(), with_year=there.year != this_year, language=language), clock(there, language=language)
    if with_zone:
        return language.say("{date}, {time}, {zone}", date=day, time=hour, zone=zone_words(timezone, language=language))
    return language.say("{date}, {time}", date=day, time=hour)


def hour_before(at: datetime) -> datetime:
    """Give the full hour at or before a local time."""
    return at.replace(minute=0, second=0, microsecond=0)


def hour_after(at: datetime) -> datetime:
    """Give the next full hour, computed in UTC so that a change of clocks in between does no harm."""
    floor = hour_before(at)
    if floor == at:
        return floor
    return (floor.astimezone(UTC) + timedelta(hours=1)).astimezone(at.tzinfo)


def short_words(at: datetime, timezone: str | None, *, language: Language = ENGLISH) -> str:
    """Give an instant where room is scarce: "Thu 5 Jun, 2:14 p.m."."""
    there = local(at, timezone)
    if language.code != "en":
        day = date_by_locale(there.date(), short_date_pattern(language.code), language.code)
        return language.say("{date}, {time}", date=day, time=clock(there, language=language))
    return f"{DAYS[there.weekday()][:3]} {there.day}{TOGETHER}{MONTHS[there.month - 1][:3]}, {clock(there)}"


WITHIN_DAYS = timedelta(hours=36)
"""Length of a window from which only its days are named."""


def window_sentence(start: datetime, end: datetime, timezone: str | None, now: datetime, *, language: Language = ENGLISH) -> str:
    """Give a window as one phrase: "Thursday 5 June, between 2 and 6 p.m.", over several days "Thursday 5 to Saturday 7 June".

    It is widened to full hours, never narrowed, so what is said holds at least as often as what was computed; over 36 hours only
    days are named.
    """
    first, last = hour_before(local(start, timezone)), hour_after(local(end, timezone))
    if first.date() == last.date() or (last.hour == 0 and last - first <= timedelta(hours=24)):
        same_half = first.hour not in {0, 12} and last.hour not in {0, 12} and (first.hour < 12) == (last.hour < 12)
        return language.say(
            "{day}, between {start} and {end}",
            day=day_words(first, now, language=language),
            start=clock(first, half=not same_half, language=language),
            end=clock(last, language=language),
        )
    start_day, end_day = date_words(first, now, language=language), date_words(last, now, language=language)
    if end - start <= WITHIN_DAYS:
        start_time, end_time = clock(first, language=language), clock(last, language=language)
        return language.say(
            "{start_day}, {start_time} to {end_day}, {end_time}",
            start_day=start_day,
            start_time=start_time,
            end_day=end_day,
            end_time=end_time,
        )
    if language.code == "en" and first.month == last.month:
        start_day = f"{DAYS[first.weekday()]} {first.day}"
    return language.say("{start_day} to {end_day}", start_day=start_day, end_day=end_day)


def names_hours(start: datetime, end: datetime, timezone: str | None) -> bool:
    """Say whether a window is said with hours: it lies within one day, or is at most 36 hours long."""
    first, last = hour_before(local(start, timezone)), hour_after(local(end, timezone))
    return first.date() == last.date() or end - start <= WITHIN_DAYS


def window_words(start: datetime, end: datetime, timezone: str | None, now: datetime) -> tuple[str, str]:
    """Give a window in English as day and clock, for the API: ("Thursday 5 June", "between 2 and 6 p.m."); see `window_sentence`."""
    said = window_sentence(start, end, timezone, now)
    if ", between " in said:
        day, _, hours = said.rpartition(", between ")
        return day, f"between {hours}"
    if not names_hours(start, end, timezone):
        return said, ""
    day, _, hours = said.partition(" to ")
    return day, f"to {hours}"


def duration_words(hours: float, *, language: Language = ENGLISH) -> str:
    """Give a length of time, rounded as a person would: "12 min", "3½ hours", "31 hours", "4 days"."""
    minutes = abs(hours) * 60
    if minutes < 55:
        return unit_words(max(1, round(minutes)), "minute", language)
    if abs(hours) < 9.75:
        return unit_words(round(abs(hours) * 2) / 2, "hour", language)
    if abs(hours) < 72:
        return unit_words(round(abs(hours)), "hour", language)
    return unit_words(round(abs(hours) / 24), "day", language)


def unit_words(number: float, unit: str, language: Language) -> str:
    if language.code != "en":
        return format_unit(number, f"duration-{unit}", "long", locale=language.locale)
    if unit == "minute":
        return f"{number:.0f} min"
    half = "½" if number % 1 else ""
    return f"{int(number)}{half} {unit}" + ("" if number == 1 else "s")


def ago_words(at: datetime, now: datetime, *, language: Language = ENGLISH) -> str:
    """Give how long ago an instant was: "just now", "12 min ago"."""
    hours = (now - at).total_seconds() / 3600
    if hours < 1 / 60:
        return language.say("just now")
    if language.code != "en":
        return format_timedelta(at - now, granularity="minute", threshold=1.5, add_direction=True, locale=language.locale)
    return f"{duration_words(hours)} ago"
