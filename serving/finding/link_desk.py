"""Mail the link of a journey to the address on file, behind the request that asked for it.

The request only leaves a note here, so its answer and its time cannot depend on what is found. Behind it the found and the unknown pair
cause the same look-up, the same write and the same letter, after a pause drawn by lot; only the posting differs, which waits on another machine.
"""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from data.domain.errors import DoorcastError
from data.storage.contacts import Contact
from data.storage.store import Store
from maps.brand import NO_BRAND, Brand
from maps.choose_language import spoken
from serving.finding.look_up import LookUp
from serving.mailing.letters import opening_letter
from serving.mailing.outbox import Outbox

__all__ = ["OPENING_MINUTES", "LinkDesk"]

OPENING_MINUTES = 15
"""How long a mailed link can be exchanged: long enough for a slow mailbox, short enough for a forwarded one."""

LONGEST_PAUSE_MS = 2_000
NOBODY = Contact("nobody@example.invalid", "")
"""Stands in the letter that is written and thrown away (RFC 2606: this name never resolves)."""


def pause_seconds() -> float:
    """Draw how long a note lies before it is read, so that the time of the work tells nothing about its request."""
    return secrets.randbelow(LONGEST_PAUSE_MS) / 1_000


class LinkDesk:
    """Take notes and work them off."""

    def __init__(
        self,
        store: Store,
        look_up: LookUp,
        outbox: Outbox,
        *,
        address: str,
        clock: Callable[[], datetime],
        pause: Callable[[], float],
        brand: Brand = NO_BRAND,
    ) -> None:
        self._store = store
        self._look_up = look_up
        self._outbox = outbox
        self._address = address
        self._clock = clock
        self._pause = pause
        self._brand = brand

    @property
    def mails(self) -> bool:
        """Say whether links can be mailed here."""
        return self._outbox.posts

    def ask(self, number: str, fact: str) -> None:
        """Leave a note; returns at once."""
        self._outbox.later(lambda: self._answer(number, fact), after_seconds=self._pause())

    def close(self) -> None:
        """Stop; what was not posted is forgotten, and whoever waits asks again."""
        self._outbox.close()

    def _answer(self, number: str, fact: str) -> None:
        try:
            match = self._look_up.match(number, fact, now=self._clock())
            contact = self._store.contacts.of(match.order_id if match else "")
            shipment_id = match.shipment_id if match and contact else None
            link = self._store.opening_links.issue(shipment_id, expires_at=self._clock() + timedelta(minutes=OPENING_MINUTES))
            written_to = contact or NOBODY
            asked = spoken(written_to.language)
            url = f"{self._address}/track/{link}/open" + (f"?lang={asked.code}" if asked else "")
            order_id = match.order_id if match else ""
            letter = opening_letter(written_to, order_id=order_id, url=url, minutes=OPENING_MINUTES, brand=self._brand)
        except DoorcastError as error:  # the database is away; the reason names no number
            structlog.get_logger("doorcast.finding").error("a link could not be made", reason=type(error).__name__)
            return
        if shipment_id is not None:
            self._outbox.post(letter)
