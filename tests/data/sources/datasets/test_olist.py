"""Olist orders become shipments by the rules of the protocol."""

from datetime import UTC, datetime

import polars as pl
import pytest

from data.sources.datasets.olist import read

NOON = datetime(2018, 3, 5, 12)


def order(order_id: str, **changed: object) -> dict[str, object]:
    return {
        "order_id": order_id,
        "customer_id": f"c-{order_id}",
        "order_status": "delivered",
        "order_purchase_timestamp": NOON,
        "order_approved_at": datetime(2018, 3, 5, 13),
        "order_delivered_carrier_date": datetime(2018, 3, 6, 12),
        "order_delivered_customer_date": datetime(2018, 3, 9, 12),
        "order_estimated_delivery_date": datetime(2018, 3, 20),
    } | changed


@pytest.fixture
def folder(tmp_path):
    """Give a folder with one seller near the customer and one far away, and a customer's zip with a stray point in Spain."""
    points = [("01000", -23.5, -46.6, "SP"), ("01000", -23.6, -46.7, "SP"), ("01000", 40.4, -3.7, "SP"), ("69000", -3.1, -60.0, "AM")]
    columns = ["geolocation_zip_code_prefix", "geolocation_lat", "geolocation_lng", "geolocation_state"]
    pl.DataFrame(points, schema=columns, orient="row").write_parquet(tmp_path / "geolocation.parquet")
    pl.DataFrame({"seller_id": ["near", "far"], "seller_zip_code_prefix": ["1000", "69000"]}).write_parquet(tmp_path / "sellers.parquet")
    return tmp_path


def written(folder, *orders, items=None):
    pl.DataFrame(orders, infer_schema_length=None).write_parquet(folder / "orders.parquet")
    people = [
        {"customer_id": o["customer_id"], "customer_zip_code_prefix": "1000", "customer_city": None, "customer_state": None} for o in orders
    ]
    pl.DataFrame(people).write_parquet(folder / "customers.parquet")
    rows = items if items is not None else [(o["order_id"], 1, "p", "near", 10.0, 2.5) for o in orders]
    columns = ["order_id", "order_item_id", "product_id", "seller_id", "price", "freight_value"]
    pl.DataFrame(rows, schema=columns, orient="row").write_parquet(folder / "order_items.parquet")
    return read(folder)


def counted(dataset, code):
    return next(defect.count for defect in dataset.defects if defect.code == code)


def test_the_farthest_seller_counts(folder):
    """Of two sellers the one farther from the customer is the origin; items and prices are summed up."""
    dataset = written(folder, order("A"), items=[("A", 1, "p", "near", 10.0, 2.5), ("A", 2, "p", "far", 20.0, 30.0)])
    shipment = dataset.facts.shipments.row(0, named=True)

    assert (shipment["origin_facility_id"], shipment["origin_region"]) == ("far", "AM")
    assert (shipment["attr_items"], shipment["attr_sellers"], shipment["attr_price"], shipment["attr_freight_value"]) == (2, 2, 30, 32.5)
    assert counted(dataset, "several_sellers") == 1


def test_zips_keep_their_zeros_and_points_their_country(folder):
    """A zip that lost its zero finds its place; a point in Spain is left out; the state comes from the zip."""
    dataset = written(folder, order("A"))
    shipment = dataset.facts.shipments.row(0, named=True)

    assert shipment["destination_postal_code"] == "01000"
    assert (shipment["destination_lat"], shipment["destination_lon"]) == (-23.55, -46.650000000000006)
    assert shipment["destination_region"] == "SP"
    assert (counted(dataset, "zip_lost_zeros"), counted(dataset, "point_outside_brazil"), counted(dataset, "customer_without_state")) == (
        1,
        1,
        1,
    )


@pytest.mark.parametrize(
    ("delivered", "late"),
    [(datetime(2018, 3, 20, 23, 59, 59), False), (datetime(2018, 3, 21), True)],
    ids=["last second", "next day"],
)
def test_late_begins_after_the_estimated_day(folder, delivered, late):
    """The estimated day counts as on time to its end."""
    moments = written(folder, order("A", order_delivered_customer_date=delivered)).moments

    assert moments["late"].to_list() == [late] * 3


def test_an_impossible_order_of_events_keeps_its_moments(folder):
    """An order handed over before it was bought is counted, kept, and can be asked about at all moments."""
    dataset = written(folder, order("A", order_delivered_carrier_date=datetime(2018, 3, 4, 12)))

    assert counted(dataset, "handover_before_purchase") == 1
    assert counted(dataset, "handover_before_approval") == 1
    assert dataset.moments.sort("at")["moment"].to_list() == ["handed_over", "purchase", "approved"]
    assert dataset.moments.filter(moment="handed_over")["y"].item() == 5.0


def test_a_cancelled_order_stays_open_in_the_facts(folder):
    """The final status is hindsight: no scan, no attribute, only a flag beside the moments."""
    gone = order("A", order_status="canceled", order_delivered_customer_date=None, order_delivered_carrier_date=None)
    dataset = written(folder, gone, order("B"))

    assert dataset.facts.scans.filter(shipment_id="A")["status"].unique().to_list() == ["pre_transit"]
    assert dataset.moments.filter(shipment_id="A").select("scored", "trains", "ended_otherwise").unique().rows() == [(False, True, True)]


@pytest.mark.parametrize(
    ("bought", "scored", "trains"),
    [(datetime(2017, 1, 4, 23), True, False), (datetime(2017, 1, 5), True, True), (datetime(2018, 9, 30), False, True)],
)
def test_the_protocol_fixes_the_rows(folder, bought, scored, trains):
    """Training begins with purchases of 5 January 2017, scoring ends before 30 September 2018."""
    moments = written(folder, order("A", order_purchase_timestamp=bought)).moments

    assert moments.select("scored", "trains").unique().rows() == [(scored, trains)]


def test_orders_without_items_are_neither_scored_nor_trained(folder):
    """An order without items is a shipment, but no row of the protocol."""
    dataset = written(folder, order("A"), order("B"), items=[("B", 1, "p", "near", 1.0, 1.0)])

    assert dataset.facts.shipments.height == 2
    assert dataset.moments.filter(shipment_id="A").select("scored", "trains").unique().rows() == [(False, False)]
    assert counted(dataset, "order_without_items") == 1


def test_times_are_local_to_sao_paulo(folder):
    """Noon on 5 March is 15:00 UTC; in January summer time makes it 14:00."""
    dataset = written(folder, order("A"), order("B", order_purchase_timestamp=datetime(2018, 1, 5, 12)))

    assert dataset.facts.orders.sort("order_id")["ordered_at"].to_list() == [
        datetime(2018, 3, 5, 15, tzinfo=UTC),
        datetime(2018, 1, 5, 14, tzinfo=UTC),
    ]


def test_the_shipping_limit_is_not_read(folder):
    """The seller's limit is approval plus whole days in 84 % of orders: at the purchase it would tell when the approval comes, so no table holds it."""
    dataset = written(folder, order("A"), order("B", order_approved_at=None))
    items = pl.read_parquet(folder / "order_items.parquet")
    for limit in (datetime(2018, 3, 7, 13), datetime(2018, 3, 19, 22)):
        items.with_columns(shipping_limit_date=pl.lit(limit, dtype=pl.Datetime("us"))).write_parquet(folder / "order_items.parquet")
        limited = read(folder)

        assert all(one.equals(other) for (_, one), (_, other) in zip(limited.facts.tables(), dataset.facts.tables(), strict=True))
        assert limited.moments.equals(dataset.moments)
