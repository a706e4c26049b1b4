from datetime import timedelta

import pytest

from data.domain.statuses import Status
from data.storage.news import shipments_with_news
from serving.jobs.learning import BEHIND, Learner
from tests.fakes.forecaster import FakeForecaster
from tests.makers import after, make_scan


@pytest.fixture
def forecaster():
    return FakeForecaster(knows_until=after(0))


def test_the_model_is_told_every_hour(registered, wiring, clock):
    """Too early nothing is told; then each shipment with news, once, and the version stays."""
    learner = Learner(wiring)
    clock.now = after(0) + timedelta(minutes=59) + BEHIND
    assert not learner.run_if_due()
    clock.turn(minutes=1)
    wiring.store.scans.append([make_scan("C1", Status.IN_TRANSIT, after(0.5))])

    assert learner.run_if_due()
    assert (wiring.model.current().told, wiring.model.version) == ([{"S1"}], "fake-1")
    assert wiring.model.current().knows_until == clock() - BEHIND
    assert not learner.run_if_due()
    clock.turn(minutes=60)
    assert learner.run_if_due()
    assert wiring.model.current().told == [{"S1"}], "everything since the training, told to the model as it was loaded"


def test_a_newcomer_is_not_overwritten_by_an_old_model_that_was_taught(wiring):
    """The version may change while the model learns; then the taught one is dropped."""
    taught = wiring.model.current().observed(wiring.store.facts.read(shipment_ids=()), until=after(1))

    assert not wiring.model.renew("another", taught)
    assert wiring.model.renew("fake-1", taught)
    assert wiring.model.current() is taught


def test_news_is_what_was_received_in_between(registered, wiring):
    """A scan that happened long ago and was heard now is news; one heard before is not."""
    wiring.store.scans.append([make_scan("C1", Status.IN_TRANSIT, after(2), after(5))])

    assert shipments_with_news(wiring.store, since=after(3), until=after(4)) == ()
    assert shipments_with_news(wiring.store, since=after(3), until=after(5)) == ("S1",)
