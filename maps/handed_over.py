"""Read from the carrier's words where a delivered parcel was left; what they do not say stays unknown."""

import re

from data.domain.statuses import Status
from maps.language import Language, message
from maps.view import JourneyView

__all__ = ["handed_over_words"]

SPOTS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), words)
    for pattern, words in (
        (r"\b(front ?desk|reception|concierge|doorman)\b", message("Left at the reception")),
        (r"\b(front ?door|door ?step|at (the )?door|haust[uü]r)\b", message("Left at the front door")),
        (r"\b(porch|veranda)\b", message("Left on the porch")),
        (r"\b(back ?door|side ?door|patio)\b", message("Left at the back or side door")),
        (r"\b(garage|carport)\b", message("Left in the garage")),
        (r"\b(neighbou?rs?|nachbar(in)?|vecin[oa]|voisine?|vizinh[oa])\b", message("Given to a neighbour")),
        (r"\b(parcel locker|locker|packstation)\b", message("Laid into a parcel locker")),
        (r"\b(mail ?box|letter ?box|briefkasten|buz[oó]n)\b", message("Put into the letterbox")),
        (r"\b(mail ?room|post ?room|parcel room)\b", message("Left in the mail room")),
        (r"\bsafe (place|location)\b", message("Left in a safe place")),
        (r"\b(handed|given) to (the )?(resident|recipient|customer|addressee)\b|\bsigned (for )?by\b", message("Handed over in person")),
    )
)
"""Words of carriers in the order in which they are tried (messages of FedEx, UPS, USPS and DHL tracking pages, read 2026-11)."""


def handed_over_words(view: JourneyView, *, language: Language) -> str | None:
    """Say where a delivered parcel was left, if the delivering scan says so; names of people in it are never repeated."""
    if view.status is not Status.DELIVERED:
        return None
    scan = next((event for event in view.timeline if event.status is Status.DELIVERED and not event.struck), None)
    said = (scan.carrier_words or "")[:400] if scan else ""
    return next((language.say(words) for pattern, words in SPOTS if pattern.search(said)), None)
