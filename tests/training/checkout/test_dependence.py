"""What shipments share explains how far they come late together."""

import numpy as np
import pytest

from training.checkout.dependence import PHASES, RELATIONS, Dependence, Shared, normal_scores, shares_of
from training.registry.plain import check_plain

TRUE = {"order": 0.25, "origin_day": 0.15, "lane_day": 0.2, "destination_day": 0.1}


def drawn(shares, *, orders=4000, seed=1):
    """Scores of orders of three shipments, made of the effects of what they share."""
    rng = np.random.default_rng(seed)
    n = 3 * orders
    order = np.repeat(np.arange(orders), 3)
    origin = rng.integers(0, 400, n)
    destination = np.repeat(rng.integers(0, 400, orders), 3)
    lane = origin * 1000 + destination
    scores = np.sqrt(1 - sum(shares.values())) * rng.normal(size=n)
    codes = {"order": order, "origin_day": origin, "lane_day": lane, "destination_day": destination}
    # Half of the further shipments leave from where the first one did.
    same = rng.random(n) < 0.5
    origin = np.where(same, np.repeat(origin[::3], 3), origin)
    codes |= {"origin_day": origin, "lane_day": origin * 1000 + destination}
    for name, share in shares.items():
        _, group = np.unique(codes[name], return_inverse=True)
        scores += np.sqrt(share) * rng.normal(size=group.max() + 1)[group]
    return scores, Shared({name: codes[name].astype(str).astype(object) for name in RELATIONS})


def test_true_shares_are_found():
    """From 12,000 scores each share comes out within 0.06."""
    found, groups = shares_of(*drawn(TRUE))

    assert found == pytest.approx(TRUE, abs=0.06)
    assert groups > 1000


def test_nothing_shared_is_found_as_nothing():
    """Independent scores give shares near zero."""
    found, _ = shares_of(*drawn(dict.fromkeys(RELATIONS, 0.0)))

    assert max(found.values()) < 0.04


def test_few_orders_are_hardly_believed():
    """Eight orders that hang together completely are shrunk by half and more."""
    scores, shared = drawn({**dict.fromkeys(RELATIONS, 0.0), "order": 0.95}, orders=8)
    found, _ = shares_of(scores, shared)

    assert sum(found.values()) < 0.6


def test_windows_that_are_too_wide_hide_nothing():
    """Scores are measured against their own spread: half as large ones give the same shares."""
    scores, shared = drawn(TRUE, orders=500)

    assert shares_of(scores / 2, shared)[0] == pytest.approx(shares_of(scores, shared)[0])


def test_a_correlation_is_always_one():
    """Whatever is shared with whom, no eigenvalue is negative and the diagonal is one."""
    rng = np.random.default_rng(3)
    dependence = Dependence({phase: dict(TRUE) for phase in PHASES}, dict.fromkeys(PHASES, 1))
    for _ in range(20):
        words = {name: rng.integers(0, 3, 6).astype(str).astype(object) for name in RELATIONS}
        found = dependence.correlation(Shared(words), "way")

        assert np.linalg.eigvalsh(found).min() > -1e-12
        assert (np.diag(found) == 1).all()


def test_what_is_unknown_is_not_shared():
    """Two shipments whose origin nobody knows do not come from the same place."""
    dependence = Dependence({phase: dict(TRUE) for phase in PHASES}, dict.fromkeys(PHASES, 1))
    words = {name: np.array(["", ""], dtype=object) for name in RELATIONS} | {"order": np.array(["A", "A"], dtype=object)}

    assert dependence.correlation(Shared(words), "start")[0, 1] == TRUE["order"]


def test_the_state_is_plain_and_comes_back():
    """It goes into a bundle and out of it."""
    scores, shared = drawn(TRUE, orders=60)
    found = Dependence.fit(scores, shared, np.where(np.arange(len(scores)) % 2 == 0, "start", "way").astype(object))
    check_plain(found.to_state())

    assert Dependence.from_state(found.to_state()) == found


def test_an_impossible_delivery_has_a_finite_score():
    """Levels 0 and 1 are kept away from infinity."""
    assert np.isfinite(normal_scores(np.array([0.0, 0.5, 1.0]))).all()
