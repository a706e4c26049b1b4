"""The priced promise is the newsvendor's answer on a table of dates."""

from datetime import date, timedelta

import pytest

from data.domain.errors import InvalidFact
from training.checkout.dates import Kept
from training.checkout.priced import best_promise, worth

CHANCES = (0.1, 0.6, 0.62, 0.9, 0.99)
TABLE = [Kept(date(2026, 6, 1) + timedelta(days=number), chance) for number, chance in enumerate(CHANCES)]


@pytest.mark.parametrize(
    ("broken_cost", "value_per_day", "day"),
    [(0, 1, 1), (1, 1, 1), (3, 1, 2), (10, 1, 4), (100, 1, 5), (5, 0, 5), (0, 0, 1)],
    ids=["nothing to lose", "in a hurry", "balanced", "careful", "dear", "days are free", "all the same"],
)
def test_the_date_of_the_highest_worth_is_promised(broken_cost, value_per_day, day):
    """A later date is taken as long as what it adds to the chance, times the cost, is worth more than the days."""
    assert best_promise(TABLE, broken_cost=broken_cost, value_per_day=value_per_day).date.day == day


def test_a_quiet_sunday_is_jumped_over():
    """The third day alone is not worth a day, the fourth is worth both: every date is looked at, not the first top only."""
    found = worth(TABLE, broken_cost=10, value_per_day=1)

    assert found[2].worth < found[1].worth < found[3].worth


def test_worth_is_what_the_formula_says():
    """Two days at 1.5 and a chance of 38 % of losing 20."""
    assert worth(TABLE, broken_cost=20, value_per_day=1.5)[2].worth == pytest.approx(-2 * 1.5 - 20 * 0.38)


@pytest.mark.parametrize("cost", [-1.0, float("nan"), float("inf")])
def test_a_price_is_a_finite_number(cost):
    """The message names the value."""
    with pytest.raises(InvalidFact, match=str(cost)):
        worth(TABLE, broken_cost=cost, value_per_day=1)
