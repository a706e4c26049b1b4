"""The latest order time is searched, because the chance falls in steps and not always."""

from datetime import UTC, datetime, timedelta

import pytest

from data.domain.errors import InvalidFact
from training.checkout.latest import latest_order

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
WEDNESDAY = datetime(2026, 6, 4, tzinfo=UTC)


def kept_until(*changes: datetime):
    """Gives 0.95 until the first change, 0.5 until the next, and so on."""

    def chance(orders):
        return [0.95 if sum(order > change for change in changes) % 2 == 0 else 0.5 for order in orders]

    return chance


def test_a_cut_off_is_found_to_the_minute():
    """Orders until Tuesday 14:37 keep the date."""
    cut_off = datetime(2026, 6, 2, 14, 37, tzinfo=UTC)
    found = latest_order(kept_until(cut_off), since=NOW, until=WEDNESDAY, probability=0.9)

    assert found.order_by == found.last_chance == cut_off
    assert found.now == 0.95


def test_a_countdown_ends_where_the_first_gap_begins():
    """Where the chance falls and rises again, every order until `order_by` keeps the date, and `last_chance` is told beside it."""
    gap, again, end = NOW + timedelta(hours=5, minutes=10), NOW + timedelta(hours=9, minutes=30), NOW + timedelta(hours=20, minutes=45)
    found = latest_order(kept_until(gap, again, end), since=NOW, until=WEDNESDAY, probability=0.9)

    assert (found.order_by, found.last_chance) == (gap, end)


def test_what_is_too_late_now_may_be_well_tomorrow():
    """An order now does not keep it, a later one does: there is no countdown, but a last chance."""
    found = latest_order(
        kept_until(NOW - timedelta(hours=1), NOW + timedelta(hours=3), NOW + timedelta(hours=6)),
        since=NOW,
        until=WEDNESDAY,
        probability=0.9,
    )

    assert found.order_by is None
    assert found.last_chance == NOW + timedelta(hours=6)


def test_nothing_keeps_a_hopeless_date():
    """Neither instant is named."""
    found = latest_order(lambda orders: [0.2] * len(orders), since=NOW, until=WEDNESDAY, probability=0.9)

    assert (found.order_by, found.last_chance, found.now) == (None, None, 0.2)


def test_orders_end_before_the_date_does():
    """Where every order keeps the date, the last one is made in the minute before it is over."""
    found = latest_order(lambda orders: [1.0] * len(orders), since=NOW, until=WEDNESDAY, probability=0.9)

    assert found.order_by == WEDNESDAY - timedelta(minutes=1)


def test_hours_are_asked_once_and_minutes_by_bisection():
    """60 hours and one cut-off cost one question of 60 orders and at most six of one."""
    asked = []

    def chance(orders):
        asked.append(len(orders))
        return kept_until(NOW + timedelta(hours=3, minutes=20))(orders)

    latest_order(chance, since=NOW, until=WEDNESDAY, probability=0.9)

    assert asked[0] == 60
    assert len(asked) <= 7


@pytest.mark.parametrize(("until", "probability"), [(NOW, 0.9), (WEDNESDAY, 0.0), (WEDNESDAY, 1.5)])
def test_what_makes_no_sense_is_refused(until, probability):
    """A date that is over, a probability outside 0..1."""
    with pytest.raises(InvalidFact):
        latest_order(kept_until(), since=NOW, until=until, probability=probability)
