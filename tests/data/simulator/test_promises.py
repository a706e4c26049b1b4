import polars as pl


def of_kind(simulated, kind):
    return simulated.facts.promises.filter(pl.col("kind") == kind)


def test_every_shipment_has_one_promise_of_the_shop_known_when_it_was_ordered(simulated):
    """The shop promises once, at order time, before the shipment exists."""
    shop = of_kind(simulated, "shop").join(simulated.facts.shipments, on="shipment_id").join(simulated.facts.orders, on="order_id")

    assert shop.height == simulated.facts.shipments.height
    assert (shop["known_at"] == shop["ordered_at"]).all()
    assert (shop["promised_at"] > shop["known_at"]).all()


def test_promises_end_with_a_local_day(simulated):
    """A promise is the last second of a day at the destination's delivery station."""
    zones = simulated.facts.facilities.select(destination_facility_id="facility_id", timezone="timezone")
    promised = simulated.facts.promises.join(simulated.facts.shipments, on="shipment_id").join(zones, on="destination_facility_id")
    for (zone,), rows in promised.group_by("timezone"):
        assert rows["promised_at"].dt.convert_time_zone(zone).dt.strftime("%H:%M:%S").unique().to_list() == ["23:59:59"]


def test_the_shop_pads_more_than_the_carrier(simulated):
    """The carrier's first date is exact and known at the label; the shop's is later on average."""
    first = (
        of_kind(simulated, "carrier").filter(pl.col("promise_id").str.ends_with("-C1")).join(simulated.facts.shipments, on="shipment_id")
    )
    both = first.join(of_kind(simulated, "shop"), on="shipment_id", suffix="_shop")

    assert (first["known_at"] == first["created_at"]).all()
    assert (both["promised_at_shop"] - both["promised_at"]).dt.total_hours().mean() > 12


def test_carriers_revise_their_date_when_a_parcel_slips(simulated):
    """Some parcels get a second date of the carrier, later than the first in time and nearly always in promise."""
    carrier = of_kind(simulated, "carrier")
    second = carrier.filter(pl.col("promise_id").str.ends_with("-C2")).join(
        carrier.filter(pl.col("promise_id").str.ends_with("-C1")), on="shipment_id", suffix="_first"
    )

    assert 0.03 < second.height / simulated.facts.shipments.height < 0.4
    assert (second["known_at"] > second["known_at_first"]).all()
    assert (second["promised_at"] > second["promised_at_first"]).all()


def test_nobody_promises_a_sunday(simulated):
    """No carrier of the reference delivers on Sundays, so no promise ends on one."""
    zones = simulated.facts.facilities.select(destination_facility_id="facility_id", timezone="timezone")
    promised = simulated.facts.promises.join(simulated.facts.shipments, on="shipment_id").join(zones, on="destination_facility_id")
    for (zone,), rows in promised.group_by("timezone"):
        assert 7 not in rows["promised_at"].dt.convert_time_zone(zone).dt.weekday().unique()
