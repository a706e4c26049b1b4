"""Give every enumerated value its words, once: statuses, steps, reasons, places, chances."""

from data.domain.places import FacilityKind
from data.domain.statuses import OnTimeStatus, Status
from maps.language import ENGLISH, Language, message

__all__ = [
    "DOOR",
    "EVENT_WORDS",
    "MOVEMENT_WORDS",
    "PLACE_WORDS",
    "REASON_WORDS",
    "STANDING_WORDS",
    "STATUS_WORDS",
    "STEP_WORDS",
    "chance_sentence",
    "mode_words",
    "orders_of_ten",
    "orders_share",
    "place_words",
    "shift_words",
]

DOOR = "door"
"""The kind of the last stop."""

STATUS_WORDS: dict[Status, str] = {
    Status.UNKNOWN: message("No news yet"),
    Status.PRE_TRANSIT: message("Waiting for the carrier"),
    Status.ACCEPTED: message("With the carrier"),
    Status.IN_TRANSIT: message("On the way"),
    Status.OUT_FOR_DELIVERY: message("Out for delivery"),
    Status.ATTEMPT_FAILED: message("Delivery attempt failed"),
    Status.AVAILABLE_FOR_PICKUP: message("Ready to collect"),
    Status.ON_HOLD: message("On hold"),
    Status.DELIVERED: message("Delivered"),
    Status.RETURNING: message("On the way back"),
    Status.RETURNED: message("Returned to the sender"),
    Status.LOST_OR_DESTROYED: message("Lost or damaged"),
    Status.CANCELLED: message("Cancelled"),
    Status.EXPIRED: message("No news for a month"),
}

EVENT_WORDS: dict[Status, str] = {
    **STATUS_WORDS,
    Status.UNKNOWN: message("News that we could not read"),
    Status.PRE_TRANSIT: message("Label made, waiting for the carrier"),
    Status.ACCEPTED: message("The carrier has it"),
    Status.IN_TRANSIT: message("Scanned on the way"),
    Status.ATTEMPT_FAILED: message("Nobody could take it; the carrier will try again"),
    Status.AVAILABLE_FOR_PICKUP: message("Waiting to be collected"),
    Status.ON_HOLD: message("Put on hold"),
    Status.RETURNING: message("Started its way back"),
}

MOVEMENT_WORDS: dict[str, str] = {
    "arrived": message("Arrived"),
    "departed": message("Left"),
    "arrived_at_station": message("Arrived near you"),
    "missorted": message("Sent a wrong way, being put right"),
    "refused": message("Refused at the door"),
    "held": message("Held: the address must be checked"),
}
"""Words of movements (``data/reference/status_codes.json``) that say more than their stage."""

STEP_WORDS: dict[str, str] = {
    "confirmed": message("Confirmed"),
    "packed": message("Packed"),
    "with_carrier": message("With carrier"),
    "on_the_way": message("On the way"),
    "out_for_delivery": message("Out for delivery"),
    "delivered": message("Delivered"),
    "attempt_failed": message("Attempt failed"),
    "pickup": message("Ready to collect"),
    "held": message("On hold"),
    "returning": message("On the way back"),
    "returned": message("Returned"),
    "no_news": message("No news"),
    "lost": message("Lost or damaged"),
    "cancelled": message("Cancelled"),
}

REASON_WORDS: dict[str, str] = {
    "weather": message("Weather on the way"),
    "facility": message("Time at the stops"),
    "history": message("Usual for this route lately"),
    "calendar": message("Weekday, weekend or holiday"),
    "silence": message("Time since the last scan"),
    "progress": message("How far it has come"),
    "parcel": message("The parcel and its service"),
    "route": message("Length of the way"),
    "promise": message("The shop's own planning"),
    "handling": message("Handed to the carrier later than planned"),
    "departure": message("Waited for the next vehicle"),
    "road": message("Slow on the road"),
    "missort": message("Sent a wrong way, put right"),
    "hold": message("Held: the address was checked"),
    "attempt": message("Nobody could take it"),
    "other": message("Small things together"),
    "model": message("We forecast in a new way"),
    "usual": message("What is usual on this way has changed"),
}

STANDING_WORDS: dict[OnTimeStatus, str] = {
    OnTimeStatus.EARLY: message("Ahead of the promise"),
    OnTimeStatus.ON_TIME: message("On time"),
    OnTimeStatus.TRENDING_LATE: message("May be late"),
    OnTimeStatus.LATE: message("Late"),
    OnTimeStatus.UNKNOWN: message("Too early to say"),
}

PLACE_WORDS: dict[str, str] = {
    FacilityKind.WAREHOUSE: message("Warehouse"),
    FacilityKind.ORIGIN: message("Start"),
    FacilityKind.HUB: message("Hub"),
    FacilityKind.SORT_CENTRE: message("Sorting centre"),
    FacilityKind.DELIVERY_STATION: message("Delivery station"),
    FacilityKind.PICKUP_POINT: message("Pickup point"),
    FacilityKind.CUSTOMS: message("Customs"),
    FacilityKind.STATION: message("Station"),
    DOOR: message("Your door"),
}

STOP = message("Stop")
"""A place whose kind nobody knows."""

MODE_WORDS: dict[str, str] = {
    "road": message("by road"),
    "air": message("by air"),
    "rail": message("by rail"),
    "sea": message("by sea"),
    "courier": message("by courier"),
    "last_mile": message("to the door"),
}


def mode_words(mode: str, *, language: Language = ENGLISH) -> str | None:
    """Give a mode of transport in words; ``None`` for one without (modes come from outside)."""
    words = MODE_WORDS.get(mode)
    return language.say(words) if words else None


def place_words(kind: str, city: str | None, region: str | None, *, language: Language = ENGLISH) -> str:
    """Give a stop at city level: "Hub, Memphis, TN"."""
    what = language.say(PLACE_WORDS.get(kind, STOP))
    where = ", ".join(part for part in (city, region) if part)
    return language.say("{kind}, {place}", kind=what, place=language.foreign(where)) if where else what


def orders_share(level: float) -> tuple[int, int]:
    """Give a probability as a share of orders people can picture: 8 of 10, 19 of 20."""
    if 0.1 <= level <= 0.92:
        return round(level * 10), 10
    return round(level * 20), 20


def orders_of_ten(level: float) -> str:
    """Give a probability as a share of orders in English: "8 of 10", "19 of 20"."""
    count, total = orders_share(level)
    return f"{count} of {total}"


def chance_sentence(probability: float, *, language: Language = ENGLISH) -> str:
    """Give the chance to come later than promised: "3 in 10"; under 1 in 20 and over 19 in 20 only that."""
    if probability < 0.05:
        return language.say("Less than 1 in 20 chance to come later than promised")
    if probability > 0.95:
        return language.say("More than 19 in 20 chance to come later than promised")
    if probability < 0.1:
        count, total = (1, 20) if probability < 0.075 else (1, 10)
    elif probability > 0.9:
        count, total = (19, 20) if probability > 0.925 else (9, 10)
    else:
        count, total = round(probability * 10), 10
    return language.say("{count} in {total} chance to come later than promised", count=count, total=total)


def shift_words(hours: float, duration: str, *, language: Language = ENGLISH) -> str:
    """Give a shift of the arrival with its direction: "3½ hours later"."""
    if hours > 0:
        return language.say("{duration} later", duration=duration)
    return language.say("{duration} earlier", duration=duration)
