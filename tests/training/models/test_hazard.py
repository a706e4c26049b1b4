"""The daily hazard learns from open shipments and obeys its signs."""

import numpy as np
import pytest

from data.domain.errors import TooLittleData
from tests.training.models.rows import HOUR, MONDAY_NOON, make_matrix, make_problem, make_rows
from training.models.hazard import DailyHazard


def orders(n=2000, *, seed=1, days=40, median_hours=120.0):
    """Orders of 40 days, looked at on the last: the newest are mostly open. One level says how slow a lane is."""
    rng = np.random.default_rng(seed)
    at = MONDAY_NOON + (rng.uniform(0, days * 24, n) * HOUR).astype(np.int64)
    level = rng.uniform(0.6, 1.6, n)
    hours = median_hours * level * np.exp(rng.normal(0, 0.35, n))
    followed = (MONDAY_NOON + days * 24 * HOUR - at) / HOUR
    return make_rows(n, at=at), make_matrix(level=level, noise=rng.normal(size=n)), hours, hours <= followed, followed


@pytest.fixture(scope="module")
def fitted():
    rows, matrix, hours, delivered, followed = orders()
    return DailyHazard.fit(matrix, make_problem(rows, np.where(delivered, hours, followed), delivered), rounds=60)


def test_open_orders_keep_the_forecast_of_new_ones_honest(fitted):
    """Trained on delivered orders only, forecasts come too early; with the open ones their error is smaller."""
    rows, matrix, hours, delivered, _ = orders()
    came = np.flatnonzero(delivered)
    only = DailyHazard.fit(matrix.rows(came), make_problem(rows.take(came), hours[came]), rounds=60)
    new_rows, new_matrix, truth, *_ = orders(seed=2)
    error = {
        name: np.abs(model.predict(new_matrix, new_rows).quantile((0.5,))[:, 0] - truth).mean()
        for name, model in (("all", fitted), ("only", only))
    }

    assert error["all"] < error["only"]


def test_a_slower_lane_never_arrives_earlier(fitted):
    """The remaining time rises with a column that says so, whatever the rest."""
    rows = make_rows(40)
    matrix = make_matrix(level=np.linspace(0.3, 3.0, 40), noise=np.zeros(40))
    quantiles = fitted.predict(matrix, rows).quantile((0.1, 0.5, 0.9))

    assert (np.diff(quantiles, axis=0) >= -1e-9).all()


def test_windows_hold_what_they_promise(fitted):
    """Before any correction the 80 % window of unseen orders holds 70 to 90 %."""
    rows, matrix, truth, *_ = orders(seed=3)
    low, high = fitted.predict(matrix, rows).quantile((0.1, 0.9)).T

    assert 0.7 <= ((low <= truth) & (truth <= high)).mean() <= 0.9


def test_the_state_answers_bit_by_bit(fitted):
    """A model made again of its state gives the same bits."""
    rows, matrix, *_ = orders(50)
    again = DailyHazard.from_state(fitted.to_state())

    assert np.array_equal(again.predict(matrix, rows).mass, fitted.predict(matrix, rows).mass)


def test_one_row_alone_answers_as_among_many(fitted):
    """The answer to a row does not depend on the rows asked with it."""
    rows, matrix, *_ = orders(300)
    alone, among = np.array([7]), fitted.predict(matrix, rows)

    assert np.array_equal(
        fitted.predict(matrix.rows(alone), rows.take(alone)).quantile((0.1, 0.5, 0.9)), among.quantile((0.1, 0.5, 0.9))[alone]
    )


def test_nothing_delivered_is_too_little():
    """Only open orders teach nothing."""
    rows, matrix, _, _, followed = orders(50)
    with pytest.raises(TooLittleData, match="delivered"):
        DailyHazard.fit(matrix, make_problem(rows, followed, np.zeros(50, bool)))
