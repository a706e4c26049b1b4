"""Turn a journey's values into the words of its page, once; template, map and list show these and nothing else."""

from collections.abc import Mapping
from datetime import datetime
from math import gcd

from data.domain.statuses import TERMINAL, OnTimeStatus, Status
from maps.answer import Answer, answer
from maps.brand import NO_BRAND, Brand
from maps.handed_over import handed_over_words
from maps.journey_page import Bar, ChangeWords, JourneyPage, PromiseWords, ReasonWords, StepWords
from maps.language import ENGLISH, Language, message
from maps.next_action import next_action
from maps.order_view import OrderView, order_words
from maps.safe_text import clean
from maps.stop_words import event_words, stop_words
from maps.times import (
    ago_words,
    clock,
    duration_words,
    hour_after,
    hour_before,
    local,
    moment_words,
    short_words,
    window_sentence,
    zone_words,
)
from maps.view import ChangeView, JourneyView, PositionView, SilenceView, StepState
from maps.words import REASON_WORDS, STANDING_WORDS, STATUS_WORDS, STEP_WORDS, chance_sentence, orders_share, place_words, shift_words

__all__ = ["page_words"]


QUIET = {Status.AVAILABLE_FOR_PICKUP, Status.EXPIRED}
"""Stages in which silence is no news: the parcel waits to be collected, or the answer already says that nothing is known."""


def page_words(
    view: JourneyView, *, language: Language = ENGLISH, brand: Brand = NO_BRAND, order_complete: OrderView | None = None
) -> JourneyPage:
    """Give the words of a journey's page in a language; ``order_complete`` holds the other parcels of the order, where they may be shown."""
    said = answer(view, language=language)
    current = next((step for step in view.steps if step.state is StepState.CURRENT), None)
    return JourneyPage(
        title=language.say("{status}: {answer}", status=language.say(STATUS_WORDS[view.status]), answer=said.sentence),
        merchant=clean(brand.name, longest=60) or clean(view.merchant, longest=60),
        order=clean(view.order_id, longest=60) or "",
        carrier=", ".join(part for part in (clean(view.carrier, longest=40), clean(view.service, longest=40)) if part),
        tracking_number=clean(view.tracking_number, longest=60),
        destination=clean(view.destination, longest=60),
        lead=said.lead,
        when=said.when,
        tail=said.tail,
        answer=said.sentence,
        detail=said.detail,
        mood=said.mood,
        bar=bar(view, said, language),
        promise=promise_words(view, language),
        change=change_words(view.change, view, language) if view.change else None,
        steps=tuple(
            StepWords(
                step.code,
                language.say(STEP_WORDS[step.code]),
                step.state.value,
                short_words(step.at, view.timezone, language=language) if step.at else None,
            )
            for step in view.steps
        ),
        step_summary=language.say(STEP_WORDS[current.code] if current else STATUS_WORDS[view.status]),
        reasons=reason_words(view, language),
        silence=silence_words(view.silence, view, language) if view.silence and view.status not in QUIET else None,
        stops=tuple(stop_words(stop, view, language=language) for stop in view.stops),
        position=position_words(view.position, view, language) if view.position else None,
        bands=band_words(view.position, language) if view.position else (),
        door=language.say("Delivered in this area") if view.status is Status.DELIVERED else language.say("Area of your door"),
        timeline=tuple(event_words(event, view, language=language) for event in view.timeline),
        zone=zone_words(view.timezone, language=language),
        checked=moment_words(view.seen_at, view.timezone, view.seen_at, language=language),
        checked_iso=view.seen_at.isoformat(),
        model=clean(view.arrival.model_version, longest=40) if view.arrival else None,
        ended=view.status in TERMINAL,
        handed_over=handed_over_words(view, language=language),
        action=next_action(view, language=language, brand=brand),
        order_parts=order_words(order_complete, view.timezone, view.seen_at, language=language) if order_complete else None,
        greeting=own_text(brand.greetings, language, brand),
        brand_footer=own_text(brand.footers, language, brand),
        language=language,
    )


def own_text(texts: Mapping[str, str], language: Language, brand: Brand) -> str | None:
    """Give a shop's own text in the reader's language, else in the shop's, else in English; ``None`` where it has none of these."""
    return next((clean(texts[code], longest=300) for code in (language.code, brand.language or "en", "en") if code in texts), None)


def bar(view: JourneyView, said: Answer, language: Language) -> Bar | None:
    """Give the window as a picture, only where the answer names it as still to come."""
    if view.arrival is None or said.mood != "moving":
        return None
    arrival, now = view.arrival, view.seen_at
    ends = [arrival.end] + ([view.promise.promised_at] if view.promise and view.promise.promised_at > now else [])
    span = (max(ends) - now).total_seconds() * 1.06
    start = max(arrival.start, now)

    def at(instant: datetime) -> float:
        return round(100 * (instant - now).total_seconds() / span, 1)

    first, last = hour_before(local(start, view.timezone)), hour_after(local(arrival.end, view.timezone))
    promise = at(view.promise.promised_at) if view.promise and view.promise.promised_at > now else None
    return Bar(
        start=at(start),
        width=round(max(2.0, at(arrival.end) - at(start)), 1),
        median=at(min(max(arrival.p50, start), arrival.end)),
        promise=promise,
        first=short_words(first, view.timezone, language=language),
        # Within one day the day is said once: there is little room under the bar and on the map.
        last=clock(last, language=language) if first.date() == last.date() else short_words(last, view.timezone, language=language),
    )


