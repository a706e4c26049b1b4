"""Time is cut so that nothing young flatters a model."""

from datetime import timedelta

import pytest

from data.domain.errors import TooLittleData
from data.facts.facts import Facts
from tests.training.little_network import START, little_facts
from training.periods import cut_periods, only_delivered


def test_the_periods_follow_each_other():
    """Learn, judge, leave out the young: in this order, inside the data."""
    periods = cut_periods(little_facts(600))

    assert periods.start < periods.cut < periods.judged_to < periods.known_by
    assert periods.known_by <= START + timedelta(days=60)
    assert periods.judged_to - periods.cut == (periods.judged_to - periods.start) * 0.2


def test_nothing_after_the_given_end_counts():
    """With ``until`` deliveries heard later are not known."""
    facts = little_facts(1_000)
    early = cut_periods(facts, until=START + timedelta(days=40))

    assert early.known_by == START + timedelta(days=40)
    assert early.delivered < cut_periods(facts).delivered


@pytest.mark.parametrize(
    ("facts", "words"), [(Facts.of({}), "no scans"), (little_facts(60), r"deliveries were known.*200 are needed.*longer")]
)
def test_too_little_is_refused_with_the_counts(facts, words):
    """Nothing, or too few deliveries, is refused with what to do."""
    with pytest.raises(TooLittleData, match=words):
        cut_periods(facts)


def test_a_store_with_open_and_lost_shipments_is_taken(network):
    """Where nobody left shipments out nothing is said; what is said where somebody did stands in the guards."""
    assert only_delivered(network, known_by=START + timedelta(days=60)) is None
