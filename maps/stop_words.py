"""Turn stops and events of a journey into words."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from data.domain.places import FacilityKind
from maps.answer import answer
from maps.safe_text import clean
from maps.times import duration_words, moment_words, zone_words
from maps.view import EventView, JourneyView, StopState, StopView
from maps.words import DOOR, EVENT_WORDS, MOVEMENT_WORDS, PLACE_WORDS, place_words

__all__ = ["EventWords", "StopWords", "event_words", "stop_words"]

QUICK_HEARING_MINUTES = 2
"""Delay of a message under which it is not worth a word."""


@dataclass(frozen=True, slots=True)
class StopWords:
    """Hold one stop: title, city (its label on the map), state, lines of times (the surest first), and the zone of those times."""

    title: str
    city: str
    kind: str
    state: str
    state_words: str
    lines: tuple[str, ...]
    zone: str


@dataclass(frozen=True, slots=True)
class EventWords:
    """Hold one entry of the timeline."""

    words: str
    status: str
    at: str
    iso: str
    place: str | None
    heard: str | None
    carrier_words: str | None
    struck: bool
    repeats: str | None


STARTS = frozenset({FacilityKind.WAREHOUSE, FacilityKind.ORIGIN})
"""Kinds at which the first scan is the carrier's taking over, not an arrival."""

STATE_WORDS = {StopState.PASSED: "passed", StopState.HERE: "here now", StopState.AHEAD: "ahead"}


def stop_words(stop: StopView, view: JourneyView) -> StopWords:
    """Give one stop: actual times where they are known, else the estimate, and the plan beside it."""
    lines = []

    def told(label: str, at: datetime | None) -> None:
        if at is not None:
            lines.append(f"{label} {moment_words(at, stop.timezone, view.seen_at, with_zone=False)}")

    if stop.kind == DOOR:
        told("Delivered", stop.arrived_at)
        if stop.arrived_at is None:
            lines.append(answer(view).sentence)
    else:
        told("Collected" if stop.kind in STARTS else "Arrived", stop.arrived_at)
        told("Left", stop.departed_at)
        if stop.state is StopState.AHEAD:
            told("Expected about", to_half_hour(stop.estimated_at))
    told("Planned", stop.planned_at)
    city, region = clean(stop.city, longest=60), clean(stop.region, longest=40)
    state = "delivered" if stop.kind == DOOR and stop.arrived_at else STATE_WORDS[stop.state]
    return StopWords(
        place_words(stop.kind, city, region),
        city or "",
        stop.kind if stop.kind in PLACE_WORDS else "stop",
        stop.state.value,
        state,
        tuple(lines),
        zone_words(stop.timezone),
    )


def to_half_hour(at: datetime | None) -> datetime | None:
    """Give an estimate rounded to half an hour: more would claim to know minutes."""
    if at is None:
        return None
    return at.replace(minute=0, second=0, microsecond=0) + timedelta(minutes=30 * round((at.minute * 60 + at.second) / 1800))


def event_words(event: EventView, view: JourneyView) -> EventWords:
    heard_minutes = (event.heard_at - event.at).total_seconds() / 60
    kind = PLACE_WORDS.get(event.facility_kind or "")
    place = clean(event.place, longest=80)
    said = clean(event.carrier_words)
    code = clean(event.carrier_code, longest=30)
    zone = zone_words(event.timezone) if event.zone_known else f"{zone_words(event.timezone)}, zone not certain"
    return EventWords(
        words=MOVEMENT_WORDS.get(event.event or "") or EVENT_WORDS[event.status],
        status=event.status.value,
        at=f"{moment_words(event.at, event.timezone, view.seen_at, with_zone=False)}, {zone}",
        iso=event.at.isoformat(),
        place=f"{kind}, {place}" if kind and place else place,
        heard=f"heard {duration_words(heard_minutes / 60)} later" if heard_minutes >= QUICK_HEARING_MINUTES else None,
        carrier_words=" · ".join(part for part in (said, f"code {code}" if code else None) if part) or None,
        struck=event.struck,
        repeats=f"reported {event.repeats + 1} times" if event.repeats else None,
    )
