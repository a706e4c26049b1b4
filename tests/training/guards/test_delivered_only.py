"""Learning from delivered shipments alone is refused, with the reason, the price and the way to go on."""

from dataclasses import replace
from datetime import timedelta
from unittest.mock import Mock

import polars as pl
import pytest

from data.domain.errors import TooLittleData
from data.facts.facts import Facts
from data.storage.store import open_store
from serving.settings import Settings
from tests.serving.cli.test_train import run
from tests.training.guards.bent import delivered_only
from tests.training.guards.slices import slice_named
from tests.training.little_network import START, little_facts
from training.periods import cut_periods, only_delivered, refuse_delivered_only
from training.pipeline import train
from training.registry import Registry
from training.retrain import retrain

REFUSED = r"not one of them is open or lost.*19 % larger.*Import the open and lost.*--allow-delivered-only"


@pytest.fixture(scope="module")
def fast() -> Facts:
    """Give a network as an export of finished orders would: the open and lost ones are left out."""
    return delivered_only(little_facts(450))


def test_training_on_delivered_shipments_alone_is_refused(fast):
    """The message holds the counts, the price and both ways out."""
    with pytest.raises(TooLittleData, match=rf"all {fast.shipments.height} shipments .*{REFUSED}"):
        train(fast)


def test_retraining_on_delivered_shipments_alone_is_refused(fast, tmp_path):
    """A schedule must not slip what nobody would do by hand, and nothing is saved."""
    registry = Registry(tmp_path, key=b"k" * 32)
    with pytest.raises(TooLittleData, match=REFUSED):
        retrain(fast, registry)

    assert registry.list() == ()


def test_who_says_so_may_go_on_and_is_told_the_price(fast, monkeypatch):
    """Allowed, a model is made, and its card carries the warning."""
    monkeypatch.setattr("training.models.learn.candidate_kinds", lambda problem: ("constant", "lane_table"))
    trained = train(fast, most_learnt=800, most_judged=300, allow_delivered_only=True)

    assert trained.warnings == tuple(trained.card["warnings"])
    assert "19 % larger" in trained.warnings[0]


class LearningBegins(Exception):
    """Tell that nothing was refused."""


def test_the_commands_refuse_and_can_be_told_to_go_on(fast, tmp_path, monkeypatch):
    """`doorcast train` and `doorcast retrain` refuse before they learn; with --allow-delivered-only they begin to."""
    monkeypatch.setenv("DOORCAST_STATE_FOLDER", str(tmp_path))
    monkeypatch.setattr("training.pipeline.fit_predictor", Mock(side_effect=LearningBegins))
    with open_store(Settings().store_url) as store:
        store.facts.add(fast, source="test")
    for command in ("train", "retrain"):
        with pytest.raises(TooLittleData, match=REFUSED):
            run(command)
        with pytest.raises(LearningBegins):
            run(command, "--allow-delivered-only")


def test_young_shipments_that_have_all_arrived_are_noticed_beside_lost_ones(fast):
    """A few lost shipments of long ago do not hide that the young open ones are missing."""
    crowd = little_facts(3_000)
    lost = crowd.shipments.join(delivered_only(crowd).shipments.select("shipment_id"), on="shipment_id", how="anti")
    old = lost.filter(pl.col("created_at") < START + timedelta(days=30)).select("shipment_id")
    keep = pl.concat([delivered_only(crowd).shipments.select("shipment_id"), old])
    tables = {name: frame.join(keep, on="shipment_id", how="semi") for name, frame in crowd.tables() if "shipment_id" in frame.columns}
    found = only_delivered(replace(crowd, **tables), known_by=START + timedelta(days=60))

    assert found is not None
    assert "younger than the usual" in found


@pytest.mark.parametrize("name", ["little_network", "simulated", pytest.param("olist", marks=pytest.mark.real_data)])
def test_a_whole_store_is_not_refused(name, request):
    """Where open shipments are kept as they are nothing is said, also a month after the last news."""
    facts = slice_named(name, request.getfixturevalue("real_data") if name == "olist" else None).facts
    known_by = cut_periods(facts).known_by

    assert only_delivered(facts, known_by=known_by) is None
    refuse_delivered_only(facts, known_by=known_by + timedelta(days=30))


@pytest.mark.real_data
def test_olist_without_its_open_orders_is_refused(real_data):
    """The commonest way to use this set, rows with a delivery only, is the mistake that costs most."""
    facts = delivered_only(slice_named("olist", real_data).facts)
    with pytest.raises(TooLittleData, match="open shipments seem to be left out"):
        refuse_delivered_only(facts, known_by=cut_periods(facts).known_by)
