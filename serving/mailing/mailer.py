"""Hand letters to a mail server: the port, and what can become of a letter."""

from dataclasses import dataclass
from email.message import EmailMessage
from enum import StrEnum
from typing import Protocol

__all__ = ["Handed", "HandedOver", "Mailer"]


class HandedOver(StrEnum):
    """Say what became of a letter."""

    TAKEN = "taken"
    """The server has it now."""
    LATER = "later"
    """The server is away, busy or not as the settings say; trying again makes sense."""
    REFUSED = "refused"
    """The server does not want this letter, and will not later."""


@dataclass(frozen=True, slots=True)
class Handed:
    """Hold what became of a letter and why; ``reason`` is for the log and holds no address."""

    result: HandedOver
    reason: str = ""


class Mailer(Protocol):
    """The port: a mail server. `hand` blocks for seconds at most and raises nothing."""

    def hand(self, letter: EmailMessage) -> Handed:
        """Hand one letter over; its sender is added here."""
        ...
