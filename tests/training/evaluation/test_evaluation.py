"""Evaluation lays what was said beside what happened, and leaves nothing out in silence."""

import json
from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from data.domain.errors import TooLittleData
from data.facts.facts import Facts
from data.facts.moments import Moments, micros
from tests.training.little_network import START, little_facts
from training.distribution import RemainingTime
from training.evaluation.baselines import BaselineAnswers
from training.evaluation.evaluation import evaluate
from training.evaluation.judged import judge
from training.moments import choose_moments, moments_between

SINCE, UNTIL, KNOWN = (START + timedelta(days=days) for days in (35, 50, 59))


class Always:
    """Answer the same for every moment."""

    def __init__(self, *hours):
        self.hours = hours

    def distribution(self, facts, moments):
        return RemainingTime.of_quantiles((0.1, 0.5, 0.9), np.tile(np.array(self.hours), (len(moments), 1)))


@pytest.fixture(scope="module")
def facts():
    return little_facts(800)


@pytest.fixture(scope="module")
def judged(facts):
    return moments_between(choose_moments(facts, until=UNTIL), SINCE, UNTIL, most=1_500)


@pytest.fixture(scope="module")
def evaluation(facts, judged):
    learnt = moments_between(choose_moments(facts, until=UNTIL), None, SINCE, most=3_000)
    baselines = BaselineAnswers.fit_all(facts, learnt, cut=SINCE)
    return evaluate(Always(10.0, 50.0, 110.0), facts, judged, known_by=KNOWN, baselines=baselines)


def test_truth_comes_from_what_was_heard(facts, judged):
    """Hours run from the moment to the delivery; without one heard by then they are unknown."""
    rows = judge(Always(1.0, 2.0, 3.0), facts, judged, known_by=KNOWN)
    delivered = facts.scans.filter((pl.col("status") == "delivered") & (pl.col("received_at") <= KNOWN))
    came = dict(delivered.select("shipment_id", pl.col("occurred_at").dt.epoch("us")).iter_rows())

    assert rows.height == len(judged)
    for shipment_id, at, hours in zip(judged.shipment_ids, judged.at, rows["hours"], strict=True):
        assert hours == (pytest.approx((came[shipment_id] - at) / 3.6e9) if shipment_id in came else None)


def test_lateness_is_known_once_the_promise_has_passed(facts, judged):
    """An open shipment whose promise has passed is late; one whose promise lies ahead says nothing yet."""
    rows = judge(Always(1.0, 2.0, 3.0), facts, judged, known_by=KNOWN).with_columns(
        left=(pl.lit(micros(KNOWN)) - pl.col("at").dt.epoch("us")) / 3.6e9
    )
    still_open = rows.filter(pl.col("hours").is_null() & pl.col("promise_hours").is_not_null())

    assert still_open.height > 10
    assert (
        still_open.filter(pl.col("promise_hours") < pl.col("left"))["late"].to_list()
        == [1.0] * still_open.filter(pl.col("promise_hours") < pl.col("left")).height
    )
    assert still_open.filter(pl.col("promise_hours") > pl.col("left"))["late"].is_null().all()


def test_every_cell_says_how_many_it_holds(evaluation):
    """Groups add up to the whole."""
    scores = evaluation.scores["time"]

    for group in ("stage", "carrier", "hours_out", "said_hours", "fortnight"):
        assert sum(cell["n"] for cell in scores["by"][group].values()) == scores["all"]["n"]
    assert evaluation.scores["moments"] == scores["all"]["n"] + evaluation.scores["still_open"]
    assert set(scores["by"]["carrier"]) == {"swift", "snail"}


