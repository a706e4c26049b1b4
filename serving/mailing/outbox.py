"""Work through letters and what leads to them in one thread, each at its time; a letter that cannot go now is tried again."""

import heapq
import threading
import time
from collections.abc import Callable
from email.message import EmailMessage
from itertools import count

import structlog

from serving.mailing.mailer import HandedOver, Mailer

__all__ = ["Outbox"]

MOST_WAITING = 1_000
"""Works that may wait; more are dropped, because limits let far fewer in and memory is not for an attacker to fill."""
PAUSES_SECONDS = (20.0, 60.0, 180.0)
"""Before the second, third and fourth try: a link lives 15 minutes, a later one would arrive dead."""

CLOSING_SECONDS = 5.0
"""How long closing waits for a letter that is just being handed over; the server would otherwise hang with a hung mail server."""

Work = Callable[[], None]


class Outbox:
    """Hold what waits, in memory: after a restart whoever misses a letter asks again. The thread starts with the first work."""

    def __init__(self, mailer: Mailer | None, *, pauses_seconds: tuple[float, ...] = PAUSES_SECONDS) -> None:
        self._mailer = mailer
        self._pauses_seconds = pauses_seconds
        self._waiting: list[tuple[float, int, Work]] = []
        self._numbers = count()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closed = False
        self._full = False
        self._log = structlog.get_logger("doorcast.mail")

    @property
    def posts(self) -> bool:
        """Say whether there is a mail server to post to."""
        return self._mailer is not None

    def post(self, letter: EmailMessage) -> None:
        """Send a letter as soon as possible, up to four times; what becomes of it stands in the log, without its address."""
        self.later(lambda: self._try(letter, 0), after_seconds=0)

    def later(self, work: Work, *, after_seconds: float) -> None:
        """Do some work in the thread; a closed outbox forgets it, a full one drops it."""
        with self._changed:
            if self._closed:
                return
            if len(self._waiting) >= MOST_WAITING:
                if not self._full:  # once for each time that it fills: a flood must not flood the log too
                    self._log.error("outbox is full: work is dropped until there is room", waiting=len(self._waiting))
                self._full = True
                return
            self._full = False
            heapq.heappush(self._waiting, (time.monotonic() + after_seconds, next(self._numbers), work))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="doorcast-outbox", daemon=True)
                self._thread.start()
            self._changed.notify()

    def close(self) -> None:
        """Wait a moment for the present work, forget the rest and end."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join(CLOSING_SECONDS)

    def _run(self) -> None:
        while (work := self._next()) is not None:
            try:
                work()
            except Exception as error:  # noqa: BLE001 - one bad letter must not end the thread
                self._log.error("work failed", reason=type(error).__name__)

    def _next(self) -> Work | None:
        with self._changed:
            while not self._closed:
                wait = self._waiting[0][0] - time.monotonic() if self._waiting else None
                if wait is not None and wait <= 0:
                    return heapq.heappop(self._waiting)[2]
                self._changed.wait(wait)
        return None

    def _try(self, letter: EmailMessage, tries: int) -> None:
        if self._mailer is None:
            self._log.error("letter not sent", reason="no mail server is set: DOORCAST_SMTP_HOST")
            return
        handed = self._mailer.hand(letter)
        if handed.result is HandedOver.TAKEN:
            self._log.info("letter sent", tries=tries + 1)
        elif handed.result is HandedOver.LATER and tries < len(self._pauses_seconds):
            self._log.warning("letter waits", reason=handed.reason, tries=tries + 1)
            self.later(lambda: self._try(letter, tries + 1), after_seconds=self._pauses_seconds[tries])
        else:
            self._log.error("letter not sent", reason=handed.reason, tries=tries + 1)
