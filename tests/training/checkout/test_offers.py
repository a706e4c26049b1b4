"""The book of services holds what past shipments showed."""

import polars as pl
import pytest

from data.domain.places import Place
from data.facts.facts import Facts
from tests.makers import MONDAY_NOON
from training.checkout.offers import Offer, OfferBook
from training.registry.plain import check_plain

ROWS = [
    # origin facility, destination region, postal code, carrier, service, destination facility
    ("MEM", "NY", "11215", "swift", "ground", "EWR"),
    ("MEM", "NY", "11215", "swift", "ground", "EWR"),
    ("MEM", "NY", "11217", "swift", "express", "JFK"),
    ("MEM", "CA", "90001", "snail", "ground", "LAX"),
    ("ABE", "CA", "90002", "swift", "ground", "LAX"),
    (None, "TX", None, "snail", "slow", None),
]
BROOKLYN, AUSTIN = Place(region="NY", postal_code="11201"), Place(region="TX", postal_code="73301")


@pytest.fixture(scope="module")
def book():
    names = ("origin_facility_id", "destination_region", "destination_postal_code", "carrier", "service", "destination_facility_id")
    rows = [
        {"shipment_id": f"S{number}", "order_id": "O", "created_at": MONDAY_NOON, **dict(zip(names, row, strict=True))}
        for number, row in enumerate(ROWS)
    ]
    return OfferBook.of(Facts.of({"shipments": pl.DataFrame(rows, infer_schema_length=None)}).shipments)


def test_a_lane_offers_what_went_there_before(book):
    """From Memphis to New York two services, the most used first."""
    assert book.offers("MEM", Place(), BROOKLYN) == (Offer("swift", "ground"), Offer("swift", "express"))


def test_an_unknown_lane_offers_what_leaves_there(book):
    """Nothing went from Memphis to Texas: all services from Memphis are told."""
    assert set(book.offers("MEM", Place(), AUSTIN)) == {Offer("swift", "ground"), Offer("swift", "express"), Offer("snail", "ground")}


def test_an_unknown_origin_offers_everything(book):
    """From a place never seen, all services known anywhere."""
    assert set(book.offers("XXX", Place(), BROOKLYN)) == set(book.all_offers())
    assert len(book.all_offers()) == 4


def test_the_facility_that_delivers_is_looked_up_by_area(book):
    """112.. is served by EWR twice and JFK once; nobody knows who delivers in Texas."""
    assert book.facility("swift", BROOKLYN) == "EWR"
    assert book.facility("snail", AUSTIN) is None
    assert book.facility("swift", Place()) is None


def test_the_state_is_plain_and_comes_back(book):
    """It goes into a bundle and out of it."""
    check_plain(book.to_state())

    assert OfferBook.from_state(book.to_state()) == book
