"""Keep every forecast that was ever made, and know the newest of each shipment."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from math import isfinite
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from data.domain.errors import Conflict, InvalidFact, NotFound
from data.domain.forecasts import Forecast, Reason, Target, Window
from data.domain.updates import UpdateKind
from data.facts.moments import micros
from data.storage.among import among, keyed
from data.storage.database import Database
from data.storage.instants import from_micros
from data.storage.keep import insert_new, upsert
from data.storage.noting import note
from data.storage.states import lock_shipments
from data.storage.tables import FORECASTS, LATEST_FORECASTS
from data.storage.text import lookup_text, storable

__all__ = ["ForecastsRepository"]

SHOWN_LEVELS = {"p10": 0.1, "p50": 0.5, "p90": 0.9}


class ForecastsRepository:
    """Append forecasts; nothing here changes or removes one, and a trigger in the database watches over that."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def append(self, forecasts: Sequence[Forecast]) -> None:
        """Store forecasts, all or none; the same forecast again changes nothing.

        Raises `Conflict` when a forecast id is known with other content, `NotFound` for an unknown shipment.
        """
        rows: dict[str, dict[str, Any]] = {}
        for forecast in forecasts:
            row = _row(forecast)
            if rows.setdefault(forecast.forecast_id, row) != row:
                raise _conflict(forecast.forecast_id)
        if rows:
            self._database.write(lambda connection: _append(connection, list(rows.values()), micros(self._now())))

    def latest(self, shipment_ids: Sequence[str]) -> dict[str, Forecast]:
        """Give the newest forecast of each shipment that has one: by as_of, then made_at, then id."""
        ids = [lookup_text("shipment", shipment_id) for shipment_id in shipment_ids]
        with self._database.reading() as connection:
            dialect = connection.dialect.name
            rows = connection.execute(_newest(dialect), keyed(dialect, ids)).all()
        return {row.shipment_id: _forecast_of(row) for row in rows}

    def history(self, shipment_id: str) -> tuple[Forecast, ...]:
        """Give every forecast of a shipment, oldest first; none when there is none."""
        columns = FORECASTS.c
        query = sa.select(FORECASTS).where(columns.shipment_id == lookup_text("shipment", shipment_id))
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(columns.as_of, columns.made_at, columns.forecast_id)).all()
        return tuple(_forecast_of(row) for row in rows)


@cache
def _among(table: sa.Table, column: str, dialect: str) -> sa.Select[Any]:
    return sa.select(table).where(among(dialect, table.c[column]))


@cache
def _newest(dialect: str) -> sa.Select[Any]:
    newest = LATEST_FORECASTS.c
    query = sa.select(FORECASTS).join(LATEST_FORECASTS, newest.forecast_id == FORECASTS.c.forecast_id)
    return query.where(among(dialect, newest.shipment_id))


def _append(connection: Connection, rows: Sequence[Mapping[str, Any]], recorded_at: int) -> None:
    shipment_ids = sorted({row["shipment_id"] for row in rows})
    # Locked, so that two processes agree on which forecast of a shipment is the newest.
    if strangers := sorted(set(shipment_ids) - lock_shipments(connection, shipment_ids)):
        raise NotFound(f"no shipment {strangers[0]!r} is known; a forecast needs one.")
    if insert_new(connection, FORECASTS, rows) < len(rows):
        _refuse_other_content(connection, rows)
    revised = _refresh_latest(connection, rows)
    kind = UpdateKind.ETA_REVISED.value
    note(connection, [(row["shipment_id"], kind, row["made_at"], recorded_at) for row in sorted(revised, key=_shipment_of)])


def _refuse_other_content(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    dialect = connection.dialect.name
    known = connection.execute(_among(FORECASTS, "forecast_id", dialect), keyed(dialect, [row["forecast_id"] for row in rows]))
    stored = {row["forecast_id"]: dict(row) for row in known.mappings()}
    for row in rows:
        if stored[row["forecast_id"]] != row:
            raise _conflict(row["forecast_id"])


def _refresh_latest(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Keep the newest forecast of each shipment, and give those that became it."""
    newest = {row["shipment_id"]: row for row in sorted(rows, key=_age)}
    dialect = connection.dialect.name
    stored = connection.execute(_among(LATEST_FORECASTS, "shipment_id", dialect), keyed(dialect, list(newest)))
    for row in map(dict, stored.mappings()):
        if _age(row) >= _age(newest[row["shipment_id"]]):
            del newest[row["shipment_id"]]
    upsert(connection, LATEST_FORECASTS, [_latest_row(row) for row in newest.values()])
    return list(newest.values())


def _shipment_of(row: Mapping[str, Any]) -> str:
    return str(row["shipment_id"])


def _age(row: Mapping[str, Any]) -> tuple[int, int, str]:
    return row["as_of"], row["made_at"], row["forecast_id"]


def _latest_row(row: Mapping[str, Any]) -> dict[str, Any]:
    instants = dict(row["quantiles"])
    copied = {name: row[name] for name in ("shipment_id", "forecast_id", "as_of", "made_at", "late_probability")}
    return copied | {name: instants.get(level) for name, level in SHOWN_LEVELS.items()}


def _conflict(forecast_id: str) -> Conflict:
    return Conflict(f"forecast {forecast_id!r} is known with other content; forecasts are never overwritten, give this one a new id.")


def _row(forecast: Forecast) -> dict[str, Any]:
    for name in ("forecast_id", "shipment_id", "model_version", "input_digest", "timezone"):
        storable(name, getattr(forecast, name))
    numbers = [level for level, _ in forecast.quantiles] + [reason.hours for reason in forecast.reasons] + [forecast.window.level]
    if not all(map(isfinite, [*numbers, forecast.late_probability or 0.0])):
        raise InvalidFact(f"forecast {forecast.forecast_id!r} holds a number that is not finite; forecasts hold finite numbers.")
    return {
        "forecast_id": forecast.forecast_id,
        "shipment_id": forecast.shipment_id,
        "target": forecast.target.value,
        "as_of": micros(forecast.as_of),
        "made_at": micros(forecast.made_at),
        "quantiles": [[float(level), micros(instant)] for level, instant in forecast.quantiles],
        "window_start": micros(forecast.window.start),
        "window_end": micros(forecast.window.end),
        "window_level": float(forecast.window.level),
        "late_probability": None if forecast.late_probability is None else float(forecast.late_probability),
        "reasons": [
            [storable("reason", reason.code), float(reason.hours), [storable("evidence", item) for item in reason.evidence]]
            for reason in forecast.reasons
        ],
        "model_version": forecast.model_version,
        "input_digest": forecast.input_digest,
        "timezone": forecast.timezone,
    }


def _forecast_of(row: sa.Row[Any]) -> Forecast:
    return Forecast(
        forecast_id=row.forecast_id,
        shipment_id=row.shipment_id,
        target=Target(row.target),
        as_of=from_micros(row.as_of),
        made_at=from_micros(row.made_at),
        quantiles=tuple((level, from_micros(instant)) for level, instant in row.quantiles),
        window=Window(from_micros(row.window_start), from_micros(row.window_end), row.window_level),
        late_probability=row.late_probability,
        reasons=tuple(Reason(code, hours, tuple(evidence)) for code, hours, evidence in row.reasons),
        model_version=row.model_version,
        input_digest=row.input_digest,
        timezone=row.timezone,
    )
