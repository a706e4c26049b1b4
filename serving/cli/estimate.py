"""Say what a checkout may promise: ``doorcast estimate``."""

import json
import re
from datetime import UTC, date, datetime
from typing import Annotated

import typer
from pydantic import TypeAdapter, ValidationError
from rich.console import Console
from rich.table import Table
from rich.text import Text

from data.domain.errors import InvalidFact, NotFound
from data.domain.places import Facility, Place
from data.domain.scans import check_instant
from maps.times import clock, local, moment_words
from serving.arrivals import plain
from serving.errors import shown
from serving.estimating import known_place, service_out
from serving.logs import configure_logs
from serving.schemas.checkout import ServiceOut
from serving.schemas.wire import CalendarDate
from serving.settings import Settings
from serving.wiring import Wiring, open_wiring
from training.checkout.offers import Offer, OfferBook
from training.checkout.promise import Prices, Wish, promises
from training.checkout.whatif import Wanted

__all__ = ["estimate"]

SHOWN_LEVELS = (0.5, 0.75, 0.9, 0.95, 0.99)
POINT = re.compile(r"(-?\d{1,2}(?:\.\d+)?),\s*(-?\d{1,3}(?:\.\d+)?)")


def estimate(
    *,
    start: Annotated[str, typer.Option("--from", help="Where it leaves: the id of a facility, a US postal code, or LAT,LON.")],
    end: Annotated[str, typer.Option("--to", help="Where it goes: a US postal code, or LAT,LON.")],
    service: Annotated[
        str | None, typer.Option("--service", help="One service, such as express or CARRIER/express; by default all known on the lane.")
    ] = None,
    by: Annotated[
        str | None, typer.Option("--by", help="A date such as 2026-12-24: how surely it is kept, and until when to order.")
    ] = None,
    keep: Annotated[float, typer.Option("--keep", min=0.01, max=0.999, help="How surely the date of --by shall be kept.")] = 0.9,
    ordered: Annotated[
        str | None, typer.Option("--ordered", help="When it is ordered, such as 2026-12-20T12:00:00Z; by default now.")
    ] = None,
    broken_cost: Annotated[
        float | None,
        typer.Option("--broken-cost", min=0, max=1e9, help="What a broken promise costs; with --day-value a date to promise is named."),
    ] = None,
    day_value: Annotated[float | None, typer.Option("--day-value", min=0, max=1e9, help="What each day earlier is worth.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object; instants in UTC, dates at the destination.")] = False,
) -> None:
    """Say when an order would arrive by each service, before there is a shipment. Nothing is stored."""
    configure_logs("CRITICAL")  # a refused model is told once, as the error of this command
    if (broken_cost is None) != (day_value is None):
        raise InvalidFact("a date is priced by two numbers: give --broken-cost and --day-value together.")
    prices = None if broken_cost is None or day_value is None else Prices(broken_cost, day_value)
    wish = Wish(date_of(by), keep) if by else None
    with open_wiring(Settings()) as wiring:
        wiring.model.refresh()
        model = wiring.model.current().at_checkout()
        now = wiring.now()
        wanted = wanted_of(wiring, start, end)
        book = model.checkout.book if model.checkout else None
        offers = offers_named(service, wanted, book)
        ordered_at = instant_of(ordered) if ordered else now
        found = promises(model, wanted, offers, ordered_at=ordered_at, now=now, book=book, wish=wish, prices=prices)
        version = model.version
    services = [service_out(one, wish) for one in found]
    at = max(ordered_at, now)
    if as_json:
        head = {"from": start, "to": end, "ordered_at": at.isoformat(), "model_version": version}
        typer.echo(json.dumps({**head, "services": [one.model_dump(mode="json") for one in services]}, indent=2, allow_nan=False))
        return
    print_table(services, at, wanted.destination.timezone, wish)


def wanted_of(wiring: Wiring, start: str, end: str) -> Wanted:
    """Read both ends of the way."""
    facility: Facility | None = wiring.store.shipments.facilities().get(start)
    return Wanted(
        destination=place_named("--to", end), origin=facility.place if facility else place_named("--from", start), facility=facility
    )


