"""Put the parts of an explanation into sentences, for customers and for operations, from the same values.

Places and ids come from outside: they are cleaned here, and whoever draws the sentence escapes it for its own surface. Nothing else from outside enters.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum

from data.domain.explanations import Change, split_evidence
from data.domain.forecasts import Reason
from data.domain.places import Facility
from maps.safe_text import clean
from maps.times import DAYS, MONTHS, TOGETHER, duration_words
from maps.words import REASON_WORDS, shift_words

__all__ = ["Audience", "change_sentence", "evidence_words", "reason_sentence", "total_sentence"]


class Audience(StrEnum):
    """Say who reads."""

    CUSTOMER = "customer"
    OPERATIONS = "operations"


CUSTOMER: dict[str, tuple[str, str]] = {
    "calendar": ("No deliveries on {days}", "No day of rest on the way"),
    "parcel": ("Parcels and services like this one take longer", "Parcels and services like this one are faster"),
    "route": ("The way is longer than usual", "The way is shorter than usual"),
    "promise": ("The shop planned more time than usual", "The shop planned less time than usual"),
    "history": ("This route has been slower lately", "This route has been faster lately"),
    "handling": ("It was handed to the carrier later than planned", "It was handed to the carrier early"),
    "facility": ("It takes longer{place}", "It is faster{place}"),
    "departure": ("It had to wait for the next vehicle{place}", "It left earlier than planned{place}"),
    "road": ("The drive takes longer than planned", "The drive is faster than planned"),
    "weather": ("Bad weather on the way{place}", "Good weather on the way"),
    "missort": ("It was sent a wrong way and is being put right{place}", "It is back on its way{place}"),
    "hold": ("It was held while the address was checked", "It is no longer held"),
    "attempt": ("Nobody could take it; the carrier tries again", "The next attempt comes soon"),
    "silence": ("No scan where one was expected", "Scans come as expected"),
    "progress": ("It is not as far as usual by now", "It is farther than usual by now"),
    "other": ("Small things together", "Small things together"),
    "model": ("We forecast in a new way", "We forecast in a new way"),
    "usual": ("This route has become slower", "This route has become faster"),
}
"""Sentences by code, for a part that makes it later and for one that makes it earlier."""

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
    "model": "model",
}


def reason_sentence(reason: Reason, audience: Audience, facilities: Mapping[str, Facility]) -> str:
    """Give one part as a sentence without its hours; a code without a sentence is told by nothing but its hours."""
    sentences = CUSTOMER if audience is Audience.CUSTOMER else OPERATIONS
    later, earlier = sentences.get(reason.code, ("Something else",) * 2)
    place = place_of(reason, audience, facilities)
    chosen = later if reason.hours > 0 else earlier
    days = days_of(reason)
    if "{days}" in chosen and not days:
        return REASON_WORDS["calendar"] if audience is Audience.CUSTOMER else "calendar of the way"
    return chosen.replace("{days}", days).replace("{place}", place)


def place_of(reason: Reason, audience: Audience, facilities: Mapping[str, Facility]) -> str:
    """Give " in Memphis" for customers, " at MEM (Memphis, TN)" for operations; nothing where the place is not known."""
    name = next((name for kind, name in map(split_evidence, reason.evidence) if kind == "facility"), None)
    if name is None:
        return ""
    found = facilities.get(name)
    city = clean(found.place.city, longest=60) if found else None
    if audience is Audience.CUSTOMER:
        return f" in {city}" if city else ""
    region = clean(found.place.region, longest=40) if found else None
    where = ", ".join(part for part in (city, region) if part)
    return f" at {clean(name, longest=60)}" + (f" ({where})" if where else "")


def days_of(reason: Reason) -> str:
    """Give the days of rest: "Saturday 4 July (Independence Day)"; the first few of many."""
    days = []
    for kind, name in map(split_evidence, reason.evidence):
        if kind in {"holiday", "weekend"}:
            day = date.fromisoformat(name[:10])
            called = clean(name[10:].strip(), longest=60)
            days.append(f"{DAYS[day.weekday()]} {day.day}{TOGETHER}{MONTHS[day.month - 1]}" + (f" ({called})" if called else ""))
    more = len(days) - NAMED_DAYS
    return ", ".join(days[:NAMED_DAYS]) + (f" and {more} more" if more > 0 else "")


def evidence_words(evidence: Sequence[str]) -> tuple[str, ...]:
    """Give evidence for operations: "scan S1-04"; the first few of many."""
    told = []
    for kind, name in map(split_evidence, evidence[:MOST_EVIDENCE]):
        shown = clean(name, longest=80)
        if shown:
            told.append(f"{EVIDENCE_WORDS.get(kind, 'fact')} {shown}")
    more = len(evidence) - MOST_EVIDENCE
    return (*told, f"and {more} more") if more > 0 else tuple(told)


def total_sentence(hours: float, audience: Audience) -> str:
    """Give the whole difference from the usual in words."""
    if abs(hours) < 0.25:
        return "As usual for this route" if audience is Audience.CUSTOMER else "as usual for the lane"
    shift = shift_words(hours, duration_words(hours))
    return (
        f"{shift[0].upper()}{shift[1:]} than usual for this route"
        if audience is Audience.CUSTOMER
        else f"{hours:+.2f} h against the usual of the lane"
    )


def change_sentence(change: Change) -> str:
    """Give how the forecast moved since the one before: "3½ hours later than we said before"."""
    if abs(change.hours) < 0.25:
        return "The same as we said before"
    shift = shift_words(change.hours, duration_words(change.hours))
    return f"{shift[0].upper()}{shift[1:]} than we said before"
