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
    """Whatever is shared with whom, and whatever phase each is in, no eigenvalue is negative and the diagonal is one."""
    rng = np.random.default_rng(3)
    shares = {"checkout": {**TRUE, "order": 0.5}, "start": dict(TRUE), "way": dict.fromkeys(RELATIONS, 0.02)}
    dependence = Dependence(shares, dict.fromkeys(PHASES, 1))
    for _ in range(20):
        words = {name: rng.integers(0, 3, 6).astype(str).astype(object) for name in RELATIONS}
        found = dependence.correlation(Shared(words), rng.choice(PHASES, 6).astype(object))

        assert np.linalg.eigvalsh(found).min() > -1e-12
        assert (np.diag(found) == 1).all()


def test_what_is_unknown_is_not_shared():
    """Two shipments whose origin nobody knows do not come from the same place."""
    dependence = Dependence({phase: dict(TRUE) for phase in PHASES}, dict.fromkeys(PHASES, 1))
    words = {name: np.array(["", ""], dtype=object) for name in RELATIONS} | {"order": np.array(["A", "A"], dtype=object)}

    assert dependence.correlation(Shared(words), np.array(["start", "start"], dtype=object))[0, 1] == pytest.approx(TRUE["order"])


def test_the_state_is_plain_and_comes_back():
    """It goes into a bundle and out of it."""
    scores, shared = drawn(TRUE, orders=60)
    found = Dependence.fit(scores, shared, np.where(np.arange(len(scores)) % 2 == 0, "start", "way").astype(object))
    check_plain(found.to_state())

    assert Dependence.from_state(found.to_state()) == found


def test_an_impossible_delivery_has_a_finite_score():
    """Levels 0 and 1 are kept away from infinity."""
    assert np.isfinite(normal_scores(np.array([0.0, 0.5, 1.0]))).all()


def orders(n):
    """Two shipments of each of *n* orders that hang together completely, and share nothing else."""
    scores = np.repeat(np.random.default_rng(5).normal(size=n), 2)
    nothing = np.full(2 * n, "", dtype=object)
    order = np.repeat(np.arange(n), 2).astype(str).astype(object)
    return scores, Shared(dict.fromkeys(RELATIONS, nothing) | {"order": order})


LABELS = Dependence({**Dependence.nothing().shares, "start": dict(TRUE), "way": dict(TRUE)}, {"checkout": 0, "start": 500, "way": 500})


def test_a_bundle_of_before_asks_the_labels_at_checkout():
    """It knows no phase of its own for checkouts and loads; what labels showed answers, and says so."""
    state = LABELS.to_state()
    old = Dependence.from_state({name: {phase: part[phase] for phase in ("start", "way")} for name, part in state.items()})

    assert old == LABELS
    assert (old.learnt_from("checkout"), old.learnt_from("start")) == ("start", "start")
    assert old.explained("checkout") == TRUE


def test_where_nothing_was_learnt_nothing_is_shared():
    """Labels do not answer for parcels on the way, nor the other way round, and zeros come out."""
    only_way = Dependence({**Dependence.nothing().shares, "way": dict(TRUE)}, {"checkout": 0, "start": 0, "way": 9})

    assert only_way.learnt_from("checkout") is None
    assert only_way.learnt_from("start") is None
    assert sum(only_way.explained("checkout").values()) == 0


def test_checkouts_are_learnt_by_themselves_and_few_lean_on_the_labels():
    """Three orders move the labels' share a little, a thousand decide; what labels and ways showed stays."""
    few, many = (LABELS.learning("checkout", *orders(n)) for n in (3, 1000))

    assert TRUE["order"] < few.shares["checkout"]["order"] < 0.5 < many.shares["checkout"]["order"]
    assert many.learnt_from("checkout") == "checkout"
    assert (many.shares["start"], many.shares["way"]) == (TRUE, TRUE)


def test_no_scores_leave_a_phase_unlearnt():
    """An empty table says nothing and raises nothing."""
    empty = Shared({name: np.empty(0, dtype=object) for name in RELATIONS})

    assert Dependence.nothing().learning("checkout", np.empty(0), empty) == Dependence.nothing()


def test_two_phases_share_the_geometric_mean():
    """A parcel without a label and one with: between what each phase shares."""
    dependence = Dependence(
        {phase: {**dict.fromkeys(RELATIONS, 0.0), "order": share} for phase, share in (("checkout", 0.64), ("start", 0.16), ("way", 0.0))},
        dict.fromkeys(PHASES, 1),
    )
    same = Shared({name: np.array(["A", "A"], dtype=object) for name in RELATIONS})

    assert dependence.correlation(same, np.array(["checkout", "start"], dtype=object))[0, 1] == pytest.approx(0.32)
