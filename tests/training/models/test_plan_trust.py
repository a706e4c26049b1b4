"""What was learnt of offsets is trusted as far as it held, and not where the plan alone is as good."""

import numpy as np

from training.models.plan_trust import SHY, PlanTrust, bands, best_share

KNOTS = np.array([-48.0, -24.0, 0.0, 0.0, 24.0, 48.0])
USUAL = np.array([0.0, 0.02, 0.1, 0.8, 0.9, 1.0])
LATE = np.array([0.0, 0.0, 0.0, 0.2, 0.5, 1.0])


def test_medians_that_do_not_gain_are_not_moved():
    """A model that says late of shipments that are punctual after all is trusted no more than half."""
    masses = np.tile(LATE, (400, 1))

    assert best_share(KNOTS, masses, USUAL, np.zeros(400)) <= SHY


def test_medians_that_gain_are_trusted_wholly():
    """A model that is right about late shipments keeps its word."""
    rng = np.random.default_rng(1)
    masses = np.tile(LATE, (400, 1))

    assert best_share(KNOTS, masses, USUAL, rng.uniform(10, 40, 400)) == 1.0


def test_a_gain_that_did_not_last_does_not_count():
    """Right in the older half and wrong in the newer one is no gain."""
    offset = np.concatenate([np.full(200, 24.0), np.zeros(200)])

    assert best_share(KNOTS, np.tile(LATE, (400, 1)), USUAL, offset) <= SHY


def test_a_gain_that_failed_in_one_quarter_does_not_count():
    """Right in both halves on the whole, wrong in the third quarter: the median is not moved."""
    rng = np.random.default_rng(1)
    offset = rng.uniform(10, 40, 400)
    offset[200:300] = 0.0
    offset[300:] = 45.0

    assert best_share(KNOTS, np.tile(LATE, (400, 1)), USUAL, offset) <= SHY


def test_the_order_of_risks_survives():
    """However little is trusted, whoever was said to be later stays the later one, band by band."""
    trust = PlanTrust(np.full(6, 0.25), np.tile(USUAL, (6, 1)))
    masses = np.stack([USUAL, (USUAL + LATE) / 2, LATE])
    risk = 1 - trust.blended(masses, np.full(3, 100.0))[:, 3]

    assert np.all(np.diff(risk) > 0)


def test_usual_masses_know_the_side_of_an_atom():
    """The knot below an atom leaves it out, the knot with it counts it."""
    offset, anchor = np.concatenate([np.zeros(300), np.full(100, 30.0)]), np.full(400, 100.0)
    usual = PlanTrust(np.ones(6), np.empty((6, 0))).usual_of(KNOTS, offset, anchor).usual

    assert np.array_equal(usual[bands(anchor)[0]], [0.0, 0.0, 0.0, 0.75, 0.75, 1.0])
