"""No window of a limit ever holds more than it allows."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.domain.errors import InvalidFact, Unavailable
from data.sources.http.budget import Budget, Limit
from data.sources.http.kept import Kept
from tests.fakes.clock import Clock


@settings(max_examples=60, deadline=None)
@given(calls=st.lists(st.tuples(st.floats(0, 40), st.floats(0.5, 6)), max_size=40))
def test_no_stretch_of_time_holds_more_than_allowed(calls):
    """Whatever is asked when: within any minute at most 10 calls are booked, within any ten minutes at most 30."""
    clock, booked = Clock(), []
    with Kept() as kept:
        budget = Budget(kept, "x", [Limit(10, 60, "a minute"), Limit(30, 600, "ten minutes")], now=clock)
        for wait, weight in calls:
            clock.passes(seconds=wait)
            try:
                budget.spend(weight)
            except Unavailable:
                continue
            booked.append((clock().timestamp(), weight))
    for at, _ in booked:
        for most, seconds in ((10, 60), (30, 600)):
            assert sum(weight for then, weight in booked if at - seconds < then <= at) <= most + 1e-9


def test_it_says_when_it_fits_again(clock):
    """The time in the refusal is the time from which it fits."""
    with Kept() as kept:
        budget = Budget(kept, "x", [Limit(10, 60, "a minute")], now=clock)
        budget.spend(6)
        clock.passes(seconds=20)
        budget.spend(4)
        with pytest.raises(Unavailable, match="fits again at 2026-06-01 12:01:01Z"):
            budget.spend(5)
        clock.passes(seconds=41)
        budget.spend(5)

        assert budget.spent(60) == 9


def test_processes_share_a_budget(tmp_path, clock):
    """What one process spent is spent for the next one too, and a service has its own budget."""
    for _ in range(2):
        with Kept(tmp_path / "kept.sqlite3") as kept:
            Budget(kept, "x", [Limit(10, 60, "a minute")], now=clock).spend(5)
    with Kept(tmp_path / "kept.sqlite3") as kept:
        with pytest.raises(Unavailable, match="10 are spent"):
            Budget(kept, "x", [Limit(10, 60, "a minute")], now=clock).spend(1)
        Budget(kept, "y", [Limit(10, 60, "a minute")], now=clock).spend(1)


def test_a_request_larger_than_the_budget_says_so(clock):
    """Waiting would not help: the advice is to ask for less."""
    with Kept() as kept, pytest.raises(Unavailable, match="ask for less at once"):
        Budget(kept, "x", [Limit(10, 60, "a minute")], now=clock).spend(11)


@pytest.mark.parametrize("weight", [0, -1, float("nan")])
def test_a_call_counts_something(clock, weight):
    """A weight that is not positive would let the budget grow."""
    with Kept() as kept, pytest.raises(InvalidFact, match="is none"):
        Budget(kept, "x", [Limit(10, 60, "a minute")], now=clock).spend(weight)


def test_a_file_that_is_no_memory_is_told(tmp_path):
    """It may be deleted; nothing is lost."""
    (tmp_path / "kept.sqlite3").write_bytes(b"no database at all, but long enough to look like one" * 50)
    with pytest.raises(Unavailable, match="may be deleted"):
        Kept(tmp_path / "kept.sqlite3")
