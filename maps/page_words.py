"""Turn a journey's values into the words of its page, once; template, map and list show these and nothing else."""

from dataclasses import dataclass
from datetime import datetime

from data.domain.statuses import TERMINAL, OnTimeStatus, Status
from maps.answer import Answer, answer
from maps.safe_text import clean
from maps.stop_words import EventWords, StopWords, event_words, stop_words
from maps.times import ago_words, duration_words, hour_after, hour_before, local, moment_words, short_words, window_words, zone_words
from maps.view import ChangeView, JourneyView, SilenceView, StepState
from maps.words import (
    REASON_WORDS,
    STANDING_WORDS,
    STATUS_WORDS,
    STEP_WORDS,
    chance_words,
    shift_words,
)

__all__ = ["EventWords", "JourneyPage", "PromiseWords", "ReasonWords", "StepWords", "StopWords", "page_words"]


@dataclass(frozen=True, slots=True)
class StepWords:
    """Hold one step: its code (chooses the icon), words, state and moment."""

    code: str
    words: str
    state: str
    at: str | None


@dataclass(frozen=True, slots=True)
class PromiseWords:
    """Hold the shop's promise in words, the standing against it, its mood (``good``, ``wait``, ``trouble``) and the chance of being late."""

    by: str
    standing: str
    mood: str
    chance: str | None
    carrier: str | None


@dataclass(frozen=True, slots=True)
class ReasonWords:
    """Hold a reason, its hours in words, the direction, and the length of its bar (0..100)."""

    words: str
    hours: str
    later: bool
    share: int


@dataclass(frozen=True, slots=True)
class Bar:
    """Hold the window on a line from now to the latest of window and promise, in percent of its length."""

    start: float
    width: float
    median: float
    promise: float | None
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class JourneyPage:
    """Hold every word and number of the page, in the order of the page. All text from outside is cleaned; escaping is the template's."""

    title: str
    merchant: str | None
    order: str
    carrier: str
    tracking_number: str | None
    destination: str | None
    lead: str
    when: str
    answer: str
    detail: str
    mood: str
    bar: Bar | None
    promise: PromiseWords | None
    change: str | None
    steps: tuple[StepWords, ...]
    step_summary: str
    reasons: tuple[ReasonWords, ...]
    silence: str | None
    stops: tuple[StopWords, ...]
    position: str | None
    door: str
    timeline: tuple[EventWords, ...]
    zone: str
    checked: str
    checked_iso: str
    model: str | None
    ended: bool


def page_words(view: JourneyView) -> JourneyPage:
    """Give the words of a journey's page."""
    said = answer(view)
    merchant, order = clean(view.merchant, longest=60), clean(view.order_id, longest=60) or "unknown"
    current = next((step for step in view.steps if step.state is StepState.CURRENT), None)
    return JourneyPage(
        title=f"{STATUS_WORDS[view.status]}: {said.sentence}",
        merchant=merchant,
        order=order,
        carrier=", ".join(part for part in (clean(view.carrier, longest=40), clean(view.service, longest=40)) if part),
        tracking_number=clean(view.tracking_number, longest=60),
        destination=clean(view.destination, longest=60),
        lead=said.lead,
        when=said.when,
        answer=said.sentence,
        detail=said.detail,
        mood=said.mood,
        bar=bar(view, said),
        promise=promise_words(view),
        change=change_words(view.change, view) if view.change else None,
        steps=tuple(
            StepWords(step.code, STEP_WORDS[step.code], step.state.value, short_words(step.at, view.timezone) if step.at else None)
            for step in view.steps
        ),
        step_summary=STEP_WORDS[current.code] if current else STATUS_WORDS[view.status],
        reasons=reason_words(view),
        silence=silence_words(view.silence, view) if view.silence else None,
        stops=tuple(stop_words(stop, view) for stop in view.stops),
        position=None if view.position is None else "Probably on this part of the way now",
        door="Area of your door" if view.status is not Status.DELIVERED else "Delivered in this area",
        timeline=tuple(event_words(event, view) for event in view.timeline),
        zone=zone_words(view.timezone),
        checked=moment_words(view.seen_at, view.timezone, view.seen_at),
        checked_iso=view.seen_at.isoformat(),
        model=clean(view.arrival.model_version, longest=40) if view.arrival else None,
        ended=view.status in TERMINAL,
    )