def band_words(position: PositionView, language: Language) -> tuple[str, ...]:
    """Give what each band of the map means, the widest first; a band holds the parcel at least as often as is said."""
    return tuple(
        language.say("probably here now ({count} in {total})", count=count, total=total)
        for count, total in (lowest_terms(band.level) for band in position.bands)
    )


def lowest_terms(level: float) -> tuple[int, int]:
    """Give a probability as people say it: 9 in 10, 1 in 2."""
    count, total = orders_share(level)
    shared = gcd(count, total)
    return count // shared, total // shared


def position_words(position: PositionView, view: JourneyView, language: Language) -> str:
    """Give the bands in a sentence, for readers who do not see the map: where it most probably stands, else how sure the stretches are."""
    if position.stands_at is not None:
        stop = view.stops[position.stands_at]
        place = place_words(stop.kind, clean(stop.city, longest=60), clean(stop.region, longest=40), language=language)
        return language.say("Most probably it is here now: {place}", place=place)
    if len(position.bands) == 1:
        return language.say("Probably on this part of the way now")
    (wide, of_wide), (close, of_close) = (lowest_terms(band.level) for band in (position.bands[0], position.bands[-1]))
    return language.say(
        "Probably on this part of the way now: {wide} in {of_wide} on the wide band, {close} in {of_close} on its darker part",
        wide=wide,
        of_wide=of_wide,
        close=close,
        of_close=of_close,
    )


def promise_words(view: JourneyView, language: Language) -> PromiseWords | None:
    if view.promise is None:
        return None
    late = view.arrival.late_probability if view.arrival else None
    standing = view.promise.standing
    undecided = standing in {OnTimeStatus.ON_TIME, OnTimeStatus.TRENDING_LATE} and view.delivered_at is None
    words = STANDING_WORDS[standing]
    if view.delivered_at is not None:
        words = message("Kept") if standing is OnTimeStatus.ON_TIME else message("Missed")
    elif standing is OnTimeStatus.UNKNOWN and (view.status in TERMINAL or view.status is Status.RETURNING):
        words = message("Not delivered")
    elif standing is OnTimeStatus.UNKNOWN and view.status is Status.AVAILABLE_FOR_PICKUP:
        words = message("It waits for you")
    mood = {OnTimeStatus.TRENDING_LATE: "wait", OnTimeStatus.LATE: "trouble", OnTimeStatus.UNKNOWN: "neutral"}.get(standing, "good")

    def moment(at: datetime) -> str:
        return moment_words(at, view.timezone, view.seen_at, with_zone=False, language=language)

    return PromiseWords(
        by=language.say("by {moment}", moment=moment(view.promise.promised_at)),
        standing=language.say(words),
        mood=mood,
        chance=chance_sentence(late, language=language) if undecided and late is not None else None,
        carrier=None
        if view.promise.carrier_at is None
        else language.say("The carrier says by {moment}", moment=moment(view.promise.carrier_at)),
    )


def change_words(change: ChangeView, view: JourneyView, language: Language) -> ChangeWords:
    """Give old, new, hours, reason and moment of the last change; each could be read alone."""

    def window(start: datetime, end: datetime) -> str:
        return window_sentence(start, end, view.timezone, view.seen_at, language=language)

    duration = duration_words(change.hours, language=language)
    reason = REASON_WORDS.get(change.reason or "")
    return ChangeWords(
        shift=language.say("{duration} later than we said before", duration=duration)
        if change.hours > 0
        else language.say("{duration} earlier than we said before", duration=duration),
        old=window(change.old_start, change.old_end),
        new=window(change.new_start, change.new_end),
        why=language.say("Main reason: {reason}", reason=language.say(reason)) if reason else None,
        at=language.say("Changed {ago}", ago=ago_words(change.at, view.seen_at, language=language)),
    )


def reason_words(view: JourneyView, language: Language) -> tuple[ReasonWords, ...]:
    """Give the reasons worth half an hour or more, the largest first; codes without words are left out."""
    if view.arrival is None or view.status is Status.ON_HOLD:  # while it is held, no time is named that could be explained
        return ()
    known = [reason for reason in view.arrival.reasons if reason.code in REASON_WORDS and abs(reason.hours) >= 0.5]
    known.sort(key=lambda reason: -abs(reason.hours))
    largest = max((abs(reason.hours) for reason in known), default=1.0)
    return tuple(
        ReasonWords(
            language.say(REASON_WORDS[reason.code]),
            shift_words(reason.hours, duration_words(reason.hours, language=language), language=language),
            later=reason.hours > 0,
            share=max(4, round(100 * abs(reason.hours) / largest)),
        )
        for reason in known[:4]
    )


def silence_words(silence: SilenceView, view: JourneyView, language: Language) -> str:
    duration = duration_words(silence.hours, language=language)
    if silence.next_at is None:
        return language.say("No scan for {duration}.", duration=duration)
    due = moment_words(silence.next_at, silence.next_timezone, view.seen_at, language=language)
    place = clean(silence.next_place, longest=60)
    values = {"duration": duration, "moment": due, "place": language.foreign(place or "")}
    if silence.next_at <= view.seen_at:
        if place:
            return language.say("No scan for {duration}. The next one in {place} was planned for {moment}; we keep looking.", **values)
        return language.say("No scan for {duration}. The next one was planned for {moment}; we keep looking.", **values)
    if place:
        return language.say("No scan for {duration}. That is usual here: the next one in {place} is planned for {moment}.", **values)
    return language.say("No scan for {duration}. That is usual here: the next one is planned for {moment}.", **values)
