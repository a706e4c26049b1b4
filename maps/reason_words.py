"""Put the parts of an explanation into sentences, for customers (in their language) and for operations, from the same values.

Places and ids come from outside: they are cleaned here, and whoever draws the sentence escapes it for its own surface. Nothing else from outside enters.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from enum import StrEnum

from babel.lists import format_list

from data.domain.explanations import Change, split_evidence
from data.domain.forecasts import Reason
from data.domain.places import Facility
from maps.language import ENGLISH, Language, message
from maps.safe_text import clean
from maps.times import date_words, duration_words
from maps.words import REASON_WORDS

__all__ = ["Audience", "change_sentence", "evidence_words", "reason_sentence", "total_sentence"]


class Audience(StrEnum):
    """Say who reads."""

    CUSTOMER = "customer"
    OPERATIONS = "operations"


CUSTOMER: dict[str, tuple[str, str]] = {
    "calendar": (message("No deliveries on {days}"), message("No day of rest on the way")),
    "parcel": (message("Parcels and services like this one take longer"), message("Parcels and services like this one are faster")),
    "route": (message("The way is longer than usual"), message("The way is shorter than usual")),
    "promise": (message("The shop planned more time than usual"), message("The shop planned less time than usual")),
    "history": (message("This route has been slower lately"), message("This route has been faster lately")),
    "handling": (message("It was handed to the carrier later than planned"), message("It was handed to the carrier early")),
    "facility": (message("It takes longer"), message("It is faster")),
    "departure": (message("It had to wait for the next vehicle"), message("It left earlier than planned")),
    "road": (message("The drive takes longer than planned"), message("The drive is faster than planned")),
    "weather": (message("Bad weather on the way"), message("Good weather on the way")),
    "missort": (message("It was sent a wrong way and is being put right"), message("It is back on its way")),
    "hold": (message("It was held while the address was checked"), message("It is no longer held")),
    "attempt": (message("Nobody could take it; the carrier tries again"), message("The next attempt comes soon")),
    "silence": (message("No scan where one was expected"), message("Scans come as expected")),
    "progress": (message("It is not as far as usual by now"), message("It is farther than usual by now")),
    "other": (message("Small things together"), message("Small things together")),
    "model": (message("We forecast in a new way"), message("We forecast in a new way")),
    "usual": (message("This route has become slower"), message("This route has become faster")),
}
"""Sentences by code, for a part that makes it later and for one that makes it earlier."""

CUSTOMER_IN_PLACE: dict[str, tuple[str | None, str | None]] = {
    "facility": (message("It takes longer in {city}"), message("It is faster in {city}")),
    "departure": (message("It had to wait for the next vehicle in {city}"), message("It left earlier than planned in {city}")),
    "weather": (message("Bad weather on the way in {city}"), None),
    "missort": (message("It was sent a wrong way and is being put right in {city}"), message("It is back on its way in {city}")),
}
"""The same where the place is known; ``None`` where the place adds nothing."""

OPERATIONS: dict[str, tuple[str, str]] = {
    "calendar": ("days of rest between label and arrival: {days}", "fewer days of rest than in a usual week: {days}"),
    "parcel": ("attributes or service slower than usual on the lane", "attributes or service faster than usual on the lane"),
    "route": ("longer way than usual on the lane", "shorter way than usual on the lane"),
    "promise": ("promise later than usual on the lane", "promise earlier than usual on the lane"),
    "history": ("lane, region or network slower lately", "lane, region or network faster lately"),
    "handling": ("left the origin after its planned vehicle{place}", "left the origin before plan{place}"),
    "facility": ("stay or congestion beyond plan{place}", "stay shorter than usual{place}"),
    "departure": ("vehicle late, full or missed although in time{place}", "left before plan{place}"),
    "road": ("drive longer than planned, calm weather{place}", "drive shorter than planned{place}"),
    "weather": ("weather at the stop, on the way or ahead{place}", "weather better than usual{place}"),
    "missort": ("missorted{place}", "missort put right{place}"),
    "hold": ("on hold{place}", "hold over{place}"),
    "attempt": ("failed visit to the door", "failed visit made up"),
    "silence": ("next scan overdue{place}", "scans earlier than usual{place}"),
    "progress": ("farther behind than these causes explain", "slack of the plan, time made up"),
    "other": ("parts under three minutes", "parts under three minutes"),
    "model": ("another model version", "another model version"),
    "usual": ("the model has learnt a slower usual", "the model has learnt a faster usual"),
}

NAMED_DAYS = 3
SAME_HOURS = 0.25
"""Hours under which a difference is not worth a word."""
MOST_EVIDENCE = 6
EVIDENCE_WORDS = {
    "scan": "scan",
    "facility": "facility",
    "weather_observation": "weather observed",
    "weather_forecast": "weather forecast",
    "promise": "promise",
    "holiday": "holiday",
    "weekend": "weekend",
    "shipment": "shipment",
    "others": "others:",
    "model": "model",
}


def reason_sentence(reason: Reason, audience: Audience, facilities: Mapping[str, Facility], *, language: Language = ENGLISH) -> str:
    """Give one part as a sentence without its hours; a code without a sentence is told by nothing but its hours.

    ``language`` is that of a customer; operations read English.
    """
    if audience is Audience.CUSTOMER:
        return customer_sentence(reason, facilities, language)
    later, earlier = OPERATIONS.get(reason.code, ("Something else",) * 2)
    chosen, days = later if reason.hours > 0 else earlier, days_of(reason, ENGLISH)
    if "{days}" in chosen and not days:
        return "calendar of the way"
    return chosen.replace("{days}", days).replace("{place}", facility_of(reason, facilities))


def customer_sentence(reason: Reason, facilities: Mapping[str, Facility], language: Language) -> str:
    side = 0 if reason.hours > 0 else 1
    city = city_of(reason, facilities)
    placed = CUSTOMER_IN_PLACE.get(reason.code, (None, None))[side]
    if placed and city:
        return language.say(placed, city=language.foreign(city))
    chosen = CUSTOMER.get(reason.code, (message("Something else"),) * 2)[side]
    days = days_of(reason, language)
    if "{days}" in chosen and not days:
        return language.say(REASON_WORDS["calendar"])
    return language.say(chosen, days=days)


def place_named(reason: Reason) -> str | None:
    return next((name for kind, name in map(split_evidence, reason.evidence) if kind == "facility"), None)


def city_of(reason: Reason, facilities: Mapping[str, Facility]) -> str | None:
    found = facilities.get(place_named(reason) or "")
    return clean(found.place.city, longest=60) if found else None


def facility_of(reason: Reason, facilities: Mapping[str, Facility]) -> str:
    """Give " at MEM (Memphis, TN)" for operations; nothing where the place is not known."""
    name = place_named(reason)
    if name is None:
        return ""
    found = facilities.get(name)
    region = clean(found.place.region, longest=40) if found else None
    where = ", ".join(part for part in (city_of(reason, facilities), region) if part)
    return f" at {clean(name, longest=60)}" + (f" ({where})" if where else "")


def days_of(reason: Reason, language: Language) -> str:
    """Give the days of rest: "Saturday 4 July (Independence Day)"; the first few of many."""
    days = []
    for kind, name in map(split_evidence, reason.evidence):
        if kind in {"holiday", "weekend"}:
            at = datetime.combine(date.fromisoformat(name[:10]), time(), UTC)
            said, called = date_words(at, at, language=language), clean(name[10:].strip(), longest=60)
            days.append(f"{said} ({language.foreign(called)})" if called else said)
    more = len(days) - NAMED_DAYS
    if more > 0:
        return language.count("{days} and {count} more", "{days} and {count} more", more, days=", ".join(days[:NAMED_DAYS]))
    return ", ".join(days) if language.code == "en" else format_list(days, locale=language.locale)


def evidence_words(evidence: Sequence[str]) -> tuple[str, ...]:
    """Give evidence for operations: "scan S1-04"; the first few of many."""
    told = []
    for kind, name in map(split_evidence, evidence[:MOST_EVIDENCE]):
        shown = clean(name, longest=80)
        if shown:
            told.append(f"{EVIDENCE_WORDS.get(kind, 'fact')} {shown}")
    more = len(evidence) - MOST_EVIDENCE
    return (*told, f"and {more} more") if more > 0 else tuple(told)


def total_sentence(hours: float, audience: Audience, *, language: Language = ENGLISH) -> str:
    """Give the whole difference from the usual in words."""
    if audience is Audience.OPERATIONS:
        return "as usual for the lane" if abs(hours) < SAME_HOURS else f"{hours:+.2f} h against the usual of the lane"
    if abs(hours) < SAME_HOURS:
        return language.say("As usual for this route")
    duration = duration_words(hours, language=language)
    if hours > 0:
        return language.say("{duration} later than usual for this route", duration=duration)
    return language.say("{duration} earlier than usual for this route", duration=duration)


def change_sentence(change: Change, *, language: Language = ENGLISH) -> str:
    """Give how the forecast moved since the one before: "3½ hours later than we said before"."""
    if abs(change.hours) < SAME_HOURS:
        return language.say("The same as we said before")
    duration = duration_words(change.hours, language=language)
    if change.hours > 0:
        return language.say("{duration} later than we said before", duration=duration)
    return language.say("{duration} earlier than we said before", duration=duration)