def place_named(option: str, text: str) -> Place:
    """Read a point or a postal code; raises `InvalidFact` for what is neither."""
    if point := POINT.fullmatch(text.strip()):
        lat, lon = float(point[1]), float(point[2])
        if not (-90 <= lat <= 90 and -180 <= lon <= 180):
            raise InvalidFact(f"{option} {shown(text)!r} is no point on earth; give LAT,LON in degrees, such as 40.68,-73.94.")
        return known_place(option, Place(lat, lon))
    found = known_place(option, Place(postal_code=text.strip() or None, country="US")) if text.strip() else Place()
    if found.lat is None:
        more = "the id of a facility, " if option == "--from" else ""
        raise InvalidFact(f"{option} {shown(text)!r} is no known place; give {more}a US postal code such as 11215, or LAT,LON.")
    return found


def offers_named(service: str | None, wanted: Wanted, book: OfferBook | None) -> tuple[Offer, ...]:
    """Give the services to answer for; raises `NotFound` for a name that none of the known ones has."""
    if book is None:
        carrier, _, name = (service or "").partition("/")
        if not name:
            raise NotFound(
                "the serving model knows no services by itself; name one as --service CARRIER/SERVICE, or train again with more shipments."
            )
        return (Offer(carrier, name),)
    facility_id = wanted.facility.facility_id if wanted.facility else None
    offers = book.offers(facility_id, wanted.origin, wanted.destination)
    if service is None:
        return offers
    fitting = tuple(one for one in book.all_offers() if service in {one.service, f"{one.carrier}/{one.service}"})
    if not fitting:
        known = ", ".join(f"{shown(one.carrier)}/{shown(one.service)}" for one in book.all_offers()[:12])
        raise NotFound(f"--service {shown(service)!r} is not among those that the model learnt from; ask for one of: {known}.")
    return fitting


def date_of(text: str) -> date:
    """Read a calendar date; weeks and ordinal days, which Python reads too, are none."""
    try:
        return TypeAdapter(CalendarDate).validate_python(text)
    except ValidationError as error:
        raise InvalidFact(f"--by {shown(text)!r} is not a date in 1990..2099; write it like 2026-12-24.") from error


def instant_of(text: str) -> datetime:
    """Read an instant with an offset."""
    try:
        return check_instant("--ordered", datetime.fromisoformat(text)).astimezone(UTC)
    except InvalidFact:
        raise
    except (ValueError, OverflowError) as error:
        raise InvalidFact(f"--ordered {shown(text)!r} is not an instant; write it like 2026-12-20T12:00:00Z.") from error


def print_table(services: list[ServiceOut], at: datetime, timezone: str | None, wish: Wish | None) -> None:
    """Print one line for each service; dates and clocks are those of the destination."""
    columns = ["service", *(f"{level:.0%} by" for level in SHOWN_LEVELS)]
    columns += [f"by {day_words(wish.date)}", f"order until ({wish.probability:.0%})"] if wish else []
    columns += ["promise"] if any(one.promise for one in services) else []
    table = Table(*columns, title=f"ordered {plain(moment_words(at, timezone, at))}", title_justify="left")
    for one in services:
        table.add_row(*(Text(cell) for cell in cells(one, timezone)))  # Text, not str: a name may hold rich's markup
    Console().print(table)


def cells(one: ServiceOut, timezone: str | None) -> list[str]:
    """Give one line of the table."""
    reached = {found.level: found.date for found in one.percentiles}
    found = [shown(f"{one.carrier} {one.service}"), *(day_words(reached[level]) for level in SHOWN_LEVELS)]
    if one.latest_order is not None:
        until = one.latest_order.order_by
        there = local(until, timezone) if until else None
        found += [f"{one.latest_order.probability_now:.0%}", f"{day_words(there.date())}, {plain(clock(there))}" if there else "too late"]
    if one.promise is not None:
        found.append(f"{day_words(one.promise.date)} ({one.promise.probability:.0%})")
    return found


def day_words(day: date) -> str:
    """Give a date short enough for a table: "Thu 24 Dec"."""
    return f"{day:%a} {day.day} {day:%b}"
