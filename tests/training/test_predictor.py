"""The predictor that was judged is the predictor that serves: its bundle answers bit by bit the same."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from data.domain.errors import InvalidFact, ModelRefused, TooLittleData
from data.facts.facts import received_by
from data.facts.moments import Moments, micros
from tests.training.little_network import START, little_facts
from training.fit import fit_predictor
from training.models.gather import gather
from training.moments import choose_moments
from training.predictor import QUANTILE_LEVELS, Predictor, instant
from training.registry.plain import check_plain

CUT = START + timedelta(days=45)


@pytest.fixture(scope="module")
def facts():
    return little_facts(700)


@pytest.fixture(scope="module")
def predictor(facts):
    moments = choose_moments(facts, until=CUT)
    some = np.arange(0, len(moments), 6)
    return fit_predictor(facts, Moments(moments.shipment_ids[some], moments.at[some]), cut=CUT)


@pytest.fixture(scope="module")
def asked(facts):
    moments = choose_moments(facts, until=START + timedelta(days=55))
    later = np.flatnonzero(moments.at >= micros(CUT))[:60]
    return Moments(moments.shipment_ids[later], moments.at[later])


@pytest.fixture(scope="module")
def forecasts(predictor, facts, asked):
    return predictor.forecast(facts, asked, made_at=START + timedelta(days=60))


def test_a_bundle_is_plain_and_answers_bit_by_bit(predictor, facts, asked, forecasts):
    """A bundle names none of our classes, and the predictor made of it gives equal forecasts."""
    bundle = predictor.to_bundle()
    check_plain(bundle)
    again = Predictor.from_bundle(bundle)

    assert again.forecast(facts, asked, made_at=START + timedelta(days=60)) == forecasts


def test_late_probability_is_the_survival_at_the_promise(predictor, facts, asked, forecasts):
    """Risk and window come from one distribution."""
    rows = gather(facts, asked)
    survival = predictor.distribution(facts, asked).survival(rows.promise_hours)

    assert [forecast.late_probability for forecast in forecasts] == pytest.approx(survival.tolist(), abs=1e-12)


def test_quantiles_rise_and_frame_the_window(forecasts, asked):
    """p05 ≤ … ≤ p95, the window is p10 to p90, nothing lies before the moment."""
    for forecast, at in zip(forecasts, asked.at, strict=True):
        instants = [instant for _, instant in forecast.quantiles]

        assert instants == sorted(instants)
        assert tuple(level for level, _ in forecast.quantiles) == QUANTILE_LEVELS
        assert (forecast.window.start, forecast.window.end) == (forecast.quantile(0.1), forecast.quantile(0.9))
        assert micros(instants[0]) >= at - 500_000


def test_reasons_are_told_largest_first(forecasts):
    """By hours, whichever direction, and some forecast has one."""
    for forecast in forecasts:
        hours = [abs(reason.hours) for reason in forecast.reasons]

        assert hours == sorted(hours, reverse=True)
    assert any(forecast.reasons for forecast in forecasts)


def test_what_comes_later_changes_nothing(predictor, facts, asked, forecasts):
    """Scans received after a moment do not reach its forecast."""
    first = Moments(asked.shipment_ids[:1], asked.at[:1])
    seen = replace(facts, scans=facts.scans.filter(pl.col("received_at").dt.epoch("us") <= int(asked.at[0])))

    assert predictor.forecast(seen, first, made_at=START + timedelta(days=60)) == forecasts[:1]


def test_an_estimate_needs_no_scan(predictor, facts):
    """A checkout estimate is a shipment without scans at its creation."""
    shipment = facts.shipments.row(facts.shipments.height - 1, named=True)
    bare = replace(facts, scans=facts.scans.filter(pl.col("shipment_id") != shipment["shipment_id"]))
    moment = Moments(np.array([shipment["shipment_id"]], dtype=object), np.array([micros(shipment["created_at"])]))
    (forecast,) = predictor.forecast(bare, moment, made_at=shipment["created_at"])

    assert shipment["created_at"] < forecast.quantile(0.5) < shipment["created_at"] + timedelta(days=12)


def test_another_input_has_another_digest(forecasts):
    """Digests tell inputs apart."""
    assert len({forecast.input_digest for forecast in forecasts}) == len(forecasts)


def test_nobody_asked_nothing_answered(predictor, facts):
    """No moments, no forecasts."""
    nobody = Moments(np.empty(0, dtype=object), np.empty(0, dtype=np.int64))

    assert predictor.forecast(facts, nobody, made_at=START) == ()


@pytest.mark.parametrize("damage", [{"format": 99}, {"schema_hash": None}])
def test_a_bundle_of_another_format_is_refused(predictor, damage):
    """A wrong format or a missing part is told, not guessed."""
    bundle = {**predictor.to_bundle(), **damage}
    if bundle["schema_hash"] is None:
        del bundle["schema_hash"]
    with pytest.raises(ModelRefused, match="train again"):
        Predictor.from_bundle(bundle)


def test_learning_without_a_delivery_is_refused(facts):
    """Before the first delivery there is nothing to learn."""
    early = START + timedelta(hours=6)
    with pytest.raises(TooLittleData, match="delivery known"):
        fit_predictor(facts, Moments(facts.shipments["shipment_id"].to_numpy()[:3].astype(object), np.full(3, micros(START))), cut=early)


def test_a_model_told_the_news_answers_as_one_that_knew_all_along(predictor, facts):
    """Service and replay agree bit by bit: outcomes and pace observed since the cut, or looked up in the whole past as of the moment."""
    moments = choose_moments(facts, until=START + timedelta(days=55))
    later = np.flatnonzero(moments.at >= micros(CUT + timedelta(days=6)))[:1]
    first = Moments(moments.shipment_ids[later], moments.at[later])
    until, made_at = instant(int(first.at[0]), 0.0), START + timedelta(days=60)
    told, knowing = predictor.observed(received_by(facts, until), until=until), predictor.knowing(facts, known_by=until)

    assert (predictor.knows_until, told.knows_until) == (CUT, until)
    assert told.forecast(facts, first, made_at=made_at) == knowing.forecast(facts, first, made_at=made_at)
    assert told.forecast(facts, first, made_at=made_at) != predictor.forecast(facts, first, made_at=made_at)


def test_news_is_told_to_the_model_as_it_was_loaded(predictor, facts):
    """A second telling would lose the bounds that were not due at the first."""
    until = CUT + timedelta(days=3)
    told = predictor.observed(received_by(facts, until), until=until)

    with pytest.raises(InvalidFact, match="already"):
        told.observed(facts, until=CUT + timedelta(days=6))
    assert "following" not in told.to_bundle()
