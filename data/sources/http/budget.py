"""Spend calls of a service within its limits, and refuse before a limit is hit."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from data.domain.errors import InvalidFact, Unavailable
from data.sources.http.kept import Kept

__all__ = ["Budget", "Limit"]


@dataclass(frozen=True, slots=True)
class Limit:
    """Allow so many calls within any stretch of so many seconds; ``name`` is said in refusals (``a minute``)."""

    most: float
    seconds: float
    name: str

    def __post_init__(self) -> None:
        if not (self.most > 0 and self.seconds > 0):
            raise InvalidFact(f"a limit of {self.most} calls in {self.seconds} seconds allows nothing; give positive numbers.")


class Budget:
    """Count the calls of one service over sliding windows.

    A sliding window never allows more than a provider's fixed minute, hour or day does, whenever that begins. What was spent is kept, so
    that commands run one after another, or at the same time, share one budget.
    """

    def __init__(self, kept: Kept, service: str, limits: Sequence[Limit], *, now: Callable[[], datetime]) -> None:
        self._kept, self._service, self._limits, self._now = kept, service, tuple(limits), now

    def spend(self, weight: float = 1.0) -> None:
        """Book a call that counts ``weight`` times; raises `Unavailable` and books nothing when a limit would be passed.

        A call is booked before it is made: one that fails may have been counted by the provider.
        """
        if not weight > 0:
            raise InvalidFact(f"a call of weight {weight} is none; weights are positive.")
        at = self._now().timestamp()
        longest = max((limit.seconds for limit in self._limits), default=0.0)
        with self._kept.writing() as connection:
            connection.execute("DELETE FROM spendings WHERE service = ? AND at <= ?", (self._service, at - longest))
            spent = connection.execute("SELECT at, weight FROM spendings WHERE service = ? ORDER BY at", (self._service,)).fetchall()
            for limit in self._limits:
                self._check(limit, [(then, w) for then, w in spent if then > at - limit.seconds], weight)
            connection.execute("INSERT INTO spendings VALUES (?, ?, ?)", (self._service, at, weight))

    def spent(self, seconds: float) -> float:
        """Give the calls booked within the last so many seconds."""
        since = self._now().timestamp() - seconds
        with self._kept.writing() as connection:
            query = "SELECT COALESCE(SUM(weight), 0) FROM spendings WHERE service = ? AND at > ?"
            return float(connection.execute(query, (self._service, since)).fetchone()[0])

    def _check(self, limit: Limit, spent: list[tuple[float, float]], weight: float) -> None:
        total = sum(w for _, w in spent)
        if total + weight <= limit.most:
            return
        if weight > limit.most:
            raise Unavailable(
                f"one request to {self._service} counts as {weight:g} calls, the budget allows {limit.most:g} {limit.name}; ask for less at once."
            )
        free, over = 0.0, total + weight - limit.most
        for then, w in spent:
            over -= w
            if over <= 0:
                free = then + limit.seconds
                break
        again = datetime.fromtimestamp(free, UTC) + timedelta(seconds=1)
        raise Unavailable(
            f"the budget of {self._service} allows {limit.most:g} calls {limit.name}; {total:g} are spent and this request counts {weight:g}. "
            f"It fits again at {again:%Y-%m-%d %H:%M:%S}Z."
        )