def test_the_baselines_are_judged_on_the_same_rows(evaluation):
    """Constant and lane table see every row; the promise is set beside the model where there is one; the lane table wins here."""
    baselines = evaluation.scores["baselines"]

    assert set(baselines) == {"promise", "constant", "lane_table"}
    assert baselines["constant"]["time"]["n"] == evaluation.scores["time"]["all"]["n"]
    assert baselines["promise"]["time"]["n"] == baselines["promise"]["model_on_the_same_rows"]["n"]
    assert baselines["lane_table"]["time"]["mae"] < baselines["constant"]["time"]["mae"]


def test_scores_are_plain_json(evaluation):
    """No NaN, no numpy: any reader can read them."""
    assert json.loads(json.dumps(evaluation.scores, allow_nan=False)) == evaluation.scores


def test_a_right_distribution_looks_right():
    """Told the true distribution, coverage is nominal, PIT flat and lateness calibrated."""
    facts = little_facts(3_000, seed=5)
    born = facts.shipments.select("shipment_id", "created_at", "distance_km", "carrier", "destination_facility_id")
    usual = {1780.0: 40.0, 2900.0: 70.0, 4500.0: 95.0}

    class Knowing:
        def distribution(self, facts, moments):
            rows = pl.DataFrame({"shipment_id": moments.shipment_ids.astype(str)}).join(born, on="shipment_id", maintain_order="left")
            centre = np.array(
                [usual[km] * (1.5 if who == "snail" else 1.0) for km, who in rows.select("distance_km", "carrier").iter_rows()]
            )
            z = np.array([-3.0, -2, -1.645, -1.2816, -1, -0.5, 0, 0.5, 1, 1.2816, 1.645, 2, 3])
            mass = [0.0, 0.0228, 0.05, 0.1, 0.1587, 0.3085, 0.5, 0.6915, 0.8413, 0.9, 0.95, 0.9772, 1.0]
            return RemainingTime.of(centre[:, None] * np.exp(0.25 * z), np.array(mass))

    first = facts.shipments.filter(pl.col("created_at") < START + timedelta(days=45))
    moments = Moments(first["shipment_id"].to_numpy().astype(object), first["created_at"].dt.epoch("us").to_numpy())
    scores = evaluate(Knowing(), facts, moments, known_by=START + timedelta(days=60)).scores

    assert scores["time"]["all"]["intervals"]["0.8"]["coverage"] == pytest.approx(0.8, abs=0.03)
    assert max(abs(share - 0.1) for share in scores["pit"]) < 0.03
    # One shipment in forty is lost, which this distribution does not know of.
    assert scores["late"]["all"]["mean_said"] == pytest.approx(scores["late"]["all"]["base_rate"], abs=0.05)


def test_too_few_deliveries_are_not_judged(facts, judged):
    """Below thirty deliveries no judgement is given."""
    few = Moments(judged.shipment_ids[:10], judged.at[:10])
    with pytest.raises(TooLittleData, match="30 are needed"):
        evaluate(Always(1.0, 2.0, 3.0), facts, few, known_by=KNOWN)


def test_the_carrier_date_is_the_last_one_heard_by_the_moment(facts, judged):
    """A revision counts from the moment it was heard."""
    shipment_id, at = judged.shipment_ids[0], int(judged.at[0])
    hour = 3_600_000_000
    said = [("C1", 10, -5), ("C2", 20, -1), ("C3", 30, +1)]
    revised = pl.DataFrame(
        {
            "promise_id": [name for name, _, _ in said],
            "shipment_id": [str(shipment_id)] * 3,
            "kind": ["carrier"] * 3,
            "promised_at": pl.Series([at + hours * hour for _, hours, _ in said]).cast(pl.Datetime("us", "UTC")),
            "known_at": pl.Series([at + heard * hour for _, _, heard in said]).cast(pl.Datetime("us", "UTC")),
        }
    )
    more = Facts.of({**dict(facts.tables()), "promises": pl.concat([facts.promises, revised])})
    row = judge(Always(1.0, 2.0, 3.0), more, Moments(judged.shipment_ids[:1], judged.at[:1]), known_by=KNOWN)

    assert row["carrier_date_hours"].to_list() == [20.0]