def bar(view: JourneyView, said: Answer) -> Bar | None:
    """Give the window as a picture, only where the answer names it as still to come."""
    if view.arrival is None or said.mood != "moving":
        return None
    arrival, now = view.arrival, view.seen_at
    ends = [arrival.end] + ([view.promise.promised_at] if view.promise and view.promise.promised_at > now else [])
    span = (max(ends) - now).total_seconds() * 1.06
    start = max(arrival.start, now)

    def at(instant: datetime) -> float:
        return round(100 * (instant - now).total_seconds() / span, 1)

    promise = at(view.promise.promised_at) if view.promise and view.promise.promised_at > now else None
    return Bar(
        start=at(start),
        width=round(max(2.0, at(arrival.end) - at(start)), 1),
        median=at(min(max(arrival.p50, start), arrival.end)),
        promise=promise,
        first=short_words(hour_before(local(start, view.timezone)), view.timezone),
        last=short_words(hour_after(local(arrival.end, view.timezone)), view.timezone),
    )


def promise_words(view: JourneyView) -> PromiseWords | None:
    if view.promise is None:
        return None
    late = view.arrival.late_probability if view.arrival else None
    standing = view.promise.standing
    undecided = standing in {OnTimeStatus.ON_TIME, OnTimeStatus.TRENDING_LATE} and view.delivered_at is None
    words = STANDING_WORDS[standing]
    if view.delivered_at is not None:
        words = "Kept" if standing is OnTimeStatus.ON_TIME else "Missed"
    elif standing is OnTimeStatus.UNKNOWN and (view.status in TERMINAL or view.status is Status.RETURNING):
        words = "Not delivered"
    mood = {OnTimeStatus.TRENDING_LATE: "wait", OnTimeStatus.LATE: "trouble", OnTimeStatus.UNKNOWN: "neutral"}.get(standing, "good")
    return PromiseWords(
        by=f"by {moment_words(view.promise.promised_at, view.timezone, view.seen_at, with_zone=False)}",
        standing=words,
        mood=mood,
        chance=f"{chance_words(late).capitalize()} chance to come later than promised" if undecided and late is not None else None,
        carrier=None
        if view.promise.carrier_at is None
        else f"by {moment_words(view.promise.carrier_at, view.timezone, view.seen_at, with_zone=False)}",
    )


def change_words(change: ChangeView, view: JourneyView) -> str:
    """Give old, new, hours, reason and moment of the last change in one line each other could be read alone."""
    old = " ".join(window_words(change.old_start, change.old_end, view.timezone, view.seen_at)).strip()
    why = REASON_WORDS.get(change.reason or "")
    return (
        f"{shift_words(change.hours, duration_words(change.hours)).capitalize()} than we said before ({old})."
        + (f" Main reason: {why[0].lower()}{why[1:]}." if why else "")
        + f" Changed {ago_words(change.at, view.seen_at)}."
    )


def reason_words(view: JourneyView) -> tuple[ReasonWords, ...]:
    """Give the reasons worth half an hour or more, the largest first; codes without words are left out."""
    if view.arrival is None:
        return ()
    known = [reason for reason in view.arrival.reasons if reason.code in REASON_WORDS and abs(reason.hours) >= 0.5]
    known.sort(key=lambda reason: -abs(reason.hours))
    largest = max((abs(reason.hours) for reason in known), default=1.0)
    return tuple(
        ReasonWords(
            REASON_WORDS[reason.code],
            shift_words(reason.hours, duration_words(reason.hours)),
            later=reason.hours > 0,
            share=max(4, round(100 * abs(reason.hours) / largest)),
        )
        for reason in known[:4]
    )


def silence_words(silence: SilenceView, view: JourneyView) -> str:
    said = f"No scan for {duration_words(silence.hours)}."
    if silence.next_at is None:
        return said
    place = clean(silence.next_place, longest=60)
    where = f" in {place}" if place else ""
    due = moment_words(silence.next_at, silence.next_timezone, view.seen_at)
    if silence.next_at <= view.seen_at:
        return f"{said} The next one{where} was planned for {due}; we keep looking."
    return f"{said} That is usual here: the next one{where} is planned for {due}."
