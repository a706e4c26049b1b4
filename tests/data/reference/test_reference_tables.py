from collections import Counter
from datetime import date

import pytest
import tzfpy
import zipcodes

from data.domain.errors import NotFound
from data.domain.places import FacilityKind
from data.domain.statuses import Status
from data.reference.carriers import carrier_named, carriers
from data.reference.destinations import ELSEWHERE, destinations
from data.reference.facilities import reference_facilities
from data.reference.status_codes import coded_events, status_of
from data.reference.working_days import CARRIER_HOLIDAYS, carrier_holidays


def test_forty_facilities_of_three_kinds():
    """The list holds 40 facilities with ids of their own: 7 warehouses, 10 hubs, 23 delivery stations."""
    facilities = [item.facility for item in reference_facilities()]

    assert len({f.facility_id for f in facilities}) == 40
    assert Counter(f.kind for f in facilities) == {FacilityKind.WAREHOUSE: 7, FacilityKind.HUB: 10, FacilityKind.DELIVERY_STATION: 23}


@pytest.mark.parametrize("item", reference_facilities(), ids=lambda item: item.facility.facility_id)
def test_facilities_are_real_places(item):
    """City, state, coordinates and time zone of a facility are those of its ZIP code."""
    place = item.facility.place
    (known,) = zipcodes.matching(place.postal_code)

    assert place.city.lower() in {known["city"].lower(), *(city.lower() for city in known["acceptable_cities"])}
    assert (place.region, place.lat, place.lon) == (known["state"], float(known["lat"]), float(known["long"]))
    assert place.timezone == tzfpy.get_tz(place.lon, place.lat)


def test_only_stations_serve_people():
    """Delivery stations say how many people they serve, other facilities say 0."""
    assert all(
        (item.served_population_thousands > 0) == (item.facility.kind is FacilityKind.DELIVERY_STATION) for item in reference_facilities()
    )


def test_carriers_sort_at_real_hubs():
    """Every hub of a carrier is a hub of the list, its air hub is among them, and shares add up to one."""
    hubs = {item.facility.facility_id for item in reference_facilities() if item.facility.kind is FacilityKind.HUB}

    assert all(set(c.hubs) <= hubs and c.air_hub in c.hubs for c in carriers())
    assert sum(c.weight for c in carriers()) == pytest.approx(1)
    assert all(sum(s.weight for s in c.services) == pytest.approx(1) for c in carriers())


def test_an_unknown_carrier_is_refused_with_those_known():
    """Asking for a carrier that is not there names those that are."""
    with pytest.raises(NotFound, match=r"'pony' is not in carriers.json; known are \['swift'"):
        carrier_named("pony")


@pytest.mark.parametrize(("km", "days"), [(100, 1), (320, 1), (320.1, 2), (4500, 5)])
def test_published_days_grow_with_distance(km, days):
    """The service guide of swift ground states 1 to 5 working days."""
    assert carrier_named("swift").services[0].days_for(km) == days


def test_a_code_of_a_carrier_means_one_stage():
    """Every carrier has a code of its own for every kind of event."""
    for carrier in carriers():
        codes = [event.said[carrier.carrier][0] for event in coded_events()]

        assert len(set(codes)) == len(codes)


def test_an_unmapped_code_stays_unknown():
    """A code that nobody has mapped never becomes in transit."""
    assert status_of("swift", "DL") is Status.DELIVERED
    assert status_of("swift", "??") is Status.UNKNOWN
    assert status_of("pony", "DL") is Status.UNKNOWN


def test_a_return_is_no_delivery():
    """Delivered to the original sender is a return."""
    assert status_of("unipost", "17") is Status.RETURNED


def test_carriers_rest_on_six_holidays():
    """Each year has six days without pick-up and delivery; Columbus Day is not one of them."""
    found = carrier_holidays([2025, 2026])

    assert len(found) == 2 * len(CARRIER_HOLIDAYS)
    assert {date(2026, 11, 26), date(2026, 12, 25), date(2025, 9, 1)} <= found
    assert date(2026, 10, 12) not in found


def test_destinations_are_mainland_zip_codes():
    """Some 30,000 ZIP codes with leading zeros, all on the mainland and with a US time zone."""
    frame = destinations()

    assert 29_000 < frame.height == frame["postal_code"].n_unique() < 31_000
    assert frame["postal_code"].str.len_chars().unique().to_list() == [5]
    assert not set(frame["region"]) & ELSEWHERE
    assert frame["lat"].is_between(24, 50).all()
    assert frame["lon"].is_between(-125, -66).all()
    assert frame["timezone"].str.starts_with("America/").all()
