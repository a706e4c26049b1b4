"""Closed, open, half-open."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.domain.errors import Unavailable
from data.sources.http.breaker import Breaker, BreakerState
from tests.fakes.clock import Clock


def test_it_opens_after_failures_in_a_row_and_tries_once_after_its_rest(clock):
    """Three failures open it; after the rest one call tries, a second at the same time does not."""
    breaker = Breaker("there", now=clock, failures=3, rest=timedelta(seconds=30))
    for _ in range(3):
        breaker.enter()
        breaker.failed("it burnt")
    with pytest.raises(Unavailable, match="is not asked until 2026-06-01 12:00:30Z, because it failed: it burnt"):
        breaker.enter()
    clock.passes(seconds=30)
    breaker.enter()
    with pytest.raises(Unavailable, match="is not asked"):
        breaker.enter()
    breaker.succeeded()

    assert breaker.state is BreakerState.CLOSED


def test_a_failed_try_opens_it_again(clock):
    """One failure while trying is enough."""
    breaker = Breaker("there", now=clock, failures=2, rest=timedelta(seconds=30))
    for _ in range(2):
        breaker.failed("it burnt")
    clock.passes(seconds=31)
    breaker.enter()
    breaker.failed("again")

    assert breaker.state is BreakerState.OPEN


def test_success_forgets_failures(clock):
    """Failures count only in a row."""
    breaker = Breaker("there", now=clock, failures=2)
    for _ in range(5):
        breaker.failed("it burnt")
        breaker.succeeded()

    assert breaker.state is BreakerState.CLOSED


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(["ok", "bad", "wait", "unused"]), max_size=60))
def test_it_always_lets_a_call_through_in_the_end(steps):
    """Whatever happened, after a rest without calls one call may enter; and it never enters while open."""
    clock = Clock()
    breaker = Breaker("there", now=clock, failures=3, rest=timedelta(seconds=30))
    for step in steps:
        if step == "wait":
            clock.passes(seconds=10)
            continue
        open_before = breaker.state is BreakerState.OPEN
        try:
            breaker.enter()
        except Unavailable:
            assert open_before
            continue
        assert not open_before
        {"ok": breaker.succeeded, "bad": lambda: breaker.failed("x"), "unused": breaker.released}[step]()
    clock.passes(seconds=31)
    breaker.enter()
