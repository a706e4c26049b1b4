"""Nothing that was received after a moment reaches it: neither its features nor its forecast moves by a bit when all that is deleted."""

from datetime import timedelta

import numpy as np
import pytest

from data.facts.facts import received_by
from data.facts.moments import Moments, micros
from tests.training.guards.bent import later_outcomes_shuffled
from tests.training.guards.seen import asked_at, differences, instant, look, off_hours
from tests.training.guards.slices import Slice
from training.features.vocabulary import Vocabulary
from training.history.history import History
from training.predictor import Predictor


def looking_ahead(world: Slice) -> type[History]:
    """Plant a leak: a history that answers with what is known a day later, or the fiftieth part of a set that hears little in a day."""
    span = world.facts.scans["received_at"].max() - world.facts.scans["received_at"].min()
    ahead = round(max(timedelta(days=1), span / 50).total_seconds() * 1_000_000)

    class LooksAhead(History):
        """Give tomorrow as today."""

        __slots__ = ()

        def clock(self, state, until):
            """Ask later."""
            return super().clock(state, until) + ahead

    return LooksAhead


def peeking_columns(world: Slice, vocabulary: Vocabulary, *, history: type[History] = History, count: int = 3) -> list[str]:
    """Delete all that was received after each of several moments, and name the columns that move."""
    moved: set[str] = set()
    everything = history.build(world.facts, vocabulary=vocabulary)
    for at in off_hours(world.facts, count=count):
        moments, known = asked_at(world.facts, at), received_by(world.facts, at)
        whole = look(world.facts, moments, vocabulary, history=everything)
        less = look(known, moments, vocabulary, history=history.build(known, vocabulary=vocabulary))
        moved.update(differences(whole, less))
    return sorted(moved)


def test_no_feature_moves_when_the_future_is_deleted(world, vocabulary):
    """At five moments, three of them off the hour and two at the very instant of a scan."""
    assert peeking_columns(world, vocabulary) == []


def test_no_feature_moves_when_later_outcomes_are_shuffled(world, vocabulary, history):
    """Who of the later ones came when is dealt out anew; later rows do move, so the shuffle is seen where it may be."""
    end = asked_at(world.facts, world.facts.scans["received_at"].max() + timedelta(hours=1))
    at_the_end = look(world.facts, end, vocabulary, history=history)
    for at in off_hours(world.facts, count=1)[1:]:
        shuffled = later_outcomes_shuffled(world.facts, at)
        moments = asked_at(world.facts, at)

        assert differences(look(world.facts, moments, vocabulary, history=history), look(shuffled, moments, vocabulary)) == []
        assert differences(at_the_end, look(shuffled, end, vocabulary))


def test_the_guard_catches_a_history_that_looks_a_day_ahead(world, vocabulary):
    """A planted leak is found in the history, and nowhere else."""
    caught = peeking_columns(world, vocabulary, history=looking_ahead(world), count=1)

    assert caught
    assert all(name.startswith(("history.", "facility.")) for name in caught)


@pytest.mark.parametrize("knows", ["frozen", "live"])
def test_no_forecast_moves_when_the_future_is_deleted(world, predictor, cut, knows, monkeypatch):
    """Quantiles, window, risk, reasons and digest of moments after the cut are equal; live also the levels and the pace of arrivals told since then."""
    if knows == "live" and not world.time_ordered:
        pytest.skip("where times have no order nothing becomes known live")
    monkeypatch.setattr("training.predictor.MOST_FOLLOWED", 200)
    for moments in after(world, cut):
        at = instant(moments.at[0])
        known = received_by(world.facts, at)

        assert answers(predictor, world.facts, moments, knows) == answers(predictor, known, moments, knows)


def after(world: Slice, cut) -> list[Moments]:
    """Give two moments after the cut with the shipments that are asked about at each; where times have no order three pickups with one shipment each."""
    if not world.time_ordered:
        rows = world.rows.filter("scored").sort("at", "shipment_id")
        return [
            Moments(np.array([row[0]], dtype=object), np.array([micros(row[1])])) for row in rows.select("shipment_id", "at").rows()[::350]
        ]
    return [asked_at(world.facts, at, most=12) for at in [one for one in off_hours(world.facts, count=11) if one > cut][:2]]


def answers(predictor: Predictor, facts, moments, knows):
    """Forecast as of the moment, with the history of the cut or with all that became known by then."""
    at = instant(moments.at[0])
    told = predictor if knows == "frozen" else predictor.knowing(facts, known_by=at)
    return told.forecast(facts, moments, made_at=at)
