"""A store with two parcels of one order, one that came long ago, and their customer's address."""

from dataclasses import replace

import pytest

from data.domain.statuses import Status
from data.storage.contacts import Contact
from tests.makers import after, make_order, make_scan, make_shipment
from tests.serving.pages.stored import keep


def fill(store, digests):
    """S1 and S2 belong to the order O-ADA; GONE was delivered 60 days before the clock's start and has the number of S1."""
    order = make_order("O-ADA")
    keep(store, shipment_id="S1", order=order, scans=(make_scan("a", Status.ACCEPTED, after(0.5)),))
    keep(store, shipment_id="S2", order=order)
    keep(store, shipment_id="PLAIN", order=make_order("O-PLAIN"), shipment=replace(make_shipment(), tracking_number="TN-PLAIN"))
    gone = replace(make_shipment("GONE"), created_at=after(-24 * 65), tracking_number="TN-GONE")
    keep(store, shipment_id="GONE", order=make_order("O-GONE"), shipment=gone, scans=(make_scan("d", Status.DELIVERED, after(-24 * 60)),))
    for order_id, address in (("O-ADA", "Ada@Example.com"), ("O-GONE", "gone@example.com")):
        store.contacts.set(order_id, Contact(address, digests.email(address)))


@pytest.fixture
def filled(wiring):
    fill(wiring.store, wiring.digests)
    return wiring
