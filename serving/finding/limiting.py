"""Count tries before anything is looked up, and say when there were too many.

Every try counts, for numbers that exist and for those that do not, so a refusal tells nothing. A refused try is not counted: the window
moves on while somebody knocks, so nobody is locked out for longer than it is wide.
"""

import math
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from serving.settings import Settings

__all__ = ["Alarm", "Errand", "Limiter", "MovingWindows", "Verdict"]

NETWORK_MINUTES = 10


class Errand(StrEnum):
    """Say what a try is for; each has a window of its own for each number, so that guessing leaves the mailed link open."""

    OPEN = "open"
    """See the journey at once."""
    MAIL = "mail"
    """Have the link mailed."""
    EXCHANGE = "exchange"
    """Turn a mailed link into a journey; names no number."""


class Alarm(StrEnum):
    """Say which pattern was seen."""

    NETWORK = "network"
    """One network asks for many different numbers."""
    EVERYWHERE = "everywhere"
    """All networks together ask for more than the house answers."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Say whether a try may go on: ``retry_after_seconds`` is set when not. ``alarm`` is set once for each window."""

    retry_after_seconds: int | None = None
    alarm: Alarm | None = None


class Limiter(Protocol):
    """The port: count one try of a network; ``number_digest`` names the number without holding it, empty for `Errand.EXCHANGE`."""

    def count(self, errand: Errand, *, network: str, number_digest: str) -> Verdict:
        """Count the try and judge it."""
        ...


class MovingWindows:
    """Count in moving windows in the memory of this process (one worker serves; after a restart the windows begin anew)."""

    def __init__(self, settings: Settings) -> None:
        self._windows = MovingWindowRateLimiter(MemoryStorage())
        self._network = RateLimitItemPerMinute(settings.lookups_per_network, NETWORK_MINUTES, namespace="network")
        self._everywhere = RateLimitItemPerMinute(settings.lookups_per_minute, namespace="everywhere")
        self._number = {
            Errand.OPEN: RateLimitItemPerHour(settings.lookups_per_number, namespace="number"),
            Errand.MAIL: RateLimitItemPerHour(settings.mails_per_number, namespace="mail"),
        }
        self._seen = RateLimitItemPerMinute(1, NETWORK_MINUTES, namespace="seen")
        self._different = RateLimitItemPerMinute(settings.lookup_alarm_numbers, NETWORK_MINUTES, namespace="different")
        self._alarm = RateLimitItemPerMinute(1, NETWORK_MINUTES, namespace="alarm")

    def count(self, errand: Errand, *, network: str, number_digest: str) -> Verdict:
        """Count in the windows of the network, of all networks, and of the number, in this order; the first full one refuses.

        A network that is refused takes nothing from the others' share.
        """
        if not self._windows.hit(self._network, network):
            return Verdict(self._wait(self._network, network))
        if not self._windows.hit(self._everywhere):
            return Verdict(self._wait(self._everywhere), self._once(Alarm.EVERYWHERE, ""))
        number = self._number.get(errand)
        if number is None:
            return Verdict()
        alarm = self._enumerating(network, number_digest)
        if not self._windows.hit(number, number_digest):
            return Verdict(self._wait(number, number_digest), alarm)
        return Verdict(None, alarm)

    def _enumerating(self, network: str, number_digest: str) -> Alarm | None:
        if not self._windows.hit(self._seen, network, number_digest) or self._windows.hit(self._different, network):
            return None
        return self._once(Alarm.NETWORK, network)

    def _once(self, alarm: Alarm, network: str) -> Alarm | None:
        return alarm if self._windows.hit(self._alarm, alarm, network) else None

    def _wait(self, item: RateLimitItem, *names: str) -> int:
        return max(1, math.ceil(self._windows.get_window_stats(item, *names).reset_time - time.time()))
