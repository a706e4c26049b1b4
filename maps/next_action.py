"""Say what the customer can do next, by stage: at most one card, with its deadline where it is known."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from data.domain.places import FacilityKind
from data.domain.statuses import Status
from maps.brand import Brand
from maps.language import Language
from maps.safe_text import clean
from maps.stop_words import event_place
from maps.times import day_words, local
from maps.view import EventView, JourneyView

__all__ = ["ActionWords", "next_action"]


@dataclass(frozen=True, slots=True)
class ActionWords:
    """Hold the card: title, text, deadline where one is known, and where its button leads (the shop's help) with its words.

    ``urgent`` sets it off; a card that is only an offer ("I did not get it") is quiet.
    """

    title: str
    text: str
    deadline: str | None
    link: str | None
    link_words: str | None
    urgent: bool = True


def next_action(view: JourneyView, *, language: Language, brand: Brand) -> ActionWords | None:
    """Give the card of the stage, or ``None`` where the customer need not do anything."""
    latest = next((event for event in view.timeline if event.status is view.status and not event.struck), None)
    title_and_text = said(view, latest, language)
    if title_and_text is None:
        return None
    offer, link = view.status is Status.DELIVERED, brand.support.best
    return ActionWords(
        *title_and_text,
        deadline=deadline(view, language, brand),
        link=link,
        link_words=(language.say("I did not get it") if offer else language.say("Ask the shop")) if link else None,
        urgent=not offer,
    )


def said(view: JourneyView, latest: EventView | None, language: Language) -> tuple[str, str] | None:
    """Give title and text by stage."""
    speaker = SPEAKERS.get(view.status)
    return speaker(latest, language) if speaker else None


def pickup(latest: EventView | None, language: Language) -> tuple[str, str]:
    title = language.say("Collect your parcel")
    place = event_place(latest, language) if latest and clean(latest.place) else None
    if place is None:
        return title, language.say("The carrier's message names the pickup point. Take an identity document along.")
    return title, language.say("It waits here: {place}. Take an identity document along.", place=place)


def hold(latest: EventView | None, language: Language) -> tuple[str, str]:
    if latest and latest.facility_kind == FacilityKind.CUSTOMS:
        return language.say("Customs has it"), language.say(
            "Customs may ask for papers or a payment. Answer only the carrier's or the authority's own letter."
        )
    if latest and latest.event == "held":
        return language.say("Check your address"), language.say("The carrier could not use the address. Give the shop the complete one.")
    return language.say("Nothing to do yet"), language.say("If it stays on hold, the shop can ask the carrier why.")


def attempt(latest: EventView | None, language: Language) -> tuple[str, str]:
    if latest and latest.event == "refused":
        return language.say("Was that a mistake?"), language.say("Tell the shop soon; otherwise the parcel goes back.")
    return language.say("Be there next time"), language.say(
        "Somebody should be at the door. The shop can tell you whether a neighbour or a pickup point is possible."
    )


def missing(_: EventView | None, language: Language) -> tuple[str, str]:
    return language.say("Not there?"), language.say(
        "Look where parcels are usually left and ask your neighbours. If it is nowhere, tell the shop."
    )


def going_back(_: EventView | None, language: Language) -> tuple[str, str]:
    return language.say("Still want it?"), language.say(
        "Ask the shop whether it sends another one or gives your money back. It knows when the parcel is there."
    )


def lost(_: EventView | None, language: Language) -> tuple[str, str]:
    return language.say("Tell the shop"), language.say("Ask for a new one or for your money back. The shop asks the carrier.")


SPEAKERS: dict[Status, Callable[[EventView | None, Language], tuple[str, str]]] = {
    Status.AVAILABLE_FOR_PICKUP: pickup,
    Status.ON_HOLD: hold,
    Status.ATTEMPT_FAILED: attempt,
    Status.DELIVERED: missing,
    Status.RETURNING: going_back,
    Status.RETURNED: going_back,
    Status.LOST_OR_DESTROYED: lost,
    Status.EXPIRED: lost,
}
"""Who words the card of a stage, from its latest scan; stages that are not listed need nothing from the customer."""


def deadline(view: JourneyView, language: Language, brand: Brand) -> str | None:
    """Give the last day of a pickup or a hold, counted from its day at the destination; only where the shop's configuration says how long."""
    days = {Status.AVAILABLE_FOR_PICKUP: brand.pickup_days, Status.ON_HOLD: brand.hold_days}.get(view.status)
    if days is None or view.status_since is None:
        return None
    last = local(view.status_since + timedelta(days=days), view.timezone)
    if last < view.seen_at:
        return None
    return language.say("Until {day}", day=day_words(last, view.seen_at, language=language))
