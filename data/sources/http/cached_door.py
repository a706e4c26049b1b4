"""Ask a service through its door, once: an answer that made sense is kept for as long as it holds."""

import contextlib
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import orjson

from data.domain.errors import InvalidFact
from data.sources.http.answer_cache import AnswerCache
from data.sources.http.door import Answer, HttpDoor

__all__ = ["CachedDoor", "Question"]

Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Question:
    """Hold a question: where, what, what it counts and how long its answer holds. ``secret`` parameters are in no cache key."""

    path: str
    params: Mapping[str, str]
    holds: timedelta
    weight: float = 1.0
    secret: Mapping[str, str] = field(default_factory=dict)


class CachedDoor:
    """Hold a door and a cache; safe to share between threads."""

    def __init__(self, door: HttpDoor, cache: AnswerCache, *, now: Callable[[], datetime]) -> None:
        self._door, self._cache, self._now = door, cache, now

    @property
    def service(self) -> str:
        """Name the service."""
        return self._door.service

    def ask(self, question: Question, read: Callable[[object], Read], refused: Callable[[Answer], Exception]) -> tuple[Read, datetime]:
        """Give what ``read`` makes of the answer, and when it was fetched (UTC, whole seconds).

        ``read`` raises `InvalidFact` for an answer that makes no sense: it is not kept, counts as a failure of the service and becomes
        `Unavailable`. ``refused`` gives the error for an answer that is not 200.
        """
        key = hashlib.sha256(orjson.dumps([self._door.base_url, question.path, sorted(question.params.items())])).hexdigest()
        kept = self._cache.get(key)
        if kept is not None:
            with contextlib.suppress(InvalidFact):  # kept by another version of Doorcast: asked for anew
                return read(kept[0]), kept[1]
        answer = self._door.get(question.path, {**question.params, **question.secret}, weight=question.weight)
        if answer.status != 200:
            raise refused(answer)
        try:
            found = read(answer.body)
        except InvalidFact as error:
            raise self._door.distrust(str(error)) from error
        at = self._now().astimezone(UTC).replace(microsecond=0)
        self._cache.put(key, answer.body, fetched_at=at, holds=question.holds)
        return found, at
