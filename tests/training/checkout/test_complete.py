"""The window of an order is that of its last shipment, whatever is known of how they hang together."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from data.domain.forecasts import Forecast, Target, Window
from tests.makers import MONDAY_NOON, after
from tests.training.little_network import START, little_facts
from training.checkout.complete import Part, complete, independent, parts_of, standing_at
from training.checkout.dependence import PHASES, RELATIONS, Dependence
from training.distribution import RemainingTime
from training.models.gather import gather
from training.moments import choose_moments
from training.predictor import QUANTILE_LEVELS

SHARES = {"order": 0.3, "origin_day": 0.1, "lane_day": 0.3, "destination_day": 0.05}
CLOSER = {"order": 0.5, "origin_day": 0.1, "lane_day": 0.3, "destination_day": 0.05}
LEARNT = Dependence({"checkout": CLOSER, "start": SHARES, "way": dict.fromkeys(RELATIONS, 0.0)}, dict.fromkeys(PHASES, 100))
PART = Part("MEM", "EWR", "NY", "US", "swift|ground", held=False)
EACH = RemainingTime.of([[0.0, 100.0], [0.0, 100.0]], [0.0, 1.0])


def both_by_half(parts):
    return complete(EACH, parts, MONDAY_NOON, LEARNT).arrived(np.array([50.0]))[0]


def test_the_more_is_shared_the_more_they_come_together():
    """The same truck, then another warehouse; other destinations of one order still share the order."""
    other = Part("RNO", "EWR", "NY", "US", "swift|ground", held=False)
    elsewhere = Part("RNO", "LAX", "CA", "US", "swift|ground", held=False)

    assert both_by_half([PART, PART]) > both_by_half([PART, other]) > both_by_half([PART, elsewhere]) > 0.25 + 0.01


def test_one_in_a_carriers_hands_is_another_phase():
    """Under way only what was learnt under way counts: here nothing, so it equals independence."""
    held = Part("MEM", "EWR", "NY", "US", "swift|ground", held=True)

    assert both_by_half([PART, held]) == independent(EACH).arrived(np.array([50.0]))[0]


def test_parcels_without_a_label_are_a_phase_of_their_own():
    """Two of which only the order is known hang together more than two with labels, and one of each lies between."""
    unmade = replace(PART, made=False)

    assert both_by_half([unmade, unmade]) > both_by_half([PART, unmade]) > both_by_half([PART, PART])


def test_parts_are_read_from_what_models_see():
    """Words of the rows; a shipment is held from the moment that somebody scanned it in."""
    facts = little_facts(40)
    moments = choose_moments(facts, until=START + timedelta(days=30))
    rows = gather(facts, moments)
    parts = parts_of(rows, made=True)

    assert [part.held for part in parts] == np.isfinite(rows.held_hours).tolist()
    assert {part.service for part in parts} == set(rows.service)
    assert not any(part.made for part in parts_of(rows, made=False))


def forecast(hours: float, as_of=MONDAY_NOON) -> Forecast:
    quantiles = tuple((level, as_of + timedelta(hours=hours * level)) for level in QUANTILE_LEVELS)
    window = Window(quantiles[1][1], quantiles[5][1], 0.8)
    return Forecast("F", "S", Target.DELIVERED, as_of, as_of, quantiles, window, None, (), "fake-1", "", "UTC")


def test_stored_forecasts_are_read_from_the_moment_of_asking():
    """Of an even 100 hours thirty have passed without news: seventy are left, evenly; a younger forecast is counted from the same moment."""
    each = standing_at([forecast(100.0), forecast(100.0, after(30))], after(30))

    assert each.quantile((0.5,))[:, 0] == pytest.approx([35.0, 50.0], abs=0.2)
    assert (each.hours >= 0).all()
