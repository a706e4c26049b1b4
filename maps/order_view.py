"""Hold the parcels of one order as they are shown beside one of them."""

from dataclasses import dataclass
from datetime import datetime

from data.domain.statuses import Status
from maps.language import Language
from maps.times import date_words, local, moment_words, window_sentence, zone_words
from maps.words import STATUS_WORDS, orders_share

__all__ = ["OrderPartView", "OrderView", "OrderWords", "PartWords", "order_words"]


@dataclass(frozen=True, slots=True)
class OrderPartView:
    """Hold one shipment of an order: its stage, its median where it is on its way, and whether it is the one of this page."""

    status: Status
    p50: datetime | None = None
    delivered_at: datetime | None = None
    here: bool = False


@dataclass(frozen=True, slots=True)
class OrderView:
    """Hold an order of several shipments: the window (UTC) in which everything is here, with its ``level``, or when it was complete.

    Both are ``None`` where a shipment does not come to the door.
    """

    parts: tuple[OrderPartView, ...]
    window: tuple[datetime, datetime] | None = None
    level: float = 0.9
    completed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PartWords:
    """Hold one shipment of the order: its number in the order, its stage, when it comes or came, and whether it is this one."""

    name: str
    status: str
    when: str | None
    here: str | None


@dataclass(frozen=True, slots=True)
class OrderWords:
    """Hold the parcels of an order in words: how many, when everything is here, how sure that is."""

    title: str
    complete: str
    sure: str | None
    parts: tuple[PartWords, ...]


def order_words(order: OrderView, timezone: str | None, seen_at: datetime, *, language: Language) -> OrderWords | None:
    """Give an order in words, in the zone of its destination; ``None`` for an order of a single shipment."""
    if len(order.parts) < 2:
        return None
    complete, sure = whole(order, timezone, seen_at, language)
    return OrderWords(
        language.count("{count} parcel in this order", "{count} parcels in this order", len(order.parts)),
        complete,
        sure,
        tuple(part_words(number, part, timezone, seen_at, language) for number, part in enumerate(order.parts, 1)),
    )


def whole(order: OrderView, timezone: str | None, seen_at: datetime, language: Language) -> tuple[str, str | None]:
    if order.completed_at is not None:
        return language.say(
            "Everything came by {moment}.", moment=moment_words(order.completed_at, timezone, seen_at, language=language)
        ), None
    if order.window is None:
        return language.say("Not every parcel of this order comes to the door."), None
    start, end = order.window
    if end <= seen_at:
        return language.say("The last parcel is later than expected, we are checking."), None
    count, total = orders_share(order.level)
    window = window_sentence(max(start, seen_at), end, timezone, seen_at, language=language)
    sure = language.say(
        "{count} of {total} orders like this are complete in this window · {zone}",
        count=count,
        total=total,
        zone=zone_words(timezone, language=language),
    )
    return language.say("Everything is here: {window}", window=window), sure


def part_words(number: int, part: OrderPartView, timezone: str | None, seen_at: datetime, language: Language) -> PartWords:
    when = None
    if part.delivered_at is not None:
        when = moment_words(part.delivered_at, timezone, seen_at, with_zone=False, language=language)
    elif part.p50 is not None and part.p50 > seen_at:
        when = language.say("most likely {date}", date=date_words(local(part.p50, timezone), seen_at, language=language))
    return PartWords(
        language.say("Parcel {number}", number=number),
        language.say(STATUS_WORDS[part.status]),
        when,
        language.say("this page") if part.here else None,
    )
