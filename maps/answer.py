"""Answer "where is it, when does it come?" in one sentence; every output takes the sentence from here."""

from dataclasses import dataclass
from datetime import timedelta

from data.domain.statuses import Status
from maps.language import ENGLISH, Language, message
from maps.times import clock, date_words, duration_words, hour_after, local, moment_words, names_hours, window_sentence, zone_words
from maps.view import ArrivalView, JourneyView
from maps.words import orders_share

__all__ = ["Answer", "answer"]


@dataclass(frozen=True, slots=True)
class Answer:
    """Hold the answer: ``lead``, ``when`` and ``tail`` make the sentence (``when`` is set in bold), ``detail`` stands under it.

    ``mood`` is one of ``good``, ``moving``, ``wait`` and ``trouble`` and chooses colour and icon.
    """

    lead: str
    when: str
    detail: str
    mood: str
    tail: str = ""

    @property
    def sentence(self) -> str:
        """Give the whole sentence as plain text."""
        return f"{self.lead} {self.when}".strip() + self.tail


AT_THE_DOOR = timedelta(minutes=20)
"""Time to the median, out for delivery, from which "now" is said: a few stops of a delivery round."""

FIXED: dict[Status, tuple[str, str, str]] = {
    Status.ATTEMPT_FAILED: (message("Nobody could take the parcel. [The carrier tries again.]"), "", "trouble"),
    Status.AVAILABLE_FOR_PICKUP: (message("Ready [to be collected]"), message("It waits for you at the pickup point."), "good"),
    Status.ON_HOLD: (
        message("The parcel is [on hold]"),
        message("The carrier holds it back; we follow it and tell you here when it moves on."),
        "trouble",
    ),
    Status.RETURNING: (message("The parcel is [on its way back]"), message("It goes back to the sender."), "trouble"),
    Status.RETURNED: (message("The parcel was [returned to the sender]"), "", "trouble"),
    Status.LOST_OR_DESTROYED: (message("The parcel is [lost or damaged]"), message("It will not arrive any more."), "trouble"),
    Status.CANCELLED: (message("This shipment was [cancelled]"), message("Nothing will arrive under this number."), "trouble"),
    Status.EXPIRED: (message("No news for [more than a month]"), message("We do not know where the parcel is."), "trouble"),
}
"""Sentence, detail and mood of the stages that name no time."""

REFUSED: tuple[str, str, str] = (message("The parcel was [refused at the door]"), "", "trouble")


def answer(view: JourneyView, *, language: Language = ENGLISH) -> Answer:
    """Give the answer for the stage the shipment is in. It never names a time that lies in the past as still to come."""
    if view.status is Status.DELIVERED:
        return delivered(view, language)
    unnamed = without_time(view)
    if unnamed is not None:
        return fixed(unnamed, language)
    if view.arrival is None:
        return unforecast(view, language)
    if view.arrival.end <= view.seen_at:
        return told(language.bold("Later than expected, [we are checking]"), last_heard(view, language), "trouble")
    if view.possession_at is None:
        return not_yet_handed_over(view, view.arrival, language)
    return arriving(view, view.arrival, language)


def without_time(view: JourneyView) -> tuple[str, str, str] | None:
    """Give the words of a stage that names no time; a failed attempt names the next one where a forecast knows it, unless it was refused."""
    if view.status is not Status.ATTEMPT_FAILED:
        return FIXED.get(view.status)
    if view.timeline and view.timeline[0].event == "refused":
        return REFUSED
    return None if view.arrival and view.arrival.end > view.seen_at else FIXED[view.status]


def told(said: tuple[str, str, str], detail: str, mood: str) -> Answer:
    lead, when, tail = said
    return Answer(lead.strip(), when, detail, mood, tail)


def fixed(words: tuple[str, str, str], language: Language) -> Answer:
    sentence, detail, mood = words
    return told(language.bold(sentence), language.say(detail) if detail else "", mood)


def share_words(arrival: ArrivalView, language: Language) -> str:
    count, total = orders_share(arrival.level)
    return language.say("{count} of {total} orders like this arrive in this window", count=count, total=total)


def arriving(view: JourneyView, arrival: ArrivalView, language: Language) -> Answer:
    share, zone = share_words(arrival, language), zone_words(view.timezone, language=language)
    start = max(arrival.start, view.seen_at)
    if view.status is Status.OUT_FOR_DELIVERY and arrival.p50 - view.seen_at <= AT_THE_DOOR:
        latest = clock(hour_after(local(arrival.end, view.timezone)), language=language)
        detail = language.say("By {time}, {zone}. {share}.", time=latest, zone=zone, share=share)
        return told(language.bold("Arriving [now]"), detail, "moving")
    window = window_sentence(start, arrival.end, view.timezone, view.seen_at, language=language)
    if view.status is Status.ATTEMPT_FAILED:
        said = language.bold("New attempt [{window}]", window=window)
    else:
        said = language.bold("Arriving [{window}]", window=window)
    if names_hours(start, arrival.end, view.timezone):
        return told(said, language.say("{share} · {zone}", share=share, zone=zone), "moving")
    likely = date_words(local(max(arrival.p50, start), view.timezone), view.seen_at, language=language)
    return told(said, language.say("{share}, most likely {date} · {zone}", share=share, date=likely, zone=zone), "moving")


def not_yet_handed_over(view: JourneyView, arrival: ArrivalView, language: Language) -> Answer:
    """Promise no day before the carrier has the parcel: dates made from a label alone are often wrong (FedEx and Convey distrust them)."""
    window = window_sentence(max(arrival.start, view.seen_at), arrival.end, view.timezone, view.seen_at, language=language)
    detail = language.say(
        "If it is handed over as planned: {window}, {zone}. The first scan makes this surer.",
        window=window,
        zone=zone_words(view.timezone, language=language),
    )
    return told(language.bold("Expected [once the carrier has it]"), detail, "wait")


def unforecast(view: JourneyView, language: Language) -> Answer:
    if view.possession_at is None:
        detail = language.say("The arrival time follows with the first scan.")
        return told(language.bold("Expected [once the carrier has it]"), detail, "wait")
    return told(language.bold("On the way, [arrival time follows]"), last_heard(view, language), "wait")


def delivered(view: JourneyView, language: Language) -> Answer:
    if view.delivered_at is None:
        return told(language.bold("The parcel was [delivered]"), "", "good")
    detail = ""
    if view.promise:
        hours = (view.promise.promised_at - view.delivered_at).total_seconds() / 3600
        duration = duration_words(hours, language=language)
        if hours >= 0:
            detail = language.say("{duration} before the time the shop promised.", duration=duration)
        else:
            detail = language.say("{duration} after the time the shop promised.", duration=duration)
    moment = moment_words(view.delivered_at, view.timezone, view.seen_at, language=language)
    return told(language.bold("Delivered [{moment}]", moment=moment), detail, "good")


def last_heard(view: JourneyView, language: Language) -> str:
    if not view.timeline:
        return language.say("Nothing was heard of it yet.")
    latest = view.timeline[0]
    return language.say("Last scan: {moment}.", moment=moment_words(latest.at, latest.timezone, view.seen_at, language=language))
