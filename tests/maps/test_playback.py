"""A journey plays in the order in which it happens."""

from itertools import pairwise

import pytest

from maps.map_data import map_data
from maps.page_words import page_words
from maps.playback import moves
from maps.view import LegState
from tests.makers import after
from tests.maps.journeys import stages


@pytest.mark.parametrize("stage", stages())
def test_moves_never_run_backwards(stage):
    """Each leg begins after the one before has ended, happened ones end by now, and forecast ones not before."""
    view = stages()[stage]
    found = moves(view)

    assert all(move.start <= move.end for move in found)
    assert all(a.end <= b.start and a.leg < b.leg for a, b in pairwise(found))
    for move in found:
        if view.legs[move.leg].state is LegState.HAPPENED:
            assert move.end <= view.seen_at
        else:
            assert move.end >= view.seen_at


def test_times_are_those_of_the_scans_and_of_the_forecast():
    """On the way from Columbus: two actual ends behind, the forecast's median at the door."""
    view = stages()["moving"]
    found = moves(view)

    assert (found[0].start, found[0].end) == (after(8.2), after(21.5))
    assert found[1].start == after(26.1)
    assert found[-1].end == view.arrival.p50


def test_a_journey_without_news_cannot_be_played():
    """Without a plan, a scan or a forecast there is nothing to move."""
    view = stages()["no_forecast"]

    assert all(move.leg < len(view.legs) for move in moves(view))
    assert map_data(view, page_words(view))["moves"] == [
        {"leg": move.leg, "start": round(move.start.timestamp()), "end": round(move.end.timestamp())} for move in moves(view)
    ]
