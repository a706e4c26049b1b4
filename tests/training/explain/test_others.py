"""Reasons of a whole predictor on a simulated network: others change them, and nothing else, and stay unnamed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from data.facts.facts import received_by
from data.facts.moments import Moments, micros
from data.simulator.simulate import simulate
from tests.training.little_network import quick_kinds
from training.explain.journal import Journal
from training.fit import fit_predictor
from training.moments import choose_moments, moments_between
from training.predictor import Predictor

START = datetime(2026, 6, 1, tzinfo=UTC)
CUT, END = START + timedelta(days=11), START + timedelta(days=15)


@pytest.fixture(scope="module")
def facts():
    return simulate(seed=8, orders=1_500, start=START, days=15).facts


@pytest.fixture(scope="module")
def predictor(facts):
    moments = moments_between(choose_moments(facts, until=CUT, seed=1), None, CUT, most=1_500, seed=1)
    with pytest.MonkeyPatch.context() as patch:
        quick_kinds(patch)
        return fit_predictor(facts, moments, cut=CUT)


@pytest.fixture(scope="module")
def told(predictor, facts):
    return predictor.knowing(facts, known_by=END)


@pytest.fixture(scope="module")
def asked(facts):
    return moments_between(choose_moments(facts, until=END, seed=1), CUT, END, most=120, seed=1)


@pytest.fixture(scope="module")
def forecasts(told, facts, asked):
    return told.forecast(facts, asked, made_at=END)


def test_reasons_name_no_scan_of_others(facts, forecasts):
    """What others show is told in numbers."""
    own = {(row[0], f"scan:{row[1]}") for row in facts.scans.select("shipment_id", "scan_id").iter_rows()}
    named = [(one.shipment_id, item) for one in forecasts for reason in one.reasons for item in reason.evidence]

    assert any(item.startswith("others:") for _, item in named)
    assert {pair for pair in named if pair[1].startswith("scan:")} <= own


def test_what_others_show_changes_reasons_alone(told, facts, asked, forecasts):
    """The same quantiles, windows, digests and whole with and without the journal."""
    without = replace(told, journal=Journal.nothing()).forecast(facts, asked, made_at=END)

    assert [replace(one, reasons=()) for one in forecasts] == [replace(one, reasons=()) for one in without]
    assert [one.reasons for one in forecasts] != [one.reasons for one in without]
    for one, other in zip(forecasts, without, strict=True):
        assert sum(reason.hours for reason in one.reasons) == pytest.approx(sum(reason.hours for reason in other.reasons), abs=0.01)


def test_what_others_show_later_changes_no_reason(told, facts, asked, forecasts):
    """Facts received after the moment, of whomever, are as if they were not there."""
    late = [k for k, one in enumerate(forecasts) if any(item.startswith("others:") for reason in one.reasons for item in reason.evidence)]
    for k in late[:3]:
        moment = Moments(asked.shipment_ids[k : k + 1], asked.at[k : k + 1])
        known = received_by(facts, forecasts[k].as_of)
        then = replace(told, journal=Journal.of(known)).forecast(known, moment, made_at=END)

        assert then[0].reasons == forecasts[k].reasons


def test_the_journal_moves_on_with_the_news_and_stays_in_the_bundle(predictor, facts):
    """Trained on what was known at the cut, told what came since; a bundle of before has none."""
    news = predictor.observed(received_by(facts, END), until=END)
    again = Predictor.from_bundle(news.to_bundle()).journal
    old = {name: part for name, part in predictor.to_bundle().items() if name != "journal"}

    assert (predictor.journal.until, again.until) == (micros(CUT), micros(END))
    assert again.stays().height > predictor.journal.stays().height > 500
    assert again.stays().equals(Journal.of(facts, until=END).stays())
    assert Predictor.from_bundle(old).journal.until is None


def test_service_and_evaluation_say_the_same_of_others(predictor, told, facts, asked):
    """Told hour by hour, or looked up in the whole past as of the moment."""
    last = int(np.argmax(asked.at))
    moment = Moments(asked.shipment_ids[last : last + 1], asked.at[last : last + 1])
    until = START + timedelta(microseconds=int(asked.at[last]) - micros(START))
    served = predictor.observed(received_by(facts, until), until=until)

    assert (
        served.forecast(facts, moment, made_at=END)[0].reasons
        == predictor.knowing(facts, known_by=until).forecast(facts, moment, made_at=END)[0].reasons
    )
