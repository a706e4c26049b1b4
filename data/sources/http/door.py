"""Ask one outside service for JSON: the only place where Doorcast speaks HTTP to the outside.

Whatever the other side does (away, slow, huge, redirecting, not JSON), the caller gets an answer or `Unavailable` within a bounded time.
"""

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import urlsplit

import httpx2
import orjson

from data.domain.errors import InvalidFact, Unavailable
from data.sources.http.breaker import Breaker
from data.sources.http.budget import Budget
from data.sources.http.deadline import Deadline

__all__ = ["Answer", "HttpDoor", "Patience"]

PASSING: Final = frozenset({408, 500, 502, 503, 504})
TOO_MANY: Final = 429
LONGEST_REST: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Patience:
    """Say how long to wait and how often to try: seconds for connecting, between bytes, for one whole answer, and for all tries together."""

    connect_seconds: float = 5.0
    read_seconds: float = 10.0
    answer_seconds: float = 30.0
    all_seconds: float = 60.0
    tries: int = 3
    pause_seconds: float = 0.5


@dataclass(frozen=True, slots=True)
class Answer:
    """Hold a JSON answer: status 200, or a refusal that the service explains in its own words (4xx)."""

    status: int
    body: object


class HttpDoor:
    """Ask one service; safe to share between threads.

    Only GET goes through, so a try again is safe. Tries again: connections that fail or time out, and 408, 500, 502, 503, 504; with
    full jitter, each try on the budget. 429 opens the breaker for as long as the service asks. Redirects are refused, proxies of the environment
    are not used, and the answer must come uncompressed and within ``most_bytes``.
    """

    def __init__(
        self,
        service: str,
        base_url: str,
        *,
        budget: Budget,
        breaker: Breaker,
        now: Callable[[], datetime],
        patience: Patience = Patience(),
        most_bytes: int = 50_000_000,
        proxy: str | None = None,
        rest_of: Callable[[object, datetime], timedelta | None] = lambda _body, _now: None,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        """``rest_of`` reads from the body of a 429, and the present instant, how long the service wants to be left alone."""
        scheme, _, rest = base_url.partition("://")
        if scheme not in {"http", "https"} or not host_of(base_url) or any(mark in rest for mark in "?#@ "):
            raise InvalidFact(f"the address of {service} must be http(s)://host[:port][/path], without user, query or fragment.")
        self.service, self.base_url = service, base_url.rstrip("/")
        self._budget, self._breaker, self._now, self._patience = budget, breaker, now, patience
        self._most_bytes, self._rest_of, self._sleep, self._jitter = most_bytes, rest_of, sleep, jitter
        self._client = httpx2.Client(
            timeout=httpx2.Timeout(patience.read_seconds, connect=patience.connect_seconds),
            follow_redirects=False,
            trust_env=False,
            proxy=proxy,
            # A new connection each time: the deadline must know the socket of its own request.
            limits=httpx2.Limits(max_keepalive_connections=0),
            headers={"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "doorcast"},
        )

    def get(self, path: str, params: Mapping[str, str] | None = None, *, weight: float = 1.0) -> Answer:
        """Ask for ``path`` below the base address; ``weight`` is what the provider counts. Raises `Unavailable`, never telling parameters."""
        started = time.monotonic()
        attempt = 0
        while True:
            attempt += 1
            self._breaker.enter()
            try:
                self._budget.spend(weight)
                answer = self._once(path, params or {}, self._patience.all_seconds - (time.monotonic() - started))
            except _TryAgainError as error:
                self._breaker.failed(str(error))
                pause = self._patience.pause_seconds * 2 ** (attempt - 1) * self._jitter()
                left = self._patience.all_seconds - (time.monotonic() - started) - pause
                if attempt >= self._patience.tries or left <= 0:
                    raise Unavailable(f"{self.service} is away ({attempt} tries): {error}") from error
                self._sleep(pause)
            except _RestError as error:
                self._breaker.rest(error.duration, str(error))
                raise Unavailable(f"{self.service} asks to be left alone: {error}") from error
            except _UnreadableError as error:
                self._breaker.failed(str(error))
                raise Unavailable(f"{self.service} gave an answer that cannot be used: {error}") from error
            except BaseException:
                self._breaker.released()
                raise
            else:
                self._breaker.succeeded()
                return answer

    def distrust(self, why: str) -> Unavailable:
        """Count an answer that was JSON but made no sense as a failure; gives the error to raise."""
        self._breaker.failed(why)
        return Unavailable(f"{self.service} gave an answer that cannot be used: {why}")

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def _once(self, path: str, params: Mapping[str, str], left_seconds: float) -> Answer:
        seconds = min(self._patience.answer_seconds, left_seconds)
        with Deadline(seconds) as deadline:
            try:
                request = self._client.build_request("GET", self.base_url + path, params=dict(params))
                request.extensions = {**request.extensions, "trace": deadline.trace}
                response = self._client.send(request, stream=True)
                try:
                    return self._read(response)
                finally:
                    response.close()
            except httpx2.InvalidURL as error:
                raise _UnreadableError("its address is no address") from error
            except httpx2.TransportError as error:
                if deadline.passed:
                    raise _UnreadableError(f"it took longer than {seconds:.0f} s") from error
                raise _TryAgainError(f"{type(error).__name__} ({host_of(self.base_url)})") from error

    def _read(self, response: httpx2.Response) -> Answer:
        status = response.status_code
        if 300 <= status < 400:
            there = host_of(response.headers.get("location", ""))
            raise _UnreadableError(f"it redirects to {there or 'elsewhere'}, which is not followed; set its real address")
        if status in PASSING:
            raise _TryAgainError(f"HTTP {status}")
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            raise _UnreadableError("it is compressed, although that was not asked for")
        body = bytearray()
        for chunk in response.iter_raw():
            body += chunk
            if len(body) > self._most_bytes:
                raise _UnreadableError(f"it is longer than {self._most_bytes:,} bytes")
        found = parsed(bytes(body))
        if status == TOO_MANY:
            raise self._too_many(response, found)
        if found is NOT_JSON:
            raise _UnreadableError(f"HTTP {status} is not JSON")
        if status == 200 or 400 <= status < 500:
            return Answer(status, found)
        raise _UnreadableError(f"HTTP {status} is unexpected")

    def _too_many(self, response: httpx2.Response, body: object) -> "_RestError":
        now = self._now()
        asked = retry_after(response.headers.get("retry-after"), now)
        rest = asked or (None if body is NOT_JSON else self._rest_of(body, now)) or timedelta(minutes=1)
        return _RestError("HTTP 429, too many requests", min(max(rest, timedelta(seconds=1)), LONGEST_REST))


NOT_JSON: Final = object()


def host_of(url: str) -> str | None:
    """Give the host of an address, printable; ``None`` without one."""
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return None
    return "".join(c for c in host[:100] if c.isprintable()) if host else None


def parsed(body: bytes) -> object:
    """Read JSON strictly (no NaN, no endless depth); `NOT_JSON` for anything else."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return NOT_JSON


def retry_after(header: str | None, now: datetime) -> timedelta | None:
    """Read the header Retry-After: seconds or a date (RFC 9110)."""
    if header is None:
        return None
    if header.strip().isdigit():
        return timedelta(seconds=min(int(header.strip()[:9]), int(LONGEST_REST.total_seconds())))
    try:
        return parsedate_to_datetime(header) - now
    except (ValueError, TypeError, OverflowError):
        return None


class _TryAgainError(Exception):
    """A passing failure."""


class _UnreadableError(Exception):
    """An answer that would be the same again, or that must not be trusted."""


class _RestError(Exception):
    """The service wants to be left alone for a while."""

    def __init__(self, message: str, duration: timedelta) -> None:
        super().__init__(message)
        self.duration = duration
