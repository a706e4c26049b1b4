"""Find the shipment that a command names, and forecast it as of the moment that the command asks about."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import typer

from data.domain.errors import InvalidFact, NotFound
from data.domain.forecasts import Forecast
from data.domain.journeys import Journey, as_seen
from data.domain.scans import check_instant
from data.domain.statuses import TERMINAL
from data.storage.store import Store
from serving.errors import shown
from serving.forecasting import forecast_shipments
from serving.logs import configure_logs
from serving.settings import Settings
from serving.wiring import Wiring, open_wiring

__all__ = ["commanded", "forecast_asked", "found_id"]


@contextmanager
def commanded() -> Iterator[Wiring]:
    """Open what a command works with; a refused model is told once, as the error of the command, and not in a log as well."""
    configure_logs("CRITICAL")
    with open_wiring(Settings()) as wiring:
        yield wiring


def forecast_asked(wiring: Wiring, shipment: str, at: str | None, *, as_json: bool) -> Forecast | None:
    """Forecast a shipment (id or tracking number) now or as of the instant in ``at``, storing nothing; of an ended one tell its end and give ``None``.

    Raises `NotFound` for a shipment that is unknown or did not exist yet, `InvalidFact` for a bad instant, `NotTrained` without a model.
    """
    moment = instant_of(at) if at else wiring.now()
    shipment_id = found_id(wiring.store, shipment)
    journey = as_seen(wiring.store.scans.of(shipment_id), moment)
    if journey.status in TERMINAL:
        tell_end(shipment_id, journey, as_json=as_json)
        return None
    wiring.model.refresh()
    made = forecast_shipments(wiring.store, wiring.model.current(), [shipment_id], at=moment, made_at=wiring.now(), keep=False)
    if shipment_id not in made:
        raise NotFound(f"shipment {shipment_id!r} did not exist yet at {moment.isoformat()}; look from a later moment.")
    return made[shipment_id]


def instant_of(text: str) -> datetime:
    """Read an instant; one without an offset is refused, because a guess would shift the answer by hours."""
    try:
        return check_instant("--at", datetime.fromisoformat(text)).astimezone(UTC)
    except InvalidFact:
        raise
    except (ValueError, OverflowError) as error:
        raise InvalidFact(f"--at {shown(text)!r} is not an instant; write it like 2026-06-01T12:00:00Z.") from error


def found_id(store: Store, name: str) -> str:
    """Give the id of a shipment named by id or tracking number."""
    try:
        return store.shipments.get(name).shipment_id
    except NotFound:
        same = same_number(store, name)
    if len(same) != 1:
        told = f"{len(same)} shipments have the tracking number {shown(name)!r}" if same else f"no shipment {shown(name)!r} is known"
        raise NotFound(f"{told}; `doorcast shipments` lists the ids.")
    return same[0]


def same_number(store: Store, name: str) -> tuple[str, ...]:
    """Give the shipments with a tracking number; a text that cannot be one has none."""
    try:
        return store.shipments.by_tracking_number(name)
    except NotFound:
        return ()


def tell_end(shipment_id: str, journey: Journey, *, as_json: bool) -> None:
    since = journey.status_since.isoformat() if journey.status_since else None
    if as_json:
        typer.echo(
            json.dumps({"shipment_id": shipment_id, "status": journey.status.value, "status_since": since, "forecast": None}, indent=2)
        )
    else:
        typer.echo(f"{shown(shipment_id)} has ended: {journey.status.value.replace('_', ' ')} since {since}.")
