"""Retraining promotes or declines, and writes down why."""

from dataclasses import replace

import polars as pl
import pytest

from tests.training.little_network import little_facts, quick_kinds
from training import retrain as room
from training.pipeline import save, train
from training.registry import Registry
from training.retrain import retrain, unseen

KEY = b"k" * 32


@pytest.fixture
def registry(tmp_path, monkeypatch):
    """Give a registry that spares the trial in a child process, which the registry's own tests try out."""
    monkeypatch.setattr("training.registry.registry.try_out", lambda *_, **__: None)
    return Registry(tmp_path, key=KEY)


@pytest.fixture
def quick(trained, monkeypatch):
    """Spare the training: the session's model is the challenger."""
    monkeypatch.setattr(room, "train", lambda facts, **_: trained)
    return trained


def test_the_first_model_serves_because_it_is_the_first(quick, network, registry):
    """Without a champion the challenger is promoted with that reason in the ledger."""
    done = retrain(network, registry)
    last = registry.history()[-1]

    assert (done.champion, registry.serving()) == (None, done.version)
    assert (last.event, last.version) == ("promoted", done.version)
    assert last.reason.startswith("first: no model served before")


def test_an_equal_challenger_follows(quick, network, registry):
    """The same model again is as good within noise, so the newer version serves."""
    first, second = retrain(network, registry), retrain(network, registry)

    assert (second.champion, registry.serving()) == (first.version, second.version)
    assert second.decision.evidence["pinball_difference_hours"] == 0.0


def test_a_worse_challenger_is_declined_and_remembered(quick, network, registry, monkeypatch):
    """A challenger that comes six hours too late is declined; the champion goes on serving and the ledger says why."""
    first = retrain(network, registry)
    late = quick.evaluation.rows.with_columns(pl.col("^q[0-9]+$") + 12.0)
    worse = replace(quick, evaluation=replace(quick.evaluation, rows=late))
    monkeypatch.setattr(room, "train", lambda facts, **_: worse)
    second = retrain(network, registry)
    last = registry.history()[-1]

    assert not second.decision.promote
    assert registry.serving() == first.version
    assert (last.event, last.version) == ("declined", second.version)
    assert "pinball loss" in last.reason


def test_a_damaged_champion_is_replaced(quick, network, registry):
    """When the serving model is refused, a sound challenger takes over, and the ledger says so."""
    first = retrain(network, registry)
    (registry.versions / first.version / "bundle.joblib").write_bytes(b"garbage")
    second = retrain(network, registry)

    assert registry.serving() == second.version
    assert "can no longer be loaded" in registry.history()[-1].reason


def test_the_champion_is_compared_on_what_it_had_not_seen(trained):
    """Rows before the champion's cut are left out while enough remain."""
    rows = trained.evaluation.rows
    middle = int(rows["at"].dt.epoch("us").median())
    after, knew = unseen(rows, middle)

    assert not knew
    assert after.height < rows.height
    assert unseen(rows, int(rows["at"].dt.epoch("us").max()) + 1) == (rows, True) or unseen(rows, 10**18)[1]


def test_a_network_that_slowed_down_is_learnt(registry, trained, monkeypatch):
    """After a lasting change the model trained on newer weeks wins over the old one, by the numbers."""
    registry.promote(save(trained, registry, reason="before the change"), reason="first")
    quick_kinds(monkeypatch)
    slower = little_facts(1_400, days=90, slower_from_day=45)
    monkeypatch.setattr(room, "train", lambda facts, **more: train(facts, most_learnt=3_000, most_judged=900))
    done = retrain(slower, registry)

    assert done.decision.promote
    assert done.decision.evidence["mae_hours"]["challenger"] < done.decision.evidence["mae_hours"]["champion"]
    assert registry.serving() == done.version
