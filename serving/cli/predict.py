"""Forecast one shipment from the command line: ``doorcast predict``."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.console import Console

from data.domain.errors import InvalidFact, NotFound
from data.domain.forecasts import Forecast
from data.domain.journeys import Journey, as_seen
from data.domain.scans import check_instant
from data.domain.statuses import TERMINAL
from data.storage.store import Store
from maps.times import duration_words
from serving.arrivals import plain, window_of
from serving.errors import shown
from serving.forecasting import forecast_shipments
from serving.logs import configure_logs
from serving.settings import Settings
from serving.wiring import open_wiring

__all__ = ["found_id", "predict"]


def predict(
    shipment: Annotated[str, typer.Argument(help="Id of a shipment, or its tracking number where only one shipment has it.")],
    *,
    at: Annotated[
        str | None,
        typer.Option("--at", help="Look from this moment, such as 2026-06-01T12:00:00Z: only what was known then counts. By default now."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object; instants in UTC.")] = False,
) -> None:
    """Forecast one shipment with the serving model, now or as of any moment in the past. Nothing is stored."""
    configure_logs("CRITICAL")  # a refused model is told once, as the error of this command
    with open_wiring(Settings()) as wiring:
        moment = instant_of(at) if at else wiring.now()
        shipment_id = found_id(wiring.store, shipment)
        journey = as_seen(wiring.store.scans.of(shipment_id), moment)
        if journey.status in TERMINAL:
            tell_end(shipment_id, journey, as_json=as_json)
            return
        wiring.model.refresh()
        made = forecast_shipments(wiring.store, wiring.model.current(), [shipment_id], at=moment, made_at=wiring.now(), keep=False)
    if shipment_id not in made:
        raise NotFound(f"shipment {shipment_id!r} did not exist yet at {moment.isoformat()}; look from a later moment.")
    tell(made[shipment_id], as_json=as_json)


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


def tell(forecast: Forecast, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(jsonable(forecast), indent=2, allow_nan=False))
        return
    window = window_of(forecast.window, forecast.timezone, forecast.as_of)
    late = "no promise is known" if forecast.late_probability is None else f"{forecast.late_probability:.0%} to miss the promise"
    reasons = ", ".join(
        f"{reason.code} {'+' if reason.hours > 0 else '-'}{plain(duration_words(reason.hours))}" for reason in forecast.reasons[:5]
    )
    lines = (
        f"arrives {window.text} ({forecast.window.level:.0%})",
        late,
        f"because of {reasons}" if reasons else "as usual",
        f"model {forecast.model_version}",
    )
    Console(highlight=False).print(f"{shown(forecast.shipment_id)}: " + "\n  ".join(lines), markup=False)


def jsonable(forecast: Forecast) -> dict[str, Any]:
    """Give a forecast as JSON holds it, with the usual quantiles by name."""

    def plain_value(value: Any) -> Any:
        if isinstance(value, datetime):
            return value.isoformat()
        if isinstance(value, dict):
            return {name: plain_value(item) for name, item in value.items()}
        return [plain_value(item) for item in value] if isinstance(value, list | tuple) else value

    named = {name: forecast.quantile(level).isoformat() for name, level in {"p10": 0.1, "p50": 0.5, "p90": 0.9}.items()}
    whole: dict[str, Any] = plain_value(asdict(forecast))
    return {**whole, **named, "quantiles": [{"level": level, "at": at} for level, at in whole["quantiles"]]}
