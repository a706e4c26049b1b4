"""Write the arrival as a calendar entry (iCalendar, RFC 5545): the window, the answer's sentence, and nothing that the page does not say.

The entry carries no link: calendars are shared, and a link opens the journey to whoever reads it.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event

from data.domain.statuses import Status
from maps.journey_page import JourneyPage
from maps.output_words import CALENDAR_NAME, PARCEL, PARCEL_FROM
from maps.times import hour_after, hour_before, local
from maps.view import JourneyView

__all__ = ["calendar_entry", "entry_uid", "has_entry"]

NOBODY_COMES = frozenset(
    {
        Status.AVAILABLE_FOR_PICKUP,
        Status.RETURNING,
        Status.RETURNED,
        Status.LOST_OR_DESTROYED,
        Status.CANCELLED,
        Status.EXPIRED,
    }
)
"""Stages in which no parcel comes to the door any more: an entry that stands in a calendar is called off."""

COUNTED_FROM = datetime(2020, 1, 1, tzinfo=UTC)
STEP = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Span:
    """Hold what is put into the calendar: an instant alone where ``end`` is missing; ``status`` is a VEVENT's."""

    start: datetime
    end: datetime | None
    status: str


def calendar_entry(view: JourneyView, page: JourneyPage, *, key: bytes) -> bytes | None:
    """Give the entry as the bytes of an ``.ics`` file; ``None`` before there is a forecast.

    ``key`` (secret of the operator, any length) makes the entry's lasting name, see `entry_uid`.
    """
    span = span_of(view)
    if span is None:
        return None
    at = revised_at(view)
    event = Event()
    event.add("uid", entry_uid(view.shipment_id, key=key))
    event.add("dtstamp", at)
    event.add("sequence", int((at - COUNTED_FROM) / timedelta(minutes=1)))
    event.add("dtstart", span.start)
    if span.end is not None:
        event.add("dtend", span.end)
    speaks = page.language
    spoken = {"LANGUAGE": speaks.code}  # RFC 5545, 3.2.10
    if page.merchant:
        summary = speaks.say(PARCEL_FROM, merchant=speaks.foreign(page.merchant), answer=page.answer)
    else:
        summary = speaks.say(PARCEL, answer=page.answer)
    event.add("summary", summary, parameters=spoken)
    event.add("description", "\n".join(part for part in (page.answer, page.detail) if part), parameters=spoken)
    if page.destination:
        event.add("location", page.destination)
    event.add("status", span.status)
    event.add("transp", "TRANSPARENT")  # one need not be at home all day: the time stays free for others
    calendar = Calendar()
    calendar.add("prodid", f"-//Doorcast//Arrival//{speaks.code.upper()}")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", speaks.say(CALENDAR_NAME), parameters=spoken)
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written


def has_entry(view: JourneyView) -> bool:
    """Say whether there is anything to put into a calendar: a window, or an end."""
    return span_of(view) is not None


def span_of(view: JourneyView) -> Span | None:
    """Give the window as it is said: widened to full hours of the destination, never beginning before now; the moment once delivered."""
    if view.status is Status.DELIVERED:
        return Span(view.delivered_at or view.status_since or view.seen_at, None, "CONFIRMED")
    if view.status in NOBODY_COMES:
        return Span(view.status_since or view.seen_at, None, "CANCELLED")
    if view.arrival is None:
        return None
    start = min(max(view.arrival.start, view.seen_at), view.arrival.end)
    first, last = hour_before(local(start, view.timezone)), hour_after(local(view.arrival.end, view.timezone))
    start, end = first.astimezone(UTC), last.astimezone(UTC)
    return Span(start, end if end > start else start + timedelta(hours=1), "TENTATIVE")


def revised_at(view: JourneyView) -> datetime:
    """Give the moment that the entry stands for: of the newest fact, or the quarter of an hour before now.

    Time alone moves a window on (a parcel not here by noon comes later), so the quarter counts as well: of two entries with other content the
    newer has the larger number (RFC 5545, 3.8.7.4), and asked twice at once they are the same.
    """
    quarter = view.seen_at - (view.seen_at - COUNTED_FROM) % STEP
    heard = [event.heard_at for event in view.timeline] + ([view.arrival.as_of] if view.arrival else [])
    return max((at for at in (*heard, quarter) if at <= view.seen_at), default=quarter).replace(microsecond=0).astimezone(UTC)


def entry_uid(shipment_id: str, *, key: bytes) -> str:
    """Give the lasting name of a shipment's entry: the same for each link and each change, and telling nothing.

    It is keyed, because ids are often numbers in a row: whoever could hash them all would read the id out of a plain hash.
    """
    named = hmac.new(key, b"calendar entry of " + shipment_id.encode("utf-8", "surrogatepass"), hashlib.sha256)
    return f"{named.hexdigest()[:32]}@doorcast"
