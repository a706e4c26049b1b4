"""Answer "where is it, when does it come?" in one sentence; every output takes the sentence from here."""

from dataclasses import dataclass
from datetime import timedelta

from data.domain.statuses import Status
from maps.times import clock, date_words, duration_words, hour_after, local, moment_words, window_words, zone_words
from maps.view import ArrivalView, JourneyView
from maps.words import orders_of_ten

__all__ = ["Answer", "answer"]


@dataclass(frozen=True, slots=True)
class Answer:
    """Hold the answer: ``lead`` and ``when`` make the sentence (``when`` is the part that is set in bold), ``detail`` stands under it.

    ``mood`` is one of ``good``, ``moving``, ``wait`` and ``trouble`` and chooses colour and icon.
    """

    lead: str
    when: str
    detail: str
    mood: str

    @property
    def sentence(self) -> str:
        """Give the whole sentence as plain text."""
        return f"{self.lead} {self.when}".strip()


AT_THE_DOOR = timedelta(minutes=20)
"""Time to the median, out for delivery, from which "now" is said: a few stops of a delivery round."""

FIXED: dict[Status, Answer] = {
    Status.ATTEMPT_FAILED: Answer("Nobody could take the parcel.", "The carrier tries again.", "", "trouble"),
    Status.AVAILABLE_FOR_PICKUP: Answer("Ready", "to be collected", "It waits at the pickup point below.", "good"),
    Status.ON_HOLD: Answer(
        "The parcel is", "on hold", "The carrier holds it back; we follow it and tell you here when it moves on.", "trouble"
    ),
    Status.RETURNING: Answer("The parcel is", "on its way back", "It goes back to the sender.", "trouble"),
    Status.RETURNED: Answer("The parcel was", "returned to the sender", "Ask the shop for a new one or for your money back.", "trouble"),
    Status.LOST_OR_DESTROYED: Answer("The parcel is", "lost or damaged", "Ask the shop for a new one or for your money back.", "trouble"),
    Status.CANCELLED: Answer("This shipment was", "cancelled", "Nothing will arrive under this number.", "trouble"),
    Status.EXPIRED: Answer("No news for", "more than a month", "We do not know where the parcel is. Please ask the shop.", "trouble"),
}


def answer(view: JourneyView) -> Answer:
    """Give the answer for the stage the shipment is in. It never names a time that lies in the past as still to come."""
    if view.status is Status.DELIVERED:
        return delivered(view)
    if view.status in FIXED and not (view.status is Status.ATTEMPT_FAILED and view.arrival and view.arrival.end > view.seen_at):
        return FIXED[view.status]
    if view.arrival is None:
        return unforecast(view)
    if view.arrival.end <= view.seen_at:
        return Answer("Later than expected,", "we are checking", last_heard(view), "trouble")
    return arriving(view, view.arrival)


def arriving(view: JourneyView, arrival: ArrivalView) -> Answer:
    share = f"{orders_of_ten(arrival.level)} orders like this arrive in this window"
    start = max(arrival.start, view.seen_at)
    zone = zone_words(view.timezone)
    if view.status is Status.OUT_FOR_DELIVERY and arrival.p50 - view.seen_at <= AT_THE_DOOR:
        return Answer("Arriving", "now", f"By {clock(hour_after(local(arrival.end, view.timezone)))}, {zone}. {share}.", "moving")
    day, hours = window_words(start, arrival.end, view.timezone, view.seen_at)
    lead = "Arriving"
    if view.status is Status.ATTEMPT_FAILED:
        lead = "New attempt"
    elif view.possession_at is None:
        lead = "Expected"
    detail = f"{share} · {zone}"
    if not hours:
        likely = local(max(arrival.p50, start), view.timezone)
        detail = f"{share}, most likely {date_words(likely, view.seen_at)} · {zone}"
    if view.possession_at is None:
        detail = f"Once the carrier has it, the window gets narrower. {detail}"
    return Answer(lead, f"{day}, {hours}" if hours.startswith("between") else f"{day} {hours}".strip(), detail, "moving")


def unforecast(view: JourneyView) -> Answer:
    if view.possession_at is None:
        return Answer("Expected", "once the carrier has it", "The arrival time follows with the first scan.", "wait")
    return Answer("On the way,", "arrival time follows", last_heard(view), "wait")


def delivered(view: JourneyView) -> Answer:
    if view.delivered_at is None:
        return Answer("The parcel was", "delivered", "", "good")
    detail = ""
    if view.promise:
        hours = (view.promise.promised_at - view.delivered_at).total_seconds() / 3600
        detail = f"{duration_words(hours)} {'before' if hours >= 0 else 'after'} the time the shop promised."
    return Answer("Delivered", moment_words(view.delivered_at, view.timezone, view.seen_at), detail, "good")


def last_heard(view: JourneyView) -> str:
    if not view.timeline:
        return "Nothing was heard of it yet."
    latest = view.timeline[0]
    return f"Last scan: {moment_words(latest.at, latest.timezone, view.seen_at)}."
