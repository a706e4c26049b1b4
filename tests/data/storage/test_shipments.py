"""Shipments are found, listed and queued."""

from collections.abc import Iterator
from datetime import timedelta

import polars as pl
import pytest

from data.domain.errors import InvalidFact, NotFound
from data.domain.orders import Order, Promise, PromiseKind, Shipment
from data.domain.places import Facility, FacilityKind, Place
from data.domain.routes import Leg
from data.domain.statuses import Status
from data.facts.facts import Facts
from data.storage.store import Store, open_store
from data.storage.waiting import waiting_for_forecast
from tests.data.storage.known_facts import known_facts, make_forecast
from tests.makers import MONDAY_NOON, after, make_scan


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with open_store(url, now=lambda: after(100)) as store:
        store.facts.add(known_facts(), source="test")
        yield store


def test_a_shipment_and_its_order_come_back_whole(store: Store) -> None:
    """Places, numbers and attributes are where the domain wants them; unknown stays unknown."""
    assert store.shipments.get("S1") == Shipment(
        "S1",
        "O1",
        "swift",
        "ground",
        MONDAY_NOON,
        Place(40.6782, -73.9442, "America/New_York", "Brooklyn"),
        Place(),
        "MEM",
        "JFK",
        "TN",
        1780.123456789,
        None,
        {"vehicle": "bike", "pieces": 3, "weight_kg": 0.1},
    )
    assert store.shipments.get("S3").attributes == {"vehicle": "van", "weight_kg": 2.0}
    assert store.shipments.order("O1") == Order("O1", MONDAY_NOON, "Acme", {"priority": True})


def test_the_shipments_of_an_order_are_found_together(store: Store) -> None:
    """Every shipment is found under its own order, oldest label first; an unknown order has none."""
    for shipment_id in ("S1", "S3"):
        order_id = store.shipments.get(shipment_id).order_id
        found = store.shipments.of_order(order_id)

        assert shipment_id in {one.shipment_id for one in found}
        assert {one.order_id for one in found} == {order_id}
        assert [one.created_at for one in found] == sorted(one.created_at for one in found)
    assert store.shipments.of_order("nobody") == ()


def test_promises_legs_and_facilities(store: Store) -> None:
    """What belongs to a shipment comes in its own order."""
    assert store.shipments.promises("S1") == (
        Promise("P1", "S1", PromiseKind.SHOP, after(96), MONDAY_NOON),
        Promise("P2", "S1", PromiseKind.CARRIER, after(90), after(3)),
    )
    assert store.shipments.legs("S1") == (
        Leg("L1", "S1", 0, "MEM", "JFK", "air", after(5), after(9), None, MONDAY_NOON),
        Leg("L2", "S1", 1, "JFK", None, "van", after(30), None, None, MONDAY_NOON),
    )
    assert store.shipments.legs("S3") == ()
    assert store.shipments.facilities()["MEM"] == Facility(
        "MEM", "Memphis hub", FacilityKind.HUB, Place(35.1175, -89.9711, "America/Chicago")
    )


def test_what_nobody_knows_is_not_found(store: Store) -> None:
    """Each way of asking for an unknown shipment says so, whatever the text."""
    shipments = store.shipments

    for unknown in ("nobody", "", "\ud800", "\x00", "' OR 1=1 --", "S1 "):
        for ask in (shipments.get, shipments.summary, shipments.promises, shipments.legs, shipments.order):
            with pytest.raises(NotFound):
                ask(unknown)


def test_a_summary_says_it_in_one_line(store: Store) -> None:
    """A summary joins state, the shop's promise, the newest forecast and the last place."""
    store.forecasts.append([make_forecast("F1", "S1", after(20)), make_forecast("F2", "S1", after(30), late_probability=0.5)])

    summary = store.shipments.summary("S1")

    assert (summary.status, summary.status_since, summary.last_heard_at) == (Status.DELIVERED, after(50), after(50.5))
    assert (summary.promised_at, summary.late_probability, summary.forecast_as_of) == (after(96), 0.5, after(30))
    assert (summary.p10, summary.p50, summary.p90) == tuple(make_forecast().quantile(level) for level in (0.1, 0.5, 0.9))
    assert (summary.lat, summary.lon) == (40.6413, -73.7781)
    assert (summary.destination_city, summary.destination_timezone) == ("Brooklyn", "America/New_York")


def test_a_new_shipment_has_a_summary_too(store: Store) -> None:
    """Before the first scan and forecast everything unknown is None."""
    summary = store.shipments.summary("S3")

    assert (summary.status, summary.status_since, summary.last_heard_at) == (Status.UNKNOWN, None, None)
    assert (summary.p50, summary.late_probability, summary.promised_at, summary.lat) == (None, None, None, None)


