from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from data.domain.explanations import explanation_of
from data.facts.facts import Facts, received_by
from data.facts.moments import Moments, micros
from tests.training.little_network import START, little_facts, quick_kinds
from training.explain.explain import explain
from training.explain.start import start_rows, usual_week
from training.explain.walk import declared, joined
from training.features.matrix import FeatureMatrix
from training.fit import fit_predictor
from training.models.gather import gather
from training.moments import choose_moments
from training.predictor import Predictor

CUT, END = START + timedelta(days=45), START + timedelta(days=60)


@pytest.fixture(scope="module")
def facts():
    return little_facts(600)


@pytest.fixture(scope="module")
def predictor(facts):
    moments = choose_moments(facts, until=CUT)
    some = np.arange(0, len(moments), 6)
    with pytest.MonkeyPatch.context() as patch:
        quick_kinds(patch)
        return fit_predictor(facts, Moments(moments.shipment_ids[some], moments.at[some]), cut=CUT)


@pytest.fixture(scope="module")
def asked(facts):
    moments = choose_moments(facts, until=START + timedelta(days=52))
    later = np.flatnonzero(moments.at >= micros(CUT))[:50]
    return Moments(moments.shipment_ids[later], moments.at[later])


@pytest.fixture(scope="module")
def forecasts(predictor, facts, asked):
    return predictor.forecast(facts, asked, made_at=END)


def test_parts_lead_from_the_usual_of_the_lane_to_the_forecast(predictor, facts, asked, forecasts):
    """The usual is the model's own mean answer for the lane's usual row over a week; usual and parts make the forecast within 0.01 h."""
    features, rows = predictor.features(facts, asked), gather(facts, asked)
    started = start_rows(rows)
    ordinary = predictor.usual.of(started)
    week = usual_week(declared(started, features, ordinary))
    matrix = FeatureMatrix(np.vstack([ordinary] * 7), features.columns)
    hours = predictor.answer(matrix, joined(list(week))).quantile((0.5,))[:, 0].reshape(7, -1).mean(axis=0)

    for forecast, created, usual in zip(forecasts, started.at.tolist(), hours.tolist(), strict=True):
        told = explanation_of(forecast)
        assert (micros(told.usual_at) - created) / 3.6e9 == pytest.approx(usual, abs=0.01)
        assert sum(reason.hours for reason in told.reasons) == pytest.approx(told.hours, abs=0.01)


def test_a_moment_alone_has_the_reasons_that_it_has_among_many(predictor, facts, asked, forecasts):
    """Reasons depend on nothing but the moment."""
    alone = [predictor.forecast(facts, Moments(asked.shipment_ids[k : k + 1], asked.at[k : k + 1]), made_at=END)[0] for k in (0, 7, 20)]

    assert [one.reasons for one in alone] == [forecasts[k].reasons for k in (0, 7, 20)]


def test_reasons_know_nothing_of_later(predictor, facts, asked, forecasts):
    """Facts received after the moment change no reason."""
    last = int(asked.at.argmax())
    moment = Moments(asked.shipment_ids[last : last + 1], asked.at[last : last + 1])
    known = received_by(facts, forecasts[last].as_of)

    assert predictor.forecast(known, moment, made_at=END)[0].reasons == forecasts[last].reasons


def test_a_bundle_keeps_reasons_and_timetable(predictor, facts, asked, forecasts):
    """A predictor made of its bundle gives the same reasons."""
    again = Predictor.from_bundle(predictor.to_bundle()).forecast(facts, asked, made_at=END)

    assert [one.reasons for one in again] == [one.reasons for one in forecasts]


def test_reasons_come_largest_first_and_name_their_evidence(forecasts):
    """Every part worth telling names what it was read from; it has no weather, and a short way no day of rest, to name."""
    for forecast in forecasts:
        sizes = [abs(reason.hours) for reason in forecast.reasons]
        assert sizes == sorted(sizes, reverse=True)
        assert all(reason.evidence for reason in forecast.reasons if reason.code not in {"other", "weather", "calendar"})


def test_without_a_plan_a_late_start_is_told_by_what_is_usual(predictor, facts):
    """A parcel that nobody took for two days: handling, with the scan of the label."""
    row = facts.shipments.filter(pl.col("created_at") > CUT).sort("created_at").row(0, named=True)
    waits = facts.scans.filter((pl.col("shipment_id") == row["shipment_id"]) & (pl.col("status") == "pre_transit"))
    quiet = Facts.of(dict(facts.tables()) | {"scans": waits})
    moment = Moments(np.array([row["shipment_id"]], dtype=object), np.array([micros(row["created_at"] + timedelta(hours=60))]))
    (forecast,) = predictor.forecast(quiet, moment, made_at=END)
    handling = [reason for reason in forecast.reasons if reason.code == "handling"]

    assert handling[0].hours > 0
    assert f"scan:{waits['scan_id'][0]}" in handling[0].evidence


def test_nothing_to_explain_gives_nothing(predictor, facts, asked):
    """No moments, no reasons."""
    features, rows = predictor.features(facts, asked), gather(facts, asked)
    nobody = Moments(asked.shipment_ids[:0], asked.at[:0])

    assert (
        explain(
            predictor.answer,
            facts,
            nobody,
            features,
            rows,
            median_hours=np.empty(0),
            usual=predictor.usual,
            timetable=predictor.timetable,
            journal=predictor.journal,
        )
        == []
    )
