"""The benchmark on a simulated network compares with the oracle and counts the cells whose windows lie."""

from datetime import timedelta

import numpy as np
import pytest

from data.facts.moments import Moments, micros
from tests.training.little_network import START, little_facts, quick_kinds
from tests.training.models.rows import make_rows
from training.benchmark.simulated import LEVELS, Asked, carrier_hours, pinball_hours, run_simulated, simulated_scores

NORMAL = np.array([-1.6449, -1.2816, -0.6745, 0.0, 0.6745, 1.2816, 1.6449])


def normal_hours(n=2000, *, seed=1):
    """Truths 30 +- 5 hours away, and the quantiles of an oracle that knows it."""
    truth = 30 + 5 * np.random.default_rng(seed).standard_normal(n)
    quantiles = np.tile(30 + 5 * NORMAL, (n, 1))
    return Asked(Moments(np.full(n, "S", dtype=object), np.zeros(n, dtype=np.int64)), truth, quantiles), make_rows(n)


def test_who_says_what_the_oracle_says_loses_as_much():
    """The ratio is 1 everywhere and the windows cover 80 %."""
    asked, rows = normal_hours()
    report = simulated_scores(asked, rows, asked.oracle, {})

    assert report["ratio"] == pytest.approx(1.0)
    assert 0.75 < report["coverage"] < 0.85
    assert report["cells_out_of_range"] == []


def test_a_window_too_narrow_is_named():
    """Half the width costs loss and coverage, in every cell with enough rows."""
    asked, rows = normal_hours()
    report = simulated_scores(asked, rows, 30 + (asked.oracle - 30) / 2, {"plan": np.full((2000, 7), np.nan)})

    assert report["ratio"] > 1.02
    assert set(report["cells_out_of_range"]) == set(report["cells"])
    assert report["pinball_hours"]["plan"]["share"] == 0.0


def test_loss_is_the_mean_over_the_levels():
    """One hour too late costs the mean of one minus the level."""
    assert pinball_hours(np.array([1.0]), np.full((1, len(LEVELS)), 2.0))[0] == pytest.approx(np.mean(1 - np.array(LEVELS)))


def test_it_trains_before_the_cut_and_judges_after_it(monkeypatch):
    """On a little network it answers the asked moments of shipments that arrived, with live history, beside the lane table."""
    quick_kinds(monkeypatch)
    facts, cut = little_facts(500), START + timedelta(days=45)
    at = micros(cut + timedelta(days=2))
    created = facts.shipments["created_at"].dt.epoch("us").to_numpy()
    ends = facts.scans.filter(facts.scans["status"] == "delivered").select(
        "shipment_id", end=facts.scans.filter(facts.scans["status"] == "delivered")["occurred_at"].dt.epoch("us")
    )
    known = dict(ends.iter_rows())
    ids = [s for s, c in zip(facts.shipments["shipment_id"], created, strict=True) if c < at and known.get(s, at + 1) > at]
    hours = np.array([(known[s] - at) / 3.6e9 if s in known else np.nan for s in ids])
    asked = Asked(Moments(np.array(ids, dtype=object), np.full(len(ids), at)), hours, hours[:, None] + np.linspace(-6, 6, len(LEVELS)))
    report = run_simulated(facts, asked, cut=cut)

    assert 0 < report["n_test"] <= np.isfinite(hours).sum()
    assert report["pinball_hours"]["doorcast"] > report["pinball_hours"]["oracle"] > 0
    assert "lane_table" in report["pinball_hours"]
    assert np.isnan(carrier_hours(facts, asked.moments)).all()
