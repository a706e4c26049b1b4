"""The reports of a replay measure what was shown, moment by moment, against what truly came."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from data.facts.passage_habits import passage_habits
from data.simulator.simulate import simulate
from data.storage.store import open_store
from maps.forecast_shown import shown
from serving.journeys import journey_facts
from serving.replaying.stability import pinball, replay, stability_report, turns
from serving.replaying.whereabouts import whereabouts_report
from serving.replaying.world import ReplayedJourney, ReplayedWorld, looks, replayable, with_forecasts, without_weather
from tests.makers import after
from tests.maps.journeys import NARROW, SCANS, facts, make_forecast

START = datetime(2026, 5, 1, tzinfo=UTC)


def tell(_what, _done, _all):
    """Hear of progress and say nothing."""


def test_what_was_shown_at_a_moment_is_what_the_whole_journey_begins_with():
    """The report folds once; folding at each moment from what was known then gives the same windows."""
    from data.domain.journeys import as_seen

    journey = ReplayedJourney(facts(SCANS, NARROW), after(53))
    windows, _ = replay(journey)

    for hours in (2, 21.9, 23, 50.5, 52):
        then = shown(journey.facts, as_seen(SCANS, after(hours)))
        assert then == windows[: len(then)]


def test_a_steady_history_has_no_change_and_the_loss_of_its_windows():
    """Twelve forecasts that tremble by minutes show one window; its loss and coverage are those of full hours."""
    history = tuple(make_forecast(hour, 50.2, 53, 55.7) for hour in range(2, 14))
    world = ReplayedWorld((ReplayedJourney(facts(SCANS, history), after(53)),), None, after(0), {"journeys": 1, "seed": 1})
    report = stability_report(world, tell=tell)

    assert report["changes"]["median"] == 0
    assert report["coverage"] == {"forecast": 1.0, "shown": 1.0}
    assert report["loss_hours"]["forecast"] == pytest.approx((0.1 * 2.8 + 0.1 * 2.7) / 3)
    assert report["loss_hours"]["shown"] == pytest.approx((0.1 * 3 + 0.1 * 3) / 3)


def test_turns_count_moves_only():
    """Windows that became narrower lie between moves and are none."""
    assert [turns(moves) for moves in ((1, 0, 1), (1, 0, -1), (-1, 1, 0, -1), ())] == [0, 1, 2, 0]


def test_pinball_is_lowest_at_the_truth():
    """Quantiles at the delivery itself lose nothing; late ones lose more at the low level."""
    assert pinball(np.zeros((4, 3))) == 0
    assert pinball(np.array([[10.0, 0, 0]])) == pytest.approx(3)
    assert pinball(np.array([[0, 0, -10.0]])) == pytest.approx(3)


def test_the_true_place_lies_in_the_band_about_as_often_as_it_says(tmp_path):
    """A small simulated network without any forecast: the wide band holds the parcel in most minutes, and each look sees only what was heard."""
    simulated = simulate(seed=3, orders=300, start=START, days=20)
    cut, until = START + timedelta(days=12), START + timedelta(days=20)
    chosen = replayable(simulated.facts, simulated.truth, cut=cut, until=until, most=4, seed=1)
    habits = passage_habits(simulated.facts, known_by=cut)
    with open_store(f"sqlite:///{tmp_path / 'replay.sqlite3'}") as store:
        store.facts.add(without_weather(simulated.facts, chosen), source="replay")
        journeys = tuple(
            ReplayedJourney(with_forecasts(journey_facts(store, name, now=until), [], habits), ended)
            for name, ended in chosen.select("shipment_id", "ended_at").iter_rows()
        )
    world = ReplayedWorld(journeys, simulated.truth, cut, {"journeys": len(journeys), "seed": 1})
    report = whereabouts_report(world, minutes=5, tell=tell)

    assert report["minutes"] == 20
    assert report["all"]["in_90%"] > 0.7
    assert report["all"]["said_90%"] >= 0.9
    assert report["all"]["km_50%"] <= report["all"]["km_90%"]


def test_each_scan_and_every_third_hour_is_a_look():
    """No look lies before the label or after the delivery."""
    simulated = simulate(seed=3, orders=200, start=START, days=20)
    chosen = replayable(simulated.facts, simulated.truth, cut=START, until=START + timedelta(days=20), most=3, seed=1)
    moments = looks(simulated.facts, chosen, every_hours=3)

    for name, created, ended in chosen.select("shipment_id", "created_at", "ended_at").iter_rows():
        mine = moments.at[moments.shipment_ids == name] / 1e6
        assert mine.min() == created.timestamp()
        assert mine.max() < ended.timestamp()
        assert (np.diff(mine) <= 3 * 3600).all()
