"""Forecast a shipment that does not exist: the same predictor, asked about what is known at checkout and nothing else."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial

from data.domain.errors import InvalidFact, NotFound
from data.domain.forecasts import Forecast
from data.domain.places import Facility, Place
from serving.arrivals import reasons_of, window_of
from serving.errors import shown
from serving.places import located
from serving.schemas.checkout import DateOut, LatestOrderOut, PercentileOut, PromiseDateOut, ServiceOut
from serving.schemas.eta import Estimate, EstimateIn, QuantileOut
from serving.schemas.wanted import WantedIn
from serving.wiring import Wiring
from training.checkout.dates import local_date
from training.checkout.offers import Offer, OfferBook
from training.checkout.promise import Prices, ServicePromise, Wish, promises
from training.checkout.whatif import Wanted, what_if

__all__ = ["Asked", "asked_of", "estimate", "known_place", "offers_of", "ordered_at_of", "service_out", "wanted_of"]

MOST_SERVICES = 24
TOO_LATE = datetime(2099, 1, 1, tzinfo=UTC)
"""Orders from here on have arrivals that no instant of the wire can name (1990 to 2099); a year is more than any parcel takes."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Hold a checked question: what is wanted, by which services, ordered when, wished and priced how; instants are UTC."""

    wanted: Wanted
    offers: tuple[Offer, ...]
    ordered_at: datetime
    wish: Wish | None
    prices: Prices | None


def estimate(wiring: Wiring, body: EstimateIn) -> Estimate:
    """Give the distribution and what may be promised.

    Raises `NotTrained` when no model serves, and `NotFound` for a facility, place or service that nothing is known of. A wished date that is over is
    answered as one that no order keeps, with a note: a shop that still shows yesterday's wish must not lose its estimate.
    """
    model = wiring.model.current().at_checkout()
    now = wiring.now()
    book = model.checkout.book if model.checkout else None
    asked = asked_of(wiring, body, book, now)
    facts, moments = what_if(asked.wanted, [(asked.offers[0], asked.ordered_at)], now=now, book=book)
    ask = partial(promises, model, asked.wanted, ordered_at=asked.ordered_at, now=now, book=book, prices=asked.prices)
    at = max(asked.ordered_at, now)
    over = asked.wish if asked.wish and asked.wish.date < local_date(at, zone_of(asked)) else None
    found = ask(asked.offers[:1], wish=None if over else asked.wish)
    if asked.offers[1:]:  # without the wish: anybody may ask, and the search for the latest order asks the model hundreds of questions
        found += ask(asked.offers[1:])
    (forecast,) = model.forecast(facts, moments, made_at=now)
    services = [service_out(one, asked.wish) for one in found]
    if over:
        services[0] = services[0].model_copy(update={"latest_order": too_late(over, local_date(at, zone_of(asked)))})
    return answer(forecast, services, asked)


def zone_of(asked: Asked) -> str:
    return asked.wanted.destination.timezone or "UTC"


def too_late(wish: Wish, today: date) -> LatestOrderOut:
    """Say that a date is over."""
    return LatestOrderOut(
        wished_date=wish.date,
        probability=wish.probability,
        probability_now=0.0,
        order_by=None,
        last_chance=None,
        note=f"the wished date {wish.date} is over at the destination when it is ordered there on {today}; wish for a later date.",
    )


def asked_of(wiring: Wiring, body: EstimateIn, book: OfferBook | None, now: datetime) -> Asked:
    """Check a question and complete its places."""
    wanted = wanted_of(wiring, body, merchant=body.merchant, promised_at=body.promised_at)
    return Asked(
        wanted,
        offers_of(Offer(body.carrier, body.service), wanted, book, every=body.every_service),
        ordered_at_of(body.created_at, now),
        Wish(body.wished_date, body.keep_probability) if body.wished_date else None,
        Prices(body.prices.broken_cost, body.prices.value_per_day) if body.prices else None,
    )


