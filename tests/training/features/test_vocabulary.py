"""A vocabulary takes any column a user declares."""

import json

import numpy as np
import polars as pl
import pytest

from data.domain.errors import InvalidFact
from data.facts.facts import Facts
from data.facts.moments import Moments, micros
from tests.training.features.little_world import hour, little_world, moments_in
from training.features.build import build
from training.features.vocabulary import Vocabulary
from training.history.history import History

HOSTILE = ["", "\0", '"},{"', "{{7*7}}", "ü\u202e", "a\x1fb", "😀", "x" * 10_000, "from.lat", "all", "NaN", "1:a"]


def with_attributes(**columns) -> Facts:
    facts = little_world(1)
    return Facts.of(dict(facts.tables()) | {"shipments": facts.shipments.with_columns(**columns)})


def built(facts: Facts, vocabulary: Vocabulary):
    return build(facts, moments_in(facts, each=1), history=History.build(facts, vocabulary=vocabulary), vocabulary=vocabulary)


def test_it_survives_json():
    """A vocabulary is plain JSON and comes back equal."""
    vocabulary = Vocabulary.learn(little_world(1))
    assert Vocabulary.from_dict(json.loads(json.dumps(vocabulary.to_dict()))) == vocabulary


def test_a_broken_vocabulary_is_refused():
    """A vocabulary with a part missing names the problem."""
    with pytest.raises(InvalidFact, match="train again"):
        Vocabulary.from_dict({"numbers": []})


def test_hostile_names_and_values_are_just_columns():
    """Attribute names and values of any text give columns and codes, and never collide with our own."""
    names = {
        f"attr_{text}": pl.Series([HOSTILE[n % len(HOSTILE)] for n in range(60)])
        for text in ("", "'; --", "{{x}}", "lat", "a.b", "orders.attr_value")
    }
    numbers = {"attr_inf": pl.Series([float("inf"), float("nan"), 1e308] * 20), "attr_huge": pl.Series([2**62] * 60)}
    facts = with_attributes(**names, **numbers)
    vocabulary = Vocabulary.learn(facts)
    matrix = built(facts, vocabulary)
    assert len(set(matrix.names)) == len(matrix.names)
    assert not np.isinf(matrix.values).any()
    for name in names:
        codes = matrix.column(f"parcel.shipments.{name}")
        assert np.nanmax(codes) <= len(HOSTILE)
        assert len(np.unique(codes)) == len(HOSTILE)


def test_kinds_follow_the_types():
    """Numbers and flags stay numbers, dates become hours ahead, few texts become codes, many become entities, ids neither."""
    columns = {
        "attr_flag": pl.Series([True, False] * 30),
        "attr_date": pl.Series([hour(100).date()] * 60),
        "attr_few": pl.Series(["a", "b"] * 30),
        "attr_many": pl.Series([f"e{n % 20}" for n in range(60)]),
        "attr_id": pl.Series([f"id {n}" for n in range(60)]),
        "attr_list": pl.Series([[1]] * 60),
    }
    vocabulary = Vocabulary.learn(with_attributes(**columns))
    assert "shipments.attr_flag" in vocabulary.numbers
    assert "shipments.attr_date" in vocabulary.instants
    assert vocabulary.categories["shipments.attr_few"] == ("a", "b")
    assert set(vocabulary.entities) >= {"shipments.attr_many"}
    assert not {"shipments.attr_id", "shipments.attr_few"} & set(vocabulary.entities)
    assert not any("attr_list" in name for name in built(with_attributes(**columns), vocabulary).names)


def test_an_unseen_category_has_a_code_of_its_own():
    """A text that was not seen in training gets one more than the last code, null is unknown."""
    vocabulary = Vocabulary.learn(with_attributes(attr_few=pl.Series(["a", "b"] * 30)))
    facts = with_attributes(attr_few=pl.Series(["b", "new", None] * 20))
    moments = Moments(np.array(["S000", "S001", "S002"], dtype=object), np.full(3, micros(hour(2000))))
    matrix = build(facts, moments, history=History.build(facts, vocabulary=vocabulary), vocabulary=vocabulary)
    assert np.array_equal(matrix.column("parcel.shipments.attr_few"), [1.0, 2.0, np.nan], equal_nan=True)


def test_a_column_that_changed_its_type_is_unknown():
    """An attribute that was a number in training and is a text now gives NaN, not a crash; and the other way round."""
    vocabulary = Vocabulary.learn(with_attributes(attr_x=pl.Series([1.0] * 60), attr_y=pl.Series(["a", "b"] * 30)))
    matrix = built(with_attributes(attr_x=pl.Series(["a"] * 60), attr_y=pl.Series([1.0] * 60)), vocabulary)
    assert np.isnan(matrix.column("parcel.shipments.attr_x")).all()
    assert set(np.unique(matrix.column("parcel.shipments.attr_y"))) == {2.0}


def test_learning_stops_at_the_cut():
    """Categories that appear only after the cut are not learnt."""
    facts = with_attributes(attr_few=pl.Series(["late"] * 60))
    first = facts.shipments["created_at"].min()
    assert "shipments.attr_few" in Vocabulary.learn(facts).categories
    assert Vocabulary.learn(facts, until=first).categories["shipments.attr_few"] == ()
