"""Days are those of the destination."""

from datetime import UTC, datetime

import numpy as np

from data.facts.moments import micros
from training.models.local_days import EPOCH_ORDINAL, LocalDays, days_off, local_day


def of(text):
    return micros(datetime.fromisoformat(text).replace(tzinfo=UTC))


def named(*words):
    return np.array(words, dtype=object)


def test_a_day_begins_at_local_midnight():
    """At 03:00 UTC it is still yesterday in New York and long today in Kolkata."""
    days = local_day(np.array([of("2026-06-02T03:00")] * 2), named("America/New_York", "Asia/Kolkata"))

    assert [str(np.datetime64(int(day), "D")) for day in days] == ["2026-06-01", "2026-06-02"]


def test_the_night_of_a_changed_clock_is_counted():
    """The day on which clocks go forward has 23 hours."""
    days = LocalDays(np.array([of("2026-03-08T06:00")]), named("America/New_York"), named("US"), 2)

    assert np.diff(days.start_hours()[0]).tolist() == [23.0, 24.0, 24.0]


def test_weekends_and_holidays_are_off():
    """Friday 3 July 2026 stands in for Independence Day in the United States; an unknown country has weekends only."""
    first = datetime(2026, 7, 2).toordinal() - EPOCH_ORDINAL

    assert days_off("US", first, first + 4).tolist() == [False, True, True, True, False]
    assert days_off("", first, first + 4).tolist() == [False, False, True, True, False]


def test_an_unknown_zone_counts_as_utc():
    """A zone that nobody knows does not stop a forecast."""
    assert (
        local_day(np.array([of("2026-06-02T03:00")]), named("Mars/Olympus"))[0]
        == local_day(np.array([of("2026-06-02T03:00")]), named("UTC"))[0]
    )
