"""Percentiles and probabilities are told by the destination's calendar."""

from datetime import UTC, date, datetime, timedelta

import pytest

from training.checkout.dates import PERCENTILES, end_of_day, kept_by, kept_dates, percentiles
from training.distribution import RemainingTime

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
EVENLY = RemainingTime.of([0.0, 100.0], [0.0, 1.0])


def test_percentiles_are_instants_and_dates_at_the_destination():
    """95 hours after Monday noon UTC it is Friday 11:00 UTC; in Auckland it is Friday night, in New York Friday morning."""
    found = {one.level: one for one in percentiles(EVENLY, NOON, "Pacific/Auckland")}

    assert tuple(found) == PERCENTILES
    assert found[0.95].at == NOON + timedelta(hours=95)
    assert found[0.5].date == date(2026, 6, 4)
    assert {one.level: one.date for one in percentiles(EVENLY, NOON, "America/New_York")}[0.5] == date(2026, 6, 3)


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 8), 23), (date(2026, 11, 1), 25), (date(2026, 6, 1), 24)], ids=["spring", "autumn", "plain"]
)
def test_a_day_ends_at_its_local_midnight(day, hours):
    """Also on the days of 23 and 25 hours."""
    ends = end_of_day(day, "America/Chicago"), end_of_day(day - timedelta(days=1), "America/Chicago")

    assert ends[0] - ends[1] == timedelta(hours=hours)


def test_a_date_is_kept_by_the_end_of_its_day():
    """Monday 24:00 in Brooklyn is sixteen hours after noon UTC."""
    assert kept_by(EVENLY, [NOON], date(2026, 6, 1), "America/New_York") == pytest.approx([0.16])


def test_dates_rise_to_near_certainty():
    """From the day of the order on, to the first that is kept with 99 %."""
    found = kept_dates(EVENLY, NOON, "UTC")
    chances = [one.probability for one in found]

    assert found[0].date == date(2026, 6, 1)
    assert chances == sorted(chances)
    assert chances[-1] >= 0.99 > chances[-2]


def test_a_lost_cause_ends_after_sixty_dates():
    """What takes years gives sixty dates and no endless table."""
    assert len(kept_dates(RemainingTime.of([0.0, 1e6], [0.0, 1.0]), NOON, "UTC")) == 60
