"""Feedback arrives when a bound falls due, never before, and follows a world that changes."""

import numpy as np
import pytest

from training.calibration.bound_feedback import GAIN, INNER, BoundFeedback
from training.calibration.following import Following
from training.distribution import RemainingTime

DAY = 86_400_000_000
RNG_SEED = 1


def truths(n, factor):
    """Draw forty days of moments and hours: a model says exponential with mean 50; the truth is that times a factor."""
    rng = np.random.default_rng(RNG_SEED)
    return np.sort(rng.integers(0, 40 * DAY, n)), 50 * factor * rng.exponential(size=n)


def stream(n=20_000, *, factor):
    at, hours = truths(n, factor)
    return BoundFeedback.of(at, np.tile(-50 * np.log1p(-INNER), (n, 1)), hours)


def said(n):
    return RemainingTime.of_quantiles(INNER, np.tile(-50 * np.log1p(-INNER), (n, 1)))


def test_nothing_due_changes_nothing():
    """At the start the pace is as said; a parent's pace stands in for it."""
    assert stream(factor=0.6).pace_at(-1) == 1.0
    assert stream(factor=0.6).pace_at(-1, usual=1.4) == pytest.approx(1.4)


@pytest.mark.parametrize("factor", [0.6, 1.0, 1.5])
def test_the_pace_of_the_world_is_found(factor):
    """When all take ``factor`` of the said time, arrivals come at one over that of the said hazard."""
    assert stream(factor=factor).pace_at(40 * DAY) == pytest.approx(1 / factor, rel=0.12)


def test_bounds_that_are_not_due_say_nothing():
    """What happens after the bounds that are due changes nothing, and `known_by` leaves it out."""
    at, hours = truths(4000, 0.6)
    now = 20 * DAY
    later = np.where(at + hours * 3.6e9 > now, 1e6, hours)
    bounds = np.tile(-50 * np.log1p(-INNER), (4000, 1))
    one, other = BoundFeedback.of(at, bounds, hours), BoundFeedback.of(at, bounds, later)

    assert one.pace_at(now) == other.pace_at(now) == one.known_by(now).pace_at(now)
    assert one.known_by(now).due_at.max() <= now


def test_slow_shipments_answer_with_the_fast_ones():
    """A right model is left alone although only fast shipments of the last days have been delivered."""
    at, hours = truths(20_000, 1.0)
    now = 40 * DAY
    known = np.where(at + hours * 3.6e9 <= now, hours, np.inf)

    assert BoundFeedback.of(at, np.tile(-50 * np.log1p(-INNER), (20_000, 1)), known).known_by(now).pace_at(now) == pytest.approx(
        1.0, abs=0.1
    )


def test_a_median_that_was_too_late_is_moved_most_of_the_way():
    """All come in 60 % of the said time: the shown median follows by the gain, and the delay risk with it, in one piece."""
    at, hours = truths(4000, 0.6)
    streams = np.full(4000, "all", dtype=object)
    following = Following.of(said(4000), at, streams, hours, known_by=int(at.max()))
    now = following.apply(said(1), np.array([40 * DAY]), streams[:1])

    assert now.quantile([0.5])[0, 0] == pytest.approx(50 * np.log(2) * 0.6**GAIN, rel=0.08)
    assert now.survival(np.array([100.0]))[0] == pytest.approx(np.exp(-2 / 0.6**GAIN), abs=0.03)


def test_a_small_stream_leans_on_all():
    """Five arrivals tell little: their stream follows the pace of all others."""
    at, hours = truths(4000, 0.6)
    streams = np.full(4000, "many", dtype=object)
    streams[::800] = "few"
    following = Following.of(said(4000), at, streams, hours, known_by=40 * DAY)
    many, few, unheard = following.pace(np.full(3, 40 * DAY), np.array(["many", "few", "unheard"], dtype=object))

    assert few == pytest.approx(many, rel=0.2)
    assert unheard == pytest.approx(many, rel=0.05)


def test_nobody_followed_changes_nothing():
    """Without streams the distribution stays as it is."""
    one = said(1)

    assert Following({}).apply(one, np.array([0]), np.array(["x"], dtype=object)) is one
    assert np.allclose(BoundFeedback.nothing().pace_at(0), 1.0)


def test_an_atom_is_reached_as_a_whole():
    """Seven of ten arrive exactly on schedule, as said: the pace is as said."""
    n, rng = 4000, np.random.default_rng(2)
    at = np.sort(rng.integers(0, 40 * DAY, n))
    bounds = np.interp(INNER, [0, 0.1, 0.11, 0.8, 0.81, 1], [0, 20, 24, 24, 30, 100])
    hours = np.interp(rng.uniform(size=n), [0, 0.1, 0.11, 0.8, 0.81, 1], [0, 20, 24, 24, 30, 100])

    assert BoundFeedback.of(at, np.tile(bounds, (n, 1)), hours).pace_at(40 * DAY) == pytest.approx(1.0, abs=0.12)
