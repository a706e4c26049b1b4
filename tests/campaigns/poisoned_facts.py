"""Put one text into every field of a shipment's facts that may hold text from outside, as a hostile shop or carrier would send it."""

from dataclasses import replace

from data.domain.forecasts import Forecast, Reason
from data.domain.places import Facility, Place
from data.domain.routes import Leg
from data.domain.scans import Scan
from maps.journey_facts import JourneyFacts

__all__ = ["poisoned_facility", "poisoned_facts", "poisoned_place"]


def poisoned_place(place: Place, text: str) -> Place:
    """Give the place with its coordinates and no other true word."""
    return replace(place, timezone=text, city=text, region=text, postal_code=text, country=text)


def poisoned_facility(facility: Facility, facility_id: str, text: str) -> Facility:
    """Give the facility under another id, with the text in every field; its kind is an enumerated value."""
    return replace(facility, facility_id=facility_id, name=text, place=poisoned_place(facility.place, text))


def poisoned_facts(facts: JourneyFacts, text: str) -> JourneyFacts:
    """Give the facts with ``text`` in every text field: shipment, order, facilities and their ids, scans, legs, forecasts. Times and kinds stay."""
    ids = {facility_id: f"{text} {facility_id}" for facility_id in facts.facilities}

    def scan(one: Scan) -> Scan:
        return replace(one, facility_id=ids.get(one.facility_id or ""), raw_text=text, raw_code=text, source=text, parcel_id=text)

    def leg(one: Leg) -> Leg:
        return replace(
            one, from_facility_id=ids.get(one.from_facility_id or ""), to_facility_id=ids.get(one.to_facility_id or ""), mode=text
        )

    def forecast(one: Forecast) -> Forecast:
        told = tuple(Reason(text, reason.hours, (text,)) for reason in one.reasons[:1]) + one.reasons[1:]
        return replace(one, model_version=text, timezone=text, reasons=told)

    shipment = replace(
        facts.shipment,
        carrier=text,
        service=text,
        tracking_number=text,
        origin=poisoned_place(facts.shipment.origin, text),
        destination=poisoned_place(facts.shipment.destination, text),
        origin_facility_id=ids.get(facts.shipment.origin_facility_id or ""),
        destination_facility_id=ids.get(facts.shipment.destination_facility_id or ""),
        attributes={text: text},
    )
    return replace(
        facts,
        shipment=replace(shipment, order_id=text),
        order=facts.order and replace(facts.order, order_id=text, merchant=text, attributes={text: text}),
        facilities={ids[name]: poisoned_facility(facility, ids[name], text) for name, facility in facts.facilities.items()},
        scans=tuple(map(scan, facts.scans)),
        legs=tuple(map(leg, facts.legs)),
        forecasts=tuple(map(forecast, facts.forecasts)),
    )
