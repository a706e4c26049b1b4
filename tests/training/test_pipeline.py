"""The whole road: facts in, a judged bundle with its card out; what was judged is what serves."""

import json
from datetime import timedelta

import joblib
import numpy as np
import polars as pl
import pytest

from data.domain.errors import TooLittleData
from data.facts.facts import Facts
from data.facts.moments import Moments
from tests.training.little_network import little_facts, quick_kinds
from training import pipeline
from training.evaluation.judged import judge
from training.periods import cut_periods
from training.pipeline import save, train
from training.registry import Registry

KEY = b"k" * 32


def test_the_model_beats_its_baselines(trained):
    """On a network with lanes, carriers and stages to learn, knowing them helps."""
    error = trained.evaluation.scores["time"]["all"]["mae"]

    assert all(error < baseline for baseline in trained.baseline_errors().values())


def test_windows_hold_on_weeks_never_seen(trained):
    """The 80 % window covers what it says, or a little more: 900 shipments leave the model unsure, and it has to say so."""
    assert 0.72 <= trained.evaluation.scores["time"]["all"]["intervals"]["0.8"]["coverage"] <= 0.94


def test_what_was_judged_is_what_serves(trained, network, tmp_path):
    """The predictor loaded from the registry says, row by row, what was judged."""
    registry = Registry(tmp_path, key=KEY)
    registry.promote(save(trained, registry, reason="test"), reason="test")
    some = Moments(trained.judged.shipment_ids[::20], trained.judged.at[::20])
    again = judge(registry.load().knowing(network, known_by=trained.known_by), network, some, known_by=trained.known_by)
    before = again.select("shipment_id", "at").join(trained.evaluation.rows, on=["shipment_id", "at"], maintain_order="left")

    for column in ("q05", "q50", "q95", "late_probability"):
        np.testing.assert_array_equal(again[column].to_numpy(), before[column].to_numpy())


def test_nothing_heard_after_the_cut_enters_the_model(trained, network, monkeypatch):
    """Changing all that was heard after the model's cut gives the same bundle, text for text: nothing of it was learnt."""
    periods = cut_periods(network)
    later = pl.col("received_at") > periods.cut
    changed = network.scans.with_columns(
        occurred_at=pl.when(later).then(pl.col("occurred_at") - timedelta(hours=5)).otherwise("occurred_at")
    )
    # The cut itself lies where labels are old enough, which the change would move.
    monkeypatch.setattr(pipeline, "cut_periods", lambda facts, until: periods)
    quick_kinds(monkeypatch)
    other = train(Facts(**{**dict(network.tables()), "scans": changed}), most_learnt=2_500, most_judged=900)

    assert joblib.hash(other.bundle) == joblib.hash(trained.bundle)
    assert other.evaluation.scores["time"]["all"]["mae"] != trained.evaluation.scores["time"]["all"]["mae"]


def test_the_card_is_plain_json_with_its_counts(trained, network):
    """Card and manifest can be read by anybody, and say from how much was learnt."""
    card = json.loads(json.dumps(trained.card))

    assert card["provenance"]["counts"]["shipments"] == network.shipments.height
    assert card["provenance"]["counts"]["moments_judged"] == trained.evaluation.rows.height
    assert card["warnings"] == []
    assert b"<svg" in trained.pictures["card.html"]


def test_steps_are_told(network):
    """Progress names every step before it ends; refusing comes before any learning."""
    told = []
    with pytest.raises(TooLittleData):
        train(little_facts(50), progress=lambda step, done, of: told.append((step, done, of)))

    assert told == [("choose moments", 0, 5)]


def test_the_golden_question_travels_light(trained, network):
    """A few shipments travel with the bundle, not the whole store."""
    assert trained.golden.facts.shipments.height <= 8
    assert trained.golden.facts.scans.height < network.scans.height / 10
    assert trained.golden.hours.shape == (8, 3)
