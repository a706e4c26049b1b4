"""A shown window stands until it must change, and the same history always shows the same."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from data.domain.forecasts import Forecast, Window
from data.domain.statuses import Status
from maps.shown_window import Cause, chance_inside, shown_windows
from serving.still_open import still_open
from tests.makers import after
from tests.maps.journeys import make_forecast


def read_now(forecast, at):
    shown = still_open(forecast, at, promised_at=None)
    return replace(forecast, quantiles=shown.quantiles, window=shown.window)


@st.composite
def histories(draw) -> tuple[Forecast, ...]:
    found, as_of = [], 0.0
    for number in range(draw(st.integers(1, 14))):
        as_of += draw(st.floats(0, 9))
        start = as_of + draw(st.floats(0, 60))
        median = start + draw(st.floats(0, 20))
        made = make_forecast(as_of, start, median, median + draw(st.floats(0, 30)), late=draw(st.floats(0, 1)))
        found.append(replace(made, forecast_id=f"F{number}"))
    return tuple(found)


STAGES = st.lists(st.sampled_from([Status.IN_TRANSIT, Status.OUT_FOR_DELIVERY, Status.ATTEMPT_FAILED]), min_size=10, max_size=10)


@settings(deadline=None)
@given(histories(), st.randoms(use_true_random=False), st.floats(0, 200))
def test_any_order_and_repetition_of_the_same_forecasts_shows_the_same(history, random, hours):
    """The fold is over a set: every server shows the same windows."""
    mixed = [*history, *history[:3]]
    random.shuffle(mixed)

    assert shown_windows(mixed, now=after(hours), read_now=read_now) == shown_windows(history, now=after(hours), read_now=read_now)


@settings(deadline=None)
@given(histories(), STAGES, st.floats(0, 200))
def test_no_window_lies_in_the_past_when_it_is_shown(history, stages, hours):
    """A window ends after the moment it is shown from, begins in that hour or later, and is full hours."""
    windows = shown_windows(
        history, now=after(hours), stage_at=lambda at: stages[int((at - after(0)) / timedelta(hours=20)) % 10], read_now=read_now
    )

    for number, window in enumerate(windows):
        assert window.end > window.since or number == 0
        assert window.start <= window.end
        assert window.start > window.since - timedelta(hours=1)
        assert all((at.minute, at.second, at.microsecond) == (0, 0, 0) for at in (window.start, window.end))


@settings(deadline=None)
@given(histories(), st.floats(0, 200), st.floats(0, 60))
def test_later_moments_only_add_windows(history, hours, more):
    """What was shown at a moment does not depend on what came after it."""
    before = shown_windows(history, now=after(hours), read_now=read_now)

    assert shown_windows(history, now=after(hours + more), read_now=read_now)[: len(before)] == before


@settings(deadline=None)
@given(histories(), STAGES)
def test_a_window_never_moves_to_and_fro(history, stages):
    """Between failed attempts a window turns round once at most, whatever the forecasts do."""
    windows = shown_windows(
        history, now=after(300), stage_at=lambda at: stages[int((at - after(0)) / timedelta(hours=20)) % 10], read_now=read_now
    )
    begins = [0, *(number for number, window in enumerate(windows) if window.cause is Cause.ATTEMPT), len(windows)]
    for begin, finish in pairwise(begins):
        moves = [window.direction for window in windows[begin:finish] if window.direction and window.cause is not Cause.RAN_OUT]

        assert sum(a != b for a, b in pairwise(moves)) <= 1


def test_minutes_are_no_change():
    """A forecast that trembles within the hour leaves the window alone."""
    history = tuple(make_forecast(hour, 50 + hour / 100, 57, 66 - hour / 100) for hour in range(12))

    assert len(shown_windows(history, now=after(20))) == 1


def test_a_window_that_lost_half_its_chance_moves():
    """The new forecast leaves 34 % to the old window: it is given up, and the move is one to later."""
    first, second = shown_windows((make_forecast(1, 50, 57, 66), make_forecast(22, 63, 68, 76)), now=after(23))

    assert (second.cause, second.direction, second.start, second.end) == (Cause.LEFT, 1, after(63), after(76))
    assert first.since == after(1)


def test_a_move_back_without_clear_support_widens_the_window():
    """First later, then a little earlier: the old end stays, so nobody is sent home twice."""
    history = (make_forecast(1, 50, 57, 66), make_forecast(22, 63, 68, 76), make_forecast(30, 56, 62.9, 68))
    windows = shown_windows(history, now=after(31))

    assert (windows[-1].start, windows[-1].end, windows[-1].direction) == (after(56), after(76), 0)


def test_the_van_narrows_the_window_and_an_attempt_opens_a_new_one():
    """New stages are shown at once; the day after a failed attempt is no change of mind."""
    stages = {2: Status.IN_TRANSIT, 50: Status.OUT_FOR_DELIVERY, 53: Status.ATTEMPT_FAILED}
    history = (make_forecast(2, 40, 53, 60), make_forecast(50, 51, 53, 56), make_forecast(53, 70, 76, 79))
    windows = shown_windows(history, now=after(54), stage_at=lambda at: stages[max(hour for hour in stages if after(hour) <= at)])

    assert [window.cause for window in windows] == [Cause.FIRST, Cause.OUT, Cause.ATTEMPT]
    assert (windows[-1].start, windows[-1].end) == (after(70), after(79))


def test_a_promise_that_will_be_missed_moves_the_window():
    """The standing flips, so the window that told of the old standing goes."""
    windows = shown_windows((make_forecast(1, 50, 57, 66, late=0.2), make_forecast(20, 54, 63, 74, late=0.7)), now=after(21))

    assert [window.cause for window in windows] == [Cause.FIRST, Cause.PROMISE]


def test_a_window_that_runs_out_is_followed_by_what_is_left():
    """When the end passes without a delivery, the rest of the newest forecast is shown from that moment on."""
    made = make_forecast(1, 3, 6, 9)
    made = replace(made, quantiles=((0.1, after(3)), (0.5, after(6)), (0.9, after(9)), (0.95, after(15))))
    windows = shown_windows((made,), now=after(11), read_now=read_now)

    assert [window.cause for window in windows] == [Cause.FIRST, Cause.RAN_OUT]
    assert windows[1].since == windows[0].end == after(9)
    assert windows[1].end > after(11)


def test_an_exhausted_forecast_shows_nothing_new():
    """Where the newest forecast holds nothing that is still to come, the old window stays behind us and the page says so."""
    windows = shown_windows((make_forecast(1, 3, 6, 9),), now=after(20))

    assert len(windows) == 1
    assert windows[0].end == after(9)


def test_the_chance_of_a_window_is_read_from_the_quantiles():
    """Between the 10 % and the 90 % quantile lie 80 %, and nothing lies before the moment of looking."""
    made = make_forecast(1, 50, 57, 66)

    assert round(chance_inside(made, after(50), after(66)), 3) == 0.8
    assert chance_inside(made, after(0), after(1)) == 0
    assert chance_inside(replace(made, window=Window(after(50), after(50), 0.8)), after(0), after(500)) == 1


def test_no_forecast_shows_no_window():
    """Forecasts of the future do not count yet."""
    assert shown_windows((make_forecast(5, 50, 57, 66),), now=after(4)) == ()
