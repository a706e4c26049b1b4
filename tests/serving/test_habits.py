"""What is usual between two scans is learnt once a day, from what was heard before the day began."""

from datetime import UTC, datetime, timedelta

from data.facts.facts import Facts
from data.facts.passage_habits import PassageHabits, passage_habits
from data.simulator.simulate import simulate
from data.storage.store import open_store
from serving.habits import Habits

START = datetime(2026, 5, 1, tzinfo=UTC)


def test_habits_are_learnt_once_a_day_and_the_same_all_day(tmp_path):
    """At nine and at noon the habits are those of midnight; the next day they are learnt anew."""
    facts = simulate(seed=3, orders=200, start=START, days=16).facts
    names = ("facilities", "orders", "shipments", "promises", "legs", "scans")
    facts = Facts.of({name: getattr(facts, name) for name in names})
    midnight, habits = START + timedelta(days=14), Habits()
    with open_store(f"sqlite:///{tmp_path / 'habits.sqlite3'}") as store:
        store.facts.add(facts, source="test")

        assert habits.known == PassageHabits()
        assert habits.learn_if_due(store, now=midnight + timedelta(hours=9))
        assert habits.known == passage_habits(facts, known_by=midnight)
        assert not habits.learn_if_due(store, now=midnight + timedelta(hours=12))
        assert habits.learn_if_due(store, now=midnight + timedelta(hours=25))


def test_an_empty_store_keeps_the_wide_guesses(tmp_path):
    """Nothing heard, nothing learnt, no error."""
    habits = Habits()
    with open_store(f"sqlite:///{tmp_path / 'empty.sqlite3'}") as store:
        assert habits.learn_if_due(store, now=START)

    assert habits.known == PassageHabits()
