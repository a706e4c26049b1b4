"""When everything suddenly takes 0.6 of the time, a model that is told the news is at most 5 % worse than one that is not; it should be better."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from data.facts.moments import Moments, micros
from data.sources.datasets.catalogue import open_dataset
from tests.training.guards.bent import hurried
from tests.training.guards.regime import LEVEL, MOST_WORSE, regime_errors
from tests.training.guards.slices import cut_slice
from tests.training.little_network import START, little_facts
from training.fit import fit_predictor
from training.models.gather import outcomes_known_by
from training.moments import choose_moments, moments_between
from training.split import time_blocks

CUT = START + timedelta(days=40)


@pytest.fixture
def _by_days(monkeypatch):
    """Take the parcel-day model without trials: which kind wins is not the question here."""
    monkeypatch.setattr("training.models.learn.candidate_kinds", lambda problem: ("daily_hazard",))
    monkeypatch.setattr("training.fit.time_blocks", lambda problem: time_blocks(problem, count=1))


@pytest.mark.usefixtures("_by_days")
def test_a_little_network_that_hurries_is_followed():
    """Parcel days on the little network: after the shift the online error is below the frozen one."""
    facts = little_facts(900)
    learnt = moments_between(choose_moments(facts, until=CUT), None, CUT, most=1_500)
    predictor = fit_predictor(facts, learnt, cut=CUT)
    fast, end = hurried(facts, CUT, LEVEL), CUT + timedelta(days=14)
    judged = moments_between(choose_moments(fast, until=end), CUT, end, most=500)
    outcomes = outcomes_known_by(fast, judged, micros(START + timedelta(days=60)))
    came = np.flatnonzero(outcomes.delivered & (outcomes.hours > 0))
    judged, hours = Moments(judged.shipment_ids[came], judged.at[came]), outcomes.hours[came]
    frozen, online = (
        float(np.abs(model.distribution(fast, judged).quantile([0.5])[:, 0] - hours).mean())
        for model in (predictor, predictor.knowing(fast, known_by=START + timedelta(days=60)))
    )

    assert online < frozen
    assert online <= MOST_WORSE * frozen


@pytest.mark.real_data
@pytest.mark.usefixtures("_by_days")
def test_olist_orders_that_hurry_are_followed(real_data):
    """A slice of Olist before and after 1 April 2018, by the benchmark's own protocols, one fit each."""
    since = datetime(2018, 4, 1, 3, tzinfo=UTC)
    whole = open_dataset("olist", real_data / "olist")
    found = regime_errors(cut_slice(whole, most=800, lives=12), since, since + timedelta(days=30))

    assert found["online"]["purchase"] <= MOST_WORSE * found["frozen"]["purchase"]
    assert found["online"]["all"] <= MOST_WORSE * found["frozen"]["all"]
