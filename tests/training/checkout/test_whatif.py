"""A what-if shipment holds what a checkout knows, and nothing else."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from data.domain.errors import InvalidFact
from data.facts.facts import Facts
from data.facts.moments import Moments, micros
from tests.makers import BROOKLYN, MEMPHIS, MONDAY_NOON, after, make_facility
from tests.training.little_network import START, little_facts
from training.checkout.offers import Offer, OfferBook
from training.checkout.whatif import Wanted, labels_made_when_ordered, only_known_at_checkout, what_if, what_ifs
from training.features.build import build
from training.features.vocabulary import Vocabulary
from training.history.history import History

GROUND, EXPRESS = Offer("swift", "ground"), Offer("swift", "express")
WANTED = Wanted(BROOKLYN, MEMPHIS, make_facility(), merchant="Acme", attributes={"weight_kg": 2.0}, promised_at=after(90))


def test_each_question_is_a_shipment_of_its_own():
    """Two services now and one tomorrow: three shipments, in the order asked, looked at when ordered."""
    asked = [(GROUND, MONDAY_NOON), (EXPRESS, MONDAY_NOON), (GROUND, after(24))]
    facts, moments = what_if(WANTED, asked, now=MONDAY_NOON)

    assert facts.shipments["service"].to_list() == ["ground", "express", "ground"]
    assert facts.shipments["shipment_id"].to_list() == moments.shipment_ids.tolist()
    assert moments.at.tolist() == [micros(at) for _, at in asked]
    assert facts.orders["merchant"].unique().to_list() == ["Acme"]
    assert facts.shipments["attr_weight_kg"].to_list() == [2.0] * 3


def test_an_order_of_the_past_is_looked_at_from_now():
    """What is asked today is answered with what is known today."""
    _, moments = what_if(WANTED, [(GROUND, MONDAY_NOON - timedelta(days=9))], now=MONDAY_NOON)

    assert moments.at.tolist() == [micros(MONDAY_NOON)]


def test_nothing_later_than_the_order_is_in_it():
    """No scan, no plan, no box; a promise only when it is asked about."""
    facts, _ = what_if(WANTED, [(GROUND, MONDAY_NOON)], now=MONDAY_NOON)
    bare, _ = what_if(Wanted(BROOKLYN), [(GROUND, MONDAY_NOON)], now=MONDAY_NOON)

    assert {name for name, frame in facts.tables() if frame.height} == {"facilities", "orders", "shipments", "promises"}
    assert {name for name, frame in bare.tables() if frame.height} == {"orders", "shipments"}


@pytest.fixture(scope="module")
def network():
    return little_facts(200)


def test_a_question_looks_like_what_was_learnt(network):
    """The features of a what-if row equal those of the real shipment as a checkout would have asked about it, bit by bit."""
    facts = network
    vocabulary = Vocabulary.learn(facts)
    history = History.build(facts, vocabulary=vocabulary)
    book = OfferBook.of(facts.shipments)
    row = facts.shipments.sort("created_at").row(150, named=True)
    moment = Moments(np.array([row["shipment_id"]], dtype=object), np.array([micros(row["created_at"])]))
    learnt = only_known_at_checkout(facts, book, sparse=pl.Series([""]))
    facility = {one["facility_id"]: one for one in facts.facilities.to_dicts()}[row["origin_facility_id"]]
    place = make_facility().place
    ends = [
        type(place)(*(row[f"{end}_{name}"] for name in ("lat", "lon", "timezone", "city", "region", "postal_code", "country")))
        for end in ("origin", "destination")
    ]
    home = make_facility(facility["facility_id"], type(place)(facility["lat"], facility["lon"], facility["timezone"], country="US"))
    wanted = Wanted(ends[1], ends[0], home, distance_km=row["distance_km"])
    asked, looked = what_if(wanted, [(Offer(row["carrier"], row["service"]), row["created_at"])], now=row["created_at"], book=book)
    real = build(learnt, moment, history=history, vocabulary=vocabulary)
    imagined = build(asked, looked, history=history, vocabulary=vocabulary)
    order_hours = [
        number for number, name in enumerate(real.names) if np.isnan(real.values[0, number]) != np.isnan(imagined.values[0, number])
    ]

    assert [real.names[number] for number in order_hours] == []


def test_learning_hides_what_comes_later(network):
    """Scans, plans and promises are gone; a silent shop's shipments lose kilometres and merchant too."""
    silent = network.shipments["shipment_id"].head(50)
    bare = only_known_at_checkout(network, OfferBook.of(network.shipments), sparse=silent)

    assert bare.scans.height == bare.promises.height == bare.legs.height == bare.parcels.height == 0
    assert bare.shipments.filter(pl.col("shipment_id").is_in(silent.implode()))["distance_km"].null_count() == 50
    assert bare.shipments.filter(~pl.col("shipment_id").is_in(silent.implode()))["distance_km"].null_count() == 0
    assert bare.shipments.filter(pl.col("created_at") < START).is_empty()


def test_parcels_are_wanted_each_by_itself():
    """Two origins, one with a facility: each row holds its own, an attribute of one is unknown in the other, a facility is listed once."""
    other = Wanted(BROOKLYN, attributes={"size": "L"})
    facts, _ = what_ifs([(WANTED, GROUND, MONDAY_NOON), (other, EXPRESS, MONDAY_NOON), (WANTED, GROUND, MONDAY_NOON)], now=MONDAY_NOON)

    assert facts.shipments["origin_facility_id"].to_list() == ["MEM", None, "MEM"]
    assert facts.shipments["attr_weight_kg"].to_list() == [2.0, None, 2.0]
    assert facts.shipments["attr_size"].to_list() == [None, "L", None]
    assert facts.facilities.height == 1


def test_an_attribute_of_two_kinds_is_refused():
    """A weight in kilograms and a weight in words cannot stand in one column."""
    words = replace(WANTED, attributes={"weight_kg": "heavy"})

    with pytest.raises(InvalidFact, match="'weight_kg'"):
        what_ifs([(WANTED, GROUND, MONDAY_NOON), (words, GROUND, MONDAY_NOON)], now=MONDAY_NOON)


def test_a_checkout_takes_the_label_to_be_made_with_the_order(network):
    """Every shipment is created when its order was made; one whose order nobody registered stays as it is."""
    facts = Facts.of({**dict(network.tables()), "orders": network.orders.head(100)})
    ordered = dict(facts.orders.select("order_id", "ordered_at").iter_rows())
    before = dict(facts.shipments.select("shipment_id", "created_at").iter_rows())
    made = labels_made_when_ordered(facts).shipments

    assert made["shipment_id"].to_list() == facts.shipments["shipment_id"].to_list()
    assert all(row["created_at"] == ordered.get(row["order_id"], before[row["shipment_id"]]) for row in made.to_dicts())
