from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.domain.forecasts import Forecast, Target, Window
from serving.still_open import late_after, mass_passed, still_open
from tests.fakes.forecaster import LEVELS
from tests.makers import after


def forecast(hours: list[float], late: float | None = 0.3) -> Forecast:
    quantiles = tuple((level, after(hour)) for level, hour in zip(LEVELS, sorted(hours), strict=True))
    at = dict(quantiles)
    return Forecast("F", "S", Target.DELIVERED, after(0), after(0), quantiles, Window(at[0.1], at[0.9], 0.8), late, (), "m", "d", "UTC")


STORED = forecast([2, 4, 10, 20, 30, 36, 40])
HOURS = st.lists(st.floats(0.01, 1000), min_size=7, max_size=7)


def test_at_its_own_moment_a_forecast_is_shown_as_it_is():
    """Nothing has passed: the stored numbers stand."""
    shown = still_open(STORED, after(0), promised_at=after(50))

    assert (shown.p10, shown.p50, shown.p90, shown.window) == (after(4), after(20), after(36), STORED.window)
    assert shown.late_probability == 0.3


@pytest.mark.parametrize(("hours", "passed"), [(-1, 0.0), (0, 0.0), (1, 0.025), (4, 0.1), (15, 0.375), (20, 0.5), (99, 0.95)])
def test_mass_passes_along_the_quantiles(hours, passed):
    """Between the stored levels the distribution is a straight line; above the highest it is not known."""
    assert mass_passed(STORED, after(hours)) == pytest.approx(passed)


def test_what_is_left_is_read_again():
    """With 0.1 passed, the new median is the old level 0.1 + 0.5 x 0.9 = 0.55."""
    shown = still_open(STORED, after(4), promised_at=after(50))

    assert shown.p50 == after(20) + timedelta(hours=10) * ((0.55 - 0.5) / 0.25)
    assert shown.late_probability == pytest.approx(0.3 / 0.9)


def test_after_the_promise_it_is_late():
    """Open after the promise is late with certainty, whatever was stored."""
    assert still_open(STORED, after(6), promised_at=after(5)).late_probability == 1.0
    assert late_after(still_open(STORED, after(6), promised_at=None), after(5)) == 1.0


@given(HOURS, st.floats(0, 1500))
def test_nothing_that_is_shown_lies_in_the_past(hours, later):
    """For any distribution at any later moment: now <= p10 <= p50 <= p90, and the window begins now or later."""
    shown = still_open(forecast(hours), after(later), promised_at=None)

    assert after(later) <= shown.p10 <= shown.p50 <= shown.p90
    assert after(later) <= shown.window.start <= shown.window.end


@given(HOURS, st.floats(0, 1000), st.floats(0, 1000))
def test_time_without_a_delivery_only_moves_the_arrival_later(hours, one, other):
    """The later it is asked for, the later every quantile, and the larger the risk."""
    early, late = sorted((one, other))
    before, behind = (still_open(forecast(hours), after(hour), promised_at=None) for hour in (early, late))

    assert before.p50 <= behind.p50 + timedelta(milliseconds=1)
    assert before.late_probability <= behind.late_probability + 1e-9