def test_the_list_pages_through_all(store: Store) -> None:
    """Newest created first, ties broken, no line twice and none left out, whatever the size of a page."""
    many = [f"X{i:02}" for i in range(20)]
    created = [after(10 + i // 7) for i in range(20)]
    rows = {"shipment_id": many, "order_id": ["O1"] * 20, "carrier": ["x"] * 20, "service": ["y"] * 20, "created_at": created}
    store.facts.add(Facts.of({"shipments": pl.DataFrame(rows)}), source="test")
    expected = [*sorted(many, key=lambda name: (created[many.index(name)], name), reverse=True), "S3", "S2", "S1"]

    for size in (1, 3, 7, 50):
        seen: list[str] = []
        page = store.shipments.list(size)
        while page:
            seen += [line.shipment_id for line in page]
            page = store.shipments.list(size, before=page[-1].cursor)

        assert seen == expected


def test_the_list_filters(store: Store) -> None:
    """By carrier and by stage, both at once too."""
    assert [line.shipment_id for line in store.shipments.list(carrier="swift")] == ["S3", "S1"]
    assert [line.shipment_id for line in store.shipments.list(status=Status.ACCEPTED)] == ["S2"]
    assert store.shipments.list(carrier="swift", status=Status.ACCEPTED) == ()


def test_a_false_cursor_is_refused(store: Store) -> None:
    """Cursors come from outside; what is not ours is an InvalidFact."""
    for cursor in ("", "nonsense", "12", "~S1", "1e9~S1", "٣~S1", "--5~S1", "9" * 40 + "~S1", "5~\ud800", "5~\x00"):
        with pytest.raises(InvalidFact):
            store.shipments.list(before=cursor)


def test_a_negative_limit_is_refused(store: Store) -> None:
    """SQLite would read a negative limit as none."""
    for ask in (store.shipments.list, store.shipments.at_risk, store.quarantine.list):
        with pytest.raises(InvalidFact):
            ask(-1)


def test_the_queue_orders_by_risk(store: Store) -> None:
    """Open shipments only, by the newest forecast, highest first; without a probability there is no risk to rank."""
    store.scans.append([make_scan("E8", Status.IN_TRANSIT, after(60), shipment_id="S3")])
    store.forecasts.append(
        [
            make_forecast("F1", "S1", after(1), late_probability=0.99),
            make_forecast("F2", "S2", after(1), late_probability=0.9),
            make_forecast("F3", "S2", after(2), late_probability=0.1),
            make_forecast("F4", "S3", after(1), late_probability=0.4),
        ]
    )

    assert [line.shipment_id for line in store.shipments.at_risk(10)] == ["S3", "S2"]
    assert [line.shipment_id for line in store.shipments.at_risk(1)] == ["S3"]
    store.forecasts.append([make_forecast("F5", "S3", after(3), late_probability=None)])
    assert [line.shipment_id for line in store.shipments.at_risk(10)] == ["S2"]


def test_silence_expires_a_shipment_when_it_is_read(url: str, store: Store) -> None:
    """After thirty silent days an open shipment is expired, in summaries and filters, and stays open; news would revive it."""
    later = after(3) + timedelta(days=30, microseconds=1)

    with open_store(url, now=lambda: later) as then:
        summary = then.shipments.summary("S2")

        assert (summary.status, summary.status_since) == (Status.EXPIRED, after(3) + timedelta(days=30))
        assert [line.shipment_id for line in then.shipments.list(status=Status.EXPIRED)] == ["S2"]
        assert then.shipments.list(status=Status.ACCEPTED) == ()
        assert then.shipments.open_ids() == ("S2", "S3")
        assert [line.shipment_id for line in then.shipments.list(status=Status.DELIVERED)] == ["S1"]


def test_tracking_numbers_are_not_unique(store: Store) -> None:
    """A number gives all its shipments, newest first; an unknown one gives none."""
    assert store.shipments.by_tracking_number("TN") == ("S2", "S1")
    assert store.shipments.by_tracking_number("tn") == ()


def test_shipments_wait_for_a_forecast_until_they_have_a_fresh_one(store: Store) -> None:
    """New shipments and those with news since the newest forecast wait; ended ones never do."""
    assert waiting_for_forecast(store, now=after(100), limit=10) == ("S2", "S3")

    store.forecasts.append([make_forecast("F1", "S2", after(90)), make_forecast("F2", "S3", after(90))])
    assert waiting_for_forecast(store, now=after(100), limit=10) == ()

    store.scans.append([make_scan("E8", Status.IN_TRANSIT, after(95), shipment_id="S3")])
    assert waiting_for_forecast(store, now=after(100), limit=10) == ("S3",)