def wanted_of(wiring: Wiring, body: WantedIn, *, merchant: str | None, promised_at: datetime | None = None) -> Wanted:
    """Complete the places of a wanted shipment; raises `NotFound` for a facility or a place that nothing is known of."""
    facility = facility_of(wiring, body.origin_facility_id)
    origin = known_place("origin", body.origin.to_place()) if body.origin else facility.place if facility else Place()
    return Wanted(
        destination=known_place("destination", body.destination.to_place()),
        origin=origin,
        facility=facility,
        merchant=merchant,
        attributes={name: value for name, value in body.attributes.items() if value is not None},
        distance_km=body.distance_km,
        planned_minutes=body.planned_minutes,
        promised_at=promised_at,
    )


def ordered_at_of(created_at: datetime | None, now: datetime) -> datetime:
    """Give when it is ordered; raises `InvalidFact` for an order whose arrival could not be written down."""
    if created_at is not None and created_at >= TOO_LATE:
        raise InvalidFact(
            f"created_at {created_at.isoformat()} is too late: arrivals are told to the end of 2099; ask about an order before 2099."
        )
    return created_at or now


def facility_of(wiring: Wiring, facility_id: str | None) -> Facility | None:
    if facility_id is None:
        return None
    facility = wiring.store.shipments.facilities().get(facility_id)
    if facility is None:
        raise NotFound(f"no facility {facility_id!r} is known; import facilities with `doorcast data import`, or send `origin` instead")
    return facility


def known_place(name: str, place: Place) -> Place:
    """Complete a place; raises `NotFound` for one of which nothing but a postal code is known, and not where that is."""
    found = located(place)
    if found.postal_code and not any((found.lat, found.timezone, found.region, found.city, found.country)):
        raise NotFound(
            f"{name}: the postal code {shown(found.postal_code)!r} is not one of the United States and nothing else is said of the place; "
            "send its country with region or city, or a point with lat and lon"
        )
    return found


def offers_of(first: Offer, wanted: Wanted, book: OfferBook | None, *, every: bool) -> tuple[Offer, ...]:
    """Give the services to answer for, the asked one first; raises `NotFound` for one that no past shipment went by."""
    if book is None:
        return (first,)
    known = book.all_offers()
    if first not in known:
        listed = ", ".join(f"{shown(offer.carrier)} {shown(offer.service)}" for offer in known[:8])
        raise NotFound(
            f"service {shown(first.service)!r} of carrier {shown(first.carrier)!r} is not among those that the model learnt from; ask for one of: {listed}"
        )
    if not every:
        return (first,)
    origin_id = wanted.facility.facility_id if wanted.facility else None
    others = [offer for offer in book.offers(origin_id, wanted.origin, wanted.destination) if offer != first]
    return (first, *others[: MOST_SERVICES - 1])


def service_out(found: ServicePromise, wish: Wish | None) -> ServiceOut:
    """Give what may be promised for one service as the wire shows it."""
    latest, best = found.latest, found.best
    return ServiceOut(
        carrier=found.offer.carrier,
        service=found.offer.service,
        percentiles=[PercentileOut(level=one.level, at=one.at, date=one.date) for one in found.percentiles],
        dates=[DateOut(date=one.date, probability=round(one.probability, 6)) for one in found.dates],
        latest_order=LatestOrderOut(
            wished_date=wish.date,
            probability=wish.probability,
            probability_now=round(latest.now, 6),
            order_by=latest.order_by,
            last_chance=latest.last_chance,
            note=None,
        )
        if latest and wish
        else None,
        promise=PromiseDateOut(date=best.date, probability=round(best.probability, 6), worth=round(best.worth, 6)) if best else None,
    )


def answer(forecast: Forecast, services: list[ServiceOut], asked: Asked) -> Estimate:
    first = services[0]
    p10, p50, p90 = (forecast.quantile(level) for level in (0.1, 0.5, 0.9))
    return Estimate(
        target=forecast.target,
        as_of=forecast.as_of,
        p10=p10,
        p50=p50,
        p90=p90,
        quantiles=[QuantileOut(level=level, at=instant) for level, instant in forecast.quantiles],
        window=window_of(forecast.window, asked.wanted.destination.timezone, forecast.as_of),
        late_probability=forecast.late_probability,
        reasons=reasons_of(forecast.reasons),
        model_version=forecast.model_version,
        input_digest=forecast.input_digest,
        percentiles=first.percentiles,
        dates=first.dates,
        latest_order=first.latest_order,
        promise=first.promise,
        services=services,
    )
