"""Give every enumerated value its words, once: statuses, steps, reasons, places, chances."""

from data.domain.places import FacilityKind
from data.domain.statuses import OnTimeStatus, Status

__all__ = [
    "DOOR",
    "EVENT_WORDS",
    "MOVEMENT_WORDS",
    "PLACE_WORDS",
    "REASON_WORDS",
    "STANDING_WORDS",
    "STATUS_WORDS",
    "STEP_WORDS",
    "chance_words",
    "mode_words",
    "orders_of_ten",
    "place_words",
    "shift_words",
]

DOOR = "door"
"""The kind of the last stop."""

STATUS_WORDS: dict[Status, str] = {
    Status.UNKNOWN: "No news yet",
    Status.PRE_TRANSIT: "Waiting for the carrier",
    Status.ACCEPTED: "With the carrier",
    Status.IN_TRANSIT: "On the way",
    Status.OUT_FOR_DELIVERY: "Out for delivery",
    Status.ATTEMPT_FAILED: "Delivery attempt failed",
    Status.AVAILABLE_FOR_PICKUP: "Ready to collect",
    Status.ON_HOLD: "On hold",
    Status.DELIVERED: "Delivered",
    Status.RETURNING: "On the way back",
    Status.RETURNED: "Returned to the sender",
    Status.LOST_OR_DESTROYED: "Lost or damaged",
    Status.CANCELLED: "Cancelled",
    Status.EXPIRED: "No news for a month",
}

EVENT_WORDS: dict[Status, str] = {
    **STATUS_WORDS,
    Status.UNKNOWN: "News that we could not read",
    Status.PRE_TRANSIT: "Label made, waiting for the carrier",
    Status.ACCEPTED: "The carrier has it",
    Status.IN_TRANSIT: "Scanned on the way",
    Status.ATTEMPT_FAILED: "Nobody could take it; the carrier will try again",
    Status.AVAILABLE_FOR_PICKUP: "Waiting to be collected",
    Status.ON_HOLD: "Put on hold",
    Status.RETURNING: "Started its way back",
}

MOVEMENT_WORDS: dict[str, str] = {
    "arrived": "Arrived",
    "departed": "Left",
    "arrived_at_station": "Arrived near you",
    "missorted": "Sent a wrong way, being put right",
    "refused": "Refused at the door",
    "held": "Held: the address must be checked",
}
"""Words of movements (``data/reference/status_codes.json``) that say more than their stage."""

STEP_WORDS: dict[str, str] = {
    "confirmed": "Confirmed",
    "packed": "Packed",
    "with_carrier": "With carrier",
    "on_the_way": "On the way",
    "out_for_delivery": "Out for delivery",
    "delivered": "Delivered",
    "attempt_failed": "Attempt failed",
    "pickup": "Ready to collect",
    "held": "On hold",
    "returning": "On the way back",
    "returned": "Returned",
    "lost": "Lost or damaged",
    "cancelled": "Cancelled",
}

REASON_WORDS: dict[str, str] = {
    "weather": "Weather on the way",
    "facility": "Time at the stops",
    "history": "Usual for this route lately",
    "calendar": "Weekday, weekend or holiday",
    "silence": "Time since the last scan",
    "progress": "How far it has come",
    "parcel": "The parcel and its service",
    "route": "Length of the way",
    "promise": "The shop's own planning",
    "handling": "Handed to the carrier later than planned",
    "departure": "Waited for the next vehicle",
    "road": "Slow on the road",
    "missort": "Sent a wrong way, put right",
    "hold": "Held: the address was checked",
    "attempt": "Nobody could take it",
    "other": "Small things together",
    "model": "We forecast in a new way",
    "usual": "What is usual on this way has changed",
}

STANDING_WORDS: dict[OnTimeStatus, str] = {
    OnTimeStatus.EARLY: "Ahead of the promise",
    OnTimeStatus.ON_TIME: "On time",
    OnTimeStatus.TRENDING_LATE: "May be late",
    OnTimeStatus.LATE: "Late",
    OnTimeStatus.UNKNOWN: "Too early to say",
}

PLACE_WORDS: dict[str, str] = {
    FacilityKind.WAREHOUSE: "Warehouse",
    FacilityKind.ORIGIN: "Start",
    FacilityKind.HUB: "Hub",
    FacilityKind.SORT_CENTRE: "Sorting centre",
    FacilityKind.DELIVERY_STATION: "Delivery station",
    FacilityKind.PICKUP_POINT: "Pickup point",
    FacilityKind.CUSTOMS: "Customs",
    FacilityKind.STATION: "Station",
    DOOR: "Your door",
}

MODE_WORDS = {"road": "by road", "air": "by air", "rail": "by rail", "sea": "by sea", "courier": "by courier", "last_mile": "to the door"}


def mode_words(mode: str) -> str | None:
    """Give a mode of transport in words; ``None`` for one without (modes come from outside)."""
    return MODE_WORDS.get(mode)


def place_words(kind: str, city: str | None, region: str | None) -> str:
    """Give a stop at city level: "Hub, Memphis, TN"."""
    return ", ".join(part for part in (PLACE_WORDS.get(kind, "Stop"), city, region) if part)


def orders_of_ten(level: float) -> str:
    """Give a probability as a share of orders people can picture: "8 of 10", "19 of 20"."""
    if 0.1 <= level <= 0.92:
        return f"{round(level * 10)} of 10"
    return f"{round(level * 20)} of 20"


def chance_words(probability: float) -> str:
    """Give the chance of being late: "3 in 10"; under 1 in 20 and over 19 in 20 only that."""
    if probability < 0.05:
        return "less than 1 in 20"
    if probability > 0.95:
        return "more than 19 in 20"
    if probability < 0.1:
        return "1 in 20" if probability < 0.075 else "1 in 10"
    if probability > 0.9:
        return "19 in 20" if probability > 0.925 else "9 in 10"
    return f"{round(probability * 10)} in 10"


def shift_words(hours: float, duration: str) -> str:
    """Give a shift of the arrival with its direction: "3½ hours later"."""
    return f"{duration} {'later' if hours > 0 else 'earlier'}"
