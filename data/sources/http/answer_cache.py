"""Remember answers by their request, so that the same question is not paid for twice."""

import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import orjson

from data.sources.http.kept import Kept

__all__ = ["AnswerCache"]


class AnswerCache:
    """Keep JSON answers for as long as they hold; a damaged entry counts as none."""

    def __init__(self, kept: Kept, *, now: Callable[[], datetime]) -> None:
        self._kept, self._now = kept, now

    def get(self, request: str) -> tuple[object, datetime] | None:
        """Give the answer to a request and when it was fetched (UTC); ``None`` when there is none that still holds."""
        with self._kept.writing() as connection:
            query = "SELECT body, fetched_at FROM answers WHERE request = ? AND until > ?"
            row = connection.execute(query, (request, self._now().timestamp())).fetchone()
        if row is None:
            return None
        try:
            return orjson.loads(zlib.decompress(row[0])), datetime.fromtimestamp(row[1], UTC)
        except (zlib.error, orjson.JSONDecodeError):
            return None

    def put(self, request: str, answer: object, *, fetched_at: datetime, holds: timedelta) -> None:
        """Keep an answer; those whose time is over are forgotten."""
        body = zlib.compress(orjson.dumps(answer), 1)
        with self._kept.writing() as connection:
            connection.execute("DELETE FROM answers WHERE until <= ?", (self._now().timestamp(),))
            values = (request, fetched_at.timestamp(), (fetched_at + holds).timestamp(), body)
            connection.execute("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?)", values)
