"""Turn stops and events of a journey into words."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from data.domain.places import FacilityKind
from maps.answer import answer
from maps.language import ENGLISH, Language, message
from maps.safe_text import clean
from maps.times import duration_words, moment_words, zone_words
from maps.view import EventView, JourneyView, StopState, StopView
from maps.words import DOOR, EVENT_WORDS, MOVEMENT_WORDS, PLACE_WORDS, place_words

__all__ = ["EventWords", "StopWords", "event_place", "event_words", "stop_words"]

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

STATE_WORDS = {StopState.PASSED: message("passed"), StopState.HERE: message("here now"), StopState.AHEAD: message("ahead")}


def stop_words(stop: StopView, view: JourneyView, *, language: Language = ENGLISH) -> StopWords:
    """Give one stop: actual times where they are known, else the estimate, and the plan beside it."""
    lines = []

    def told(sentence: str, at: datetime | None) -> None:
        if at is not None:
            moment = moment_words(at, stop.timezone, view.seen_at, with_zone=False, language=language)
            lines.append(language.say(sentence, moment=moment))

    if stop.kind == DOOR:
        told(message("Delivered {moment}"), stop.arrived_at)
        if stop.arrived_at is None:
            lines.append(answer(view, language=language).sentence)
    else:
        told(message("Collected {moment}") if stop.kind in STARTS else message("Arrived {moment}"), stop.arrived_at)
        told(message("Left {moment}"), stop.departed_at)
        if stop.state is StopState.AHEAD:
            told(message("Expected about {moment}"), to_half_hour(stop.estimated_at))
    told(message("Planned {moment}"), stop.planned_at)
    city, region = clean(stop.city, longest=60), clean(stop.region, longest=40)
    delivered = stop.kind == DOOR and stop.arrived_at is not None
    return StopWords(
        place_words(stop.kind, city, region, language=language),
        city or "",
        stop.kind if stop.kind in PLACE_WORDS else "stop",
        stop.state.value,
        language.say("delivered") if delivered else language.say(STATE_WORDS[stop.state]),
        tuple(lines),
        zone_words(stop.timezone, language=language),
    )


def to_half_hour(at: datetime | None) -> datetime | None:
    """Give an estimate rounded to half an hour: more would claim to know minutes."""
    if at is None:
        return None
    return at.replace(minute=0, second=0, microsecond=0) + timedelta(minutes=30 * round((at.minute * 60 + at.second) / 1800))


def event_words(event: EventView, view: JourneyView, *, language: Language = ENGLISH) -> EventWords:
    """Give one entry of the timeline."""
    heard_minutes = (event.heard_at - event.at).total_seconds() / 60
    duration = duration_words(heard_minutes / 60, language=language)
    said, code = clean(event.carrier_words), clean(event.carrier_code, longest=30)
    coded = language.say("code {code}", code=code) if code else None
    return EventWords(
        words=language.say(MOVEMENT_WORDS.get(event.event or "") or EVENT_WORDS[event.status]),
        status=event.status.value,
        at=event_moment(event, view, language),
        iso=event.at.isoformat(),
        place=event_place(event, language),
        heard=language.say("heard {duration} later", duration=duration) if heard_minutes >= QUICK_HEARING_MINUTES else None,
        carrier_words=" · ".join(part for part in (said, coded) if part) or None,
        struck=event.struck,
        repeats=language.count("reported once", "reported {count} times", event.repeats + 1) if event.repeats else None,
    )


def event_moment(event: EventView, view: JourneyView, language: Language) -> str:
    if event.zone_known:
        return moment_words(event.at, event.timezone, view.seen_at, language=language)
    moment = moment_words(event.at, event.timezone, view.seen_at, with_zone=False, language=language)
    return language.say("{moment}, {zone}, zone not certain", moment=moment, zone=zone_words(event.timezone, language=language))


def event_place(event: EventView, language: Language) -> str | None:
    """Give where an event happened: "Hub, Columbus, OH"; only the place where its kind is not known."""
    place, kind = clean(event.place, longest=80), PLACE_WORDS.get(event.facility_kind or "")
    if kind and place:
        return language.say("{kind}, {place}", kind=language.say(kind), place=language.foreign(place))
    return place
