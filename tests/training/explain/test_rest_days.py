from datetime import UTC, datetime

from training.explain.rest_days import rest_days


def test_days_of_rest_are_named_by_the_local_calendar():
    """Weekend and holiday between label and door, by the destination's clock."""
    found = rest_days("US", "America/New_York", datetime(2026, 7, 2, 12, tzinfo=UTC), datetime(2026, 7, 6, 3, tzinfo=UTC))

    assert found == ("holiday:2026-07-04 Independence Day", "weekend:2026-07-05")


def test_an_unknown_country_has_weekends_only():
    """Names of zones and countries come from outside."""
    found = rest_days("??", "Nowhere/Land", datetime(2026, 7, 3, tzinfo=UTC), datetime(2026, 7, 4, tzinfo=UTC))

    assert found == ("weekend:2026-07-04",)
