"""Look up what weather is forecast at some facilities."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

import sqlalchemy as sa

from data.domain.weather import WeatherForecast
from data.facts.moments import micros
from data.storage.among import among, keyed
from data.storage.database import Database
from data.storage.instants import from_micros
from data.storage.tables import FACTS
from data.storage.text import lookup_text

__all__ = ["WeatherRepository"]

FORECASTS = FACTS["weather_forecasts"]
COLUMNS = tuple(field.name for field in fields(WeatherForecast))
"""The columns of a forecast are the fields of the domain's own: its facility, three instants, and values."""
VALUES = COLUMNS[4:]


class WeatherRepository:
    """Read weather; it comes in through ``store.facts``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def expected(self, facility_ids: Sequence[str], *, since: datetime, until: datetime, known_by: datetime) -> tuple[WeatherForecast, ...]:
        """Give the newest word, as it could be had by ``known_by``, on each hour from ``since`` to ``until`` (UTC) at each facility."""
        columns = [FORECASTS.c[name] for name in COLUMNS]
        newest = sa.func.row_number().over(
            partition_by=(FORECASTS.c.facility_id, FORECASTS.c.valid_at),
            order_by=(FORECASTS.c.available_at.desc(), FORECASTS.c.issued_at.desc()),
        )
        with self._database.reading() as connection:
            dialect = connection.dialect.name
            asked = sa.select(*columns, newest.label("place")).where(
                among(dialect, FORECASTS.c.facility_id),
                FORECASTS.c.valid_at.between(micros(since), micros(until)),
                FORECASTS.c.available_at <= micros(known_by),
            )
            ranked = asked.subquery()
            query = sa.select(ranked).where(ranked.c.place == 1).order_by(ranked.c.facility_id, ranked.c.valid_at)
            keys = [lookup_text("facility", facility_id) for facility_id in facility_ids]
            rows = connection.execute(query, keyed(dialect, keys)).all()
        return tuple(
            WeatherForecast(
                row.facility_id,
                from_micros(row.issued_at),
                from_micros(row.available_at),
                from_micros(row.valid_at),
                **{name: getattr(row, name) for name in VALUES},
            )
            for row in rows
        )
